"""A page that takes a served one's place, when its code has changed, is served as that one was.

In reload mode (`gradio app.py`, or a Space's) Gradio 6.31.0 runs app.py again and serves the new
page (`swap_blocks` in gradio/utils.py), but gives it only a part of what `launch` told the first
one. Without the rest it would show the names of its texts instead of them, remember every visitor,
and not delete the uploads of before. This can go when `swap_blocks` hands all of it on.
"""

import gradio as gr

LAUNCHED = (
    *("footer_links", "i18n_instance", "mcp_server", "pwa", "run_history", "show_error"),
    *("max_threads", "state_session_capacity"),
)
"""What `launch` sets and the next page needs."""


def succeed(page: gr.Blocks, served: gr.Blocks) -> None:
    """Give a page what the one whose place it takes was launched with."""
    for name in LAUNCHED:
        setattr(page, name, getattr(served, name))
    page.create_limiter()
    page.temp_file_sets += served.temp_file_sets
