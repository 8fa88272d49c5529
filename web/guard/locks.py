"""Locks without event loops of their own.

For each of its locks Gradio 6.31.0 makes an event loop that nothing closes (`safe_get_lock` and
`safe_get_stop_event` in gradio/utils.py). On a Space, where a thread of its reload mode runs too,
Python collects them in an order in which they cannot be closed, and prints a traceback for each
("Invalid file descriptor: -1"). Since Python 3.10 locks need no loop. This can go when Gradio makes
its locks so.
"""

import asyncio

from gradio import queueing, utils


def make_locks_alone() -> None:
    """Let the pages that are built from now on have locks, and no loops for them."""
    utils.safe_get_lock = queueing.safe_get_lock = asyncio.Lock
    utils.safe_get_stop_event = asyncio.Event
