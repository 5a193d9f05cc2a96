"""Word templates for tests: a customer's usual one, and files that must not get in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from book.books import png

LOGO = png(120, 30)


def template() -> bytes:
    """A company's template: 仿宋 text, blue 微软雅黑 headings, its own margins, a header with a logo and a grey rule, a table style."""
    made = docx.Document()
    _text(made)
    for level, size, colour in ((1, 20, "0B5345"), (2, 15, "0B5345"), (3, 12, "1B2631")):
        _heading(made.styles[f"Heading {level}"], size, colour)
    table = made.styles.add_style("表格文字", WD_STYLE_TYPE.PARAGRAPH)
    _face(table, "华康俪金黑", "Calibri")
    table.font.size = Pt(9.5)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(32), Mm(24), Mm(25), Mm(22)
    section.header_distance, section.footer_distance = Mm(15), Mm(13)
    head = section.header.paragraphs[0]
    head.add_run().add_picture(io.BytesIO(LOGO), width=Mm(24))
    border = '<w:pBdr %s><w:bottom w:val="single" w:sz="6" w:space="1" w:color="7F8C8D"/></w:pBdr>'
    head._p.get_or_add_pPr().append(parse_xml(border % nsdecls("w")))
    made.add_table(1, 2, style="Light List Accent 1")
    made.add_heading("目的", 1)
    made.add_paragraph("为规范售后服务，制定本文件。")
    return saved(made)


def _text(made: docx.document.Document) -> None:
    normal = made.styles["Normal"]
    _face(normal, "仿宋_GB2312", "Times New Roman")
    normal.font.size = Pt(14)
    normal.paragraph_format.line_spacing = Pt(26)
    indent = '<w:ind %s w:firstLineChars="200" w:firstLine="560"/>'
    normal.element.get_or_add_pPr().append(parse_xml(indent % nsdecls("w")))


def _heading(style: docx.styles.style.ParagraphStyle, size: float, colour: str) -> None:
    _face(style, "微软雅黑", "Arial")
    style.font.size, style.font.bold = Pt(size), True
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(6)


def _face(style: docx.styles.style.ParagraphStyle, hanzi: str, latin: str) -> None:
    style.font.name = latin
    fonts = style.element.rPr.rFonts
    for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{slot}"), None)
    fonts.set(qn("w:eastAsia"), hanzi)


def saved(made: docx.document.Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The package with some parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()} | dict(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
