"""A page whose queue remembers three sessions, behind the gate: `python -m testing.small_queue`."""

from threading import Event

import gradio as gr
from starlette.middleware import Middleware

from web.guard.gate import Gate
from web.guard.gradio_queue import Sessions

ROOM = 3
"""Sessions that the queue remembers, instead of 2,000."""


def main() -> None:
    """Serve four functions until the page is stopped."""
    may_go_on = Event()

    def echo(word: str) -> str:
        """Answer at once."""
        return word

    def wait(word: str) -> str:
        """Answer after `go_on` was called."""
        may_go_on.wait(30)
        return word

    def go_on(word: str) -> str:
        """Let `wait` answer."""
        may_go_on.set()
        return word

    def remembered(word: str) -> list[int]:
        """Count the sessions for which the queue keeps messages, and calls."""
        sessions = Sessions(page)
        return [len(sessions.messages), len(sessions.calls)]

    with gr.Blocks() as page:
        for function in (echo, wait, go_on, remembered):
            gr.api(function)
    page.queue(default_concurrency_limit=4)
    Sessions(page).messages.max_size = ROOM
    page.launch(app_kwargs={"middleware": [Middleware(Gate)]})


if __name__ == "__main__":
    main()
