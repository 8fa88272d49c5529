"""What stands before Gradio's own routes: a call is checked before Gradio makes anything of it.

Without it Gradio answers many a wrong value with its own failure, and prints where it lies.
"""

import json
from inspect import signature
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_models import PictureError
from web.limits import MAX_DEPTH, stored_picture
from web.texts import text

CALLS = "/gradio_api/"

UPLOAD = "/gradio_api/upload"

NO_CALLS = (UPLOAD, "/gradio_api/mcp")
"""Routes that take forms, or check what they take themselves."""

BY_NAME = ("/gradio_api/run/", "/gradio_api/api/", "/gradio_api/call/")

BY_PARAMETER = "/gradio_api/call/v2/"

UNUSED = "/gradio_api/component_server"
"""A route for components that this page does not have."""


class CallError(ValueError):
    """A call that no function can answer; its text is the sentence for who sent it."""


class Gate:
    """Refuses calls that no function of the page can answer.

    Args:
        app: The application behind the gate.
        page: The page whose functions are called.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        self.app = app
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a client's error."""
        path = scope.get("path", "")
        is_call = path.startswith(CALLS) and not path.startswith(NO_CALLS)
        if scope["type"] != "http" or scope["method"] != "POST" or not is_call:
            try:
                await self.app(scope, receive, send)
            except TypeError:
                if path != UPLOAD:
                    raise
                answer = JSONResponse({"error": text("no_picture")}, 400)  # a file without a name
                await answer(scope, receive, send)
            return
        try:
            body = await Request(scope, receive).body()
            body = body and json.dumps(check(read_json(body), path, self.page)).encode()
        except ClientDisconnect:
            return
        except CallError as error:
            await JSONResponse({"error": str(error)}, 422)(scope, receive, send)
            return
        except (ValueError, RecursionError):
            await JSONResponse({"error": text("broken_json")}, 400)(scope, receive, send)
            return

        async def replay() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            message, body = {"type": "http.request", "body": body}, None
            return message

        await self.app(scope, replay, send)


def read_json(body: bytes) -> Any:
    """Parse JSON in which every number is finite and every text can be written.

    Raises:
        ValueError: It is not such JSON.
    """
    value = json.loads(body)
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return value


def check(call: Any, path: str, page: gr.Blocks) -> Any:
    """Return a call as Gradio may have it.

    Raises:
        CallError: The page has no such function, or its values are not what the function takes.
    """
    call = disown(call)
    if not isinstance(call, dict) or call.get("session_hash") == "" or path.startswith(UNUSED):
        raise CallError(text("wrong_call"))
    function = find_function(call.get("fn_index"), path, page)
    data = call.get("data")
    if path.startswith(BY_PARAMETER):
        is_fitting = set(call) == set(signature(function.fn).parameters)
    elif function is None or not isinstance(data, list):
        is_fitting = True  # Gradio says itself what is missing
    else:
        is_fitting = len(data) == len(function.inputs) and all(map(fits, function.inputs, data))
    if not is_fitting:
        raise CallError(text("wrong_call"))
    return call


def disown(value: Any, depth: int = 0) -> Any:
    """Return a call's value in which no file that nobody uploaded claims to be an upload.

    Gradio would look for such a file, or fetch it, before the endpoint can refuse it.

    Raises:
        CallError: The value is nested too deep.
    """
    if depth > MAX_DEPTH:
        raise CallError(text("wrong_call"))
    if isinstance(value, list):
        return [disown(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: disown(item, depth + 1) for key, item in value.items()}
    if "path" in found and "meta" in found:
        try:
            found |= {"path": str(stored_picture(found["path"])), "url": None}
        except PictureError:
            del found["meta"]
    return found


def find_function(index: Any, path: str, page: gr.Blocks) -> BlockFunction | None:
    """Return the function that is called by its index or its name; None if by neither.

    Raises:
        CallError: There is no such function.
    """
    if index is None and not path.startswith(BY_NAME):
        return None
    name = path.rstrip("/").rpartition("/")[2]
    for key, function in page.fns.items():
        if (function.api_name if index is None else key) == (name if index is None else index):
            return function
    raise CallError(text("wrong_call"))


def fits(component: gr.blocks.Block, value: Any) -> bool:
    """Tell whether a component can take a value."""
    if isinstance(component, gr.Dataset):
        return isinstance(value, int) and 0 <= value < len(component.samples)
    is_file = getattr(component, "data_model", None) is not None
    return not is_file or value is None or isinstance(value, dict)
