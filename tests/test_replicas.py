"""Pages behind nginx, by our configuration: who answers what, and what the end of one costs."""

import getpass
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx
import pytest
from gradio_client import Client, handle_file

from testing import EXAMPLES, ROOT
from testing.mcp_client import call_tool
from testing.page import free_address, pad_call, served, wait_for
from testing.samples import SEVEN, SEVEN_AS_URL
from web.guard.refusals import too_long
from web.limits import MAX_BODY

CONFIGURATION = (ROOT / "scale" / "nginx.conf").read_text("utf-8")

NUM_CLIENTS = 4


@dataclass(frozen=True)
class Balanced:
    """Pages behind nginx.

    Attributes:
        address: Where visitors find them.
        client: Of that address; it keeps no cookie.
        log: Who answered.
    """

    address: str
    client: httpx.Client
    log: Path

    def answers(self) -> list[list[str]]:
        """Return for each answer the pages that were asked for it, from the first to the last."""
        self.client.head("/health")  # nginx notes an answer before it begins with the next one
        lines = [line for line in self.log.read_text().splitlines() if " HEAD " not in line]
        return [line.split('"')[1].split(", ") for line in lines[1:]]  # the first is the start's

    def answered_by(self) -> set[str]:
        """Return which pages answered."""
        return {pages[-1] for pages in self.answers()}


@contextmanager
def balance(nginx: str, first: str, second: str, folder: Path) -> Iterator[Balanced]:
    """Run nginx with our configuration, of which only the addresses are changed."""
    own = free_address()
    configuration = CONFIGURATION
    for old, new in {
        "listen 7860": f"listen {own.removeprefix('http://')}",
        "127.0.0.1:7861": first.removeprefix("http://"),
        "127.0.0.1:7862": second.removeprefix("http://"),
    }.items():
        assert old in configuration
        configuration = configuration.replace(old, new)
    (folder / "nginx.conf").write_text(configuration)
    here = f"daemon off; user {getpass.getuser()};"
    log = folder / "log.txt"
    with (
        log.open("w") as output,
        subprocess.Popen(  # noqa: S603 - nginx with our own configuration
            [nginx, "-p", folder, "-c", folder / "nginx.conf", "-g", here, "-e", "stderr"],
            stderr=output,
        ) as server,
        httpx.Client(base_url=own, timeout=30, cookies=NoCookies()) as client,
    ):
        try:
            wait_for(own, server, log)
            yield Balanced(own, client, folder / "access.log")
        finally:
            server.terminate()


class NoCookies(httpx.Cookies):
    """What a program keeps that keeps no cookies."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep nothing."""


@pytest.fixture(scope="module")
def second() -> Iterator[str]:
    """The address of one more page beside that of the other tests."""
    with served(["app.py"]) as (address, _):
        yield address


@pytest.fixture
def balanced(nginx: str, address: str, second: str, tmp_path: Path) -> Iterator[Balanced]:
    """Two pages behind nginx."""
    with balance(nginx, address, second, tmp_path) as balanced:
        yield balanced


def ask(client: httpx.Client) -> str:
    """Ask by plain HTTP, and return the answer."""
    return client.post("/predict", content=SEVEN).raise_for_status().text


def ask_as_pad(client: httpx.Client) -> str:
    """Ask as the pad does, and return the answer, whenever it was given."""
    call = pad_call(client, SEVEN_AS_URL)
    answer = client.post("/gradio_api/run/predict", json=call).raise_for_status()
    return re.sub(r'data-time="\d+"', "", str(answer.json()["data"]))


@pytest.mark.parametrize("way", [ask, ask_as_pad])
def test_plain_requests_and_the_pad_are_answered_by_any_replica(
    way: Callable[[httpx.Client], str], balanced: Balanced
) -> None:
    assert len({way(balanced.client) for _ in range(6)}) == 1
    assert len(balanced.answered_by()) == 2


def test_a_tool_call_with_its_picture_is_answered_by_any_replica(balanced: Balanced) -> None:
    results = [call_tool(balanced.address, "predict_linear", image=SEVEN_AS_URL) for _ in range(3)]
    assert not any(result.isError for result in results)
    assert len(balanced.answered_by()) == 2


def test_a_call_that_uploads_and_waits_is_answered_by_one_replica(balanced: Balanced) -> None:
    client = Client(balanced.address, verbose=False)
    answer = client.predict(handle_file(EXAMPLES / "7_thin_pen.png"), api_name="/predict_cnn")
    assert max(answer, key=answer.get) == "7"
    client.close()
    # The upload, the call and its answer; what came before them gave the client its cookie.
    assert len({pages[-1] for pages in balanced.answers()[-3:]}) == 1


def test_browsers_of_one_address_are_spread_and_each_stays_with_its_replica(
    balanced: Balanced,
) -> None:
    for _ in range(16):
        with httpx.Client(base_url=balanced.address) as browser:
            assert "replica=" in browser.get("/config").headers["set-cookie"]
            for _ in range(3):
                assert "set-cookie" not in browser.get("/config").headers
    answers = balanced.answers()
    stayed = [{pages[-1] for pages in answers[start + 1 : start + 4]} for start in range(0, 64, 4)]
    assert all(len(pages) == 1 for pages in stayed)
    assert len(set.union(*stayed)) == 2


def test_bodies_are_limited_as_by_the_page_and_refused_in_its_words(balanced: Balanced) -> None:
    longest = balanced.client.post("/predict", content=bytes(MAX_BODY))
    longer = balanced.client.post("/predict", content=bytes(MAX_BODY + 1))
    assert longest.status_code == longer.status_code == 413
    assert longest.json() == longer.json() == {"error": str(too_long())}
    assert [len(pages[0]) > 1 for pages in balanced.answers()] == [True, False]  # asked a page


def test_no_request_is_lost_when_a_replica_is_killed(
    nginx: str, address: str, tmp_path: Path
) -> None:
    killed = Event()

    def go_on(way: Callable[[httpx.Client], str]) -> list[str]:
        answers: list[str] = []
        with httpx.Client(base_url=around.address, timeout=60) as client:
            while not killed.is_set() or len(answers) < 20:
                answers.append(way(client))
        return answers

    with (
        served(["app.py"]) as (doomed, page),
        balance(nginx, address, doomed, tmp_path) as around,
        ThreadPoolExecutor(NUM_CLIENTS) as threads,
    ):
        clients = [threads.submit(go_on, way) for way in [ask, ask_as_pad] * (NUM_CLIENTS // 2)]
        time.sleep(1)
        page.send_signal(signal.SIGSTOP)  # so that requests surely wait in it when it dies
        time.sleep(1)
        page.kill()
        killed.set()
        answers = [client.result() for client in clients]
        asked = [pages for pages in around.answers() if len(pages) > 1]
    assert len({answer for some in answers[::2] for answer in some}) == 1
    assert len({answer for some in answers[1::2] for answer in some}) == 1
    assert [doomed.removeprefix("http://"), address.removeprefix("http://")] in asked
