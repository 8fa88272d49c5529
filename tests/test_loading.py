"""From a model's name to its classifier: which bytes serve, and which are refused."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_models import ModelError, load
from mnist_models.models.loading import read_checked
from mnist_models.models.record import BUNDLED, SERVED, read_record, write_record
from testing import ROOT
from testing.hub import TOKEN, Hub, serve
from testing.programs import run_python

LOAD = """
import json, sys
import numpy as np
from mnist_models import ModelError, load
try:
    classifier = load("linear")
    digits = np.arange(3 * 784).reshape(3, 28, 28).astype(np.uint8)
    answer = {
        "origin": classifier.origin,
        "probabilities": classifier.predict(digits).probabilities.tolist(),
        "hub": "huggingface_hub" in sys.modules,
    }
except ModelError as error:
    answer = {"error": str(error)}
print(json.dumps(answer))
"""

Load = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("name", SERVED)
def test_the_served_model_misreads_what_its_record_says(
    name: str, mnist: dict[str, NDArray[np.uint8]]
) -> None:
    prediction = load(name).predict(mnist["x_test"])
    predicted = prediction.probabilities.argmax(axis=1)
    record = read_record()[name]
    assert np.flatnonzero(predicted != mnist["y_test"]).tolist() == record.misread
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (mnist["y_test"], predicted), 1)
    assert confusion.tolist() == record.confusion
    assert int(prediction.is_doubtful.sum()) == record.doubted


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r'no model "resnet". Known models: .*linear'):
        load("resnet")


def test_a_missing_file_and_other_bytes_than_recorded_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cnn\.tflite is missing"):
        read_checked(tmp_path / "cnn.tflite", "0" * 64)
    (tmp_path / "cnn.tflite").write_bytes(b"corrupt")
    with pytest.raises(ModelError, match="is not the one that was measured"):
        read_checked(tmp_path / "cnn.tflite", "0" * 64)


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """A Hub that holds the linear model as me/mnist-linear."""
    with serve() as hub:
        hub.commit("models/me/mnist-linear", {"README.md": b"An earlier revision."})
        model = (BUNDLED / "linear.tflite").read_bytes()
        hub.commit("models/me/mnist-linear", {"model.tflite": model})
        yield hub


@pytest.fixture
def load_elsewhere(hub: Hub, tmp_path: Path) -> Iterator[Load]:
    """Load the linear model in a fresh process whose record names a repo on the Hub."""
    package = tmp_path / "mnist_models"
    shutil.copytree(
        ROOT / "mnist_models", package, ignore=shutil.ignore_patterns("training", "__pycache__")
    )
    *_, latest = hub.repos["models/me/mnist-linear"].commits

    def load_there(bundled: bool = True, pinned: bool = True, **changes: str) -> dict[str, Any]:
        pin = {"repo": "me/mnist-linear", "revision": latest}
        where: dict[str, Any] = pin if pinned else {}
        environment = {
            "HF_ENDPOINT": hub.address,
            "HF_HOME": str(tmp_path / "hub"),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_ETAG_TIMEOUT": "1",
        }
        for name in changes:
            (environment if name.startswith("HF_") else where)[name] = changes[name]
        there = package / "models" / "bundled"
        write_record({"linear": replace(read_record()["linear"], **where)}, there)
        if not bundled:
            (there / "linear.tflite").unlink(missing_ok=True)
        hub.requests.clear()
        run = run_python("-c", LOAD, folder=tmp_path, **environment)
        return json.loads(run.stdout) | {"log": run.stderr}

    yield load_there
    hub.fault = ""


def expected() -> list[list[float]]:
    """Return what the bundled linear model says of the digits that are read elsewhere."""
    digits = np.arange(3 * 784).reshape(3, 28, 28).astype(np.uint8)
    return load("linear").predict(digits).probabilities.tolist()


def cached_model(tmp_path: Path) -> Path:
    """Return the file in which the client keeps the model."""
    (blob,) = (tmp_path / "hub").glob("hub/models--me--mnist-linear/snapshots/*/model.tflite")
    return blob.resolve()


def test_without_a_repo_the_bundled_copy_serves_and_the_hub_client_stays_unloaded(
    load_elsewhere: Load, hub: Hub
) -> None:
    answer = load_elsewhere(pinned=False)
    assert (answer["origin"], answer["hub"]) == (None, False)
    assert answer["probabilities"] == expected()
    assert hub.requests == []


def test_the_pinned_revision_serves_then_from_the_cache_without_any_request(
    load_elsewhere: Load, hub: Hub
) -> None:
    *_, latest = hub.repos["models/me/mnist-linear"].commits
    answer = load_elsewhere(bundled=False)
    assert answer["origin"] == f"me/mnist-linear@{latest}"
    assert answer["probabilities"] == expected()
    assert any(f"/resolve/{latest}/model.tflite" in request for request in hub.requests)
    for offline in ("0", "1"):
        again = load_elsewhere(bundled=False, HF_HUB_OFFLINE=offline)
        assert again["origin"] == answer["origin"]
        assert again["probabilities"] == answer["probabilities"]
        assert hub.requests == []


def test_a_damaged_file_in_the_cache_is_fetched_again(
    load_elsewhere: Load, hub: Hub, tmp_path: Path
) -> None:
    whole = load_elsewhere(bundled=False)
    cached_model(tmp_path).write_bytes(b"damaged")
    assert load_elsewhere(bundled=False) == whole
    assert hub.requests != []
    load_elsewhere(bundled=False)
    assert hub.requests == []


def test_a_damaged_file_that_cannot_be_fetched_again_gives_way_to_the_bundled_copy(
    load_elsewhere: Load, tmp_path: Path
) -> None:
    load_elsewhere()
    cached_model(tmp_path).write_bytes(b"damaged")
    answer = load_elsewhere(HF_HUB_OFFLINE="1")
    assert answer["origin"] is None
    assert answer["probabilities"] == expected()


def test_other_bytes_on_the_hub_are_refused_even_where_the_bundled_copy_is_whole(
    load_elsewhere: Load, hub: Hub
) -> None:
    hub.fault = "corrupt"
    error = load_elsewhere()["error"]
    assert "me/mnist-linear on the Hub does not hold the model that was measured" in error
    assert len([request for request in hub.requests if request.startswith("GET /large/")]) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"repo": "me/nothing"}, "The Hub knows no me/nothing at revision"),
        ({"revision": "0" * 40}, f"The Hub knows no me/mnist-linear at revision {'0' * 40}"),
    ],
    ids=["repo", "revision"],
)
def test_what_the_hub_does_not_know_is_refused_in_a_sentence(
    load_elsewhere: Load, changes: dict[str, str], sentence: str
) -> None:
    assert sentence in load_elsewhere(**changes)["error"]


def test_a_revision_without_the_file_is_refused_in_a_sentence(
    load_elsewhere: Load, hub: Hub
) -> None:
    first = next(iter(hub.repos["models/me/mnist-linear"].commits))
    assert "holds no model.tflite at revision" in load_elsewhere(revision=first)["error"]


def test_a_private_repo_is_read_with_the_token_alone(load_elsewhere: Load, hub: Hub) -> None:
    repo = hub.repos["models/me/mnist-linear"]
    repo.settings["visibility"] = "private"
    try:
        assert "set HF_TOKEN" in load_elsewhere()["error"]
        assert load_elsewhere(HF_TOKEN=TOKEN)["origin"].startswith("me/mnist-linear@")
    finally:
        repo.settings.clear()


@pytest.mark.parametrize("fault", ["500", "hang", "offline", "closed"])
def test_a_hub_out_of_reach_gives_way_to_the_bundled_copy(
    load_elsewhere: Load, hub: Hub, fault: str
) -> None:
    hub.fault = fault
    ways = {"offline": {"HF_HUB_OFFLINE": "1"}, "closed": {"HF_ENDPOINT": "http://127.0.0.1:9"}}
    answer = load_elsewhere(**ways.get(fault, {}))
    assert answer["origin"] is None
    assert answer["probabilities"] == expected()
    assert "linear serves from its bundled copy" in answer["log"]


def test_a_hub_out_of_reach_without_a_bundled_copy_is_told_in_a_sentence(
    load_elsewhere: Load, hub: Hub
) -> None:
    hub.fault = "500"
    assert "linear.tflite is missing" in load_elsewhere(bundled=False)["error"]
