"""Imports run one way, and the public names are the ones that others build on."""

import ast
import re
import sys
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import mnist_models
from testing import ROOT
from testing.pins import EXTRAS, GROUPS, READING
from testing.programs import run_python

BELOW = {  # what a room, or a module of its own, builds on; and whatever that builds on
    "mnist_models.words": [],
    "mnist_models.digits": [],
    "mnist_models.errors": ["mnist_models.words"],
    "mnist_models.preparation": ["mnist_models.digits", "mnist_models.errors"],
    "mnist_models.models": ["mnist_models.preparation"],
    "mnist_models.reader": ["mnist_models.models"],
    "mnist_models": ["mnist_models.reader"],  # the public names
    "mnist_models.report": ["mnist_models.models"],
    "mnist_models.__main__": ["mnist_models"],
    "mnist_models.publishing": ["mnist_models.report", "mnist_models.reader"],
    "mnist_models.training": ["mnist_models.report"],
    "train": ["mnist_models", "mnist_models.training", "mnist_models.publishing"],
    "web.words": ["mnist_models.words"],
    "web.limits": ["mnist_models"],
    "web.markup": [],
    "web.components": ["web.limits", "web.markup", "web.words", "mnist_models.report"],
    "web.compare": ["web.limits", "web.words", "mnist_models.report"],
    "web.guard": ["web.limits", "web.words"],
    "web.answers": ["web.components", "web.compare", "web.guard"],
    "web.api": ["web.components", "web.compare", "web.guard"],
    "web.page": ["web.answers", "web.api"],
    "app": ["web.page"],
    "glass": ["web.page"],
    "scale": ["mnist_models"],
    "testing": ["app", "train", "scale", "glass", "mnist_models.__main__"],
    "tests": ["testing"],
    "benchmarks": ["testing"],
    "docs": ["testing"],
}

AROUND = ("testing", "tests", "benchmarks", "docs")
"""What no product holds: it may import whatever the product may."""

ONLY_IN = {  # who may import what is large, or foreign to the others
    "gradio": ("web", "app", "glass"),
    "keras": ("mnist_models.training",),
    "tensorflow": ("mnist_models.training",),
    "matplotlib": ("mnist_models.training", "mnist_models.publishing"),
    "huggingface_hub": ("mnist_models.models", "mnist_models.publishing"),
    "ray": ("scale",),
    "pyarrow": ("scale",),
}

DECLARED = {  # by its beginning, which of pyproject.toml's lists hold what a module imports
    "mnist_models": READING,
    "mnist_models.publishing": READING + EXTRAS["publish"],
    "mnist_models.training": READING + EXTRAS["train"],
    "train": READING + EXTRAS["train"],
    "web": READING + GROUPS["page"],
    "app": READING + GROUPS["page"],
    "glass": READING + GROUPS["page"],
    "scale": READING + EXTRAS["scale"],
} | {wing: [*READING, *chain(*EXTRAS.values(), *GROUPS.values())] for wing in AROUND}

PUBLIC_NAMES = {
    "Classifier",
    "MnistModelsError",
    "ModelError",
    "NoInkError",
    "Number",
    "PictureError",
    "Prediction",
    "Reader",
    "Reading",
    "load",
    "open_picture",
    "to_digit",
}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the project by its name."""
    wings = {name.split(".")[0] for name in BELOW}
    files = [
        file for wing in wings for file in (*ROOT.glob(f"{wing}.py"), *ROOT.glob(f"{wing}/**/*.py"))
    ]
    names = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return {name.removesuffix(".__init__"): file for name, file in names.items()}


@cache
def imports(name: str) -> set[str]:
    """Return the names of what a module imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(modules()[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{name} imports by dots; write the full name"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= full & set(modules()) or {node.module}
    return found


def room(name: str, rooms: dict[str, list[str]] = BELOW) -> str:
    """Return the room in which a module lies, by the longest beginning that has one."""
    fitting = [room for room in rooms if name == room or name.startswith(f"{room}.")]
    assert fitting, f"{name} lies in no room: give it a place in this test"
    return max(fitting, key=len)


def lower(upper: str) -> set[str]:
    """Return the rooms below one, however deep."""
    return {deep for below in BELOW[upper] for deep in {below} | lower(below)}


def test_imports_run_one_way() -> None:
    upwards = [
        f"{name} imports {imported}"
        for name in modules()
        for imported in imports(name) & set(modules())
        if room(imported) not in {room(name)} | lower(room(name))
    ]
    assert upwards == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({name: imports(name) & set(modules()) for name in modules()}).prepare()


def test_what_is_large_or_foreign_stays_in_its_rooms() -> None:
    strays = [
        f"{name} imports {imported}"
        for name in modules()
        for imported in {imported.split(".")[0] for imported in imports(name)} & set(ONLY_IN)
        if not f"{name}.".startswith(tuple(f"{room}." for room in (*ONLY_IN[imported], *AROUND)))
    ]
    assert strays == []


def as_project(name: str) -> str:
    """Return a package's name as packages are told apart: "pi_heif" is "pi-heif"."""
    return name.lower().replace("_", "-")


def test_every_import_is_declared_where_it_is_installed_from() -> None:
    distributions = packages_distributions()
    own = {name.split(".")[0] for name in modules()} | {"handler"}  # of a model's repo
    for name in modules():
        pins = DECLARED[room(name, DECLARED)]
        declared = {as_project(re.split(r"[\[=]", pin)[0]) for pin in pins}
        for imported in {imported.split(".")[0] for imported in imports(name)} - own:
            if imported not in sys.stdlib_module_names:
                given = set(map(as_project, distributions[imported]))
                assert given & declared, f"{name} imports {imported}, which is not declared"


def test_reading_a_digit_loads_no_keras_no_tensorflow_and_no_gradio() -> None:
    loaded = run_python("-c", "import sys, mnist_models; print(*sys.modules)").stdout.split()
    assert "mnist_models.reader" in loaded
    assert not {"keras", "tensorflow", "gradio", "matplotlib"} & set(loaded)


def test_the_public_names_are_exactly_these() -> None:
    assert set(mnist_models.__all__) == PUBLIC_NAMES
    assert all(hasattr(mnist_models, name) for name in PUBLIC_NAMES)
