"""The tools as an assistant meets them: the real MCP client against the running page."""

import ast
import asyncio
import shutil
from pathlib import Path

import httpx
import pytest
from mcp.types import Tool

from mnist_models.models.classifier import DOUBTFUL
from testing.mcp_client import call_tool, with_session
from testing.samples import SEVEN, SEVEN_AS_URL
from web.guard.uploads import deleting_uploads
from web.limits import MAX_BATCH, MAX_TEXT_BODY, MEGABYTE


def upload(address: str) -> str:
    """Upload a 7 as Gradio's own upload tool does, and return the file's address."""
    response = httpx.post(f"{address}/gradio_api/upload", files={"files": ("7.png", SEVEN)})
    return f"{address}/gradio_api/file={response.json()[0]}"


@pytest.fixture(scope="module")
def tools(address: str) -> dict[str, Tool]:
    """The tools by name."""
    listed = with_session(address, lambda session: session.list_tools())
    return {tool.name: tool for tool in listed.tools}


def test_the_tools_are_the_endpoints_and_each_says_what_it_takes_and_returns(
    tools: dict[str, Tool],
) -> None:
    at_most, several = f"up to {MAX_TEXT_BODY // MEGABYTE} MB.", f" to {MAX_BATCH} pictures"
    assert list(tools) == [
        "predict",
        "predict_cnn",
        "predict_linear",
        "predict_number",
        "predict_batch",
    ]
    for tool in tools.values():
        assert tool.description.startswith("Read ")
        assert "handwritten digit" in tool.description
        assert "Returns: " in tool.description
        assert ",," not in tool.description
        assert ("PNG", several)[tool.name == "predict_batch"] in tool.description
        (parameter,) = tool.inputSchema["properties"].values()
        assert "picture" in parameter["description"]
        assert parameter["description"].endswith(".")
        assert (at_most, several)[tool.name == "predict_batch"] in parameter["description"]
        assert len(tool.inputSchema["required"]) == 1
    for name in ("predict_number", "predict_batch"):
        assert f"above {DOUBTFUL} means hardly a digit" in tools[name].description


def test_a_picture_in_the_call_or_uploaded_before_is_read(address: str) -> None:
    for image in (SEVEN_AS_URL, upload(address)):
        result = call_tool(address, "predict_cnn", image=image)
        assert not result.isError
        probabilities = ast.literal_eval(result.content[0].text)
        assert max(probabilities, key=probabilities.get) == "7"


def test_pictures_that_came_in_calls_are_deleted_when_they_are_old(
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    call_tool(address, "predict_cnn", image=SEVEN_AS_URL)
    stored = [*(tmp_path_factory.getbasetemp() / "uploads0").glob("*/file*")]
    assert stored
    for path in stored:
        (folder := tmp_path / path.parent.name).mkdir(exist_ok=True)
        shutil.copy(path, folder)
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr("web.guard.uploads.DELETE_EVERY", 0.05)

    async def serve() -> None:
        async with deleting_uploads(None):
            await asyncio.sleep(0.3)

    asyncio.run(serve())
    assert [*tmp_path.glob("*/*")]
    monkeypatch.setattr("web.guard.uploads.DELETE_AFTER", 0)
    asyncio.run(serve())
    assert not [*tmp_path.glob("*/*")]


def test_a_batch_of_pictures_uploaded_or_in_the_call_is_read(address: str) -> None:
    for seven in (upload(address), SEVEN_AS_URL):
        for nothing in ("nothing", "data:image/png;base64,AAA"):
            result = call_tool(address, "predict_batch", images=[seven, nothing])
            assert not result.isError
            assert "'digit': 7" in result.content[0].text
            assert "did not arrive" in result.content[0].text


def test_a_number_is_read(address: str) -> None:
    result = call_tool(address, "predict_number", image=SEVEN_AS_URL)
    number = ast.literal_eval(result.content[0].text)
    assert (number["cnn"], len(number["digits"])) == ("7", 1)


@pytest.mark.parametrize(
    "arguments",
    [
        {"image": "http://127.0.0.1:1/x.png"},
        {"image": "/etc/passwd"},
        {"image": "data:image/png;base64,AAAA"},
        {"image": {"path": "/etc/passwd"}},
        {"image": 7},
        {},
    ],
    ids=str,
)
def test_what_is_no_picture_is_refused_in_words(address: str, arguments: dict) -> None:
    result = call_tool(address, "predict", **arguments)
    assert result.isError
    assert result.content[0].text
    assert "Traceback" not in result.content[0].text
    assert "root:" not in result.content[0].text
