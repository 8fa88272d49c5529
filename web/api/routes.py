"""Plain HTTP: one request with a picture in, JSON out, described by an OpenAPI page."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import FastAPI
from gradio.route_utils import get_root_url
from PIL import UnidentifiedImageError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute

from mnist_models import MnistModelsError, Reader, __version__
from mnist_models.answers import number_as_json
from mnist_models.reader import as_json
from web.api.answer import Answer, Health, NumberAnswer, Problem
from web.guard.bodies import RAW_KINDS
from web.guard.refusals import RefusedError, too_long
from web.limits import MAX_CONCURRENT, MAX_QUEUE, MAX_UPLOAD, MEGABYTE
from web.words import PROGRAMS

FILE = {"type": "string", "format": "binary"}

PICTURE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A picture of digits, dark or light: PNG, JPEG, HEIC, WebP, AVIF, GIF, BMP, "
        f"TIFF or PPM, of at most {MAX_UPLOAD // MEGABYTE} MB, in the form field `file` or "
        "`image`, or as the body.",
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": FILE, "image": FILE}}
            },
            "image/*": {"schema": FILE},
            "application/octet-stream": {"schema": FILE},
        },
    }
}

PROBLEMS = {
    400: "No picture, or a damaged form",
    408: "The request took more than a minute to arrive",
    413: f"More than {MAX_UPLOAD // MEGABYTE} MB",
    415: "Not a picture of a known format",
    422: "A picture that cannot be read: damaged, too many pixels, or blank",
    429: "Too many requests wait at once",
}

RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": reason} for status, reason in PROBLEMS.items()
}

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def build_routes(reader: Reader) -> list[BaseRoute]:
    """Build the routes that `launch(app_kwargs=...)` adds to the page, with their OpenAPI page.

    Args:
        reader: Who reads the pictures.
    """
    api = FastAPI(
        title=PROGRAMS("title"),
        description="Read pictures of handwritten digits.",
        version=__version__,
        openapi_url=None,  # FastAPI's own knows no address, and its page fetches a script
    )
    get = partial(with_and_without_slash, api.get)
    post = partial(
        with_and_without_slash, api.post, openapi_extra=PICTURE_BODY, responses=RESPONSES
    )
    limiter = CapacityLimiter(MAX_CONCURRENT)

    def read_digit(data: bytes) -> dict[str, Any]:
        return as_json(reader.read(data), reader.revisions)

    def read_number(data: bytes) -> dict[str, Any]:
        return number_as_json(reader.read_number(data))

    async def read(
        request: Request, ask: Callable[[bytes], dict[str, Any]] = read_digit
    ) -> dict[str, Any] | JSONResponse:
        try:
            data = await picture_of(request)
            if limiter.statistics().tasks_waiting >= MAX_QUEUE:
                raise RefusedError(429, "too_busy")
            return await run_sync(ask, data, limiter=limiter)
        except RefusedError as refusal:
            return refusal.response()
        except MnistModelsError as error:
            is_unknown = isinstance(error.__cause__, UnidentifiedImageError)
            return JSONResponse(as_json(error), 415 if is_unknown else 422)

    async def read_with(name: str, request: Request) -> dict[str, Any] | JSONResponse:
        answers = await read(request)
        return answers[name] if isinstance(answers, dict) else answers

    @post("/predict", response_model=dict[str, Answer])
    async def predict(request: Request) -> object:
        """Read one digit with both models, "cnn" and "linear"."""
        return await read(request)

    @post("/predict_cnn", response_model=Answer)
    async def predict_cnn(request: Request) -> object:
        """Read one digit with a convolutional network, the more accurate model."""
        return await read_with("cnn", request)

    @post("/predict_linear", response_model=Answer)
    async def predict_linear(request: Request) -> object:
        """Read one digit with a linear model, the simplest one."""
        return await read_with("linear", request)

    @post("/predict_number", response_model=NumberAnswer)
    async def predict_number(request: Request) -> object:
        """Read all digits of a picture, line by line, with both models."""
        return await read(request, read_number)

    @get("/health")
    async def health() -> Health:
        """Tell that the page is up, and which models it serves."""
        return Health(status="ok", models=reader.revisions)

    def describe(request: Request, path: str) -> dict[str, Any]:
        address = get_root_url(request, path, request.app.root_path)
        return api.openapi() | {"servers": [{"url": address}]}

    @get("/openapi.json", told=False)
    async def openapi(request: Request) -> JSONResponse:
        return JSONResponse(describe(request, "/openapi.json"))

    @get("/docs", told=False)
    async def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(as_page(describe(request, "/docs")))

    return api.routes


def with_and_without_slash(
    add: Callable[..., Callable[[Endpoint], Endpoint]], path: str, told: bool = True, **how: Any
) -> Callable[[Endpoint], Endpoint]:
    """Add a route with and without a slash at its end, as older demos have their addresses.

    Starlette would redirect one to the other, at an address without the prefix of a proxy.

    Args:
        add: Of FastAPI: what adds a route of a method.
        path: Of the route, without the slash.
        told: Whether the OpenAPI page tells of the route.
        **how: More of what ``add`` takes.
    """

    def decorate(endpoint: Endpoint) -> Endpoint:
        add(f"{path}/", include_in_schema=False, **how)(endpoint)
        return add(path, include_in_schema=told, **how)(endpoint)

    return decorate


def as_page(schema: dict[str, Any]) -> str:
    """Render an OpenAPI description as a page for people."""
    address = schema["servers"][0]["url"]
    rows = [("h1", schema["info"]["title"]), ("p", schema["info"]["description"])]
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            rows += [("h2", f"{method.upper()} {path}"), ("p", about["description"])]
            if "requestBody" in about:
                rows += [
                    ("p", about["requestBody"]["description"]),
                    ("pre", f"curl -F file=@digit.png {address}{path}"),
                ]
            rows += [
                ("p", f"{status}: {response['description']}")
                for status, response in about["responses"].items()
            ]
    told = "".join(f"<{tag}>{escape(words, quote=False)}</{tag}>" for tag, words in rows)
    link = f'<p><a href="{escape(address)}/openapi.json">openapi.json</a></p>'
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8">{told}{link}</html>'


async def picture_of(request: Request) -> bytes:
    """Return the picture file that a request carries, in a form or as its body.

    Raises:
        RefusedError: It carries none, something else, or too large a file.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            async with request.form(max_files=1, max_fields=10) as form:
                file = form.get("file") or form.get("image")
                data = await file.read() if isinstance(file, UploadFile) else b""
        else:
            data = await request.body()
    except (HTTPException, ClientDisconnect):
        raise RefusedError(400, "broken_form") from None
    if not kind.startswith(("multipart/", "image/")) and kind not in RAW_KINDS:
        raise RefusedError(415, "not_a_picture", kind=kind[:40])
    if not data:
        raise RefusedError(400, "no_picture")
    if len(data) > MAX_UPLOAD:
        raise too_long()
    return data
