"""A page served by a program of its own, and what its pad sends."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import httpx

from testing import ROOT

START_SECONDS = 90
"""How long a program may take to answer, on a slow and busy machine."""


@contextmanager
def served(
    arguments: list[str],
    log: Path = Path(os.devnull),
    environment: Mapping[str, str] | None = None,
    address: str | None = None,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve a page by a Python program until the block is left, and give its address and program.

    Args:
        arguments: Of Python, such as ``["app.py"]``.
        log: The file for what the program prints.
        environment: Variables that it gets on top of ours.
        address: Where it is served; unless it is given, where nothing listens yet.
    """
    address = address or free_address()
    port = {"GRADIO_SERVER_PORT": address.split(":")[-1]}
    with (
        log.open("w") as output,
        subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **port, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as program,
    ):
        try:
            wait_for(address, program, log)
            yield address, program
        finally:
            program.terminate()


def free_address() -> str:
    """Return an address of this machine at which nothing listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def wait_for(address: str, program: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a program answers.

    Raises:
        SystemExit: It ended, or gave no answer in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and program.poll() is None:
        try:
            with urlopen(address):  # noqa: S310 - the address is our own
                return
        except URLError:
            time.sleep(0.02)
    raise SystemExit(f"Nothing answers at {address}. The program said:\n{log.read_text()}")


def pad_call(client: httpx.Client, drawing: str) -> dict[str, Any]:
    """Return what the pad sends to /gradio_api/run/predict.

    Args:
        client: Of the page.
        drawing: A data URL.
    """
    events = client.get("/config").json()["dependencies"]
    pad = next(event["id"] for event in events if "input" in dict(event["targets"]).values())
    return {"data": [drawing], "fn_index": pad, "session_hash": "one visitor"}
