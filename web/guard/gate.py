"""What stands before Gradio's own routes: a call is checked before Gradio makes anything of it.

Gradio 6.31.0 takes a call's values as they come (gradio/routes.py): it answers many a wrong one
with its own failure and prints where it lies, looks for files that a call only names
(`async_move_files_to_cache` in gradio/processing_utils.py), and keeps routes open that no page here
uses. This can go when each of these gets a client's error from Gradio itself.
"""

import json
import re
from inspect import signature
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.blocks import Block
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_models import PictureError
from web.guard.gradio_queue import Sessions
from web.guard.refusals import RefusedError
from web.guard.uploads import stored_picture

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
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a client's error."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        try:
            if scope["type"] != "http" or not path.startswith(ROUTES):
                await self.app(scope, receive, send)
            elif scope["method"] == "GET" and (event := EVENT.fullmatch(path)):
                await self._send_answers(event[1], Request(scope, receive), send)
            else:
                await self.app(scope, await self._check(Request(scope, receive), path), send)
        except RefusedError as refusal:
            await refusal.response()(scope, receive, send)
        except ClientDisconnect:
            pass
        except TypeError:
            if path not in CHECKED:
                raise
            no_file = RefusedError(400, "no_picture")  # an upload that is no file
            await no_file.response()(scope, receive, send)

    async def _send_answers(self, event: str | None, request: Request, send: Send) -> None:
        sessions = Sessions(served_page(request))
        session = sessions.find(event, request.query_params.get("session_hash"))
        if session is None:
            raise RefusedError(404, "no_event")
        try:
            await self.app(request.scope, request.receive, send)
        finally:
            sessions.forget(session)

    async def _check(self, request: Request, path: str) -> Receive:
        if request.method != "POST" or path.startswith(CHECKED):
            return request.receive
        call = CALL.fullmatch(path)
        if not (call or CONTROLS.fullmatch(path)):
            raise RefusedError(404, "wrong_call")
        try:
            value = without_false_uploads(read_json(await request.body()))
        except (ValueError, RecursionError):
            raise RefusedError(400, "broken_json") from None
        page = served_page(request)
        is_call = isinstance(value, dict)
        if not is_call or (call and not can_be_answered(value, call, page)):
            raise RefusedError(422, "wrong_call")
        is_shared = request.headers.get("x-gradio-user") == "mcp"
        Sessions(page).keep(value.get("session_hash"), is_shared)
        return replay(json.dumps(value).encode(), request.receive)


def served_page(request: Request) -> gr.Blocks:
    """Return the page that is served now: in reload mode it is another after each change."""
    return request.app.get_blocks()


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


def without_false_uploads(value: Any) -> Any:
    """Return a call's value in which no file that nobody uploaded claims to be an upload.

    Gradio would look for such a file, or fetch it, before the endpoint can refuse it.

    Raises:
        RecursionError: The value is nested too deep.
    """
    if isinstance(value, list):
        return [without_false_uploads(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: without_false_uploads(item) for key, item in value.items()}
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
    if function is None or function.fn is None or call.get("session_hash") == "":
        return False  # without a function of its own, an event is the browser's alone
    if by_parameter:
        return set(call) == set(signature(function.fn).parameters)
    data = call.get("data")
    if not isinstance(data, list) or len(data) != len(function.inputs):
        return False
    return all(map(fits, function.inputs, data))


def find_function(index: Any, name: str | None, page: gr.Blocks) -> BlockFunction | None:
    """Return the page's function of a name, or else of an index, or None."""
    for key, function in page.fns.items():
        if (key == index) if name is None else (function.api_name == name):
            return function
    return None


def fits(component: Block, value: Any) -> bool:
    """Tell whether a component can take a value."""
    if isinstance(component, gr.Dataset):
        return isinstance(value, int) and 0 <= value < len(component.samples)
    model: type[BaseModel] | None = getattr(component, "data_model", None)
    if model is None or value is None:
        return True
    try:
        model.model_validate(value)
    except ValidationError:
        return False
    return True
