"""Pictures that hang in a page header or footer of the DOCX, out of the text's flow: logo, band of a cover, code. No line moves for them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.book.code import WORDS, code_png, code_svg
from service.book.docx_writing import REL, Writing, store
from service.book.geometry import code_place, cover_logo, cover_logo_side, header_logo
from service.book.model import Numbering, Part
from service.book.theme import Logo, Theme

EMU = 12700  # English metric units of a point
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture at a place: `aside` and `down` are the children of wp:positionH and wp:positionV with what they are relative to. `svg`: the
    same picture for what can show it."""

    data: bytes
    ending: str
    width: float
    height: float
    aside: tuple[str, str]
    down: tuple[str, str]
    name: str
    svg: bytes = b""

    def xml(self, number: int) -> str:
        """A run; `number` counts the pictures of the header or footer."""
        width, height = (round(length * EMU) for length in (self.width, self.height))
        (of_width, aside), (of_height, down) = self.aside, self.down
        vector = SVG.format(f"rIdVector{number}") if self.svg else ""
        return _ANCHOR.format(
            id=number,
            name=self.name,
            width=width,
            height=height,
            of_width=of_width,
            aside=aside,
            of_height=of_height,
            down=down,
            vector=vector,
        )


def head_pictures(part: Part, theme: Theme) -> list[Hung]:
    """What hangs in the header of this part."""
    if part.numbering is Numbering.NONE:
        return list(_cover_pictures(theme))
    return [_head_logo(theme, theme.logo)] if part.head and theme.logo else []


def _head_logo(theme: Theme, logo: Logo) -> Hung:
    """On the header's line, at the left edge of the text."""
    width, height = header_logo(theme, logo)
    top = theme.header_at + theme.running.pitch - height
    return Hung(logo.data, logo.ending, width, height, ("column", _at(0)), ("page", _at(top)), "企业标志")


def _cover_pictures(theme: Theme) -> Iterator[Hung]:
    if theme.cover_band:
        yield Hung(dot(theme.accent), "png", theme.cover_band, theme.page_height, ("page", _at(0)), ("page", _at(0)), "封面色带")
    if theme.logo:
        width, height = cover_logo(theme.logo)
        aside = ("margin", f"<wp:align>{cover_logo_side(theme)}</wp:align>")
        yield Hung(theme.logo.data, theme.logo.ending, width, height, aside, ("page", _at(theme.margin_top)), "企业标志")


def foot_pictures(part: Part, theme: Theme) -> list[Hung]:
    """What hangs in the footer of this part: its code."""
    if not part.code:
        return []
    left, top, side = code_place(theme, part.landscape)
    png, svg = code_png(part.code), code_svg(part.code)
    return [Hung(png, "png", side, side, ("page", _at(left)), ("page", _at(top)), WORDS, svg)]


def _at(points: float) -> str:
    return f"<wp:posOffset>{round(points * EMU)}</wp:posOffset>"


def dot(colour: str) -> bytes:
    """A PNG of one pixel; stored without compression, so that its bytes are those of any zlib."""
    ink = bytes.fromhex(colour)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0" + ink, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def head_relationships(pictures: Sequence[Hung], writing: Writing) -> bytes:
    """The relationships of a header or footer part to its pictures, which are stored once for all of them."""
    files = [(f"rIdHung{number}", each.data, each.ending) for number, each in enumerate(pictures, 1)]
    files += [(f"rIdVector{number}", each.svg, "svg") for number, each in enumerate(pictures, 1) if each.svg]
    rows = "".join(
        f'<Relationship Id="{name}" Type="{REL}/image" Target="{store(writing, data, f"media/image{{}}.{ending}")}"/>'
        for name, data, ending in files
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'.encode()


SVG = (
    '<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{}"/></a:ext></a:extLst>'
)
"""What stands inside a blip for readers that can show the vector."""
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
NAMESPACES = f' xmlns:r="{REL}" xmlns:wp="{_DRAWING}wordprocessingDrawing" xmlns:a="{_DRAWING}main" xmlns:pic="{_DRAWING}picture"'
_ANCHOR = (
    '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{id}" behindDoc="1" locked="0" '
    'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="{of_width}">{aside}</wp:positionH>'
    '<wp:positionV relativeFrom="{of_height}">{down}</wp:positionV><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/><wp:docPr id="{id}" name="{name}" descr="{name}"/>'
    '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{id}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="rIdHung{id}">{vector}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>'
)
