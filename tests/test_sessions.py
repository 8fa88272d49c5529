"""What the queue remembers of calls: no answer is lost, and nothing stays."""

import json
from collections.abc import Iterator

import httpx
import pytest

from testing.crowd import await_events
from testing.page import served
from testing.small_queue import ROOM

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """A client of a page that remembers few sessions."""
    with (
        served(["-m", "testing.small_queue"]) as (address, _),
        httpx.Client(base_url=f"{address}/gradio_api/", timeout=30) as client,
    ):
        yield client


def call(client: httpx.Client, name: str, word: str, session: str | None = None) -> str:
    """Call a function, and return the name of the event that will hold its answer."""
    body = {"data": [word], "session_hash": session}
    return client.post(f"call/{name}", json=body).json()["event_id"]


def ask(client: httpx.Client, name: str, word: str) -> object:
    """Call a function and return its answer."""
    answer = client.get(f"call/{name}/{call(client, name, word)}").text
    return json.loads(answer.split("data: ")[1])[0]


def remembered(client: httpx.Client) -> list[int]:
    """Return for how many sessions the queue keeps messages and calls, this one included."""
    counts = ask(client, "remembered", "")
    assert isinstance(counts, list)
    return counts


def test_a_call_is_forgotten_once_it_is_answered(client: httpx.Client) -> None:
    for number in range(2 * ROOM):
        assert ask(client, "echo", str(number)) == str(number)
    assert remembered(client) == [1, 1]


def test_what_nobody_fetches_is_forgotten_when_there_is_more(client: httpx.Client) -> None:
    for number in range(2 * ROOM):
        call(client, "echo", str(number))
    ask(client, "echo", "fetched")
    messages, calls = remembered(client)
    assert messages <= ROOM
    assert calls <= ROOM


def test_a_session_that_goes_on_calling_gets_every_answer(client: httpx.Client) -> None:
    call(client, "wait", "first", "long")
    call(client, "echo", "nobody asks for this")
    call(client, "echo", "second", "long")
    for word in "ab":
        call(client, "echo", word)
    call(client, "go_on", "", "long")
    answers = await_events(client, "queue/data?session_hash=long")
    assert '["first"]' in answers
    assert '["second"]' in answers


def test_the_answers_of_a_shared_session_go_on_after_the_last_one(client: httpx.Client) -> None:
    client.headers["x-gradio-user"] = "mcp"
    call(client, "echo", "first", "shared")
    with client.stream("GET", "queue/data?session_hash=shared") as response:
        for line in response.iter_lines():
            if '["first"]' in line:
                call(client, "echo", "second", "shared")
            if '["second"]' in line:
                break
        else:
            pytest.fail("The stream ended before the second answer.")
