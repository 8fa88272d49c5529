"""Say where LiteRT has no wheel, before pip fails to find one: `make` runs this file by itself.

python testing/platforms.py
"""

import platform
import sys

MACHINES = {
    "Linux": ("x86_64", "aarch64"),
    "Darwin": ("arm64",),
    "Windows": ("AMD64",),
}
"""By system, as Python names it, the processors for which ai-edge-litert 2.3.0 has wheels."""

GLIBC = (2, 27)
NEWEST_PYTHON = (3, 14)
"""The oldest C library and the newest Python of these wheels."""


def find_fault(
    system: str, machine: str, libc: tuple[str, str], python: tuple[int, int]
) -> str | None:
    """Say what of a machine the wheels do not fit, or None if they fit.

    Args:
        system: As ``platform.system`` names it.
        machine: As ``platform.machine`` names it.
        libc: As ``platform.libc_ver`` tells it; Alpine's musl is no glibc.
        python: Major and minor version.
    """
    name, version = libc
    if machine not in MACHINES.get(system, ()):
        return f"{'macOS' if system == 'Darwin' else system} on {machine}"
    if system == "Linux" and (name != "glibc" or as_numbers(version) < GLIBC):
        return f"Linux with {' '.join(libc).strip() or 'musl'}"
    if python > NEWEST_PYTHON:
        return "Python {}.{}".format(*python)
    return None


def as_numbers(version: str) -> tuple[int, ...]:
    """Return a version such as "2.36" as numbers."""
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    fault = find_fault(
        platform.system(), platform.machine(), platform.libc_ver(), sys.version_info[:2]
    )
    if fault:
        sys.exit(
            f"LiteRT, which reads the digits, has no wheel for {fault}. It comes for Linux with "
            "glibc 2.27 or newer on x86-64 and ARM64, for macOS on Apple silicon and for Windows "
            "on x86-64, with Python 3.11 to 3.14. Elsewhere a container of such a Linux runs it."
        )
