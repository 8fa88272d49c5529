"""Threads share few pools of memory.

glibc opens up to eight pools for each core (M_ARENA_MAX in mallopt(3)), and memory that was used in
one of them is of no use in the others. This can go where the environment sets MALLOC_ARENA_MAX.
"""

import ctypes
import platform

from web.limits import MAX_ARENAS


def limit_arenas() -> None:
    """Let all threads share few pools of memory, where the C library has such."""
    if platform.libc_ver()[0] == "glibc":
        arena_max = -8  # glibc's M_ARENA_MAX
        ctypes.CDLL(None).mallopt(arena_max, MAX_ARENAS)
