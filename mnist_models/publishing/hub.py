"""Repos and commits on the Hub, with every refusal told in a sentence."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from httpx2 import HTTPError
from huggingface_hub import CommitOperationAdd, HfApi, get_token
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from huggingface_hub.utils import validate_repo_id

from mnist_models.errors import MnistModelsError, ModelError


def check_access(repo: str) -> None:
    """Refuse a repo that the token surely may not write to, and make nothing.

    A fine-grained token may do what only the Hub knows: it is refused when it writes.

    Args:
        repo: Such as "me/mnist-cnn".

    Raises:
        ModelError: There is no token, or it may not write there, or the Hub is out of reach.
    """
    with telling(repo):
        validate_repo_id(repo)
        owner = HfApi().whoami()
    role = owner.get("auth", {}).get("accessToken", {}).get("role")
    names = [owner["name"], *(organization["name"] for organization in owner.get("orgs", []))]
    if role == "read" or (role == "write" and repo.split("/")[0] not in names):
        raise ModelError("may_not_write", repo=repo)


def make_repo(repo: str, **settings: Any) -> str:
    """Make a repo unless it is there, and return its address.

    Args:
        repo: Such as "me/mnist-cnn".
        settings: What ``HfApi.create_repo`` should set if it makes the repo.

    Raises:
        ModelError: There is no token, or it may not write there, or the Hub wants a paid plan for
            this kind of repo, or is out of reach.
    """
    with telling(repo, wants_plan=settings.get("space_sdk") == "gradio"):
        return HfApi().create_repo(repo, exist_ok=True, **settings)


@contextmanager
def telling(repo: str, wants_plan: bool = False) -> Iterator[None]:
    """Tell in a sentence why the Hub refuses what is asked of a repo.

    Args:
        repo: Such as "me/mnist-cnn".
        wants_plan: Whether it is of the kind that accounts without a paid plan may not have.
    """
    if get_token() is None:
        raise ModelError("no_token")
    try:
        yield
    except HFValidationError as error:
        raise ModelError("no_repo_name", repo=repo) from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403):
            raise ModelError("may_not_write", repo=repo) from error
        if status == 402 and wants_plan:
            raise ModelError("plan_wanted", repo=repo) from error
        raise ModelError("repo_refused", repo=repo, reason=error) from error
    except HTTPError as error:
        raise ModelError("no_hub", reason=error) from error


def commit(repo: str, files: Mapping[str, Path | bytes], message: str, kind: str = "model") -> str:
    """Add files to a repo in one commit; unchanged files make no commit.

    Args:
        repo: Such as "me/mnist-cnn".
        files: Where each file is, or its content, by its path in the repo.
        message: What the commit is about.
        kind: "model" or "space".

    Returns:
        The revision: the commit's id.

    Raises:
        ModelError: The Hub refuses the commit or is out of reach.
    """
    additions = [CommitOperationAdd(path, file) for path, file in files.items()]
    try:
        api = HfApi()
        return api.create_commit(repo, additions, commit_message=message, repo_type=kind).oid
    except (HTTPError, OSError, RuntimeError) as error:  # the last for large files
        cause = f" ({error.__cause__})" if isinstance(error, RuntimeError) else ""
        raise ModelError("commit_refused", repo=repo, reason=f"{error}{cause}") from error


def publish_space(repo: str, sdk: str, collect: Callable[[], Mapping[str, Path | bytes]]) -> int:
    """Make or update a Space in one commit, and print its address, or what keeps it from that.

    Args:
        repo: Such as "me/digits".
        sdk: "gradio" or "static".
        collect: Returns its files, as ``commit`` takes them.

    Returns:
        The exit status: 0, or 1 where it failed.
    """
    try:
        address = make_repo(repo, repo_type="space", space_sdk=sdk)
        commit(repo, collect(), "Update the page", kind="space")
    except MnistModelsError as error:
        print(error, file=sys.stderr)
        return 1
    print(address)
    return 0
