"""To the Hub and back, with the real client and a stand-in of the Hub."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import ModelCard

import train
from mnist_models import Classifier
from mnist_models.models.record import SERVED, ModelRecord, read_record
from mnist_models.publishing.card import make_card, make_table
from mnist_models.publishing.examples import SHOWN, read_examples
from mnist_models.publishing.model import as_web_address, name_repo
from testing import EXAMPLES, ROOT
from testing.hub import TOKEN, Hub, serve, use_hub, write_files
from testing.programs import run_python
from testing.samples import draw_digits, make_record, write_data

pytestmark = [
    pytest.mark.slow,
    # Keras 3.15 turns TensorFlow's variables into arrays in a way that NumPy 2 finds old.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    # The Hub's client 2.4 uploads large files in a way that its own HTTP library finds old.
    pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning"),
]

FILES = {
    "README.md",
    "config.json",
    "confusion.png",
    "examples.png",
    "handler.py",
    "history.png",
    "metadata.json",
    "model.keras",
    "model.tflite",
    "model.weights.h5",
    "record.json",
    "requirements.txt",
    *(f"examples/{name}" for name in SHOWN),
    *(
        module.relative_to(ROOT).as_posix()
        for room in ("*.py", "models/*.py", "preparation/*.py", "words/*.*")
        for module in (ROOT / "mnist_models").glob(room)
    ),
}

HANDLE = """
import json, pathlib, sys
from handler import EndpointHandler
print(json.dumps(EndpointHandler("")({"inputs": pathlib.Path(sys.argv[1]).read_bytes()})))
"""

LOAD_BY_HUB = """
import keras, numpy as np
network = keras.saving.load_model("hf://me/mnist-NAME")
np.save("answers.npy", network.predict(np.load("digits.npy"))["probabilities"])
"""

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, *_):
        if name in sys.argv[1].split("+"):
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Missing())
import train
sys.exit(train.main(sys.argv[2:]))
"""
"""The command line on a machine without some packages."""

LOAD = """
import numpy as np
from mnist_models import load
digits = np.load("digits.npy")
np.savez("answers.npz", **{name: load(name).predict(digits).probabilities for name in NAMES})
print(load("cnn").origin)
"""


@dataclass
class Workplace:
    """A copy of the project, for commands that change what it bundles.

    Attributes:
        folder: The copy.
        hub: The Hub that its commands talk to.
        output: What ``train.py`` said when it published both models.
    """

    folder: Path
    hub: Hub
    output: str = field(default="")

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        setting = {
            "HF_ENDPOINT": self.hub.address,
            "HF_HOME": str(self.folder / "home"),
            "HF_HUB_DISABLE_XET": "1",
            "HF_TOKEN": TOKEN,
        }
        return run_python(*words, folder=self.folder, **setting | environment)

    @property
    def bundled(self) -> Path:
        """Where the copy's models are."""
        return self.folder / "mnist_models" / "models" / "bundled"

    @property
    def flags(self) -> list[str]:
        """For ``train.py``: a handful of digits, and results where the copy loads them."""
        data = str(self.folder / "few.npz")
        return ["--data", data, "--epochs", "1", "--out", str(self.bundled)]

    def record(self) -> dict[str, ModelRecord]:
        """Return the copy's record."""
        return read_record(self.bundled)

    def published(self, name: str) -> dict[str, bytes]:
        """Return the files of the recorded revision."""
        entry = self.record()[name]
        return self.hub.repos[f"models/{entry.repo}"].commits[entry.revision]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A copy of the project whose two models were trained and published as "me"."""
    folder = tmp_path_factory.mktemp("workplace")
    shutil.copy(ROOT / "train.py", folder)
    shutil.copytree(
        ROOT / "mnist_models",
        folder / "mnist_models",
        ignore=shutil.ignore_patterns("bundled", "__pycache__"),
    )
    for wing in ("scale", "examples"):
        shutil.copytree(ROOT / wing, folder / wing)
    write_data(folder / "few.npz")
    np.save(folder / "digits.npy", draw_digits(5, 9)[0])
    with serve() as hub:
        workplace = Workplace(folder, hub)
        flags = ["cnn", "linear", "--push", "me", "--replace", *workplace.flags]
        workplace.output = workplace.run("train.py", *flags).stdout
        yield workplace


@pytest.mark.parametrize("name", SERVED)
def test_each_model_is_published_whole_in_one_commit(workplace: Workplace, name: str) -> None:
    record = workplace.record()[name]
    assert record.repo == f"me/mnist-{name}"
    assert list(workplace.hub.repos[f"models/{record.repo}"].commits) == [record.revision]
    assert f"published as {record.repo} at revision {record.revision}" in workplace.output
    files = workplace.published(name)
    assert set(files) == FILES
    assert {file: hashlib.sha256(content).hexdigest() for file, content in files.items()} == (
        record.published
    )
    assert record.published["model.tflite"] == record.sha256
    assert files["model.tflite"] == (workplace.bundled / f"{name}.tflite").read_bytes()


def test_an_inference_endpoint_answers_from_the_published_files_alone(
    workplace: Workplace, tmp_path: Path
) -> None:
    write_files(workplace.published("cnn"), tmp_path)
    picture = sorted(EXAMPLES.iterdir())[0]
    answer = json.loads(run_python("-c", HANDLE, str(picture), folder=tmp_path).stdout)
    assert answer["model"] == "cnn"
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", SERVED)
def test_the_published_record_and_card_hold_the_recorded_numbers(
    workplace: Workplace, name: str, tmp_path: Path
) -> None:
    files, record = workplace.published(name), workplace.record()[name]
    (tmp_path / "record.json").write_bytes(files["record.json"])
    (entry,) = read_record(tmp_path).values()
    assert entry == make_record(**vars(record) | {"repo": None, "revision": None, "published": {}})
    card = ModelCard(files["README.md"].decode())
    assert make_table(record) in card.text
    assert "\nlibrary_name: keras\n" in card.content
    assert card.data["eval_results"][0].metric_value == record.accuracy
    plots = re.findall(r"!\[[^]]+]\((.+)\)", card.text)
    assert plots == ["history.png", "confusion.png", "examples.png"]
    for plot in plots:
        assert files[plot].startswith(b"\x89PNG")


@pytest.mark.parametrize("name", SERVED)
def test_the_card_shows_pictures_with_the_answers_that_the_model_gives(
    workplace: Workplace, name: str
) -> None:
    files = workplace.published(name)
    card = ModelCard(files["README.md"].decode())
    examples = read_examples(Classifier(files["model.tflite"]))
    assert len(card.data["widget"]) == len(examples) == len(SHOWN)
    for told, example in zip(card.data["widget"], examples, strict=True):
        at = f"{workplace.hub.address}/me/mnist-{name}/resolve/main/"
        assert files[told["src"].removeprefix(at)] == example.content
        scores = {output["label"]: output["score"] for output in told["output"]}
        assert scores == {label: round(share, 4) for label, share in example.ranking[:3]}


@pytest.mark.parametrize("name", SERVED)
def test_the_card_links_the_space_and_the_code(workplace: Workplace, name: str) -> None:
    text = workplace.published(name)["README.md"].decode()
    assert f"[Draw for it]({workplace.hub.address}/spaces/me/digits)" in text
    assert f"({workplace.hub.address}/me/mnist-{name}/tree/main/mnist_models)" in text


def test_a_card_links_the_code_where_its_address_is_known() -> None:
    address = "https://example.com/me/digits"
    for code in (address, None):
        card = make_card("mlp", make_record(), "me/mnist-mlp", {}, [], "https://page", code)
        assert (f"({address})" in card.text) == (code is not None)


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://example.com/me/digits.git", "https://example.com/me/digits"),
        ("https://me:secret@example.com/me/digits", "https://example.com/me/digits"),
        ("http://example.com:8080/me/digits", "https://example.com:8080/me/digits"),
        ("git@example.com:me/digits.git", "https://example.com/me/digits"),
        ("ssh://git@example.com/me/digits.git", "https://example.com/me/digits"),
        ("/home/me/digits", None),
        ("", None),
    ],
)
def test_the_codes_address_is_that_of_its_remote_without_what_is_secret(
    remote: str, address: str | None
) -> None:
    assert as_web_address(remote) == address


@pytest.mark.parametrize("name", SERVED)
def test_the_line_that_the_hub_itself_shows_loads_the_same_network(
    workplace: Workplace, name: str
) -> None:
    workplace.run("-c", LOAD_BY_HUB.replace("NAME", name))
    content = workplace.published(name)["model.tflite"]
    digits = np.load(workplace.folder / "digits.npy")
    np.testing.assert_allclose(
        np.load(workplace.folder / "answers.npy"),
        Classifier(content).predict(digits).probabilities,
        atol=1e-5,
    )


def test_what_is_kept_is_published_without_mnist_and_keras(workplace: Workplace) -> None:
    before = {name: workplace.record()[name] for name in SERVED}
    run = workplace.run(
        *("-c", WITHOUT, "keras+tensorflow", "--push", "me", "--out", str(workplace.bundled))
    )
    for name, entry in before.items():
        assert f"{name}: seed {entry.seed} published as {entry.repo}" in run.stdout
        assert list(workplace.hub.repos[f"models/{entry.repo}"].commits) == [entry.revision]
    assert {name: workplace.record()[name] for name in SERVED} == before


def test_in_a_fresh_process_the_hub_gives_what_was_trained(workplace: Workplace) -> None:
    digits = np.load(workplace.folder / "digits.npy")
    models = {name: (workplace.bundled / f"{name}.tflite").read_bytes() for name in SERVED}
    expected = {name: Classifier(model).predict(digits) for name, model in models.items()}
    for name in SERVED:
        (workplace.bundled / f"{name}.tflite").unlink()
    try:
        run = workplace.run("-c", f"NAMES = {SERVED}{LOAD}")
    finally:
        for name, model in models.items():
            (workplace.bundled / f"{name}.tflite").write_bytes(model)
    assert run.stdout.strip() == f"me/mnist-cnn@{workplace.record()['cnn'].revision}"
    with np.load(workplace.folder / "answers.npz") as answers:
        for name in SERVED:
            np.testing.assert_array_equal(answers[name], expected[name].probabilities)


def test_the_three_lines_of_the_card_give_the_same_probabilities(workplace: Workplace) -> None:
    text = workplace.published("linear")["README.md"].decode()
    lines = re.search(r"```python\n(.+?)```", text, re.DOTALL).group(1).splitlines()
    assert len(lines) == 3
    lines[2] = f"np.save('answers.npy', {lines[2]})"
    code = ["import numpy as np", "digits = np.load('digits.npy')", *lines]
    workplace.run("-c", "\n".join(code))
    content = workplace.published("linear")["model.tflite"]
    digits = np.load(workplace.folder / "digits.npy")
    np.testing.assert_allclose(
        np.load(workplace.folder / "answers.npy"),
        Classifier(content).predict(digits).probabilities,
        atol=1e-5,
    )


@pytest.fixture
def here(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """The same workplace, with the Hub set for this process: it has Keras loaded already."""
    use_hub(workplace.hub, monkeypatch)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", "/nowhere")
    return workplace


@pytest.mark.parametrize(
    ("missing", "names"), [("keras", ["mlp"]), ("tensorflow", ["mlp"]), ("matplotlib", [])]
)
def test_a_package_that_is_not_installed_is_named_in_a_sentence(
    workplace: Workplace, missing: str, names: list[str], tmp_path: Path
) -> None:
    folder = tmp_path if names else workplace.bundled
    with pytest.raises(AssertionError) as caught:
        workplace.run("-c", WITHOUT, missing, *names, "--push", "me", "--out", str(folder))
    assert str(caught.value) == f"This needs {missing}, which is not here: pip install '.[train]'\n"


def test_without_what_keras_saved_nothing_is_trained_and_no_repo_is_made(
    here: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled = shutil.copytree(here.bundled, tmp_path / "bundled")
    (bundled / "cnn.keras").unlink()
    asked = len(here.hub.requests)
    assert train.main(["linear", "cnn", "--push", "me", "--out", str(bundled)]) == 1
    assert capsys.readouterr().err.startswith("cnn.keras is not bundled")
    assert len(here.hub.requests) == asked


@pytest.mark.parametrize("file", ["cnn.keras", "cnn.tflite"])
def test_what_was_altered_is_not_published_and_no_repo_is_made(
    here: Workplace, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled = shutil.copytree(here.bundled, tmp_path / "bundled")
    (bundled / file).write_bytes(b"another")
    asked = len(here.hub.requests)
    assert train.main(["linear", "cnn", "--push", "me", "--out", str(bundled)]) == 1
    assert f"The model's file {file} is not the one that was measured" in capsys.readouterr().err
    assert len(here.hub.requests) == asked


def test_a_read_only_token_is_refused_before_training(
    here: Workplace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(here.hub, "role", "read")
    assert train.main(["lenet5", "--push", "me", *here.flags]) == 1
    output = capsys.readouterr()
    assert "The token may not write to me/mnist-lenet5." in output.err
    assert output.out == ""


def test_a_second_push_publishes_what_was_trained_and_changes_nothing(
    here: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = here.record()
    assert train.main(["linear", "--push", "me", *here.flags]) == 0
    assert "Epoch" not in capsys.readouterr().out
    assert here.record() == before
    assert len(here.hub.repos["models/me/mnist-linear"].commits) == 1


def test_another_model_becomes_the_next_commit(here: Workplace) -> None:
    before = here.record()["linear"]
    flags = ["linear", "--limit", "50", "--push", "me", "--private", "--replace", *here.flags]
    assert train.main(flags) == 0
    after = here.record()["linear"]
    repo = here.hub.repos["models/me/mnist-linear"]
    assert list(repo.commits) == [before.revision, after.revision]
    assert "visibility" not in repo.settings  # the repo that was there stays as it was
    assert after.sha256 != before.sha256


@pytest.mark.parametrize(
    ("namespace", "token", "fault", "sentence"),
    [
        ("me", "", "", "Publishing needs a token that may write."),
        ("me", "hf_wrong", "", "The token may not write to me/mnist-lenet5."),
        ("you", TOKEN, "", "The token may not write to you/mnist-lenet5."),
        ("a/b", TOKEN, "", '"a/b/mnist-lenet5" is no name of a repo'),
        ("me", TOKEN, "500", "The Hub did not make me/mnist-lenet5"),
        ("me", TOKEN, "closed", "The Hub cannot be reached"),
        ("me", TOKEN, "no MNIST", "Name a copy of mnist.npz with --data."),
    ],
    ids=["no token", "wrong token", "no permission", "no name", "no answer", "no Hub", "no MNIST"],
)
def test_what_cannot_be_published_is_told_before_training_and_makes_no_repo(
    here: Workplace,
    namespace: str,
    token: str,
    fault: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    if fault == "closed":
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    content = bytearray((here.folder / "few.npz").read_bytes())
    content[len(content) // 2] ^= fault == "no MNIST"
    data = tmp_path / "digits.npz"
    data.write_bytes(content)
    before, here.hub.fault = here.record(), fault
    flags = ["lenet5", "--push", namespace, *here.flags, "--data", str(data)]
    code = train.main(flags)
    here.hub.fault = ""
    assert f"models/{namespace}/mnist-lenet5" not in here.hub.repos
    output = capsys.readouterr()
    assert code == 1
    assert sentence in output.err
    assert output.out == ""
    assert here.record() == before


def test_a_run_of_another_recipe_is_published_from_its_own_folder(here: Workplace) -> None:
    before = here.record()
    flags = ["linear", "--limit", "20", "--push", "me", *here.flags]
    for _ in range(2):  # the second time what was trained
        assert train.main(flags) == 0
    assert here.record() == before
    own = read_record(here.bundled / "linear-0-epochs-1-limit-20")["linear"]
    assert list(here.hub.repos["models/me/mnist-linear"].commits)[-1] == own.revision


def test_publishing_loads_neither_keras_nor_tensorflow() -> None:
    modules = sorted((ROOT / "mnist_models" / "publishing").glob("[a-z]*.py"))
    names = ", ".join(f"mnist_models.publishing.{module.stem}" for module in modules)
    loaded = set(run_python("-c", f"import sys, {names}; print(*sys.modules)").stdout.split())
    assert "mnist_models.publishing.plots" in loaded
    assert not {"keras", "tensorflow"} & loaded


def test_a_commit_that_the_hub_refuses_leaves_the_trained_model(
    here: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    here.hub.fault = "full"
    flags = ["linear", "--seed", "2", "--limit", "40", "--push", "me", "--replace", *here.flags]
    code = train.main(flags)
    here.hub.fault = ""
    assert code == 1
    assert "The Hub did not take the commit to me/mnist-linear" in capsys.readouterr().err
    record = here.record()["linear"]
    assert (record.seed, record.repo) == (2, None)
    model = (here.bundled / "linear.tflite").read_bytes()
    assert hashlib.sha256(model).hexdigest() == record.sha256


def test_a_private_push_makes_a_private_repo(here: Workplace) -> None:
    flags = ["mlp", "--private", "--push", "me", *here.flags]
    assert train.main(flags) == 0
    settings = here.hub.repos["models/me/mnist-mlp"].settings
    assert settings["visibility"] == "private"
    assert here.record()["mlp"].repo == "me/mnist-mlp"


def test_a_repo_is_named_after_its_network() -> None:
    assert name_repo("convnet_3", "me") == "me/mnist-convnet-3"


def test_a_card_tells_errors_interval_and_machine() -> None:
    table = make_table(make_record())
    assert "| errors on the test digits | 1 of 10 |" in table
    assert "| accuracy | 90.00%, 95 % interval 59.58% to 98.21% |" in table
    assert "| machine | a machine |" in table
