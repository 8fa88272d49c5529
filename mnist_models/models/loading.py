"""From a model's name to its classifier: from the Hub or bundled, and checked byte by byte."""

import hashlib
import logging
from pathlib import Path

from mnist_models.errors import ModelError
from mnist_models.models.classifier import Classifier
from mnist_models.models.record import BUNDLED, ModelRecord, read_record

MODEL_NAME = "model.tflite"
"""The served model's file in its repo on the Hub."""

KERAS_NAME = "model.keras"
"""The trained network's file there, as Keras saves it."""

logger = logging.getLogger(__name__)


class UnreachableError(Exception):
    """The Hub cannot be asked, or does not answer as it should; its text says why."""


def load(name: str) -> Classifier:
    """Load a model by its name.

    When the record names the model's repo on the Hub, the copy of exactly the recorded revision
    serves, which is fetched once and cached; while the Hub is out of reach, or the record names no
    repo, the bundled copy does. ``Classifier.origin`` says which it is. Private repos are read with
    ``HF_TOKEN``.

    Args:
        name: A model that the record pins, such as "cnn" or "linear".

    Returns:
        The classifier, ready to predict.

    Raises:
        ModelError: The name is unknown, or the file is missing or not the recorded one.
    """
    record = read_record()
    if name not in record:
        raise ModelError("unknown_model", name=name, known=", ".join(record))
    entry = record[name]
    if entry.repo is not None:
        try:
            return Classifier(fetch(entry.repo, entry), f"{entry.repo}@{entry.revision}")
        except UnreachableError as error:
            logger.warning("%s serves from its bundled copy: %s", name, error)
    return Classifier(read_checked(BUNDLED / f"{name}.tflite", entry.sha256))


def fetch(repo: str, entry: ModelRecord) -> bytes:
    """Return a published model's bytes, from the cache if they are there and whole.

    Raises:
        ModelError: The Hub holds no such repo, revision or file, or other bytes than recorded.
        UnreachableError: The Hub does not answer, or the cache cannot be written.
    """
    # Most starts need no Hub, and would wait for this import.
    import httpx2
    from huggingface_hub import errors

    try:
        for again in (False, True):  # the client returns a damaged file of its cache as it is
            content = download(repo, entry.revision, again)
            if is_recorded(content, entry.sha256):
                return content
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
        raise ModelError("unknown_revision", repo=repo, revision=entry.revision) from error
    except errors.RemoteEntryNotFoundError as error:
        raise ModelError(
            "missing_on_hub", repo=repo, file=MODEL_NAME, revision=entry.revision
        ) from error
    except (httpx2.HTTPError, OSError) as error:
        raise UnreachableError(f"{repo} could not be fetched: {error}") from error
    raise ModelError("altered_on_hub", repo=repo)


def download(repo: str, revision: str | None, again: bool) -> bytes:
    """Return a published model as the cache holds it; what it lacks, or ``again``, is fetched."""
    import huggingface_hub as hub

    path = hub.try_to_load_from_cache(repo, MODEL_NAME, revision=revision)
    if again or not isinstance(path, str):
        # The download repeats a failed first request for minutes; this one fails at once.
        hub.get_hf_file_metadata(hub.hf_hub_url(repo, MODEL_NAME, revision=revision))
        path = hub.hf_hub_download(repo, MODEL_NAME, revision=revision, force_download=again)
    return Path(path).read_bytes()


def read_checked(path: Path, sha256: str) -> bytes:
    """Read a model's file and refuse it unless it is the recorded one."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError("missing_file", file=path.name) from error
    if not is_recorded(content, sha256):
        raise ModelError("altered_file", file=path.name)
    return content


def is_recorded(content: bytes, sha256: str) -> bool:
    """Tell whether bytes are those that were measured."""
    return hashlib.sha256(content).hexdigest() == sha256


def locate(name: str, folder: Path) -> tuple[Path, Path]:
    """Return where a folder has a network as LiteRT and as Keras: by its name, or as a run left it.

    Args:
        name: The network's name.
        folder: ``BUNDLED`` or another folder of results, or a run's own.
    """
    kept = folder / f"{name}.tflite", folder / f"{name}.keras"
    return kept if kept[0].exists() else (folder / MODEL_NAME, folder / KERAS_NAME)


def is_here(name: str, entry: ModelRecord, folder: Path) -> bool:
    """Tell whether a folder holds a recorded network, as LiteRT and as Keras."""
    pinned = zip(locate(name, folder), (entry.sha256, entry.keras_sha256), strict=True)
    return all(path.exists() and is_recorded(path.read_bytes(), sum) for path, sum in pinned)
