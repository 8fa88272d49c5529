"""Every limit of the page and the endpoints, named once, with what enforces it.

Three stand where pictures are opened: MAX_PIXELS and FORMATS in `mnist_models.preparation.picture`, and
NUM_OPENED, how many at the same time, in `mnist_models.reader`.
"""

import asyncio
import ctypes
import platform
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NoReturn

from gradio.utils import get_upload_folder
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_models import PictureError
from web.texts import text

MAX_UPLOAD = 20_000_000
"""The largest picture file, in bytes; `launch(max_file_size=...)` and `web.api.routes` enforce it."""

MAX_BODY = MAX_UPLOAD + 100_000
"""The largest body that carries a file, with the form around it, in bytes; `BodyLimit`."""

MAX_TEXT_BODY = 1_000_000
"""The largest body that carries anything else, such as JSON, in bytes; `BodyLimit`."""

MAX_BODY_SECONDS = 60
"""How long a body may take to arrive; `BodyLimit`."""

MAX_HELD = 20 * MAX_BODY
"""All bodies together whose answers are awaited, in bytes; `BodyLimit`. When there are more, those
beyond `MAX_TEXT_BODY` are refused, while drawings and most pictures go on being read."""

MAX_BATCH = 100
"""Pictures in one call of `/predict_batch`; `web.api.endpoints` enforces it."""

MAX_DRAWING = 200_000
"""The longest drawing the pad may send, in characters of its data URL; `web.components.pad` enforces it."""

MAX_QUEUE = 200
"""Calls that may wait at once; `queue(max_size=...)` enforces it, and `web.api.routes` for its own."""

MAX_SESSIONS = 100
"""Visitors whom Gradio remembers; `launch(state_session_capacity=...)`.

It remembers 10,000 unless told, at some 90 kB each, and counts every call of an endpoint as one.
Nothing here needs what it remembers.
"""

MAX_CONCURRENT = 4
"""Calls that are answered at once; `queue(default_concurrency_limit=...)` and `web.api.routes`."""

MAX_THREADS = 2 * MAX_CONCURRENT
"""Threads that Gradio works with; `launch(max_threads=...)`. Its 40 are more than two cores use,
and each keeps memory of its own."""

MAX_ARENAS = 2
"""Pools from which threads take memory; `limit_arenas`. glibc opens eight for each core, and memory
that was used in one of them is of no use in the others."""

RAW_KINDS = ("", "application/octet-stream", "application/x-www-form-urlencoded")
"""What programs call a picture that they send as the body itself; the last is curl's own choice."""

DELETE_EVERY, DELETE_AFTER = 600, 3000
"""Seconds: uploads are looked through every 10 minutes and gone within the hour; `Blocks`, and
`deleting_pictures` for what Gradio forgets."""

EXAMPLES = Path(__file__).parents[1] / "examples"
"""The pictures that the page itself offers."""

FILE_ROUTE = "/gradio_api/file="
"""What precedes a stored file's path in its address on this server."""


def limit_arenas() -> None:
    """Let all threads share few pools of memory, where the C library has such."""
    if platform.libc_ver()[0] == "glibc":
        arena_max = -8  # glibc's M_ARENA_MAX, see mallopt(3)
        ctypes.CDLL(None).mallopt(arena_max, MAX_ARENAS)


def stored_picture(path: object) -> Path:
    """Return the path of a file that Gradio stored or the page offers; refuse every other.

    Gradio's own check can be left out by whoever writes the request, so that without this one
    any file of the server could be asked for.

    Args:
        path: What the request says, of any type: a path, or a stored file's address.

    Returns:
        The file's real path.

    Raises:
        PictureError: The path leads elsewhere or to nothing.
    """
    if isinstance(path, str):
        path = path.partition(FILE_ROUTE)[2] or path
    try:
        real = Path(path).resolve(strict=True)
        folders = (Path(get_upload_folder()).resolve(), EXAMPLES)
        if real.is_file() and any(real.is_relative_to(folder) for folder in folders):
            return real
    except (OSError, TypeError, ValueError):
        pass  # no path at all, or one that leads to nothing: refused like a forbidden one
    raise PictureError("not_uploaded")


@asynccontextmanager
async def deleting_pictures(_: object) -> AsyncIterator[None]:
    """Delete, as long as the page is served, the pictures of MCP calls when they are old.

    Gradio stores those that come in the call itself twice, and deletes one of the two.
    """

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


class RefusedError(Exception):
    """A request gets a client's error: its arguments are the HTTP status and the sentence."""

    def answer(self) -> JSONResponse:
        """Return what the client gets."""
        status, sentence = self.args
        return JSONResponse({"error": sentence}, status)


class BodyLimit:
    """Refuses bodies that are too long or too slow, whatever their kind, before anything is kept.

    Args:
        app: The application behind the limit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.held = 0
        """Bytes of all bodies whose requests are not answered yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with a client's error if its body goes beyond the limits."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = LimitedBody(receive, Headers(scope=scope), self)

        async def send_unless_refused(message: Message) -> None:
            nonlocal started
            if body.refusal is None:
                started = True
                await send(message)

        started = False
        try:
            body.check()
            await self.app(scope, body.receive, send_unless_refused)
        except RefusedError:  # some applications answer it themselves, wrongly
            pass
        finally:
            self.held -= body.size
        if body.refusal is not None and not started:
            await body.refusal.answer()(scope, receive, send)


class LimitedBody:
    """A request's body as it arrives, counted and timed.

    Args:
        receive: Where the body comes from.
        headers: The request's.
        limit: What counts all bodies.
    """

    def __init__(self, receive: Receive, headers: Headers, limit: BodyLimit) -> None:
        kind = headers.get("content-type", "").strip().lower()
        is_file = kind.startswith(("multipart/form-data", "image/")) or kind in RAW_KINDS
        self.room = MAX_BODY if is_file else MAX_TEXT_BODY
        self.announced = int(headers.get("content-length", 0))
        self.deadline = asyncio.get_running_loop().time() + MAX_BODY_SECONDS
        self.refusal: RefusedError | None = None
        self.size = 0
        self.arriving = True
        self.limit = limit
        self._receive = receive

    def check(self) -> None:
        """Refuse what has arrived, or is announced, if it is too much."""
        if max(self.size, self.announced) > self.room:
            self._refuse(413, "body_too_long")
        if self.limit.held > MAX_HELD and self.size > MAX_TEXT_BODY:
            self._refuse(429, "too_busy")

    async def receive(self) -> Message:
        """Return the next piece of the body, or what comes after its end."""
        if not self.arriving:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self._receive()
        except TimeoutError:
            self._refuse(408, "body_too_slow")
        self.arriving = message.get("more_body", False)
        self.size += len(message.get("body", b""))
        self.limit.held += len(message.get("body", b""))
        self.check()
        return message

    def _refuse(self, status: int, reason: str) -> NoReturn:
        self.refusal = RefusedError(status, text(reason))
        raise self.refusal
