"""The page behind a proxy that gives it a prefix, and takes the prefix off or leaves it on."""

from collections.abc import Iterator

import httpx
import pytest

from testing.page import served
from testing.samples import SEVEN

pytestmark = pytest.mark.slow

PREFIX = "/digits"


@pytest.fixture(scope="module")
def prefixed() -> Iterator[httpx.Client]:
    """A client of a page that was told its prefix."""
    with (
        served(["app.py"], environment={"GRADIO_ROOT_PATH": PREFIX}) as (address, _),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("kept", ["", PREFIX], ids=["taken off", "left on"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_route_answers_with_and_without_a_slash(
    prefixed: httpx.Client, kept: str, slash: str
) -> None:
    answer = prefixed.post(f"{kept}/predict_cnn{slash}", files={"file": SEVEN})
    assert (answer.status_code, answer.json()["digit"]) == (200, 7)
    for path in ("/health", "/docs", "/openapi.json"):
        assert prefixed.get(f"{kept}{path}{slash}").status_code == 200


@pytest.mark.parametrize("kept", ["", PREFIX], ids=["taken off", "left on"])
def test_what_is_not_there_and_wrong_calls_are_told_in_a_sentence(
    prefixed: httpx.Client, kept: str
) -> None:
    for status, method, path in (
        (404, "GET", "/nothing"),
        (405, "GET", "/predict_cnn/"),
        (404, "POST", "/gradio_api/nothing"),
        (422, "POST", "/gradio_api/run/predict"),
    ):
        answer = prefixed.request(method, f"{kept}{path}", json={"data": "wrong"})
        assert answer.status_code == status
        assert answer.json()["error"].endswith(".")


def test_the_description_tells_the_address_with_its_prefix(prefixed: httpx.Client) -> None:
    address = f"{str(prefixed.base_url).rstrip('/')}{PREFIX}"
    for kept in ("", PREFIX):
        assert prefixed.get(f"{kept}/openapi.json").json()["servers"] == [{"url": address}]
        assert f"curl -F file=@digit.png {address}/predict<" in prefixed.get(f"{kept}/docs").text
