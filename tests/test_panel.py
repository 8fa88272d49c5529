"""The code that Gradio's own API panel prints for our endpoints runs as it is shown."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from testing.programs import run_python

SEVEN = r"'?\"?7'?\"?: 0\.9"
"""A probability of the label 7, as Python, JavaScript and JSON print it."""

ANSWERS = {
    "/predict": rf"cnn.+{SEVEN}.+linear.+{SEVEN}",
    "/predict_cnn": SEVEN,
    "/predict_linear": SEVEN,
    "/predict_number": r"cnn'?\"?: '?\"?42",
    "/predict_batch": r"cnn.+linear",
}
"""By endpoint, what its answer tells however it is printed."""

LANGUAGES = {
    "Python": "api_name=",
    "JavaScript": "client.predict(",
    "cURL": "curl -X POST",
    "CLI": "gradio predict",
}
"""By the panel's tab, what its code that calls an endpoint holds."""

CLIENT = "@gradio/client@2.7.0"
"""Gradio's client for JavaScript, which nothing else here needs."""


@pytest.fixture(scope="module")
def shown(browser: Browser, address: str) -> dict[str, list[str]]:
    """By tab, the code that the panel shows, endpoint after endpoint."""
    page = browser.new_page()
    page.goto(address)
    page.get_by_role("button", name="API").click()
    code = {}
    for tab, held in LANGUAGES.items():
        page.locator(".api-docs .snippet", has_text=tab).click()
        blocks = page.locator(".api-docs pre:visible", has_text=held)
        blocks.first.wait_for()
        code[tab] = blocks.all_inner_texts()
    page.close()
    return code


def find(code: list[str], endpoint: str) -> str:
    """Return the code that calls an endpoint."""
    (found,) = [one for one in code if re.search(rf'("|v2| ){endpoint}[" ]', one)]
    return found


def answers(endpoint: str, said: str) -> bool:
    """Tell whether what was printed is an endpoint's answer."""
    return re.search(ANSWERS[endpoint], said, re.DOTALL) is not None


@pytest.fixture(scope="module")
def run_javascript(
    npm: str, node: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Run JavaScript beside the client that the panel says to install, which npm fetches."""
    folder = tmp_path_factory.mktemp("javascript")
    run_to_end([npm, "install", "--no-audit", "--no-fund", "--save-dev", CLIENT], folder)

    def run(code: str) -> str:
        (folder / "ask.mjs").write_text(code)
        return run_to_end([node, "ask.mjs"], folder)

    return run


def run_to_end(command: list[str], folder: Path) -> str:
    """Run a command to its end, which must be a good one, and return what it printed."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(  # noqa: S603 - code that our own page shows
        command,
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("endpoint", ANSWERS)
def test_the_python_of_the_panel_runs_as_shown(
    shown: dict[str, list[str]], endpoint: str, tmp_path: Path
) -> None:
    code = find(shown["Python"], endpoint)
    assert "handle_file(" in code
    assert answers(endpoint, run_python("-c", code, folder=tmp_path).stdout)


@pytest.mark.parametrize("endpoint", ANSWERS)
def test_the_javascript_of_the_panel_runs_as_shown(
    shown: dict[str, list[str]], endpoint: str, run_javascript: Callable[[str], str]
) -> None:
    assert answers(endpoint, run_javascript(find(shown["JavaScript"], endpoint)))


@pytest.mark.parametrize("endpoint", ANSWERS)
def test_the_curl_of_the_panel_runs_as_shown(
    shown: dict[str, list[str]], endpoint: str, tmp_path: Path
) -> None:
    said = run_to_end(["bash", "-c", find(shown["cURL"], endpoint)], tmp_path)
    assert said.startswith("event: complete")
    assert answers(endpoint, said)


@pytest.mark.parametrize("endpoint", ["/predict_number", "/predict_batch"])
def test_the_command_of_the_panel_runs_as_shown(
    shown: dict[str, list[str]], endpoint: str, tmp_path: Path
) -> None:
    said = run_to_end(["bash", "-c", find(shown["CLI"], endpoint)], tmp_path)
    assert answers(endpoint, said)
