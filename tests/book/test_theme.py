"""Our two themes: what differs is colour and face, what both keep is that PDF and DOCX stand on the same measures."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pypdf
import pytest
from lxml import etree

from book.books import cell, every_block, generated_book, png
from book.docx_reading import PICTURES
from service.book.docx import render_docx
from service.book.docx_head import dot
from service.book.docx_looks import looks
from service.book.html import render_html
from service.book.html_style import style_sheet
from service.book.model import Book, Grid, Part, Style
from service.book.pdf import render_pdf
from service.book.theme import FORMAL, MODERN, THEME_NAMES, THEMES, Logo, Theme
from service.settings import settings

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
LOGO = Logo(png(40, 10), "png", 40, 10)
BOTH = pytest.mark.parametrize("theme", [FORMAL, MODERN], ids=["formal", "modern"])


def parts_of(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def docx_of(book: Book, theme: Theme) -> dict[str, bytes]:
    return parts_of(render_docx(book, theme, None, PICTURES))


def words_by_line(file: bytes) -> list[list[str]]:
    """The lines of every page, without their headers."""
    return [(page.extract_text() or "").splitlines()[1:] for page in pypdf.PdfReader(io.BytesIO(file)).pages]


def test_every_theme_has_a_chinese_name() -> None:
    assert set(THEMES) == set(THEME_NAMES) == {theme.name for theme in (FORMAL, MODERN)}


@BOTH
def test_measures_are_whole_twentieths_of_a_point_so_that_both_renderers_set_the_same(theme: Theme) -> None:
    for look in looks(theme):
        for length in (look.type.pitch, look.type.above, look.type.below, theme.cell_air, theme.cell_padding):
            assert abs(length * 20 - round(length * 20)) < 1e-6
        assert look.type.size * 2 == int(look.type.size * 2)
        assert look.type.pitch >= look.type.size


def test_the_formal_theme_is_black_on_white_with_every_cell_ruled() -> None:
    parts = docx_of(every_block(), FORMAL)
    styles = etree.fromstring(parts["word/styles.xml"])
    assert {each.get(f"{W}val") for each in styles.iter(f"{W}color")} <= {"0563C1"}  # addresses only
    assert not list(etree.fromstring(parts["word/document.xml"]).iter(f"{W}tcBorders"))
    borders = styles.find(f".//{W}style[@{W}styleId='Register']//{W}tblBorders")
    assert borders is not None
    assert {each.get(f"{W}val") for each in borders} == {"single"}


def test_registers_of_the_modern_theme_have_light_rules_across_and_none_down() -> None:
    parts = docx_of(every_block(), MODERN)
    borders = etree.fromstring(parts["word/styles.xml"]).find(f".//{W}style[@{W}styleId='Register']//{W}tblBorders")
    assert borders is not None
    lines = {etree.QName(each).localname: each.get(f"{W}color") or each.get(f"{W}val") for each in borders}
    assert (lines["insideV"], lines["left"], lines["right"]) == ("nil", "nil", "nil")
    assert lines["insideH"] == MODERN.registers.across != lines["top"] == MODERN.accent
    document = etree.fromstring(parts["word/document.xml"])
    assert {each.get(f"{W}color") for each in document.iterfind(f".//{W}tcBorders/{W}bottom")} == {MODERN.accent}


def test_a_form_keeps_all_its_rules_in_both_themes() -> None:
    form = Grid((1, 1), ((cell("姓名"), cell("")),), air=0.5)
    for theme in (FORMAL, MODERN):
        document = etree.fromstring(docx_of(Book("表", "厂", "", (Part("a", (form,)),)), theme)["word/document.xml"])
        assert [each.get(f"{W}val") for each in document.iter(f"{W}tblStyle")] == ["TableGrid"]
        borders = etree.fromstring(docx_of(every_block(), theme)["word/styles.xml"]).find(
            f".//{W}style[@{W}styleId='TableGrid']//{W}tblBorders"
        )
        assert borders is not None
        assert {each.get(f"{W}val") for each in borders} == {"single"}


def test_the_modern_cover_alone_has_the_band() -> None:
    parts = docx_of(every_block(), MODERN)
    banded = [name for name, data in parts.items() if name.startswith("word/header") and "封面色带".encode() in data]
    assert len(banded) == 1
    assert dot(MODERN.accent) in parts.values()
    assert not any("封面色带".encode() in data for data in docx_of(every_block(), FORMAL).values())


@BOTH
def test_a_logo_moves_no_line(theme: Theme) -> None:
    """In the PDF every line of every page stays; in the DOCX the body and its styles are the same bytes."""
    book, marked = generated_book(2), replace(theme, logo=LOGO)
    plain, with_logo = (render_pdf(book, each, settings().fonts) for each in (theme, marked))
    assert plain.layout == with_logo.layout
    assert words_by_line(plain.data) == words_by_line(with_logo.data)
    before, after = docx_of(book, theme), docx_of(book, marked)
    assert before["word/styles.xml"] == after["word/styles.xml"]
    assert [each.text for each in etree.fromstring(before["word/document.xml"]).iter(f"{W}t")] == [
        each.text for each in etree.fromstring(after["word/document.xml"]).iter(f"{W}t")
    ]


def test_a_logo_hangs_in_every_header_and_on_the_cover_and_is_stored_once() -> None:
    parts = docx_of(every_block(), replace(FORMAL, logo=LOGO))
    headers = {name: etree.fromstring(data) for name, data in parts.items() if name.startswith("word/header")}
    worded = [name for name, root in headers.items() if list(root.iter(f"{W}t"))]
    assert worded
    for name in worded:
        assert len(list(headers[name].iter(f"{WP}anchor"))) == 1
        assert f"word/_rels/{name.removeprefix('word/')}.rels" in parts
    assert sum(len(list(root.iter(f"{WP}anchor"))) for root in headers.values()) == len(worded) + 1  # and the cover
    assert list(parts.values()).count(LOGO.data) == 1


@BOTH
def test_the_same_theme_gives_the_same_bytes(theme: Theme) -> None:
    marked = replace(theme, logo=LOGO)
    assert render_docx(every_block(), marked, None, PICTURES) == render_docx(every_block(), marked, None, PICTURES)


def test_the_html_has_the_colours_of_its_theme() -> None:
    book = generated_book(1)
    formal, modern = (render_html(book, theme, {}).decode() for theme in (FORMAL, MODERN))
    assert f"#{MODERN.accent}" in modern
    assert f"#{MODERN.accent}" not in formal
    assert "justify-content:flex-start;text-align:left;" in modern


def test_a_face_of_a_house_theme_cannot_leave_the_style_sheet() -> None:
    hostile = replace(FORMAL, body=replace(FORMAL.body, hanzi="宋体'}</style><script>", colour="123456"))
    assert "<" not in style_sheet(hostile)


def test_a_manner_without_a_type_of_its_own_is_set_like_the_body() -> None:
    assert [FORMAL.type_of(style) for style in (Style.BODY, Style.FLUSH, Style.RIGHT, Style.SPACER)] == [FORMAL.body] * 4
