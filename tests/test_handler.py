"""The Inference Endpoint's handler: it answers what the page answers, picture by picture."""

import base64
import dataclasses
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mnist_models import ModelError, Reader
from mnist_models.models.loading import MODEL_NAME
from mnist_models.models.record import BUNDLED, read_record, write_record
from mnist_models.reader import as_json
from scale.handler import EndpointHandler

EXAMPLES = sorted(Path("examples").iterdir())

Handler = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like a model's repo on the Hub."""
    folder = tmp_path_factory.mktemp("repo")
    (folder / MODEL_NAME).write_bytes((BUNDLED / "cnn.tflite").read_bytes())
    entry = dataclasses.replace(read_record()["cnn"], repo=None, revision=None, published={})
    write_record({"cnn": entry}, folder)
    return folder


@pytest.fixture(scope="module")
def handler(repo: Path) -> Handler:
    """Return the handler of that repo."""
    return EndpointHandler(str(repo))


def test_the_handler_answers_what_the_page_answers_picture_by_picture(
    handler: Handler,
) -> None:
    pictures = [path.read_bytes() for path in EXAMPLES]
    for picture, answer in zip(pictures, handler({"inputs": pictures}), strict=True):
        expected = as_json(Reader.default().read(picture))["cnn"]
        assert answer.pop("model") == "cnn"
        assert answer.pop("revision").startswith("sha256:")
        assert answer == expected


def test_a_picture_may_come_as_bytes_in_base64_and_opened(handler: Handler) -> None:
    picture = EXAMPLES[0].read_bytes()
    written = base64.b64encode(picture).decode()
    opened = Image.open(io.BytesIO(picture)).convert("RGB")
    answers = [
        handler({"inputs": given})
        for given in (picture, written, f"data:image/png;base64,{written}", opened)
    ]
    assert answers[1:] == answers[:-1]


@pytest.mark.parametrize("given", [b"nothing", "%%%", "/etc/passwd", 3, None, [[]], {}])
def test_what_is_no_picture_is_answered_with_an_error(given: object, handler: Handler) -> None:
    answer = handler({"inputs": given})
    [answer] = answer if isinstance(answer, list) else [answer]
    assert set(answer) == {"error"}
    assert answer["error"].endswith(".")


def test_a_bad_picture_costs_no_other_its_answer(handler: Handler) -> None:
    picture = EXAMPLES[0].read_bytes()
    first, second, third = handler({"inputs": [picture, b"nothing", picture]})
    assert first == third
    assert "error" in second
    assert handler({"inputs": []}) == []


def test_the_endpoint_names_its_revision(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_REVISION", "a" * 40)
    answer: Any = EndpointHandler(str(repo))({"inputs": EXAMPLES[0].read_bytes()})
    assert answer["revision"] == "a" * 40


def test_another_model_than_the_recorded_one_is_refused(tmp_path: Path, repo: Path) -> None:
    write_record(read_record(repo), tmp_path)
    (tmp_path / MODEL_NAME).write_bytes((BUNDLED / "linear.tflite").read_bytes())
    with pytest.raises(ModelError):
        EndpointHandler(str(tmp_path))
