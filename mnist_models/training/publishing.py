"""To the Hub: a model's files, plots and card, in one commit."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import CommitOperationAdd, HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from mnist_models.classifier import Classifier
from mnist_models.errors import ModelError
from mnist_models.loading import MODEL_NAME, read_checked
from mnist_models.record import ModelRecord, write_record
from mnist_models.training.card import KERAS_NAME, make_card
from mnist_models.training.fitting import Digits
from mnist_models.training.plots import draw_plots


def make_repo(name: str, namespace: str, private: bool) -> str:
    """Make a model's repo unless it is there, and return its name.

    Done before a training, this tells at once whether the training could be published.

    Raises:
        ModelError: There is no token, or it may not write there, or the Hub is out of reach.
    """
    if get_token() is None:
        raise ModelError(
            "Publishing needs a token that may write. Make one at "
            "https://huggingface.co/settings/tokens, then set HF_TOKEN or run `hf auth login`."
        )
    repo = f"{namespace}/mnist-{name.replace('_', '-')}"
    try:
        HfApi().create_repo(repo, private=private or None, exist_ok=True)
    except HFValidationError as error:
        raise ModelError(f'"{namespace}" is no name of a person or group on the Hub.') from error
    except HfHubHTTPError as error:
        if error.response.status_code in (401, 403):
            raise ModelError(
                f"The token may not write to {repo}. Give a token that may write, "
                "or push to your own name."
            ) from error
        raise ModelError(f"The Hub did not make {repo}: {error}") from error
    except HTTPError as error:
        raise ModelError(f"The Hub cannot be reached: {error}.") from error
    return repo


def publish(name: str, record: ModelRecord, repo: str, folder: Path, test: Digits) -> ModelRecord:
    """Commit a trained model to its repo, with all that is known of it.

    Args:
        name: The network's name.
        record: The model's record.
        repo: Where to, such as "me/mnist-cnn".
        folder: The run's folder, with the model as Keras and as LiteRT saved it.
        test: MNIST's test digits, for the plots.

    Returns:
        The record with repo, revision and the sha256 of every file.

    Raises:
        ModelError: The run's files are not the recorded ones, or the Hub refuses the commit.
    """
    content = read_checked(folder / MODEL_NAME, record.sha256)
    drafts = folder / "hub"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir()
    (drafts / MODEL_NAME).write_bytes(content)
    shutil.copyfile(folder / KERAS_NAME, drafts / KERAS_NAME)
    record = dataclasses.replace(record, repo=None, revision=None, published={})
    write_record({name: record}, drafts)
    plots = draw_plots(record, test, Classifier(content).predict(test.pixels), drafts)
    make_card(name, record, repo, folder / KERAS_NAME, plots).save(drafts / "README.md")
    files = sorted(drafts.iterdir())
    revision = commit(repo, files, f"{record.errors} errors of {record.num_test} test digits")
    return dataclasses.replace(
        record,
        repo=repo,
        revision=revision,
        published={file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
    )


def commit(repo: str, files: list[Path], message: str) -> str:
    """Add files to a repo in one commit and return its id; unchanged files make no commit."""
    additions = [CommitOperationAdd(file.name, file) for file in files]
    try:
        return HfApi().create_commit(repo, additions, commit_message=message).oid
    except (HTTPError, OSError, RuntimeError) as error:  # the last for large files
        cause = f" ({error.__cause__})" if isinstance(error, RuntimeError) else ""
        raise ModelError(f"The Hub did not take the commit to {repo}: {error}{cause}") from error
