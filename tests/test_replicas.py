"""Two processes behind nginx, which sends each request to the next: any of them can answer."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, wait_for
from tests.test_page import drawing
from web.limits import EXAMPLES

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
  upstream pages {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://pages; proxy_set_header Host $http_host; }}
  }}
}}
"""


def free_port() -> int:
    """Return a port that nothing uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def balanced(
    address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, Path]]:
    """A client of nginx in front of two pages, and the list of who answered."""
    if NGINX is None:
        pytest.skip("nginx is not here: install it with `apt-get install nginx`")
    folder = tmp_path_factory.mktemp("nginx")
    second, port = free_port(), free_port()
    servers = f"server {address.removeprefix('http://')}; server 127.0.0.1:{second};"
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, servers=servers, port=port))
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
            wait_for(f"http://127.0.0.1:{port}", nginx, log)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                yield client, folder / "upstream.log"
        finally:
            nginx.terminate()
            page.terminate()


def answered_by(log: Path) -> set[str]:
    """Return which pages answered the requests so far, and forget them."""
    found = set(log.read_text().split())
    log.write_text("")
    return found


def test_plain_requests_are_answered_by_any_replica(balanced: tuple[httpx.Client, Path]) -> None:
    client, log = balanced
    answered_by(log)
    seven = sorted(EXAMPLES.glob("7_*"))[0].read_bytes()
    answers = [client.post("/predict", content=seven).json() for _ in range(6)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["cnn"]["digit"] == 7
    assert len(answered_by(log)) == 2


def test_every_event_of_the_pad_is_answered_by_any_replica(
    balanced: tuple[httpx.Client, Path],
) -> None:
    client, log = balanced
    events = client.get("/config").json()["dependencies"]
    pad = next(event["id"] for event in events if event["targets"][0][1] == "input")
    answered_by(log)
    call = {"data": [drawing()], "fn_index": pad, "session_hash": "one visitor"}
    answers = [client.post("/gradio_api/run/predict", json=call) for _ in range(6)]
    assert all(answer.status_code == 200 for answer in answers)
    assert len({str(answer.json()["data"]) for answer in answers}) == 1
    assert len(answered_by(log)) == 2
