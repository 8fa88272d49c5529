"""A folder as a Static Space: `python -m mnist_models.publishing.static NAMESPACE/NAME FOLDER`."""

import argparse
import sys
from pathlib import Path

from mnist_models.publishing.hub import publish_space


def main(arguments: list[str] | None = None) -> int:
    """Make or update a Static Space in one commit, and tell its address."""
    parser = argparse.ArgumentParser(description="Publish a folder as a Static Space on the Hub.")
    parser.add_argument("space", metavar="NAMESPACE/NAME")
    parser.add_argument("folder", type=Path, help="what `python -m glass.build` wrote")
    options = parser.parse_args(arguments)
    files: dict[str, Path | bytes] = {path.name: path for path in sorted(options.folder.iterdir())}
    return publish_space(options.space, "static", lambda: files)


if __name__ == "__main__":
    sys.exit(main())
