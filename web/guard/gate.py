"""What stands before Gradio's own routes: a call is checked before Gradio makes anything of it.

Without it Gradio answers many a wrong value with its own failure, prints where it lies, and looks
for files that a call only names.
"""

import json
import re
from inspect import signature
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_models import PictureError
from web.guard.gradio_queue import Sessions
from web.limits import RefusedError, stored_picture
from web.texts import text

ROUTES = "/gradio_api/"

CALL = re.compile(r"/gradio_api/(?:run/predict|queue/join|call/(v2/)?(\w+))/?")
"""The routes that call a function: by its index, or by its name and perhaps its parameters'."""

CONTROLS = re.compile(r"/gradio_api/(?:cancel|reset)/?")
"""The other routes that take JSON; every other one that takes anything is closed."""

CHECKED = ("/gradio_api/upload", "/gradio_api/mcp")
"""Routes that take forms, or check what they take themselves."""

EVENT = re.compile(r"/gradio_api/(?:queue/data|call/(?:v2/)?\w+/(\w+))/?")
"""The routes of answers: to all calls of a session, or to a call by its name."""


class Gate:
    """Refuses calls that no function of the page can answer.

    Args:
        app: The application behind the gate.
        page: The page whose functions are called.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        self.app = app
        self.page = page
        self.sessions = Sessions(page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a client's error."""
        path = scope.get("path", "")
        try:
            if scope["type"] != "http" or not path.startswith(ROUTES):
                await self.app(scope, receive, send)
            elif scope["method"] == "GET" and (event := EVENT.fullmatch(path)):
                await self._tell(event[1], Request(scope, receive), send)
            else:
                await self.app(scope, await self._check(Request(scope, receive), path), send)
        except RefusedError as error:
            await error.answer()(scope, receive, send)
        except ClientDisconnect:
            pass
        except TypeError:
            if path not in CHECKED:
                raise
            refusal = RefusedError(400, text("no_picture"))  # an upload that is no file
            await refusal.answer()(scope, receive, send)

    async def _tell(self, event: str | None, request: Request, send: Send) -> None:
        session = self.sessions.find(event, request.query_params.get("session_hash"))
        if session is None:
            raise RefusedError(404, text("no_event"))
        try:
            await self.app(request.scope, request.receive, send)
        finally:
            self.sessions.forget(session)

    async def _check(self, request: Request, path: str) -> Receive:
        if request.method != "POST" or path.startswith(CHECKED):
            return request.receive
        call = CALL.fullmatch(path)
        if not (call or CONTROLS.fullmatch(path)):
            raise RefusedError(404, text("wrong_call"))
        try:
            value = disown(read_json(await request.body()))
        except (ValueError, RecursionError):
            raise RefusedError(400, text("broken_json")) from None
        is_call = isinstance(value, dict)
        if not is_call or (call and not can_be_answered(value, call, self.page)):
            raise RefusedError(422, text("wrong_call"))
        is_shared = request.headers.get("x-gradio-user") == "mcp"
        self.sessions.keep(value.get("session_hash"), is_shared)
        return replay(json.dumps(value).encode(), request.receive)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return where a body comes from that was read already, and whatever follows it."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def next_message() -> Message:
        return messages.pop() if messages else await receive()

    return next_message


def read_json(body: bytes) -> Any:
    """Parse JSON in which every number is finite and every text can be written.

    Raises:
        ValueError: It is not such JSON.
    """
    value = json.loads(body)
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return value


def disown(value: Any) -> Any:
    """Return a call's value in which no file that nobody uploaded claims to be an upload.

    Gradio would look for such a file, or fetch it, before the endpoint can refuse it.

    Raises:
        RecursionError: The value is nested too deep.
    """
    if isinstance(value, list):
        return [disown(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: disown(item) for key, item in value.items()}
    if "path" in found and "meta" in found:
        try:
            found |= {"path": str(stored_picture(found["path"])), "url": None}
        except PictureError:
            del found["meta"]
    return found


def can_be_answered(call: dict[str, Any], path: re.Match[str], page: gr.Blocks) -> bool:
    """Tell whether the page has the function that is called, and it can take the values."""
    by_parameter, name = path.groups()
    function = find_function(call.get("fn_index"), name, page)
    if function is None or call.get("session_hash") == "":
        return False
    if by_parameter:
        return set(call) == set(signature(function.fn).parameters)
    data = call.get("data")
    is_whole = isinstance(data, list) and len(data) == len(function.inputs)
    return is_whole and all(map(fits, function.inputs, data))


def find_function(index: Any, name: str | None, page: gr.Blocks) -> BlockFunction | None:
    """Return the page's function of a name, or else of an index, or None."""
    for key, function in page.fns.items():
        if (key == index) if name is None else (function.api_name == name):
            return function
    return None


def fits(component: gr.blocks.Block, value: Any) -> bool:
    """Tell whether a component can take a value."""
    if isinstance(component, gr.Dataset):
        return isinstance(value, int) and 0 <= value < len(component.samples)
    is_file = getattr(component, "data_model", None) is not None
    return not is_file or value is None or isinstance(value, dict)
