"""Bodies that are too long, too slow or too many are refused as they arrive.

Gradio 6.31.0 counts the bytes of form uploads alone (`max_file_size` in gradio/route_utils.py). Of
JSON it takes whatever comes, however long that takes, and so does Starlette of a plain body. This
can go when both count and time every body; `scale/nginx.conf` does, but few pages stand behind it.
"""

import asyncio
from typing import NoReturn

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.guard.refusals import RefusedError, too_long
from web.limits import MAX_BODY, MAX_BODY_SECONDS, MAX_HELD, MAX_TEXT_BODY

RAW_KINDS = ("", "application/octet-stream", "application/x-www-form-urlencoded")
"""What programs call a picture that they send as the body itself; the last is curl's own choice."""


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
        started = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal started
            if body.refusal is None:
                started = True
                await send(message)

        try:
            body.check()
            await self.app(scope, body.receive, send_unless_refused)
        except RefusedError:  # some applications answer it themselves, wrongly
            pass
        finally:
            self.held -= body.size
        if body.refusal is not None and not started:
            await body.refusal.response()(scope, receive, send)


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
            self._refuse(too_long())
        if self.limit.held > MAX_HELD and self.size > MAX_TEXT_BODY:
            self._refuse(RefusedError(429, "too_busy"))

    async def receive(self) -> Message:
        """Return the next piece of the body, or what comes after its end."""
        if not self.arriving:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self._receive()
        except TimeoutError:
            self._refuse(RefusedError(408, "body_too_slow"))
        self.arriving = message.get("more_body", False)
        self.size += len(message.get("body", b""))
        self.limit.held += len(message.get("body", b""))
        self.check()
        return message

    def _refuse(self, refusal: RefusedError) -> NoReturn:
        self.refusal = refusal
        raise refusal
