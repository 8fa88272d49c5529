"""Every limit of the page and the endpoints, named once."""

from pathlib import Path

from gradio.utils import get_upload_folder

from mnist_models import PictureError
from web.texts import text

MAX_UPLOAD = "20mb"
"""The largest file that Gradio stores; `launch(max_file_size=...)` enforces it."""

MAX_DRAWING = 200_000
"""The longest drawing the pad may send, in characters of its data URL; `web.pad` enforces it."""

MAX_QUEUE = 200
"""Calls of the endpoints that may wait at once; `queue(max_size=...)` enforces it."""

MAX_CONCURRENT = 4
"""Calls of the endpoints that are answered at once; `queue(default_concurrency_limit=...)`."""

DELETE_EVERY, DELETE_AFTER = 600, 3000
"""Seconds: uploads are looked through every 10 minutes and gone within the hour; `Blocks`."""

EXAMPLES = Path(__file__).parents[1] / "examples"
"""The pictures that the page itself offers."""


def stored_picture(path: object) -> Path:
    """Return the path of a file that Gradio stored or the page offers; refuse every other.

    Gradio's own check can be left out by whoever writes the request, so that without this one
    any file of the server could be asked for.

    Args:
        path: What the request says, of any type.

    Returns:
        The file's real path.

    Raises:
        PictureError: The path leads elsewhere or to nothing.
    """
    try:
        real = Path(path).resolve(strict=True)
        folders = (Path(get_upload_folder()).resolve(), EXAMPLES)
        if real.is_file() and any(real.is_relative_to(folder) for folder in folders):
            return real
    except (OSError, TypeError, ValueError):
        pass  # no path at all, or one that leads to nothing: refused like a forbidden one
    raise PictureError(text("not_uploaded"))
