"""How the C library holds on to memory that was freed."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD = -1  # M_TRIM_THRESHOLD of glibc's malloc.h
_BYTES = 2**20


def give_back_freed() -> None:
    """From now on freed memory goes back to the system soon; glibc would keep more and more of it, and the peak of a large build would be a
    tenth higher. Where there is another C library nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, _BYTES)
