"""Pictures for tests: photos and screenshots as programs write them, drawings, and files that only claim to be pictures."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/ns"'


def photo(width: int = 40, height: int = 30, kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture with a red left half, so that one can see how it was turned."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height))
    made = io.BytesIO()
    image.convert(mode).save(made, kind, **options)
    return made.getvalue()


def camera_notes(orientation: int = 1) -> bytes:
    """EXIF as a telephone writes it: maker, orientation, place."""
    notes = Image.Exif()
    notes[0x010F], notes[0x0112] = "SECRETMAKER", orientation
    notes.get_ifd(0x8825)[0x0001] = "N"
    notes.get_ifd(0x8825)[0x0002] = (31.0, 13.0, 48.0)
    return notes.tobytes()


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises this size."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    parts = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def svg(body: str = '<rect width="80" height="40" fill="#123456"/>', size: str = 'width="120" height="60"', before: str = "") -> bytes:
    return f"{before}<svg {NAMESPACES} {size}>{body}</svg>".encode()
