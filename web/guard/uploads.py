"""Which files a call may name, and when those that came in calls are deleted.

Gradio 6.31.0 asks whether a file was uploaded only where a call's value says so of itself, by its
"meta" (`async_move_files_to_cache` in gradio/processing_utils.py): whoever leaves that out could
name any file of the server. `stored_picture` can go when every `gr.FileData` is checked.

A picture that comes in an MCP call is stored twice (gradio/mcp.py), and `delete_cache` knows one of
the two. `deleting_uploads` can go when it knows both.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from gradio.utils import get_upload_folder

from mnist_models.errors import PictureError
from web.limits import DELETE_AFTER, DELETE_EVERY

EXAMPLES = Path(__file__).parents[2] / "examples"
"""The pictures that the page itself offers."""

FILE_ROUTE = "/gradio_api/file="
"""What precedes a stored file's path in its address on this server."""


def stored_picture(path: object) -> Path:
    """Return the path of a file that Gradio stored or the page offers; refuse every other.

    Args:
        path: What the request says, of any type: a path, or a stored file's address.

    Returns:
        The file's real path.

    Raises:
        PictureError: The path leads elsewhere or to nothing.
    """
    if isinstance(path, str):
        try:
            real = Path(path.partition(FILE_ROUTE)[2] or path).resolve(strict=True)
            folders = (Path(get_upload_folder()).resolve(), EXAMPLES)
            if real.is_file() and any(real.is_relative_to(folder) for folder in folders):
                return real
        except (OSError, ValueError):
            pass  # no path at all, or one that leads to nothing: refused like a forbidden one
    raise PictureError("not_uploaded")


@asynccontextmanager
async def deleting_uploads(_: object) -> AsyncIterator[None]:
    """Delete, as long as the page is served, the pictures of MCP calls when they are old."""

    async def go_on() -> None:
        while True:
            await asyncio.sleep(DELETE_EVERY)
            for path in Path(get_upload_folder()).glob("*/file*"):
                with suppress(FileNotFoundError):  # Gradio deleted it meanwhile
                    if time.time() - path.stat().st_ctime > DELETE_AFTER:
                        path.unlink()

    deleting = asyncio.create_task(go_on())
    yield
    deleting.cancel()
