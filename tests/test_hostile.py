"""What strangers send to harm: each gets a client's error, and the next good request is served."""

import asyncio
import io
import json
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from testing.crowd import ask_everything
from testing.samples import SEVEN, write_png
from testing.scenes import encode
from web import limits
from web.guard.bodies import BodyLimit
from web.guard.uploads import EXAMPLES

BOUND = 30
"""Seconds in which anything is answered, on a slow and busy machine."""

FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM")

WRONG: tuple[Any, ...] = (
    *(None, True, 7, -1, 1.5, 10**30, "", "app.py", "\0", [], [[]], {}),
    *({"path": "/etc/passwd"}, {"path": "app.py"}, {"path": ["a"]}),
    {"path": "/etc/passwd", "url": "http://127.0.0.1:1/x"},
)

SAME_EVERY_TIME = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[httpx.Client]:
    """A plain HTTP client of the running page."""
    with httpx.Client(base_url=address, timeout=BOUND) as client:
        yield client


@pytest.fixture(autouse=True)
def served_afterwards(page: httpx.Client) -> Iterator[None]:
    """Ask for a good answer after each attack."""
    yield
    response = page.post("/predict_cnn", content=SEVEN)
    assert (response.status_code, response.json()["digit"]) == (200, 7)


def attack(page: httpx.Client, path: str, **request: Any) -> httpx.Response:
    """Send something, and check that whatever comes back is in time and tells nothing."""
    begin = time.monotonic()
    response = page.post(path, **request)
    assert time.monotonic() - begin < BOUND
    assert response.status_code < 500, response.text
    for secret in ("Traceback", "root:", "site-packages", str(EXAMPLES.parent)):
        assert response.is_success or secret not in response.text
    return response


def is_refused(response: httpx.Response) -> bool:
    """Tell whether a picture was refused in words."""
    return response.status_code in (400, 413, 415, 422) and response.json()["error"].endswith(".")


def write(format_name: str, **options: object) -> bytes:
    """Draw a 7 and write it in a format."""
    picture = Image.new("L", (80, 80), "white")
    ImageDraw.Draw(picture).line([(20, 15), (60, 15), (35, 65)], "black", 7)
    return encode(picture, format_name, **options)


FILES = {name: write(name) for name in FORMATS}


def text_bomb() -> bytes:
    """Write a PNG with a compressed comment of 100 MB."""
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", "a" * 100_000_000, zip=True)
    return write("PNG", pnginfo=info)


def frames(format_name: str) -> bytes:
    """Write a picture of 2,000 frames or pages."""
    frame = Image.open(io.BytesIO(FILES["PNG"])).resize((20, 20))
    others = [frame.rotate(angle % 4 * 90) for angle in range(2000)]
    return encode(frame, format_name, save_all=True, append_images=others)


def not_numbers() -> bytes:
    """Write a TIFF in which every pixel is not a number."""
    return encode(Image.fromarray(np.full((40, 40), np.nan, np.float32)), "TIFF")


def giant_bmp(width: int, height: int) -> bytes:
    """Write a BMP header without its pixels."""
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, width, height, 1, 24, *[0] * 6)


HARMFUL = {
    "pixel bomb": lambda: write_png(20_000, 20_000, pixels=bytes(20_000 * 20_001)),
    "giant header": lambda: write_png(2**31 - 1, 2**31 - 1),
    "no width": lambda: write_png(0, 5),
    "no pixels": lambda: write_png(50, 50),
    "odd depth": lambda: write_png(50, 50, bits=77),
    "text bomb": text_bomb,
    "giant bmp": lambda: giant_bmp(2**31 - 1, 2**31 - 1),
    "negative bmp": lambda: giant_bmp(-5, -(2**31)),
    "giant ppm": lambda: b"P5 99999999 99999999 255\n",
    "endless ppm": lambda: b"P5 " + b"9" * 100_000,
    "not numbers": not_numbers,
    "svg": lambda: b'<?xml version="1.0"?><svg><image href="file:///etc/passwd"/></svg>',
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nloop\n",
    "pdf": lambda: b"%PDF-1.7\n" + FILES["PNG"],
    "gif and script": lambda: b"GIF89a/*" + b"\xff" * 40 + b"*/=1;alert(1)",
    "page before a picture": lambda: b"<html><script>alert(1)</script>" + FILES["PNG"],
    "zeros": lambda: bytes(1_000_000),
}


@pytest.mark.parametrize("what", HARMFUL)
def test_a_file_made_to_harm_is_refused_in_words(page: httpx.Client, what: str) -> None:
    assert is_refused(attack(page, "/predict", content=HARMFUL[what]()))


@pytest.mark.parametrize("format_name", ["GIF", "TIFF", "WEBP"])
def test_of_thousands_of_frames_only_the_first_counts(page: httpx.Client, format_name: str) -> None:
    assert attack(page, "/predict", content=frames(format_name)).status_code == 200


def test_what_follows_a_picture_in_its_file_is_not_looked_at(page: httpx.Client) -> None:
    whole = attack(page, "/predict_cnn", content=FILES["PNG"]).json()
    both = FILES["PNG"] + b"PK\x03\x04<script>alert(1)</script>"
    assert attack(page, "/predict_cnn", content=both).json() == whole


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_file_cut_off_anywhere_is_answered(page: httpx.Client, format_name: str) -> None:
    data = FILES[format_name]
    assert attack(page, "/predict", content=data).status_code == 200
    for share in (0.01, 0.05, 0.3, 0.5, 0.9):
        response = attack(page, "/predict", content=data[: max(1, int(share * len(data)))])
        assert is_refused(response) or response.status_code == 200


@SAME_EVERY_TIME
@given(st.sampled_from(FORMATS), st.lists(st.floats(0, 1), min_size=1, max_size=8), st.binary())
def test_flipped_bits_and_added_bytes_are_answered(
    page: httpx.Client, format_name: str, places: list[float], tail: bytes
) -> None:
    data = bytearray(FILES[format_name] + tail)
    for place in places:
        bit = int(place * (8 * len(data) - 1))
        data[bit // 8] ^= 1 << bit % 8
    response = attack(page, "/predict", content=bytes(data))
    assert is_refused(response) or response.status_code == 200


@SAME_EVERY_TIME
@given(st.sampled_from(FORMATS), st.integers(4, 40), st.binary(max_size=300))
def test_bytes_behind_a_true_beginning_are_answered(
    page: httpx.Client, format_name: str, length: int, tail: bytes
) -> None:
    response = attack(page, "/predict", content=FILES[format_name][:length] + tail)
    assert is_refused(response) or response.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", "/", "a\0b.png", "a\r\nb'\";.png", "7" * 5000, "é" * 900, "CON", ""],
    ids=lambda name: ascii(name)[:20],
)
def test_a_name_made_to_harm_leads_nowhere(page: httpx.Client, name: str) -> None:
    assert attack(page, "/predict", files={"file": (name, SEVEN)}).status_code in (200, 400)
    begin = time.monotonic()
    response = page.post("/gradio_api/upload", files={"files": (name, SEVEN)})
    assert time.monotonic() - begin < BOUND
    assert response.status_code in (200, 400, 413)
    assert response.status_code != 200 or ".." not in response.text


JSON_ROUTES = (
    "/gradio_api/run/predict",
    "/gradio_api/call/predict",
    "/gradio_api/call/v2/predict",
    "/gradio_api/queue/join",
    "/gradio_api/component_server",
    "/gradio_api/reset",
    "/gradio_api/cancel",
    "/gradio_api/mcp/",
    "/predict",
)


@pytest.mark.parametrize("route", JSON_ROUTES)
def test_json_that_is_huge_deep_or_none_gets_a_clients_error(
    page: httpx.Client, route: str
) -> None:
    headers = {"Content-Type": "application/json"}
    bodies = {
        "huge": b'{"data": ["' + b"a" * 60_000_000 + b'"]}',
        "deep": b"[" * 400_000,
        "nested": b'{"data": ' + b"[" * 900 + b"]" * 900 + b"}",
        "no number": b'{"data": [NaN]}',
        "endless": b'{"data": [1e999]}',
        "long number": b'{"data": [' + b"9" * 9000 + b"]}",
        "half a letter": b'{"data": ["\\ud800"]}',
        "no text": b"\xff\xfe\x00",
        "a list": b"[]",
        "nothing": b"null",
    }
    for what, body in bodies.items():
        response = attack(page, route, content=body, headers=headers)
        assert 400 <= response.status_code < 500, what
        assert what != "huge" or response.status_code == 413
    assert attack(page, route, content=b"\xff", headers={"Content-Type": "image/png"}).is_error


@pytest.mark.parametrize("route", ["/predict", "/gradio_api/upload", "/gradio_api/queue/join"])
def test_a_body_without_length_or_end_is_refused(page: httpx.Client, route: str) -> None:
    kind = "multipart/form-data; boundary=x" if "upload" in route else "application/octet-stream"
    begin = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield begin
        for _ in range(40):
            yield bytes(1_000_000)

    response = attack(page, route, content=pieces(), headers={"Content-Type": kind})
    assert response.status_code == 413


def arrive(
    limit: BodyLimit, pieces: list[bytes], *, pause: float = 0, is_whole: bool = False
) -> list[Message]:
    """Let a body arrive piece by piece, perhaps without its end, and return what is answered."""
    sent: list[Message] = []
    rest = iter(pieces)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": next(rest), "more_body": not is_whole}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(limit(scope, receive, send))
    return sent


async def read_whole(scope: Scope, receive: Receive, send: Send) -> None:
    """Be an application that reads a body and says so."""
    await Request(scope, receive).body()
    await PlainTextResponse("read")(scope, receive, send)


def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.guard.bodies.MAX_BODY_SECONDS", 0.05)
    sent = arrive(BodyLimit(read_whole), [b"a"] * 99, pause=0.02)
    assert sent[0]["status"] == 408
    assert "within a minute" in json.loads(sent[1]["body"])["error"]


def test_bodies_that_wait_are_counted_together_and_large_ones_refused() -> None:
    limit = BodyLimit(read_whole)
    limit.held = limits.MAX_HELD - 1000
    sent = arrive(limit, [bytes(limits.MAX_TEXT_BODY), b"one more"])
    assert sent[0]["status"] == 429
    assert "at once" in json.loads(sent[1]["body"])["error"]
    assert limit.held == limits.MAX_HELD - 1000
    assert arrive(limit, [bytes(2000)], is_whole=True)[0]["status"] == 200


def answer_to(page: httpx.Client, name: str, data: object) -> str:
    """Call an endpoint and return what it says, be it at once or in the event's stream."""
    response = attack(page, f"/gradio_api/call/{name}", json={"data": data})
    if response.is_error:
        return response.text
    event = response.json()["event_id"]
    return page.get(f"/gradio_api/call/{name}/{event}").text


def test_a_wrong_value_in_any_endpoint_gets_words(page: httpx.Client) -> None:
    claim = {"meta": {"_type": "gradio.FileData"}}
    claims = [
        {"path": path, "url": path, **claim}
        for path in ("/etc/passwd", "http://127.0.0.1:1/x", "data:image/png;base64,AAAA", 7, None)
    ]
    for name in ("predict", "predict_cnn", "predict_linear", "predict_batch"):
        for value in (*WRONG, *claims, [claims[0]], "x" * 5000):
            said = answer_to(page, name, [value])
            assert "error" in said
            is_refused = "as an uploaded file" in said or "no public server" in said
            assert is_refused or (name == "predict_batch" and "expected" in said), said
            assert "root:" not in said
        for data in ([], [1, 2, 3], "x", {"a": 1}, None):
            assert "error" in answer_to(page, name, data) or "detail" in answer_to(page, name, data)


def test_a_wrong_value_in_any_event_of_the_page_gets_a_clients_error_or_words(
    page: httpx.Client,
) -> None:
    events = page.get("/config").json()["dependencies"]
    for event in (event["id"] for event in events if not event["queue"]):
        for value in (*WRONG, {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}):
            call = {"data": [value], "fn_index": event, "session_hash": "s"}
            attack(page, "/gradio_api/run/predict", json=call)
    for field in ("fn_index", "session_hash", "trigger_id", "event_data", "event_id", "data"):
        for value in WRONG:
            call = {"data": [None], "fn_index": 1, "session_hash": "s", field: value}
            attack(page, "/gradio_api/run/predict", json=call)
            attack(page, "/gradio_api/queue/join", json=call)


def test_the_queue_cannot_be_passed_by(page: httpx.Client) -> None:
    events = page.get("/config").json()["dependencies"]
    for index in (event["id"] for event in events if event["queue"]):
        call = {"data": [None], "fn_index": index}
        assert attack(page, "/gradio_api/run/predict", json=call).status_code == 404


@pytest.mark.parametrize("call", [{}, {"images": []}, {"image": None, "other": 1}], ids=str)
def test_a_call_by_parameters_that_do_not_fit_gets_words(page: httpx.Client, call: dict) -> None:
    response = attack(page, "/gradio_api/call/v2/predict", json=call)
    assert (response.status_code, response.json()["error"][-1]) == (422, ".")


@pytest.mark.parametrize("path", ["/gradio_api/run/predict", "/gradio_api/upload", "/predict"])
def test_whoever_goes_away_amid_a_body_leaves_no_trace(page: httpx.Client, path: str) -> None:
    kind = "multipart/form-data; boundary=x" if "upload" in path else "application/octet-stream"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 99\r\n\r\n"
    with socket.create_connection((page.base_url.host, page.base_url.port)) as connection:
        connection.sendall(head.encode() + b"abc")
        time.sleep(0.2)


def test_an_answer_that_nobody_waits_for_is_refused_in_words(page: httpx.Client) -> None:
    for path in ("call/predict/nope", "call/v2/predict/nope", "queue/data?session_hash=nobody"):
        response = page.get(f"/gradio_api/{path}")
        assert (response.status_code, response.json()["error"][-1]) == (404, ".")
    assert page.get("/monitoring").status_code == 403


@pytest.mark.parametrize("route", ["process_recording", "stream/x", "api/predict", "vibe-edit"])
def test_what_the_page_does_not_use_is_closed(page: httpx.Client, route: str) -> None:
    assert attack(page, f"/gradio_api/{route}", files={"video": SEVEN}).status_code == 404


def test_a_crowd_of_good_and_hostile_clients_gets_every_answer(address: str) -> None:
    outcomes = ask_everything(address, 4)
    assert outcomes["good"] > 0
    assert not [outcome for outcome in outcomes if outcome.startswith("failed")], outcomes


def test_the_log_of_all_this_tells_no_path_and_no_picture(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    log = (tmp_path_factory.getbasetemp() / "app0" / "log.txt").read_text()
    assert "Running on" in log
    for secret in ("Traceback", str(EXAMPLES.parent), "data:image", "/etc/passwd", "uploads"):
        assert secret not in log
