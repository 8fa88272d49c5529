"""The page as a Space: what is sent, in one commit, and that it is enough to serve."""

from pathlib import Path

import pytest
from huggingface_hub import RepoCard

from mnist_models.publishing.space import collect_files, main, pin_models
from testing import ROOT
from testing.hub import Hub, write_files
from testing.programs import run_python
from testing.samples import make_record

# The Hub's client 2.4 uploads large files in a way that its own HTTP library finds old.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")

START = """
from mnist_models import Reader
from web.page import build_page
build_page(Reader.default())
"""


@pytest.mark.slow
def test_a_space_is_made_and_updated_in_one_commit_each(
    hub_here: Hub, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for _ in range(2):
        assert main(["me/digits"]) == 0
        said = capsys.readouterr()
        assert said.out == f"{hub_here.address}/spaces/me/digits\n"
        assert said.err.startswith("A Gradio Space needs a paid plan. Free are static Spaces (`")
    (files,) = hub_here.repos["spaces/me/digits"].commits.values()
    settings = hub_here.repos["spaces/me/digits"].settings
    assert settings == {"organization": "me", "name": "digits", "type": "space", "sdk": "gradio"}
    write_files(files, tmp_path)
    run_python("-c", START, folder=tmp_path)


def test_a_space_holds_nothing_of_tests_and_training() -> None:
    files = collect_files({})
    rooms = {"models", "preparation", "report", "words"}
    for path in files:
        folder, *inner = path.split("/")[:-1] or [""]
        assert folder in {"", "docs", "examples", "mnist_models", "web"}
        assert folder != "mnist_models" or set(inner[:1]) <= rooms
        assert not path.endswith((".pyc", ".pyi", ".keras"))
    assert {path for path in files if "/" not in path} == {
        "LICENSE",
        "README.md",
        "README.pt-BR.md",
        "app.py",
        "requirements.txt",
    }


def test_the_front_matter_names_the_published_models_and_their_revisions() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    record = {
        name: make_record(repo=f"me/mnist-{name}", revision=letter * 40)
        for name, letter in {"linear": "b", "cnn": "a", "lenet5": "c"}.items()
    }
    card = RepoCard(pin_models(text, record))
    assert card.data["models"] == ["me/mnist-cnn", "me/mnist-linear"]
    assert card.data["preload_from_hub"] == [
        f"me/mnist-cnn model.tflite {'a' * 40}",
        f"me/mnist-linear model.tflite {'b' * 40}",
    ]
    before = RepoCard(text)
    assert card.text == before.text
    kept = {key: card.data[key] for key in before.data.to_dict()}
    assert kept | {"models": 0} == before.data.to_dict() | {"models": 0}


def test_without_published_models_the_front_matter_stays_as_it_is() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    card = RepoCard(pin_models(text, {"cnn": make_record(), "linear": make_record()}))
    assert card.data.to_dict() == RepoCard(text).data.to_dict()
    assert "preload_from_hub" not in card.data


def test_a_space_without_a_token_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HF_TOKEN", "")
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", "/nowhere")
    assert main(["me/digits"]) == 1
    assert "Publishing needs a token that may write." in capsys.readouterr().err


def test_a_space_that_wants_a_paid_plan_is_told_with_the_way_that_is_free(
    hub_here: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub_here.fault = "plan"
    assert main(["me/digits"]) == 1
    assert hub_here.repos == {}
    *_, sentence = capsys.readouterr().err.splitlines()
    assert "only for accounts with a paid plan (402)" in sentence
    assert "`make glass`" in sentence
