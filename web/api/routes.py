"""Plain HTTP: one request with a picture in, JSON out, described by an OpenAPI page."""

from functools import partial
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import FastAPI
from PIL import UnidentifiedImageError
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute

from mnist_models import MnistModelsError, Reader
from web.api.endpoints import Answer, answer
from web.limits import MAX_CONCURRENT, MAX_QUEUE, MAX_UPLOAD, RAW_KINDS, RefusedError
from web.texts import as_html, text


class Problem(BaseModel):
    """Why there is no answer."""

    error: str = Field(description="What was received, what was expected, what to do.")


class Health(BaseModel):
    """Whether the models are ready."""

    status: str = Field(description='"ok"', examples=["ok"])
    models: dict[str, str] = Field(description="Each model's revision.")


FILE = {"type": "string", "format": "binary"}

PICTURE_BODY = {
    "requestBody": {
        "required": True,
        "description": "A picture of one digit, dark or light: PNG, JPEG, WebP, AVIF, GIF, BMP, "
        "TIFF or PPM, of at most 20 MB, in the form field `file` or `image`, or as the body.",
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
    413: "More than 20 MB",
    415: "Not a picture of a known format",
    422: "A picture that cannot be read: damaged, too many pixels, or blank",
    429: "Too many requests wait at once",
}

DESCRIBED = {
    "openapi_extra": PICTURE_BODY,
    "responses": {
        status: {"model": Problem, "description": reason} for status, reason in PROBLEMS.items()
    },
}


def build_routes(reader: Reader) -> list[BaseRoute]:
    """Build the routes that `launch(app_kwargs=...)` adds to the page, with their OpenAPI page.

    Args:
        reader: Who reads the pictures.
    """
    api = FastAPI(
        title=text("title"),
        description="Read a picture of one handwritten digit.",
        docs_url=None,  # FastAPI's page fetches its script from elsewhere
        redoc_url=None,
    )
    limiter = CapacityLimiter(MAX_CONCURRENT)

    async def read(request: Request) -> dict[str, Answer] | JSONResponse:
        try:
            data = await picture_of(request)
            if limiter.statistics().tasks_waiting >= MAX_QUEUE:
                raise RefusedError(429, text("too_busy"))
            return await run_sync(partial(answer, reader, data), limiter=limiter)
        except RefusedError as error:
            return error.answer()
        except MnistModelsError as error:
            is_unknown = isinstance(error.__cause__, UnidentifiedImageError)
            return RefusedError(415 if is_unknown else 422, str(error)).answer()

    async def read_with(name: str, request: Request) -> Answer | JSONResponse:
        found = await read(request)
        return found[name] if isinstance(found, dict) else found

    @api.post("/predict", response_model=dict[str, Answer], **DESCRIBED)
    async def predict(request: Request) -> object:
        """Read one digit with both models, "cnn" and "linear"."""
        return await read(request)

    @api.post("/predict_cnn", response_model=Answer, **DESCRIBED)
    async def predict_cnn(request: Request) -> object:
        """Read one digit with a convolutional network, the more accurate model."""
        return await read_with("cnn", request)

    @api.post("/predict_linear", response_model=Answer, **DESCRIBED)
    async def predict_linear(request: Request) -> object:
        """Read one digit with a linear model, the simplest one."""
        return await read_with("linear", request)

    @api.get("/health")
    async def health() -> Health:
        """Tell that the page is up, and which models it serves."""
        return Health(status="ok", models=reader.revisions)

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(as_page(api.openapi()))

    return api.routes


def as_page(schema: dict[str, Any]) -> str:
    """Render an OpenAPI description as a page for people."""
    rows = [as_html("h1", schema["info"]["title"]), as_html("p", schema["info"]["description"])]
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            rows += [as_html("h2", f"{method.upper()} {path}"), as_html("p", about["description"])]
            if "requestBody" in about:
                rows += [
                    as_html("p", about["requestBody"]["description"]),
                    as_html("pre", f"curl -F file=@digit.png ADDRESS{path}"),
                ]
            rows += [
                as_html("p", f"{status}: {response['description']}")
                for status, response in about["responses"].items()
            ]
    link = '<p><a href="openapi.json">openapi.json</a></p>'
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8">{"".join(rows)}{link}</html>'


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
        raise RefusedError(400, text("broken_form")) from None
    if not kind.startswith(("multipart/", "image/")) and kind not in RAW_KINDS:
        raise RefusedError(415, text("not_a_picture", kind=kind[:40]))
    if not data:
        raise RefusedError(400, text("no_picture"))
    if len(data) > MAX_UPLOAD:
        raise RefusedError(413, text("body_too_long"))
    return data
