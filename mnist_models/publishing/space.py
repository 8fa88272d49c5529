"""The page as a Space on the Hub: `python -m mnist_models.publishing.space NAMESPACE/NAME`."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import RepoCard

from mnist_models.models.loading import MODEL_NAME
from mnist_models.models.record import SERVED, ModelRecord, read_record
from mnist_models.publishing.hub import publish_space
from mnist_models.words import ENGLISH, WORDS

ROOT = Path(__file__).parents[2]

NEEDED = (
    "LICENSE",
    "README.pt-BR.md",
    "app.py",
    "requirements.txt",
    "docs/*.md",
    "docs/*.png",
    "examples/*",
    "mnist_models/*.py",
    "mnist_models/models/*.py",
    "mnist_models/preparation/*.py",
    "mnist_models/report/*.py",
    "mnist_models/words/*",
    "mnist_models/models/bundled/*.tflite",
    "mnist_models/models/bundled/record.json",
    "web/**/*",
)
"""What a Space runs and its page shows; README.md comes on top. No tests, nothing of training."""

WRITTEN = (".pyc", ".pyi")
"""What Python and Gradio write beside a module for themselves and for editors."""


def collect_files(record: Mapping[str, ModelRecord]) -> dict[str, Path | bytes]:
    """Return the files of the Space by their path in it."""
    files: dict[str, Path | bytes] = {
        path.relative_to(ROOT).as_posix(): path
        for pattern in NEEDED
        for path in sorted(ROOT.glob(pattern))
        if path.is_file() and path.suffix not in WRITTEN
    }
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return files | {"README.md": pin_models(text, record).encode()}


def pin_models(text: str, record: Mapping[str, ModelRecord]) -> str:
    """Name the published models in a README's front matter, to be there when the Space starts."""
    card = RepoCard(text)
    published = [record[name] for name in SERVED if name in record and record[name].repo]
    if published:
        card.data["models"] = [entry.repo for entry in published]
        card.data["preload_from_hub"] = [
            f"{entry.repo} {MODEL_NAME} {entry.revision}" for entry in published
        ]
    return str(card)


def main(arguments: list[str] | None = None) -> int:
    """Make or update a Space in one commit, and tell what it costs and its address."""
    parser = argparse.ArgumentParser(description="Publish the page as a Space on the Hub.")
    parser.add_argument("space", metavar="NAMESPACE/NAME")
    space = parser.parse_args(arguments).space
    print(WORDS[ENGLISH]("space_costs"), file=sys.stderr)
    return publish_space(space, "gradio", lambda: collect_files(read_record()))


if __name__ == "__main__":
    sys.exit(main())
