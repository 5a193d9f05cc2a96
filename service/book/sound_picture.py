"""Whether a picture can be printed, judged by its bytes alone: what lies in the file store may come from elsewhere, or be damaged."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from service.book.model import Photo
from service.book.theme import Theme
from service.errors import ServiceError
from service.kit.fingerprint import file_fingerprint

_known: OrderedDict[str, bool] = OrderedDict()
KNOWN = 4096
"""Pictures whose verdict is remembered by this process, by SHA-256: to decode a photo costs more than to print it."""


def is_sound(data: bytes, theme: Theme, fonts: Path) -> bool:
    """A whole PNG or JPEG of no more pixels than are taken in, or an SVG that is clean and can be drawn."""
    key = file_fingerprint(data)
    found = _known.get(key)
    if found is None:
        _known[key] = found = _is_sound(data, theme, fonts)
        while len(_known) > KNOWN:
            _known.popitem(last=False)
    return found


def _is_sound(data: bytes, theme: Theme, fonts: Path) -> bool:
    from service.book.clean_raster import check_raster  # a book without pictures needs no image library
    from service.book.clean_svg import clean_svg
    from service.book.photo import is_vector, photo_extension, photo_pixels
    from service.book.photo_vector import is_drawable

    photo = Photo(data, "")
    try:
        if is_vector(photo):
            return clean_svg(data, "")[0] == data and min(photo_pixels(photo)) > 0 and is_drawable(photo, theme, fonts)
        check_raster(data, "", photo_extension(photo).upper())
    except ServiceError:
        return False
    return True
