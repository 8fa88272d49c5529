# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "ai-edge-litert==2.3.0",
#     "anyio==4.16.0",
#     "fastapi==0.165.0",
#     "gradio[mcp]==6.31.0",
#     "httpx2==2.16.2",
#     "huggingface_hub==2.4.0",
#     "Jinja2==3.1.6",
#     "numpy==2.4.6",
#     "opencv-python-headless==5.0.0.93",
#     "pi-heif==1.4.0",
#     "pillow==12.3.0",
#     "pydantic==2.12.5",
#     "starlette==1.10.0",
#     "tqdm==4.70.1",
# ]
# ///
"""The digit page. Start it with `python app.py`; `--share` gives a public link.

`gradio app.py` starts it too, and builds `demo` again when a file changes.
"""

import argparse
import warnings

import gradio as gr
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from mnist_models import Reader
from web.api.routes import build_routes
from web.guard.bodies import BodyLimit
from web.guard.gate import Gate
from web.guard.locks import make_locks_alone
from web.guard.memory import limit_arenas
from web.guard.panel import print_runnable_code
from web.guard.refusals import answer_unknown
from web.guard.reloading import succeed
from web.guard.statistics import stop_statistics
from web.guard.uploads import deleting_uploads
from web.limits import MAX_CONCURRENT, MAX_QUEUE, MAX_SESSIONS, MAX_THREADS, MAX_UPLOAD
from web.page import CSS, I18N, THEME, build_page

WORTH_PACKING = 20_000
"""Bytes from which an answer is compressed: the page and its scripts, which Gradio sends as they
are; readings, which are small and should come at once, are not."""


def build_demo(served: gr.Blocks | None) -> gr.Blocks:
    """Load the models and build the page.

    Args:
        served: The page whose place it will take, or None if it is the first.
    """
    stop_statistics()
    limit_arenas()
    make_locks_alone()
    print_runnable_code()
    page = build_page(Reader.default())
    page.queue(max_size=MAX_QUEUE, default_concurrency_limit=MAX_CONCURRENT, api_open=False)
    if served is not None:
        succeed(page, served)
    return page


# In reload mode this file runs again, in the module that holds the page which is served.
demo = build_demo(globals().get("demo"))


def main() -> None:
    """Serve the page until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--share", action="store_true", help="make a public link for a week")
    arguments = parser.parse_args()
    # What is wrong with a picture is told to its sender; Pillow would also fill the log with it.
    warnings.filterwarnings("ignore", module="PIL")
    demo.launch(
        share=arguments.share or None,  # None leaves the choice to GRADIO_SHARE
        max_file_size=MAX_UPLOAD,
        state_session_capacity=MAX_SESSIONS,
        max_threads=MAX_THREADS,
        run_history=False,
        enable_monitoring=False,
        mcp_server=True,
        ssr_mode=False,  # the page that is tested is the page that is served
        footer_links=["api"],
        theme=THEME,
        css_paths=CSS,
        i18n=I18N,
        app_kwargs={
            "routes": build_routes(Reader.default()),
            "middleware": [
                Middleware(GZipMiddleware, minimum_size=WORTH_PACKING),
                Middleware(BodyLimit),
                Middleware(Gate),
            ],
            "exception_handlers": {HTTPException: answer_unknown},
            "lifespan": deleting_uploads,
        },
    )


if __name__ == "__main__":
    main()
