"""A request that gets a client's error, in the words that programs get."""

from starlette.responses import JSONResponse

from mnist_models.reader import as_json
from web.limits import MAX_TEXT_BODY, MAX_UPLOAD, MEGABYTE
from web.words import PROGRAMS


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
