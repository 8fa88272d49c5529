"""A crowd of clients, good and hostile, at every door of a running page at once."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from testing.page import pad_call
from testing.samples import SEVEN, SEVEN_AS_URL

NUM_CLIENTS = 16

TIMEOUT = 60
"""Seconds after which an answer counts as lost."""


def ask_everything(address: str, seconds: float) -> Counter[str]:
    """Let all clients ask for some time; return how often each outcome was."""
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(NUM_CLIENTS) as clients:
        counts = clients.map(lambda first: visit(address, first, end), range(NUM_CLIENTS))
        return sum(counts, Counter())


def visit(address: str, first: int, end: float) -> Counter[str]:
    """Be one client: ask one thing after the other until the time is over."""
    found: Counter[str] = Counter()
    with httpx.Client(base_url=address, timeout=TIMEOUT) as client:
        number = first
        while time.monotonic() < end:
            ask = ASKING[number % len(ASKING)]
            number += 1
            try:
                found[ask(client)] += 1
            except httpx.HTTPError as error:
                found[f"failed: {ask.__name__} lost its answer, {type(error).__name__}"] += 1
    return found


def post_a_digit(client: httpx.Client) -> str:
    """Ask by plain HTTP for what an example shows."""
    response = client.post("/predict", files={"file": SEVEN})
    is_right = response.status_code == 200 and response.json()["cnn"]["digit"] == 7
    return "good" if is_right else f"failed: a good request got {response.status_code}"


def call_with_an_upload(client: httpx.Client) -> str:
    """Upload an example, call the endpoint, and wait for the event."""
    stored = client.post("/gradio_api/upload", files={"files": SEVEN}).json()[0]
    image = {"path": stored, "meta": {"_type": "gradio.FileData"}}
    answer = call(client, "predict_cnn", image)
    return "good" if answer.startswith("event: complete") else "failed: a good call got no answer"


def call_with_a_batch(client: httpx.Client) -> str:
    """Upload a good and a broken picture, call for both, and wait for the event."""
    files = [("files", SEVEN), ("files", SEVEN[:99])]
    stored = client.post("/gradio_api/upload", files=files).json()
    images = [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in stored]
    answer = call(client, "predict_batch", images)
    is_right = '"digit": 7' in answer and '"error": "The ' in answer
    return "good" if is_right else "failed: a good batch got no answers"


def call(client: httpx.Client, name: str, value: object) -> str:
    """Call an endpoint and return the event that holds its answer."""
    route = f"/gradio_api/call/{name}"
    event = client.post(route, json={"data": [value]}).json()["event_id"]
    return await_events(client, f"{route}/{event}")


def await_events(client: httpx.Client, address: str) -> str:
    """Return the events of a stream, once it ends.

    Raises:
        httpx.ReadTimeout: It does not end. Heartbeats keep it alive, but are no answer.
    """
    deadline = time.monotonic() + TIMEOUT
    events = ""
    with client.stream("GET", address) as response:
        for text in response.iter_text():
            events += "" if text.startswith("event: heartbeat") else text
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout(f"no answer at {address}")
    return events


def call_a_tool(client: httpx.Client) -> str:
    """Call by MCP, with the picture in the call."""
    call = {"name": "predict_linear", "arguments": {"image": SEVEN_AS_URL}}
    response = client.post(
        "/gradio_api/mcp/",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        headers={"Accept": "application/json, text/event-stream"},
    )
    is_right = 'isError":false' in response.text
    return "good" if is_right else f"failed: a good tool call got {response.status_code}"


def send_a_drawing(client: httpx.Client) -> str:
    """Send the pad's event, with an example as the drawing."""
    call = pad_call(client, SEVEN_AS_URL)
    response = client.post("/gradio_api/run/predict", json=call)
    is_right = response.status_code == 200 and response.json()["data"][0]["label"] == "7"
    return "good" if is_right else f"failed: a good drawing got {response.status_code}"


def post_a_broken_picture(client: httpx.Client) -> str:
    """Send the first half of a picture's file."""
    return refused(client.post("/predict_linear", content=SEVEN[: len(SEVEN) // 2]))


def post_no_picture(client: httpx.Client) -> str:
    """Send what is no picture."""
    return refused(client.post("/predict", content=b"<svg/>" * 1000))


def post_too_much(client: httpx.Client) -> str:
    """Send more JSON than is taken."""
    return refused(client.post("/gradio_api/queue/join", json={"data": ["a" * 2_000_000]}))


def call_with_a_wrong_value(client: httpx.Client) -> str:
    """Call an event of the page with what it cannot take."""
    return refused(client.post("/gradio_api/run/predict", json={"data": [], "fn_index": 1}))


def look(client: httpx.Client) -> str:
    """Open the page."""
    return "good" if client.get("/").status_code == 200 else "failed: the page did not open"


def refused(response: httpx.Response) -> str:
    """Name the outcome of a hostile request."""
    is_clients = 400 <= response.status_code < 500
    return f"refused, {response.status_code}" if is_clients else f"failed: {response.status_code}"


ASKING = (
    post_a_digit,
    post_a_broken_picture,
    call_with_an_upload,
    post_no_picture,
    call_with_a_batch,
    post_too_much,
    call_a_tool,
    call_with_a_wrong_value,
    send_a_drawing,
    look,
)
