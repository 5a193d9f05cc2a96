"""Drawings and photos in the DOCX."""

from __future__ import annotations

import struct

import pytest
from lxml import etree

from book.books import DRAWING, HOSTILE, png
from book.docx_reading import NAMES, body, book_of, find, rendered, values
from service.book.geometry import fit, picture_area, text_area
from service.book.model import Figure, Photo
from service.book.photo import photo_size
from service.book.theme import FORMAL
from service.errors import InputError

R = f"{{{NAMES['r']}}}embed"


def test_a_drawing_is_a_png_with_its_svg_beside_it() -> None:
    files = rendered(book_of(Figure(DRAWING, "流程图")))
    document = etree.fromstring(files["word/document.xml"])
    targets = {each.get("Id"): each.get("Target") for each in etree.fromstring(files["word/_rels/document.xml.rels"])}
    raster = targets[find(document, ".//a:blip")[0].get(R)]
    vector = targets[find(document, ".//asvg:svgBlip")[0].get(R)]
    assert files[f"word/{raster}"].startswith(b"\x89PNG")
    assert files[f"word/{vector}"].startswith(b"<svg")


def test_a_drawing_placed_twice_is_stored_once() -> None:
    files = rendered(book_of(Figure(DRAWING, "甲"), Figure(DRAWING, "乙")))
    assert len([name for name in files if name.startswith("word/media/")]) == 2  # one PNG, one SVG


def test_alternative_text_is_there_and_escaped() -> None:
    document = body(Figure(DRAWING, HOSTILE + "\n二"))
    assert find(document, ".//wp:docPr")[0].get("descr") == HOSTILE + "\n二"


def test_picture_ids_are_unique() -> None:
    document = body(*[Figure(DRAWING, "图")] * 3, Photo(png(), "照"))
    ids = [each.get("id") for each in find(document, ".//wp:docPr")]
    assert len(set(ids)) == 4


def test_a_caption_stands_below_and_holds_on_to_the_picture() -> None:
    document = body(Figure(DRAWING, "图", "图 1"))
    assert values(document, ".//w:pStyle") == ["Figure", "Caption"]
    assert len(find(document, ".//w:keepNext")) == 1


def test_the_line_of_a_picture_grows_with_it() -> None:
    files = rendered(book_of())
    style = next(each for each in find(etree.fromstring(files["word/styles.xml"]), ".//w:style") if "Figure" in each.values())
    assert values(style, ".//w:spacing", "lineRule") == ["auto"]


@pytest.mark.parametrize(
    ("size", "most", "printed"),
    [((100, 50), (400, 600), (100, 50)), ((800, 400), (400, 600), (400, 200)), ((100, 1200), (400, 600), (50, 600))],
)
def test_pictures_are_scaled_down_but_never_up(size: tuple[float, float], most: tuple[float, float], printed: tuple[float, float]) -> None:
    assert fit(*size, most) == printed


def test_a_captioned_picture_leaves_room_for_its_caption() -> None:
    area = text_area(FORMAL, landscape=False)
    assert picture_area(area, FORMAL, "图 1")[1] == picture_area(area, FORMAL, "")[1] - FORMAL.caption.pitch


@pytest.mark.parametrize(("width", "printed"), [(0, (30, 15)), (60, (60, 30)), (9999, (400, 200))])
def test_a_photo_has_its_natural_or_the_asked_size(width: float, printed: tuple[float, float]) -> None:
    assert photo_size(Photo(png(40, 20), "照", width=width), (400, 600)) == printed


@pytest.mark.parametrize("data", [b"", b"no picture", b"GIF89a" + bytes(40), b"<svg onload='alert(1)'/>", png()[:20], b"\xff\xd8\xff"])
def test_what_is_no_png_or_jpeg_is_refused(data: bytes) -> None:
    with pytest.raises(InputError) as refusal:
        body(Photo(data, "照"))
    assert refusal.value.code == "bad_image"


def test_a_jpeg_keeps_its_kind() -> None:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 30, 40, 1) + b"\x01\x11\x00"
    jpeg = b"\xff\xd8\xff\xe0" + struct.pack(">H5sHBHHBB", 16, b"JFIF\0", 0x0101, 1, 96, 96, 0, 0) + frame + b"\xff\xda\x00\x02\xff\xd9"
    assert "word/media/image1.jpeg" in rendered(book_of(Photo(jpeg, "照")))
