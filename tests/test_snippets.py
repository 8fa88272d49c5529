"""The code to copy runs as it stands."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from web.api.snippets import ADDRESS, SNIPPETS
from web.guard.uploads import EXAMPLES


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A reader's own picture of a 7, in a folder of its own."""
    return Path(shutil.copy(sorted(EXAMPLES.glob("7_*"))[0], tmp_path / "digit.png"))


@pytest.mark.parametrize("name", [name for name, (kind, _) in SNIPPETS.items() if kind == "python"])
def test_the_python_to_copy_runs_as_it_stands(name: str, picture: Path, address: str) -> None:
    code = SNIPPETS[name][1].replace(ADDRESS, address)
    root = str(EXAMPLES.parent)
    said = subprocess.run(  # noqa: S603 - the code is our own
        [sys.executable, "-c", code],
        cwd=picture.parent,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "7" in said.splitlines()[0]
    assert said.splitlines()[-1] == "7 7"


def test_the_curl_to_copy_runs_as_it_stands(picture: Path, address: str) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    command = SNIPPETS["curl"][1].replace(ADDRESS, address).split()
    said = subprocess.run(  # noqa: S603 - the command is our own
        [*command, "--silent"], cwd=picture.parent, capture_output=True, check=True
    ).stdout
    assert json.loads(said)["cnn"]["digit"] == 7


def test_the_mcp_address_to_copy_answers(address: str) -> None:
    (server,) = json.loads(SNIPPETS["MCP"][1].replace(ADDRESS, address))["mcpServers"].values()
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-03-26",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    request = urllib.request.Request(server["url"], json.dumps(hello).encode(), headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310 - the address is our own
        assert "serverInfo" in response.read().decode()
