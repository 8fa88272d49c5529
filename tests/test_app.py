"""The page as others start it: imported, and in Gradio's reload mode."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from testing import EXAMPLES, ROOT
from testing.page import START_SECONDS, free_address
from testing.programs import run_python
from web.words import PROGRAMS


def await_title(address: str, title: str, code: Path) -> dict[str, Any]:
    """Wait until the page of a title is served, and return its configuration.

    Gradio does not see a change before its watch has begun: the code is touched until it does.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            config = httpx.get(f"{address}/config").json()
            if config["title"] == title:
                return config
        code.touch()
        time.sleep(0.5)
    pytest.fail(f"No page with the title {title!r} was served.")


def test_the_page_can_be_imported_and_waits_to_be_launched() -> None:
    code = "from app import demo; print(demo.title, demo.is_running, demo.api_open)"
    assert run_python("-c", code).stdout == f"{PROGRAMS('title')} False False\n"


def test_a_page_that_is_built_leaves_no_event_loop_unclosed() -> None:
    done = run_python("-X", "dev", "-c", "import app, gc; del app.demo; gc.collect()")
    assert "event loop" not in done.stderr


@pytest.mark.slow
def test_gradio_serves_the_page_and_the_next_one_when_its_code_changes(tmp_path: Path) -> None:
    for folder in ("examples", "mnist_models", "web"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    code = Path(shutil.copy(ROOT / "app.py", tmp_path))
    address = free_address()
    port = address.rpartition(":")[2]
    with subprocess.Popen(  # noqa: S603 - our own program
        [Path(sys.executable).with_name("gradio"), "app.py"],
        cwd=tmp_path,
        env={**os.environ, "GRADIO_SERVER_PORT": port, "GRADIO_TEMP_DIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as gradio:
        try:
            first = await_title(address, PROGRAMS("title"), code)
            words = tmp_path / "web" / "words" / "en.toml"
            words.write_text(words.read_text("utf-8").replace(PROGRAMS("title"), "Changed"))
            second = await_title(address, "Changed", code)
            seven = next(EXAMPLES.glob("7_*")).read_bytes()
            answer = httpx.post(f"{address}/predict_cnn", content=seven).json()
            wrong = httpx.post(f"{address}/gradio_api/call/nothing", json={"data": []})
        finally:
            os.killpg(gradio.pid, signal.SIGTERM)
    assert (answer["digit"], wrong.status_code) == (7, 422)
    for told in ("i18n_translations", "footer_links", "run_history", "mcp_server", "theme_hash"):
        assert second[told] == first[told]
        assert first[told] not in (None, [])
