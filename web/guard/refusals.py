"""A request that gets a client's error, in the words that programs get."""

from http import HTTPStatus

from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mnist_models.reader import as_json
from web.limits import MAX_TEXT_BODY, MAX_UPLOAD, MEGABYTE
from web.words import PROGRAMS

UNKNOWN = {404: "no_route", 405: "wrong_method"}
"""By status, the sentence's key where no route answers."""


class RefusedError(Exception):
    """A request is refused; as text it is the sentence that the client gets.

    Args:
        status: Of HTTP, 400 to 499.
        key: The sentence's key in `web/words/`.
        **values: What fills the sentence's gaps.
    """

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(PROGRAMS(key, **values))
        self.status = status

    def response(self) -> JSONResponse:
        """Return what the client gets."""
        return JSONResponse(as_json(self), self.status)


def too_long() -> RefusedError:
    """Return the refusal of a body that is longer than its kind may be."""
    megabytes = {"picture": MAX_UPLOAD // MEGABYTE, "other": MAX_TEXT_BODY // MEGABYTE}
    return RefusedError(413, "body_too_long", **megabytes)


async def answer_unknown(request: Request, error: HTTPException) -> Response:
    """Answer what no route does as every other refusal; `launch(app_kwargs=...)` takes it.

    Gradio's own errors, which say more than their status, stay as they are.
    """
    status, headers = error.status_code, error.headers or {}
    if status not in UNKNOWN or error.detail != HTTPStatus(status).phrase:
        return await http_exception_handler(request, error)
    methods = headers.get("Allow", "").replace(", ", " or ")
    refusal = RefusedError(status, UNKNOWN[status], method=request.method, methods=methods)
    return JSONResponse(as_json(refusal), status, headers)
