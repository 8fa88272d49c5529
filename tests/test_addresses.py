"""Pictures by address: fetched from public servers alone, within limits, or refused in words."""

import ast
import asyncio
import io
from collections.abc import Iterator

import httpx
import pytest
from gradio import processing_utils
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from mnist_models import PictureError
from testing.addresses import fetcher, public_server
from testing.mcp_client import call_tool
from testing.page import served
from testing.samples import SEVEN, SEVEN_AS_URL
from web.guard.addresses import Fetcher, is_public, look_up
from web.limits import FETCH_SECONDS, MAX_REDIRECTS

PICTURES = "https://pictures.example"

NOT_PUBLIC = (
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.7", "172.16.0.1", "192.168.1.1"),  # noqa: S104
    *("169.254.169.254", "100.100.100.200", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "nothing", ""),
)

PUBLIC = ("8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001:81b::200e")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of this machine at which the internet's only server answers."""
    with public_server() as port:
        yield port


def fetch(port: int, address: str, seconds: float = 30) -> bytes:
    """Fetch a file as the endpoints do."""
    return asyncio.run(fetcher(port, seconds).fetch(address))


def refusal(port: int, address: str, seconds: float = 30) -> str:
    """Return the words in which an address is refused."""
    with pytest.raises(PictureError) as caught:
        fetch(port, address, seconds)
    return str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        f"{PICTURES}/7.png",
        "http://pictures.example/7.png",
        "http://pictures.example:8080/7.png",
        f"{PICTURES}/to?/7.png",
        f"{PICTURES}/to?https://both.example/7.png",
    ],
)
def test_a_picture_comes_from_its_address_or_from_where_that_leads(port: int, address: str) -> None:
    assert fetch(port, address) == SEVEN


@pytest.mark.parametrize(
    "inside",
    [
        *("http://inside.example/7.png", "http://metadata.example/7.png", "http://[::1]/7.png"),
        *("http://127.0.0.1/7.png", "https://[::ffff:127.0.0.1]:7860/7.png"),
    ],
)
@pytest.mark.parametrize("way", ["", f"{PICTURES}/to?", f"{PICTURES}/to?{PICTURES}/to?"])
def test_no_address_leads_to_a_private_network_however_it_is_led(
    port: int, inside: str, way: str
) -> None:
    assert "no public server" in refusal(port, way + inside)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "[::1]"])
def test_this_machine_is_not_public_whatever_it_is_called(host: str) -> None:
    with pytest.raises(PictureError, match="no public server"):
        asyncio.run(Fetcher().fetch(f"http://{host}:7860/health"))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_numbers_of_no_public_server_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_numbers_of_public_servers_are_taken(address: str) -> None:
    assert is_public(address)


def test_what_gradios_guard_refuses_is_refused() -> None:
    for address in (*NOT_PUBLIC, *PUBLIC, *(f"{first}.0.1.2" for first in range(256))):
        assert processing_utils.sh.is_public_ip(address) or not is_public(address)


def test_a_name_is_looked_up_in_the_system() -> None:
    assert set(asyncio.run(look_up("localhost"))) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/large", "more than 20 MB"),
        ("/nothing", "status 404"),
        ("/to?" * 7 + "/7.png", f"more than {MAX_REDIRECTS} times"),
        ("/to?ftp://pictures.example/7.png", "No file could be fetched"),
        ("/to?https://[/7.png", "no public server"),
    ],
)
def test_what_gives_no_picture_is_refused_in_words(port: int, path: str, says: str) -> None:
    assert says in refusal(port, PICTURES + path)


def test_a_picture_that_comes_byte_by_byte_is_given_up(port: int) -> None:
    assert "within 0.3 seconds" in refusal(port, f"{PICTURES}/slow", seconds=0.3)
    assert FETCH_SECONDS == 10


def test_one_limit_turns_it_off(port: int) -> None:
    assert "fetches no pictures" in refusal(port, f"{PICTURES}/7.png", seconds=0)


@pytest.fixture(scope="module")
def page(port: int) -> Iterator[str]:
    """The address of a page whose internet is the one server."""
    with served(["-m", "testing.addresses", str(port)]) as (address, _):
        yield address


pages = pytest.mark.slow


@pages
def test_gradio_client_reads_a_picture_by_its_address(page: str) -> None:
    client, seven = Client(page, verbose=False), handle_file(f"{PICTURES}/7.png")
    for name in ("/predict_cnn", "/predict_linear"):
        answer = client.predict(image=seven, api_name=name)
        assert max(answer, key=answer.get) == "7"
    assert list(client.predict(image=seven, api_name="/predict")) == ["cnn", "linear"]
    assert client.predict(image=seven, api_name="/predict_number")["cnn"] == "7"


@pages
def test_an_assistant_reads_a_picture_by_its_address(page: str) -> None:
    result = call_tool(page, "predict_number", image=f"{PICTURES}/7.png")
    assert not result.isError
    assert ast.literal_eval(result.content[0].text)["cnn"] == "7"


@pages
def test_a_bad_address_in_a_batch_costs_no_other_its_answer(page: str) -> None:
    bad = (f"{PICTURES}/page", "http://127.0.0.1:1/7.png", f"{PICTURES}/nothing")
    images = [*bad, *[f"{PICTURES}/7.png"] * 6, SEVEN_AS_URL]
    result = call_tool(page, "predict_batch", images=images)
    answers = [ast.literal_eval(content.text) for content in result.content]
    told = answers[0] if len(answers) == 1 else answers
    assert ["error" in answer for answer in told] == [True] * 3 + [False] * 7
    assert "not a picture" in told[0]["error"]
    assert [answer["cnn"]["digit"] for answer in told[3:]] == [7] * 7


@pages
@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"{PICTURES}/page", "not a picture"),
        (f"{PICTURES}/to?http://127.0.0.1:1/", "no public server"),
        ("http://inside.example/7.png", "no public server"),
    ],
)
def test_a_client_is_told_why_an_address_is_refused(page: str, address: str, says: str) -> None:
    with pytest.raises(AppError, match=says):
        Client(page, verbose=False).predict(image=handle_file(address), api_name="/predict")
    result = call_tool(page, "predict", image=address)
    assert result.isError
    assert says in result.content[0].text


@pages
def test_plain_http_fetches_nothing(address: str) -> None:
    named = f"{PICTURES}/7.png"
    for request in ({"json": {"image": named}}, {"data": {"image": named}}, {"content": named}):
        answer = httpx.post(f"{address}/predict", **request)
        assert answer.status_code in (400, 415)
        assert "address" not in answer.json()["error"]
    form = httpx.post(f"{address}/predict", files={"file": io.BytesIO(named.encode())})
    assert form.status_code == 415
