"""Two processes behind nginx: which requests any of them can answer, and which need stickiness."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file

from tests.conftest import ROOT, wait_for
from tests.test_mcp import AS_DATA, SEVEN, call
from tests.test_page import drawing
from web.limits import EXAMPLES

PICTURE = sorted(EXAMPLES.glob("7_*"))[0]

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  log_format upstream "$upstream_addr";
  access_log {folder}/upstream.log upstream;
  client_max_body_size 21m;
  upstream turns {{ {servers} }}
  upstream sticky {{ ip_hash; {servers} }}
  proxy_set_header Host $http_host;
  server {{ listen 127.0.0.1:{turns}; location / {{ proxy_pass http://turns; }} }}
  server {{ listen 127.0.0.1:{sticky}; location / {{ proxy_pass http://sticky; }} }}
}}
"""


def free_port() -> int:
    """Return a port that nothing uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@dataclass(frozen=True)
class Balanced:
    """Two pages behind nginx.

    Attributes:
        client: Of the address where requests go to the pages in turn.
        sticky: The address where all requests of a visitor go to one page.
        log: Who answered.
    """

    client: httpx.Client
    sticky: str
    log: Path

    def answered_by(self) -> set[str]:
        """Return which pages answered the requests so far, and forget them."""
        found = set(self.log.read_text().split())
        self.log.write_text("")
        return found


@pytest.fixture(scope="module")
def balanced(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Balanced]:
    """Two pages behind nginx: the one of the other tests, and a second one."""
    if NGINX is None:
        pytest.skip("nginx is not here: install it with `apt-get install nginx`")
    folder = tmp_path_factory.mktemp("nginx")
    second, turns, sticky = free_port(), free_port(), free_port()
    servers = f"server {address.removeprefix('http://')}; server 127.0.0.1:{second};"
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, servers=servers, turns=turns, sticky=sticky)
    )
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(second)}
    log = folder / "log.txt"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=output, stderr=output
        ) as page,
        subprocess.Popen(  # noqa: S603 - nginx with our own configuration
            [NGINX, "-c", str(configuration)], stdout=output, stderr=output
        ) as nginx,
    ):
        try:
            wait_for(f"http://127.0.0.1:{second}", page, log)
            wait_for(f"http://127.0.0.1:{turns}", nginx, log)
            with httpx.Client(base_url=f"http://127.0.0.1:{turns}", timeout=30) as client:
                yield Balanced(client, f"http://127.0.0.1:{sticky}", folder / "upstream.log")
        finally:
            nginx.terminate()
            page.terminate()


def test_plain_requests_are_answered_by_any_replica(balanced: Balanced) -> None:
    balanced.answered_by()
    answers = [balanced.client.post("/predict", content=SEVEN).json() for _ in range(6)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["cnn"]["digit"] == 7
    assert len(balanced.answered_by()) == 2


def test_every_event_of_the_pad_is_answered_by_any_replica(balanced: Balanced) -> None:
    events = balanced.client.get("/config").json()["dependencies"]
    pad = next(event["id"] for event in events if event["targets"][0][1] == "input")
    balanced.answered_by()
    call = {"data": [drawing()], "fn_index": pad, "session_hash": "one visitor"}
    answers = [balanced.client.post("/gradio_api/run/predict", json=call) for _ in range(6)]
    assert all(answer.status_code == 200 for answer in answers)
    assert len({str(answer.json()["data"]) for answer in answers}) == 1
    assert len(balanced.answered_by()) == 2


def test_a_tool_call_with_its_picture_is_answered_by_any_replica(balanced: Balanced) -> None:
    balanced.answered_by()
    address = str(balanced.client.base_url)
    results = [call(address, "predict_linear", image=AS_DATA) for _ in range(3)]
    assert not any(result.isError for result in results)
    assert len(balanced.answered_by()) == 2


def test_a_call_that_uploads_and_waits_is_answered_where_visitors_are_kept_together(
    balanced: Balanced,
) -> None:
    client = Client(balanced.sticky, verbose=False)
    answer = client.predict(handle_file(PICTURE), api_name="/predict_cnn")
    assert max(answer, key=answer.get) == "7"
