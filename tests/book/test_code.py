"""The code in the corner of a document's pages: the same symbol in PDF, DOCX and HTML, beside the text, and no line moves for it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from book.books import every_block, layout_of
from book.pdf_archive import faults
from service.book.code import QUIET, WORDS, code_png, code_svg, modules
from service.book.docx import render_docx
from service.book.docx_writing import Picture
from service.book.geometry import code_place
from service.book.html import render_html
from service.book.model import Book, Drawing, Figure, Photo
from service.book.pdf import render_pdf
from service.book.theme import FORMAL, MM, MODERN, Theme

FONTS = Path(__file__).parents[2] / "node_modules" / "@expo-google-fonts"
ADDRESS = "https://shouhou.example.com/r/abcdefghijklmnopqrstuvwxyz"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def coded(book: Book) -> Book:
    """The chapter and the broad part bear a code each."""
    codes = {"chapter": ADDRESS, "matrix": ADDRESS.replace("abc", "xyz")}
    return replace(book, parts=tuple(replace(part, code=codes.get(part.anchor, "")) for part in book.parts))


def drawings(book: Book) -> list[Drawing]:
    return [block.drawing for part in book.parts for block in part.blocks if isinstance(block, Figure)]


def docx(book: Book) -> zipfile.ZipFile:
    pictures: dict[Drawing | Photo, Picture] = {drawing: Picture(b"<svg/>", code_png(ADDRESS)) for drawing in drawings(book)}
    return zipfile.ZipFile(io.BytesIO(render_docx(book, FORMAL, layout_of(book), pictures)))


def test_symbol_has_its_quiet_zone_and_three_finders() -> None:
    rows = modules(ADDRESS)
    size = len(rows)
    assert (size - 17 - 2 * QUIET) % 4 == 0
    assert not any(any(row) for row in (*rows[:QUIET], *rows[-QUIET:]))
    assert not any(any(row[:QUIET]) or any(row[-QUIET:]) for row in rows)
    for top, left in ((QUIET, QUIET), (QUIET, size - QUIET - 7), (size - QUIET - 7, QUIET)):
        assert all(rows[top][left : left + 7])
        assert all(row[left] for row in rows[top : top + 7])


def test_vector_and_pixels_draw_the_same_modules() -> None:
    drawn = {(int(x), int(y)) for x, y, _ in strokes()} | {
        (int(x) + step, int(y)) for x, y, length in strokes() for step in range(int(length))
    }
    assert drawn == {(x, y) for y, row in enumerate(modules(ADDRESS)) for x, dark in enumerate(row) if dark}
    assert code_png(ADDRESS).startswith(b"\x89PNG")


def strokes() -> list[tuple[str, str, str]]:
    return re.findall(r"M(\d+) (\d+)h(\d+)v1h", code_svg(ADDRESS).decode())


@pytest.mark.parametrize("theme", [FORMAL, MODERN], ids=["formal", "modern"])
@pytest.mark.parametrize("landscape", [False, True])
def test_it_stands_off_the_texts_corner_on_the_paper(theme: Theme, landscape: bool) -> None:
    left, top, side = code_place(theme, landscape)
    width, height = (theme.page_height, theme.page_width) if landscape else (theme.page_width, theme.page_height)
    assert side == pytest.approx(15 * MM)
    assert left > width - theme.margin_right
    assert top > height - theme.margin_bottom
    assert max(left - width, top - height) + side <= -4 * MM


@pytest.mark.parametrize("right", [8 * MM, 26 * MM])
def test_on_narrow_margins_it_still_keeps_off_the_text(right: float) -> None:
    theme = replace(FORMAL, margin_right=right, margin_bottom=18 * MM)
    left, top, side = code_place(theme, False)
    assert left >= theme.page_width - right or top >= theme.page_height - theme.margin_bottom
    assert left + side <= theme.page_width
    assert top + side <= theme.page_height


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts are not installed (npm ci)")
def test_pdf_with_codes_breaks_its_pages_alike_and_stays_an_archive() -> None:
    plain, made = render_pdf(every_block(), FORMAL, FONTS), render_pdf(coded(every_block()), FORMAL, FONTS)
    assert made.layout == plain.layout
    assert [fault for fault in faults(made.data) if fault not in faults(plain.data)] == []
    assert made.data == render_pdf(coded(every_block()), FORMAL, FONTS).data


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts are not installed (npm ci)")
def test_pages_of_a_document_share_one_drawing_and_others_have_none() -> None:
    with pikepdf.open(io.BytesIO(render_pdf(coded(every_block()), FORMAL, FONTS).data)) as pdf:
        last = [[each.objgen for each in page.obj.Contents][3:] for page in pdf.pages]
        upright, broad = (
            [page for page, own in zip(pdf.pages, last, strict=True) if own and (page.mediabox[2] > page.mediabox[3]) is wide]
            for wide in (False, True)
        )
    assert last[0] == []
    assert upright
    assert broad
    assert len({own[0] for own in last if own}) == 2


def test_docx_hangs_the_code_in_the_footers_of_its_document_only() -> None:
    with docx(coded(every_block())) as file:
        names = [name for name in file.namelist() if re.fullmatch(r"word/footer\d+\.xml", name)]
        footers = {name: etree.fromstring(file.read(name)) for name in names}
        hung = [name for name, root in footers.items() if root.find(f".//{W}drawing") is not None]
        assert (len(hung), len(names) > 2) == (2, True)
        for name in hung:
            [anchor] = footers[name].iter("{*}anchor")
            assert anchor.find("{*}wrapNone") is not None
            assert [each.get("descr") for each in anchor.iter("{*}docPr")] == [WORDS]
            relations = file.read(f"word/_rels/{name.removeprefix('word/')}.rels").decode()
            assert sorted(re.findall(r"\.(png|svg)\"", relations)) == ["png", "svg"]


def test_html_links_the_symbol() -> None:
    book = coded(every_block())
    page = render_html(book, FORMAL, dict.fromkeys(drawings(book), b"<svg/>")).decode()
    assert re.findall(r'<a class="code" href="([^"]+)"', page) == [ADDRESS, ADDRESS.replace("abc", "xyz")]


def test_without_an_address_nothing_is_drawn() -> None:
    with docx(every_block()) as file:
        assert not [name for name in file.namelist() if name.startswith("word/_rels/footer")]
