"""The stamp inside one header part of a DOCX: a framed line above the header, and the large word as the watermark that Word itself makes."""

from __future__ import annotations

from lxml import etree

from service.book.docx_base import HEAD
from service.book.docx_styles import fonts, twips
from service.book.docx_text import escape
from service.book.mark import Stamp, colour, large_mark, line
from service.book.stamp_place import AIR, CLEAR, FROM_EDGE, LINE, large_size
from service.book.theme import Theme

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
HEADER = f'{HEAD}<w:hdr xmlns:w="{W}"><w:p/></w:hdr>'.encode()
"""A header that shows nothing."""


def stamped_header(part: bytes, mark: Stamp, theme: Theme, place: int) -> bytes:
    """The header with the stamp; `place` counts the headers of the file, so that every shape has a name of its own."""
    root = etree.fromstring(part)
    word = large_mark(mark)
    if word:
        anchor = next(root.iter(f"{{{W}}}p"))
        anchor.append(_element(_watermark(word, mark, theme, place)))
    root.insert(0, _element(_frame(mark, theme)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _element(xml: str) -> etree._Element:
    return etree.fromstring(f"<w:x {_NAMESPACES}>{xml}</w:x>")[0]


def _frame(mark: Stamp, theme: Theme) -> str:
    """A paragraph that stands at its place on the page whatever the header holds: at the top, centred, as wide as narrow pages allow."""
    width = twips(theme.page_width - 2 * AIR)
    return (
        f'<w:p><w:pPr><w:framePr w:w="{width}" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" w:y="{twips(FROM_EDGE)}"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{twips(LINE.pitch)}" w:lineRule="exact"/>'
        '<w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>'
        f'<w:r><w:rPr>{fonts(theme, LINE)}<w:color w:val="{colour(mark)}"/><w:sz w:val="{round(LINE.size * 2)}"/>'
        f'<w:szCs w:val="{round(LINE.size * 2)}"/></w:rPr><w:t xml:space="preserve">{escape(line(mark))}</w:t></w:r></w:p>'
    )


def _watermark(word: str, mark: Stamp, theme: Theme, place: int) -> str:
    """A run with a text path behind the page's text. Word and LibreOffice know a watermark by the beginning of its name."""
    size = large_size(word, theme.page_width, theme.page_height)
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{size * len(word)}pt;height:{size}pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:page;"
        "mso-position-vertical:center;mso-position-vertical-relative:page"
    )
    return (
        f"<w:r><w:rPr><w:noProof/></w:rPr><w:pict>{_TEXT_PATH}"
        f'<v:shape id="PowerPlusWaterMarkObject{place}" o:spid="_x0000_s{2048 + place}" type="#_x0000_t136" style="{style}" o:allowincell="f" '
        f'fillcolor="#{colour(mark)}" stroked="f"><v:fill opacity="{(100 - CLEAR) / 100}"/>'
        f'<v:textpath style="font-family:&quot;{escape(theme.faces.sans_hanzi)}&quot;;font-size:1pt" string="{word}"/></v:shape></w:pict></w:r>'
    )


# The shape type of a straight text path (WordArt "plain text"), as ECMA-376 part 4 lists it.
_TEXT_PATH = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
    '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/>'
    '<v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
    '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
)
