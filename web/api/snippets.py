"""How programs read digits here: code to copy, with the address of this very page."""

from pathlib import Path
from typing import Literal

import gradio as gr

ADDRESS = "http://127.0.0.1:7860"
"""Stands for the page's address until the browser puts its own in."""

SNIPPETS: dict[str, tuple[Literal["python", "shell", "json"], str]] = {
    "gradio_client": (
        "python",
        f"""\
from gradio_client import Client, handle_file

client = Client("{ADDRESS}")
answers = client.predict(image=handle_file("digit.png"), api_name="/predict")
print(max(answers["cnn"], key=answers["cnn"].get))
number = client.predict(image=handle_file("digit.png"), api_name="/predict_number")
print(number["cnn"], number["linear"])
""",
    ),
    "curl": ("shell", f"curl --fail --form file=@digit.png {ADDRESS}/predict\n"),
    "mnist_models": (
        "python",
        """\
from mnist_models import Reader

reading = Reader.default().read("digit.png")
print(reading["cnn"].by_label(), reading["linear"].by_label())
number = Reader.default().read_number("digit.png")
print(number.text("cnn"), number.text("linear"))
""",
    ),
    "MCP": ("json", f'{{"mcpServers": {{"digits": {{"url": "{ADDRESS}/gradio_api/mcp/"}}}}}}\n'),
}
"""By what they use, the snippets with their language; "digit.png" is the reader's own picture."""

USE_OWN_ADDRESS = (
    (Path(__file__).parent / "own_address.js").read_text("utf-8").replace("ADDRESS", ADDRESS)
)
"""Puts the page's own address into the snippets, in the browser."""


def show_snippets() -> list[gr.Code]:
    """Show every snippet with a button that copies it."""
    return [
        gr.Code(code, language=language, label=label, buttons=["copy"], interactive=False, lines=1)
        for label, (language, code) in SNIPPETS.items()
    ]
