"""SVG photos as PNG, for programs that cannot show an SVG in a DOCX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from typst import TypstError

from service.book.drawing_shapes import number
from service.book.drawing_svg import PPI
from service.book.model import Photo
from service.book.photo import photo_size
from service.book.theme import Theme
from service.book.typesetter import typesetter


def is_drawable(photo: Photo, theme: Theme, fonts: Path) -> bool:
    """Whether an SVG can be drawn: one that cannot would keep a whole book from being printed."""
    try:
        vector_pngs([photo], theme, fonts)
    except TypstError:
        return False
    return True


def vector_pngs(photos: Sequence[Photo], theme: Theme, fonts: Path) -> list[bytes]:
    """One PNG for each at 220 pixels an inch of its printed size, all in one run of typst. `fonts`: folder of the font packages."""
    if not photos:
        return []
    sizes = [photo_size(photo, (theme.text_width, theme.text_height)) for photo in photos]
    pages = [
        f'#page(image("/p{place}.svg", width: {number(width)}pt, height: {number(height)}pt))'
        for place, (width, height) in enumerate(sizes)
    ]
    source = "\n".join(("#set page(width: auto, height: auto, margin: 0pt)", *pages))
    with typesetter(source, fonts, {f"p{place}.svg": photo.data for place, photo in enumerate(photos)}) as compiler:
        result = cast("bytes | list[bytes]", compiler.compile(format="png", ppi=PPI))
    return [result] if isinstance(result, bytes) else list(result)
