"""The code that Gradio's API panel prints runs as it is printed, on one of the page's examples.

Gradio 6.31.0 prints `...` for a picture that an endpoint of `gr.api` takes, and has curl's line end
in a `read` through a pipe, of which bash keeps nothing (`generate_code_snippets` in
gradio_client/snippet.py). This can go when `gr.api` takes examples and that line runs in bash.
"""

import os
import re
from typing import Any

from gradio import routes
from gradio.routes import generate_cli_snippet, generate_code_snippets

from web.guard.uploads import EXAMPLES, FILE_ROUTE

SHOWN = {"/predict_number": "42_two_digits.png"}
"""By endpoint, the example that it reads; every other one reads ``SEVEN``."""

SEVEN = "7_thin_pen.png"

LOST = re.compile(r"\| (read EVENT_ID; .*)$")
"""What curl's line ends in: bash runs what stands after a pipe, up to the semicolon, apart."""


def print_runnable_code() -> None:
    """Let the API panel print code that runs."""
    routes.generate_code_snippets = print_code
    routes.generate_cli_snippet = print_commands


def print_code(name: str, endpoint: dict[str, Any], root: str, **where: Any) -> dict[str, str]:
    """Return by language the code that calls an endpoint.

    Args:
        name: Of the endpoint, such as "/predict".
        endpoint: What Gradio knows of it.
        root: The page's address.
        **where: What else Gradio tells of the page.
    """
    code = generate_code_snippets(name, with_example(name, endpoint, root), root, **where)
    # Gradio lets curl upload a file that is not there, unless the example has no "url".
    bare = with_example(name, endpoint, root, keys=("path", "meta"))
    line = generate_code_snippets(name, bare, root, **where)["bash"]
    return code | {"bash": LOST.sub(r"| { \1; }", line)}


def print_commands(endpoints: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return by endpoint the command that calls it."""
    host = os.environ.get("SPACE_HOST", "").split(",")[0]
    root = f"https://{host}" if host else "{space_id}"  # for which Gradio puts in the address
    shown = {name: with_example(name, known, root) for name, known in endpoints.items()}
    return generate_cli_snippet(shown)


def with_example(
    name: str, endpoint: dict[str, Any], root: str, keys: tuple[str, ...] = ("path", "url", "meta")
) -> dict[str, Any]:
    """Return what is known of an endpoint, with an example of what it takes.

    Args:
        name: Of the endpoint.
        endpoint: What Gradio knows of it.
        root: The page's address.
        keys: What of the example is told.
    """
    address = f"{root}{FILE_ROUTE}{(EXAMPLES / SHOWN.get(name, SEVEN)).as_posix()}"
    picture = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    told = {key: picture[key] for key in keys}
    parameters = [
        known
        | {"example_input": [told] if known["python_type"]["type"] == "list[filepath]" else told}
        for known in endpoint["parameters"]
    ]
    return endpoint | {"parameters": parameters}
