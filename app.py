# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "ai-edge-litert==2.3.0",
#     "anyio==4.16.0",
#     "fastapi==0.165.0",
#     "gradio[mcp]==6.31.0",
#     "httpx2==2.16.2",
#     "huggingface_hub==2.4.0",
#     "numpy==2.4.6",
#     "opencv-python-headless==5.0.0.93",
#     "pillow==12.3.0",
#     "pydantic==2.12.5",
#     "starlette==1.10.0",
#     "tqdm==4.70.1",
# ]
# ///
"""The digit page. Start it with `python app.py`; `--share` gives a public link."""

import argparse
import os
import warnings

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from mnist_models import Reader
from web.api.routes import build_routes
from web.guard.gate import Gate
from web.limits import (
    MAX_CONCURRENT,
    MAX_QUEUE,
    MAX_SESSIONS,
    MAX_THREADS,
    MAX_UPLOAD,
    BodyLimit,
    deleting_pictures,
    limit_arenas,
)
from web.page import CSS, I18N, THEME, build_page

WORTH_PACKING = 20_000
"""Bytes from which an answer is compressed: the page and its scripts, which Gradio sends as they
are; readings, which are small and should come at once, are not."""


NO_STATISTICS = {"GRADIO_ANALYTICS_MAX_EVENTS": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9)}
"""After every call Gradio sums up its last 10,000 calls, in more and more memory, for a monitoring
page that is closed here."""


def main() -> None:
    """Load the models, build the page and serve it until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", action="store_true", help="make a public link for a week")
    arguments = parser.parse_args()
    # What is wrong with a picture is told to its sender; Pillow would also fill the log with it.
    warnings.filterwarnings("ignore", module="PIL")
    os.environ |= NO_STATISTICS
    limit_arenas()
    reader = Reader.default()
    page = build_page(reader)
    page.queue(max_size=MAX_QUEUE, default_concurrency_limit=MAX_CONCURRENT, api_open=False)
    page.launch(
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
            "routes": build_routes(reader),
            "middleware": [
                Middleware(GZipMiddleware, minimum_size=WORTH_PACKING),
                Middleware(BodyLimit),
                Middleware(Gate, page),
            ],
            "lifespan": deleting_pictures,
        },
    )


if __name__ == "__main__":
    main()
