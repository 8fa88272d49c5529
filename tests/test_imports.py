"""Imports run one way, and the public names are the ones that others build on."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mnist_models

ROOT = Path(__file__).parents[1]

LAYERS = [  # a module may import from the layers above its own
    {"mnist_models.digits", "mnist_models.errors"},
    {"mnist_models.preparation.mnist_form", "mnist_models.preparation.ground", "mnist_models.preparation.ruled_lines", "mnist_models.preparation.marks"},
    {"mnist_models.preparation.picture", "mnist_models.preparation.ink", "mnist_models.models.classifier", "mnist_models.models.record"},
    {"mnist_models.models.loading"},
    {"mnist_models.reader"},
    {"mnist_models"},
    {"mnist_models.words", "mnist_models.report.claims"},
    {"mnist_models.report.tables"},
    {"mnist_models.__main__", "mnist_models.report.readme", "mnist_models.training", "web"},
    {"app", "train"},
]

FORBIDDEN = {  # by the folder of a module, what nothing in it may import
    "mnist_models": {"gradio", "keras", "tensorflow", "web"},
    "mnist_models.training": {"gradio", "web"},
    "web": {"keras", "tensorflow", "huggingface_hub"},
    "app": {"keras", "tensorflow"},
}

PUBLIC_NAMES = {
    "Classifier",
    "MnistModelsError",
    "ModelError",
    "NoInkError",
    "PictureError",
    "Prediction",
    "Reader",
    "Reading",
    "load",
    "open_picture",
    "to_digit",
}


def modules() -> dict[str, Path]:
    """Return every module of the product by its name."""
    files = [ROOT / "app.py", ROOT / "train.py"]
    files += [file for wing in ("mnist_models", "web") for file in (ROOT / wing).rglob("*.py")]
    names = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return {name.removesuffix(".__init__"): file for name, file in names.items()}


def imports(file: Path) -> set[str]:
    """Return the names of the modules that a file imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports by dots; write the full name"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= full & set(modules()) or {node.module}
    return names


def layer(name: str) -> int:
    """Return the layer of a module, or of the folder it lies in."""
    found = [index for index, names in enumerate(LAYERS) if name in names]
    return found[0] if found else layer(name.rpartition(".")[0])


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_only_from_the_layers_above_it(name: str) -> None:
    wing = name.rpartition(".")[0]
    for imported in imports(modules()[name]):
        if imported.split(".")[0] in ("mnist_models", "web", "app", "train"):
            same_wing = wing in ("web", "mnist_models.training") and imported.startswith(wing)
            assert same_wing or layer(imported) < layer(name), f"{name} imports {imported}"


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_nothing_that_is_foreign_to_its_wing(name: str) -> None:
    wings = [wing for wing in FORBIDDEN if name == wing or name.startswith(f"{wing}.")]
    if wings:
        foreign = FORBIDDEN[max(wings, key=len)]
        assert not foreign & {imported.split(".")[0] for imported in imports(modules()[name])}


def test_reading_a_digit_loads_no_keras_no_tensorflow_and_no_gradio() -> None:
    code = "import sys, mnist_models; print(*sys.modules)"
    loaded = subprocess.run(  # noqa: S603 - the command is our own
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "mnist_models.reader" in loaded
    assert not {"keras", "tensorflow", "gradio", "matplotlib"} & set(loaded)


def test_the_public_names_are_exactly_these() -> None:
    assert set(mnist_models.__all__) == PUBLIC_NAMES
    assert all(hasattr(mnist_models, name) for name in PUBLIC_NAMES)
