"""SVG photos as PNG, for programs that cannot show an SVG in a DOCX."""

from __future__ import annotations

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
        vector_png(photo, theme, fonts)
    except TypstError:
        return False
    return True


def vector_png(photo: Photo, theme: Theme, fonts: Path) -> bytes:
    """At 220 pixels an inch of its printed size. `fonts`: folder of the font packages."""
    width, height = photo_size(photo, (theme.text_width, theme.text_height))
    page = f'#page(image("/photo.svg", width: {number(width)}pt, height: {number(height)}pt))'
    source = f"#set page(width: auto, height: auto, margin: 0pt)\n{page}"
    with typesetter(source, fonts, {"photo.svg": photo.data}) as compiler:
        return cast(bytes, compiler.compile(format="png", ppi=PPI))
