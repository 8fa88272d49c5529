"""The plain HTTP routes of the running page, as any program meets them."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import gradio
import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import given, settings
from PIL import Image
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mnist_models import Reader, __version__
from testing.scenes import encode
from web.api import routes
from web.components.layers import Layers
from web.guard.uploads import EXAMPLES
from web.limits import MAX_BODY, MAX_TEXT_BODY

ROUTES = ("/predict", "/predict_cnn", "/predict_linear", "/predict_number")


@pytest.fixture(scope="module")
def http(address: str) -> Iterator[httpx.Client]:
    """A plain HTTP client of the running page."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture
def seven() -> bytes:
    """A picture of a 7."""
    return sorted(EXAMPLES.glob("7_*"))[0].read_bytes()


def is_answer(answer: dict, name: str) -> bool:
    """Tell whether this is a whole answer of the named model."""
    best = max(answer["probabilities"], key=answer["probabilities"].get)
    return (
        set(answer) == {"digit", "probabilities", "doubt", "model", "revision"}
        and list(answer["probabilities"]) == list("0123456789")
        and answer["digit"] == int(best)
        and 0 <= answer["doubt"] <= 1
        and answer["model"] == name
        and bool(answer["revision"])
    )


@pytest.mark.parametrize("field", ["file", "image"])
def test_a_form_with_a_picture_gets_a_whole_answer(
    http: httpx.Client, seven: bytes, field: str
) -> None:
    for name in ("cnn", "linear"):
        response = http.post(f"/predict_{name}", files={field: ("7.png", seven)})
        assert response.status_code == 200
        assert is_answer(response.json(), name)
        assert response.json()["digit"] == 7


@pytest.mark.parametrize(
    "kind", ["image/png", "application/octet-stream", "application/x-www-form-urlencoded", None]
)
def test_a_picture_as_the_body_gets_the_answer_of_a_form(
    http: httpx.Client, seven: bytes, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = http.post("/predict_cnn", content=seven, headers=headers).json()
    assert answer == http.post("/predict_cnn", files={"file": seven}).json()


def test_both_models_answer_at_once_as_each_does_alone(http: httpx.Client, seven: bytes) -> None:
    both = http.post("/predict", content=seven).json()
    assert list(both) == ["cnn", "linear"]
    for name, answer in both.items():
        assert is_answer(answer, name)
        assert answer == http.post(f"/predict_{name}", content=seven).json()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("[0-9]*_*")), ids=lambda path: path.stem)
def test_every_example_is_read_as_its_name_says(http: httpx.Client, path: Path) -> None:
    answer = http.post("/predict_number", files={"file": path.read_bytes()}).json()
    assert answer["cnn"] == path.name.partition("_")[0]
    lefts = [digit["box"][0] for digit in answer["digits"]]
    assert lefts == sorted(lefts)
    assert "".join(str(digit["cnn"]) for digit in answer["digits"]) == answer["cnn"]
    assert all(digit["line"] == 0 and 0 <= digit["doubt"] <= 1 for digit in answer["digits"])


@pytest.mark.parametrize(
    ("status", "request_parts"),
    [
        (400, {}),
        (400, {"content": b""}),
        (400, {"files": {"other": b"x"}}),
        (400, {"files": {"file": b""}}),
        (400, {"files": [("file", b"x"), ("image", b"y")]}),
        (400, {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}),
        (400, {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}),
        (413, {"content": bytes(MAX_BODY + 1), "headers": {"Content-Type": "image/png"}}),
        (413, {"files": {"file": bytes(MAX_BODY)}}),
        (413, {"json": "a" * MAX_TEXT_BODY}),
        (415, {"content": b"certainly no picture"}),
        (415, {"content": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}),
        (415, {"content": b"%PDF-1.7"}),
        (415, {"content": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"}),
        (415, {"json": {"image": "data:image/png;base64,AAAA"}}),
        (422, {"content": encode(Image.new("L", (60, 60), "white"))}),
        (422, {"content": encode(Image.new("L", (60, 60), "white"))[:50]}),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else value,
)
@pytest.mark.parametrize("route", ROUTES)
def test_a_request_that_cannot_be_answered_gets_its_status_and_a_sentence(
    http: httpx.Client, route: str, status: int, request_parts: dict
) -> None:
    response = http.post(route, **request_parts)
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert response.json()["error"].endswith(".")


@pytest.mark.parametrize("path", [*ROUTES, "/health", "/docs", "/openapi.json"])
def test_a_slash_at_the_end_changes_nothing(http: httpx.Client, seven: bytes, path: str) -> None:
    method, files = ("POST", {"file": seven}) if path in ROUTES else ("GET", None)
    answers = [http.request(method, f"{path}{slash}", files=files) for slash in ("", "/")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize("path", ["/nothing", "/predict/nothing", "/gradio_api/no"])
def test_an_unknown_route_is_answered_in_a_sentence(http: httpx.Client, path: str) -> None:
    for method in ("GET", "POST"):
        response = http.request(method, path)
        assert response.status_code == 404
        assert list(response.json()) == ["error"]
        assert response.json()["error"].endswith(".")


@pytest.mark.parametrize("path", [*ROUTES, "/health", "/docs"])
def test_a_method_that_a_route_does_not_take_is_told_with_the_one_that_it_does(
    http: httpx.Client, path: str
) -> None:
    taken = "POST" if path in ROUTES else "GET"
    for slash in ("", "/"):
        response = http.request("DELETE", path + slash)
        assert response.status_code == 405
        assert response.headers["Allow"] == taken
        assert f"Received DELETE, expected {taken}." in response.json()["error"]


def test_a_body_without_a_length_is_counted_as_it_arrives(http: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield bytes(1_000_000)

    response = http.post("/predict", content=pieces())
    assert response.status_code == 413
    assert "too long" in response.json()["error"]


def test_a_full_queue_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, seven: bytes) -> None:
    monkeypatch.setattr(routes, "MAX_QUEUE", 0)
    app = FastAPI(routes=routes.build_routes(Reader.default()))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(base_url="http://page", transport=transport) as client:
            return await client.post("/predict", content=seven)

    response = asyncio.run(ask())
    assert response.status_code == 429
    assert response.json()["error"].endswith("in a minute.")


def test_health_names_the_models(http: httpx.Client) -> None:
    health = http.get("/health").json()
    assert health["status"] == "ok"
    assert list(health["models"]) == ["cnn", "linear"]


def test_the_openapi_page_lists_our_routes_and_nothing_else(http: httpx.Client) -> None:
    schema = http.get("/openapi.json").json()
    assert set(schema["paths"]) == {*ROUTES, "/health"}
    assert schema["info"]["version"] == __version__
    assert schema["servers"] == [{"url": str(http.base_url).rstrip("/")}]
    for route in ROUTES:
        post = schema["paths"][route]["post"]
        assert post["description"].endswith(".")
        assert {"200", "400", "413", "415", "422"} <= set(post["responses"])
        assert "multipart/form-data" in post["requestBody"]["content"]
    page = http.get("/docs")
    assert page.status_code == 200
    address = str(http.base_url).rstrip("/")
    assert all(f"curl -F file=@digit.png {address}{route}<" in page.text for route in ROUTES)


@pytest.mark.parametrize("kind", schemathesis.GenerationMode)
@pytest.mark.parametrize("route", ROUTES)
def test_whatever_the_description_allows_or_forbids_gets_an_answer_that_it_names(
    address: str, route: str, kind: schemathesis.GenerationMode
) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(schema[route]["POST"].as_strategy(generation_mode=kind))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ]
        )

    ask()


def test_the_page_comes_compressed_and_readings_do_not(http: httpx.Client, seven: bytes) -> None:
    page = http.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert page.text.startswith("<!doctype html>")
    answer = http.post("/predict", files={"file": seven})
    assert "Content-Encoding" not in answer.headers


def test_the_page_adds_at_most_60_kb_to_gradios_own_and_to_its_layers(http: httpx.Client) -> None:
    bare = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"
    layers = json.dumps(Layers().get_config(), default=str)  # which have a limit of their own
    contents = http.get("/").content, bare.read_bytes(), layers.encode()
    page, own, inside = (len(gzip.compress(content)) for content in contents)
    assert page - own - inside <= 60_000
