"""The drawings and the SVG photos of a book, each with a PNG beside it: what Word wants of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.book.docx_writing import Picture, Pictures
from service.book.drawing_svg import to_png, to_svg
from service.book.keep import Keep, kept
from service.book.model import Book, Drawing, Figure, Photo
from service.book.pdf_shelf import Shelf
from service.book.photo import is_vector
from service.book.photo_vector import vector_png
from service.book.theme import Theme
from service.kit.fingerprint import file_fingerprint, fingerprint

AT_ONCE = 2
_START, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def drawings(book: Book) -> list[Drawing]:
    """Every drawing of the book once, in order."""
    return list(dict.fromkeys(block.drawing for part in book.parts for block in part.blocks if isinstance(block, Figure)))


def vectors(book: Book) -> list[Photo]:
    """Every SVG photo of the book once, in order."""
    blocks = (block for part in book.parts for block in part.blocks)
    return list(dict.fromkeys(block for block in blocks if isinstance(block, Photo) and is_vector(block)))


def pictures(book: Book, theme: Theme, fonts: Path, shelf: Shelf | None = None, keep: Keep | None = None) -> Pictures:
    """Each of them ready to be placed. Only those are drawn that neither `shelf` nor `keep` has."""
    made_with = fingerprint((theme, str(fonts)))
    shelf = Shelf(0) if shelf is None else shelf

    def made(each: Drawing | Photo) -> Picture:
        return shelf.take(("picture", made_with, each), lambda: _pictured(each, theme, fonts, made_with, keep), _weight)

    wanted: list[Drawing | Photo] = [*drawings(book), *vectors(book)]
    with ThreadPoolExecutor(AT_ONCE) as pool:  # typst runs beside Python
        return dict(zip(wanted, pool.map(made, wanted), strict=True))


def _pictured(each: Drawing | Photo, theme: Theme, fonts: Path, made_with: str, keep: Keep | None) -> Picture:
    svg = each.data if isinstance(each, Photo) else to_svg(each, theme)

    def draw() -> bytes:
        return vector_png(each, theme, fonts) if isinstance(each, Photo) else to_png(each, theme, fonts)

    return Picture(svg, kept(keep, ("png", made_with, file_fingerprint(svg), each.width), draw, bytes, _whole))


def _whole(data: bytes) -> bytes:
    """ValueError for what is no whole PNG."""
    if not (data.startswith(_START) and data.endswith(_END)):
        raise ValueError("no PNG")
    return data


def _weight(picture: Picture) -> int:
    return len(picture.png) + len(picture.svg)
