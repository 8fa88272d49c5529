"""Gradio's statistics of calls are left out.

After every call Gradio 6.31.0 sums up its last 10,000 calls (`compute_analytics_summary` in
gradio/queueing.py), in more and more memory, for a monitoring page that is closed here. This can go
when `launch(enable_monitoring=False)` leaves them out.
"""

import os


def stop_statistics() -> None:
    """Let the queues of pages that are built from now on keep one call, and never sum up."""
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)
