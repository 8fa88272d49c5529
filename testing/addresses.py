"""A page that meets an internet of one server: `python -m testing.addresses PORT`.

The names of the internet and its wires are made up. What is asked before a connection, and after
it, is the product's own.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import gradio as gr
import httpx2
from starlette.middleware import Middleware

from mnist_models import Reader
from testing.samples import SEVEN
from web.api.endpoints import add_endpoints
from web.guard.addresses import Fetcher
from web.guard.gate import Gate
from web.limits import MAX_UPLOAD

PUBLIC = "93.184.215.14"
"""A number of the public internet, where the server answers."""

NAMES = {
    "pictures.example": [PUBLIC],
    "both.example": ["10.0.0.7", PUBLIC],
    "inside.example": ["10.0.0.7"],
    "metadata.example": ["169.254.169.254"],
}
"""Every name there is; numbers are their own."""


async def look_up(host: str) -> list[str]:
    """Return what a host's name stands for."""
    return NAMES.get(host, [host])


class Wire(httpx2.AsyncBaseTransport):
    """Carries what is sent to the public server to a port of this machine, and nothing else.

    Args:
        port: Where the server answers.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.carried = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        assert request.url.host == PUBLIC, f"A request went to {request.url.host}."
        scheme = request.url.scheme.removesuffix("s")  # the server speaks no TLS
        request.url = request.url.copy_with(scheme=scheme, host="127.0.0.1", port=self.port)
        return await self.carried.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.carried.aclose()


def fetcher(port: int, seconds: float = 10) -> Fetcher:
    """Return who fetches pictures from this internet."""
    return Fetcher(seconds, look_up, partial(Wire, port))


class Pictures(BaseHTTPRequestHandler):
    """Answers what a path asks for."""

    def do_GET(self) -> None:
        """Answer with a picture, or with what is none."""
        if self.path.startswith("/to?"):
            self.answer(302, bytes(2 * MAX_UPLOAD), Location=self.path.partition("?")[2])
        elif self.path == "/7.png":
            assert self.headers["Host"].partition(":")[0] in NAMES
            self.answer(200, SEVEN)
        elif self.path == "/page":
            self.answer(200, b"<!DOCTYPE html><title>No picture</title>")
        elif self.path == "/large":
            self.answer(200, SEVEN, bytes(MAX_UPLOAD))
        elif self.path == "/slow":
            self.answer(200)
            for place in range(len(SEVEN)):
                self.wfile.write(SEVEN[place : place + 1])
                time.sleep(0.05)
        else:
            self.answer(404)

    def answer(self, status: int, *pieces: bytes, **headers: str) -> None:
        """Send an answer, whose end is the connection's."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


class Server(ThreadingHTTPServer):
    """Takes it well when a connection is closed before the end."""

    def handle_error(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def public_server() -> Iterator[int]:
    """Serve pictures until the block is left, and give the port of this machine."""
    with Server(("127.0.0.1", 0), Pictures) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def main() -> None:
    """Serve the endpoints until the page is stopped."""
    with gr.Blocks() as page:
        add_endpoints(Reader.default(), fetcher(int(sys.argv[1])))
    page.launch(mcp_server=True, app_kwargs={"middleware": [Middleware(Gate)]})


if __name__ == "__main__":
    main()
