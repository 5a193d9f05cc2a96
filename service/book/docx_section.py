"""Parts of a book as Word sections: paper, page numbers, header and footer of their own."""

from __future__ import annotations

from collections.abc import Sequence

from service.book.docx_head import NAMESPACES, Hung, foot_pictures, head_pictures, head_relationships
from service.book.docx_paragraph import paragraph
from service.book.docx_styles import twips
from service.book.docx_text import TAB, field, page_field, run
from service.book.docx_writing import END, Writing, relate, store
from service.book.geometry import header_start, text_area
from service.book.model import Numbering, Part
from service.book.sections import Section

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def section_xml(section: Section, writing: Writing) -> str:
    """The w:sectPr. Header and footer are always named, for a section without one would inherit its predecessor's."""
    part, theme = section.part, writing.theme
    width, height = twips(theme.page_width), twips(theme.page_height)
    paper = f'w:w="{height}" w:h="{width}" w:orient="landscape"' if part.landscape else f'w:w="{width}" w:h="{height}"'
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{_header(part, writing)}"/>'
        f'<w:footerReference w:type="default" r:id="{_footer(part, writing)}"/>'
        f'<w:type w:val="nextPage"/><w:pgSz {paper}/>{_margins(writing)}{_numbers(section)}</w:sectPr>'
    )


def _margins(writing: Writing) -> str:
    theme = writing.theme
    return (
        f'<w:pgMar w:top="{twips(theme.margin_top)}" w:right="{twips(theme.margin_right)}" w:bottom="{twips(theme.margin_bottom)}" '
        f'w:left="{twips(theme.margin_left)}" w:header="{twips(theme.header_at)}" w:footer="{twips(theme.footer_at)}" w:gutter="0"/>'
    )


def _numbers(section: Section) -> str:
    start = ' w:start="1"' if section.restart else ""
    return {
        Numbering.NONE: "",
        Numbering.ROMAN: f'<w:pgNumType w:fmt="lowerRoman"{start}/>',
        Numbering.ARABIC: f'<w:pgNumType w:fmt="decimal"{start}/>',
    }[section.part.numbering]


def _header(part: Part, writing: Writing) -> str:
    pictures = head_pictures(part, writing.theme)
    drawings = "".join(picture.xml(number) for number, picture in enumerate(pictures, 1))
    if part.head is None:
        content = paragraph("Footer", drawings)  # the footer's style has no rule below
    else:
        after_logo = TAB if writing.theme.logo else ""
        content = paragraph("Header", drawings + after_logo + run(part.head.left) + TAB + run(part.head.right), _head_tabs(part, writing))
    return _story("hdr", "header", content, writing, pictures)


def _head_tabs(part: Part, writing: Writing) -> str:
    """Where the words begin beside a logo; on a broad page the right half of the header stands at the broad page's edge."""
    start = header_start(writing.theme)
    stops = f'<w:tab w:val="left" w:pos="{twips(start)}"/>' if start else ""
    if part.landscape:
        upright, broad = (twips(text_area(writing.theme, landscape)[0]) for landscape in (False, True))
        stops += f'<w:tab w:val="clear" w:pos="{upright}"/><w:tab w:val="right" w:pos="{broad}"/>'
    return f"<w:tabs>{stops}</w:tabs>" if stops else ""


def _footer(part: Part, writing: Writing) -> str:
    total = field("NUMPAGES", "") if writing.counting else page_field(END, str(writing.layout.arabic) if writing.layout else "")
    content = {
        Numbering.NONE: "",
        Numbering.ROMAN: field("PAGE", "i"),
        Numbering.ARABIC: run("第 ") + field("PAGE", "1") + run(" 页 共 ") + total + run(" 页"),
    }[part.numbering]
    pictures = foot_pictures(part, writing.theme)
    drawings = "".join(picture.xml(number) for number, picture in enumerate(pictures, 1))
    return _story("ftr", "footer", paragraph("Footer", drawings + content), writing, pictures)


def _story(root: str, kind: str, content: str, writing: Writing, pictures: Sequence[Hung] = ()) -> str:
    """The relationship id of a header or footer part; equal ones are one part."""
    xml = f'{_HEAD}<w:{root} xmlns:w="{W}"{NAMESPACES if pictures else ""}>{content}</w:{root}>'
    name = store(writing, xml.encode(), f"{kind}{{}}.xml")
    if pictures:
        writing.parts[f"_rels/{name}.rels"] = head_relationships(pictures, writing)
    return relate(writing, kind, name)
