"""Pictures that a call names by an address are fetched from public servers alone, within limits.

Gradio 6.31.0 fetches them before any function runs (`async_ssrf_protected_download` in
gradio/processing_utils.py), as much as comes for as long as it takes, and answers what goes wrong
with its own failure. So the gate keeps addresses from it, and the endpoints fetch here. This can go
when Gradio limits size and time, and tells what went wrong.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable
from functools import cache

import httpx2
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from mnist_models.errors import PictureError
from web.limits import FETCH_SECONDS, MAX_REDIRECTS, MAX_UPLOAD, MEGABYTE

SCHEMES = ("http://", "https://")

RESOLVING = CapacityLimiter(4)
"""Names that are looked up at the same time: the system's own look-up cannot be interrupted."""


async def look_up(host: str) -> list[str]:
    """Return the numeric addresses of a host, as the system knows them.

    Raises:
        OSError: It has none.
    """
    found = await run_sync(
        socket.getaddrinfo, host, None, limiter=RESOLVING, abandon_on_cancel=True
    )
    return [str(address[0]) for *_, address in found]


def is_public(address: str) -> bool:
    """Tell whether a numeric address is of the public internet.

    What Gradio's guard refuses is refused (`is_public_ip` in safehttpx), and besides what providers
    keep for themselves (100.64.0.0/10) and addresses in which another may hide (2002::/16).
    """
    try:
        number = ipaddress.ip_address(address)
    except ValueError:  # with a zone, such as fe80::1%eth0
        return False
    hides = number.version == 6 and number.sixtofour is not None
    return number.is_global and not (number.is_multicast or number.is_reserved or hides)


@cache
def known_authorities() -> ssl.SSLContext:
    """Return whose certificates are trusted; to load them takes longer than a small picture."""
    return httpx2.create_ssl_context()


def connect() -> httpx2.AsyncBaseTransport:
    """Return what carries the requests for one picture: no other's connections are used."""
    return httpx2.AsyncHTTPTransport(verify=known_authorities())


class PublicServers(httpx2.AsyncBaseTransport):
    """Sends requests to public servers alone, and redirected ones likewise.

    The number that was checked is the one that is connected to: a name that changes meanwhile leads
    nowhere else.

    Args:
        look_up: Tells the numeric addresses of a host.
        transport: Carries the requests whose host is such a number.
    """

    def __init__(
        self, look_up: Callable[[str], Awaitable[list[str]]], transport: httpx2.AsyncBaseTransport
    ) -> None:
        self.look_up = look_up
        self.transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request.

        Raises:
            PictureError: Its host is none of the public internet.
        """
        host = request.url.raw_host.decode("ascii")
        try:
            numbers = await self.look_up(request.url.host)
        except (OSError, UnicodeError):
            numbers = []
        number = next(filter(is_public, numbers), None)
        if number is None:
            raise PictureError("address_not_public")
        checked = httpx2.Request(
            request.method,
            request.url.copy_with(host=number),
            headers=request.headers,  # with the host's name
            stream=request.stream,
            extensions=request.extensions | {"sni_hostname": host},
        )
        return await self.transport.handle_async_request(checked)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.transport.aclose()


class Fetcher:
    """Fetches pictures by their addresses.

    Args:
        seconds: How long one may take in all; with 0 none is fetched.
        look_up: Tells the numeric addresses of a host.
        connect: Makes what carries requests to them.
    """

    def __init__(
        self,
        seconds: float = FETCH_SECONDS,
        look_up: Callable[[str], Awaitable[list[str]]] = look_up,
        connect: Callable[[], httpx2.AsyncBaseTransport] = connect,
    ) -> None:
        self.seconds = seconds
        self.look_up = look_up
        self.connect = connect

    async def fetch(self, address: str) -> bytes:
        """Return the file at an address.

        Args:
            address: Of http or https.

        Raises:
            PictureError: The address, or one that it leads to, is of no public server, or gives no
                file within the limits.
        """
        if not self.seconds:
            raise PictureError("addresses_refused")
        try:
            async with asyncio.timeout(self.seconds):
                return await self._receive(address)
        except TimeoutError:
            raise PictureError("address_too_slow", seconds=self.seconds) from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise PictureError("address_silent") from None

    async def _receive(self, address: str) -> bytes:
        async with httpx2.AsyncClient(
            transport=PublicServers(self.look_up, self.connect()),
            headers={"Accept-Encoding": "identity"},  # what is packed can be far larger
            timeout=None,  # all of it together has one
            trust_env=False,  # no passwords that this machine keeps for a host
        ) as client:
            request = client.build_request("GET", address)
            for _ in range(1 + MAX_REDIRECTS):
                response = await client.send(request, stream=True)
                try:
                    if response.next_request is None:
                        return await receive(response)
                    request = response.next_request
                finally:
                    await response.aclose()  # what an answer that leads on holds stays unread
            raise PictureError("address_leads_on", most=MAX_REDIRECTS)


async def receive(response: httpx2.Response) -> bytes:
    """Return the file that an answer holds.

    Raises:
        PictureError: It holds none, or one that is too large.
    """
    if response.status_code != httpx2.codes.OK:
        raise PictureError("address_empty", status=response.status_code)
    data = bytearray()
    async for piece in response.aiter_raw():
        data += piece
        if len(data) > MAX_UPLOAD:
            raise PictureError("address_too_long", limit=MAX_UPLOAD // MEGABYTE)
    return bytes(data)
