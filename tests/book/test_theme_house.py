"""A customer's Word template becomes a theme; what it does not say falls back, and what must not get in is refused in words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest

from book.templates import LOGO, changed, part, saved, template
from service.book.house_json import from_json, to_json
from service.book.house_package import LARGEST, MOST_ENTRIES, MOST_MARKS, MOST_UNPACKED
from service.book.house_reading import House, read_template
from service.book.house_styles import Found
from service.book.house_theme import house_theme, mapping, page_of
from service.book.model import Style
from service.book.theme import FORMAL, MM, MODERN, THEMES, Theme
from service.errors import InputError

NAME = "公司模板.docx"
USUAL = template()
HOUSE = read_template(USUAL, NAME)
THEME = house_theme(FORMAL, HOUSE, HOUSE.logo)


def test_text_and_headings_take_the_template_s_faces_sizes_pitches_and_colours() -> None:
    body, first = THEME.body, THEME.headings[0]
    assert (body.hanzi, body.latin, body.size, body.pitch, THEME.indent) == ("仿宋_GB2312", "Times New Roman", 14, 26, 2)
    assert (first.hanzi, first.size, first.colour, first.bold, first.above, first.below) == ("微软雅黑", 20, "0B5345", True, 10, 6)
    assert first.sans
    assert not body.sans


def test_page_margins_header_rule_and_logo_are_the_template_s() -> None:
    assert [round(value / MM) for value in (THEME.margin_top, THEME.margin_bottom, THEME.margin_left, THEME.margin_right)] == [
        32,
        24,
        25,
        22,
    ]
    assert (round(THEME.header_at / MM), round(THEME.footer_at / MM)) == (15, 13)
    assert THEME.head_rule == "7F8C8D"
    assert THEME.logo is not None
    assert (THEME.logo.ending, THEME.logo.width, THEME.logo.height) == ("png", 120, 30)
    assert LOGO[:8] == THEME.logo.data[:8]


def test_what_the_template_does_not_say_falls_back_and_the_mapping_says_so() -> None:
    rows = {row.block: row for row in mapping(FORMAL, HOUSE)}
    assert rows["注"].style == ""
    assert rows["注"].kept == ("模板中没有对应的样式，全部采用主题的样式",)
    assert rows["注"].type.size == FORMAL.note.size
    assert rows["正文"].kept == ()
    assert rows["章与程序的标题"].style == "标题 1"
    assert "字号（模板为 14 磅" in rows["页眉、页脚"].kept[0]


def test_faces_whose_widths_nobody_verified_are_named() -> None:
    rows = {row.block: row.unverified for row in mapping(FORMAL, HOUSE)}
    assert rows["表格文字"] == ("华康俪金黑", "Calibri")
    assert rows["正文"] == ()


@pytest.mark.parametrize("own", THEMES.values(), ids=THEMES)
def test_a_template_without_a_word_leaves_the_chosen_theme_as_it_is(own: Theme) -> None:
    theme = house_theme(own, House({}, {}), None)
    assert replace(theme, name=own.name, styles=own.styles) == own
    assert [theme.type_of(style) for style in Style if style is not Style.PART_TITLE] == [
        own.type_of(style) for style in Style if style is not Style.PART_TITLE
    ]
    assert theme.name == "house"


def test_missing_values_come_from_whichever_theme_was_chosen() -> None:
    said = House({"body": Found("正文", hanzi="仿宋")}, {})
    assert [house_theme(own, said, None).body.size for own in (FORMAL, MODERN)] == [FORMAL.body.size, MODERN.body.size]
    assert house_theme(MODERN, said, None).type_of(Style.COVER_TITLE) == MODERN.type_of(Style.COVER_TITLE)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (Found("正文", size=72, pitch=90), "字号"),
        (Found("正文", size=12, pitch=5), "行距"),
        (Found("正文", size=12, pitch=22, colour="FFFFFF"), "颜色"),
        (Found("正文", pitch=22), "字号"),
    ],
)
def test_a_value_that_no_page_could_be_read_with_falls_back(found: Found, kept: str) -> None:
    row = next(row for row in mapping(FORMAL, House({"body": found}, {})) if row.block == "正文")
    assert any(word.startswith(kept) for word in row.kept)
    assert 9 <= row.type.size <= 16
    assert 1.1 * row.type.size <= row.type.pitch
    assert row.type.colour == "000000"


@pytest.mark.parametrize(
    "page",
    [
        {"page_width": 100 * MM},
        {"margin_left": 90 * MM, "margin_right": 60 * MM},
        {"margin_left": 2 * MM},
        {"margin_top": 10 * MM, "header_at": 12 * MM},
        {"margin_top": -20 * MM},
    ],
)
def test_a_page_that_holds_no_text_is_not_taken_and_the_reason_is_said(page: dict[str, float]) -> None:
    measures, faults = page_of(FORMAL, House({}, page), FORMAL.running)
    assert measures["margin_left"] == FORMAL.margin_left
    assert faults[0].endswith("采用主题的")


def test_a_house_style_survives_being_kept() -> None:
    assert from_json(to_json(HOUSE), HOUSE.logo.data if HOUSE.logo else b"") == HOUSE
    assert from_json(to_json(HOUSE)).logo is None


def test_a_picture_that_cannot_be_printed_is_left_out_and_named() -> None:
    media = next(name for name in zipfile.ZipFile(io.BytesIO(USUAL)).namelist() if name.startswith("word/media/"))
    read = read_template(changed(USUAL, {media: b"\x01\0\0\0 an EMF"}), NAME)
    assert read.logo is None
    assert "EMF" in read.notes[0]


def test_styles_based_on_each_other_in_a_circle_end() -> None:
    styles = part(USUAL, "word/styles.xml").replace(b"</w:styles>", b"") + (
        b'<w:style w:type="paragraph" w:styleId="X"><w:name w:val="caption"/><w:basedOn w:val="X"/></w:style></w:styles>'
    )
    assert read_template(changed(USUAL, {"word/styles.xml": styles}), NAME).types["body"].size == 14


def test_an_empty_document_of_word_is_a_template_too() -> None:
    read = read_template(saved(docx.Document()), NAME)
    assert read.logo is None
    assert house_theme(FORMAL, read, None).page_width > 0


def bomb() -> bytes:
    return changed(USUAL, {"word/media/huge.bin": bytes(MOST_UNPACKED + 1)})


def dense() -> bytes:
    return changed(USUAL, {"word/media/dense.bin": bytes(5 * 2**20)})


def thicket() -> bytes:
    """Few bytes, as they are packed and unpacked, that would become a tree of many times as many."""
    return changed(USUAL, {"word/header9.bin": b"<x>" + b"".join(b"<a/><b%d/>" % number for number in range(MOST_MARKS // 2)) + b"</x>"})


def crowd() -> bytes:
    return changed(USUAL, {f"word/media/{number}.bin": b"" for number in range(MOST_ENTRIES + 1)})


def doctype(encoding: str, words: str = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>') -> Callable[[], bytes]:
    def make() -> bytes:
        xml = f'<?xml version="1.0" encoding="{encoding}"?>{words}<x>&e;</x>'
        return changed(USUAL, {"word/glossary/document.xml": xml.encode(encoding)})

    return make


def external(kind: str) -> Callable[[], bytes]:
    def make() -> bytes:
        rows = part(USUAL, "word/_rels/document.xml.rels")
        address = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
        more = f'<Relationship Id="rIdOut" Type="{address}{kind}" Target="http://127.0.0.1:1/x.png" TargetMode="External"/></Relationships>'
        return changed(USUAL, {"word/_rels/document.xml.rels": rows.replace(b"</Relationships>", more.encode())})

    return make


def locked() -> bytes:
    """A zip whose entries say that they are encrypted."""
    data = bytearray(USUAL)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(sign, at + 4)
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "not a zip": (lambda: b"hello", "template_broken"),
    "cut off": (lambda: USUAL[: len(USUAL) // 2], "template_broken"),
    "damaged inside": (lambda: USUAL[:200] + bytes(200) + USUAL[400:], "template_broken"),
    "packed as no Word packs": (lambda: _zip({"word/document.xml": b"a" * 99}, zipfile.ZIP_LZMA), "template_broken"),
    "another zip": (lambda: changed(_zip({"a.txt": b"a"}), {}), "template_not_word"),
    "styles are no xml": (lambda: changed(USUAL, {"word/styles.xml": b"<w:styles"}), "template_broken"),
    "macros": (lambda: changed(USUAL, {"word/vbaProject.bin": b"x"}), "template_macros"),
    "macros by type": (
        lambda: changed(
            USUAL, {"[Content_Types].xml": part(USUAL, "[Content_Types].xml").replace(b"document.main", b"document.macroEnabled.main")}
        ),
        "template_macros",
    ),
    "encrypted by Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "template_encrypted"),
    "encrypted zip": (locked, "template_encrypted"),
    "zip bomb": (bomb, "template_bomb"),
    "dense part": (dense, "template_bomb"),
    "too many elements": (thicket, "template_too_dense"),
    "too many parts": (crowd, "template_bomb"),
    "external entity": (doctype("utf-8"), "template_entities"),
    "external entity in UTF-16": (doctype("utf-16-le"), "template_entities"),
    "doctype alone": (doctype("utf-8", "<!DOCTYPE x>"), "template_entities"),
    "external picture": (external("image"), "template_external"),
    "external object": (external("oleObject"), "template_external"),
}


def _zip(parts: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("made", HOSTILE, ids=lambda name: name.replace(" ", "-"))
def test_a_file_that_must_not_get_in_is_refused_in_words(made: str) -> None:
    make, code = HOSTILE[made]
    with pytest.raises(InputError) as refused:
        read_template(make(), NAME)
    assert refused.value.code == code
    assert any("一" <= char <= "鿿" for char in str(refused.value))


def test_a_file_larger_than_ten_megabytes_is_refused_before_it_is_opened() -> None:
    with pytest.raises(InputError, match="10 MB"):
        read_template(bytes(LARGEST + 1), NAME)


def test_a_link_to_elsewhere_and_an_attached_template_are_no_danger() -> None:
    for kind in ("hyperlink", "attachedTemplate"):
        assert read_template(external(kind)(), NAME).types["body"].size == 14


@pytest.mark.parametrize(("place", "said"), [("top", "--5"), ("top", "9" * 5000), ("linePitch", "9" * 5000), ("linePitch", "-1")])
def test_a_length_that_is_none_is_not_taken(place: str, said: str) -> None:
    xml = part(USUAL, "word/document.xml")
    made = (
        re.sub(rb'w:top="[^"]*"', b'w:top="%s"' % said.encode(), xml)
        if place == "top"
        else re.sub(rb"<w:docGrid[^>]*>", b'<w:docGrid w:type="lines" w:linePitch="%s"/>' % said.encode(), xml)
    )
    assert made != xml
    assert house_theme(FORMAL, read_template(changed(USUAL, {"word/document.xml": made}), NAME), None).margin_top > 0
