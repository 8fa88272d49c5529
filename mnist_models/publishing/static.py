"""A folder as a Static Space: `python -m mnist_models.publishing.static NAMESPACE/NAME FOLDER`."""

import argparse
import sys
from pathlib import Path

from mnist_models.errors import MnistModelsError
from mnist_models.publishing.hub import commit, make_repo


def main(arguments: list[str] | None = None) -> int:
    """Make or update a Static Space in one commit, and tell its address."""
    parser = argparse.ArgumentParser(description="Publish a folder as a Static Space on the Hub.")
    parser.add_argument("space", metavar="NAMESPACE/NAME")
    parser.add_argument("folder", type=Path, help="what `python -m glass.build` wrote")
    options = parser.parse_args(arguments)
    files: dict[str, Path | bytes] = {path.name: path for path in sorted(options.folder.iterdir())}
    try:
        address = make_repo(options.space, repo_type="space", space_sdk="static")
        commit(options.space, files, "Update the page", kind="space")
    except MnistModelsError as error:
        print(error, file=sys.stderr)
        return 1
    print(address)
    return 0


if __name__ == "__main__":
    sys.exit(main())
