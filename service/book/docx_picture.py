"""Drawings and photos as pictures in the line: of vectors a PNG for every reader, the SVG for those that can show it."""

from __future__ import annotations

from service.book.docx_head import SVG
from service.book.docx_paragraph import KEEP, paragraph
from service.book.docx_text import attribute, run
from service.book.docx_writing import Writing, embed, picture_number
from service.book.geometry import fit, photo_area, picture_area
from service.book.model import Drawing, Figure, Photo
from service.book.photo import is_vector, photo_extension, photo_size

EMU = 12700  # English metric units of a point


def figure_xml(figure: Figure, writing: Writing) -> str:
    """A drawing; its Picture stands in `writing.pictures`."""
    drawing = figure.drawing
    size = fit(drawing.width, drawing.height, picture_area(writing.area, writing.theme, figure.caption))
    return _picture(writing, drawing, "png", size, figure.alt, figure.caption)


def photo_xml(photo: Photo, writing: Writing) -> str:
    """A photo; the Picture of an SVG stands in `writing.pictures`."""
    size = photo_size(photo, photo_area(writing.area, writing.theme, photo.caption))
    if is_vector(photo):
        return _picture(writing, photo, "png", size, photo.alt, photo.caption)
    return _picture(writing, photo.data, photo_extension(photo), size, photo.alt, photo.caption)


def _picture(writing: Writing, of: bytes | Drawing | Photo, ending: str, size: tuple[float, float], alt: str, caption: str) -> str:
    """`of`: the bytes of a photo, or what has an SVG and a PNG in `writing.pictures`."""
    number = picture_number(writing)
    image = embed(writing, of, ending)
    vector = "" if isinstance(of, bytes) else SVG.format(embed(writing, of, "svg"))
    width, height = (round(length * EMU) for length in size)
    drawing = _INLINE.format(id=number, alt=attribute(alt), image=image, vector=vector, width=width, height=height)
    below = paragraph("Caption", run(caption)) if caption else ""
    return paragraph("Figure", f"<w:r>{drawing}</w:r>", KEEP if caption else "") + below


_INLINE = (
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{id}" name="图 {id}" descr="{alt}"/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{id}" name="图 {id}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{image}">{vector}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
)
