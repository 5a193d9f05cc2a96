"""Pictures of a text as they are printed: in the DOCX, the PDF and HTML, with their captions, or as a frame that says what is missing."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from shutil import which

import pikepdf
import pytest
from lxml import etree
from pictures import photo, svg
from pypdf import PdfReader

from book.docx_reading import NAMES, find, values
from service.book.clean_picture import clean_picture
from service.book.docx import render_docx
from service.book.docx_writing import Pictures
from service.book.from_text import Setting, text_blocks
from service.book.geometry import photo_area, text_area
from service.book.html import render_html
from service.book.html_fragment import render_fragment
from service.book.model import Block, Book, Grid, Heading, Para, Part, Photo, Span
from service.book.pdf import render_pdf
from service.book.photo import photo_extension, photo_size
from service.book.pictured import pictures
from service.book.theme import FORMAL
from service.settings import settings
from service.text.parse import parse_procedure

FRONT = "---\nkey: a\ntitle: 维修服务程序\nkind: work_instruction\ndepartment: service\n---\n"
FONTS = settings().fonts
PHOTO = clean_picture(photo(800, 600), "现场.jpg").data
DRAWING = clean_picture(svg('<rect width="90" height="40" fill="none" stroke="#000"/><text x="9" y="25">受理报修</text>'), "流程.svg").data
IMAGES = {"picture:photo": PHOTO, "picture:drawing": DRAWING}


def blocks(text: str) -> tuple[Block, ...]:
    return text_blocks(parse_procedure(FRONT + text), Setting("doc-a", images=IMAGES))


def book(*contents: Block) -> Book:
    return Book("手册", "企业", "主题", (Part("doc-a", contents),))


def placed(made: Book) -> Pictures:
    """The drawings of the book ready for the DOCX."""
    return pictures(made, FORMAL, FONTS)


def docx_of(made: Book) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render_docx(made, FORMAL, None, placed(made)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_picture_has_a_numbered_caption() -> None:
    [first, second, third] = blocks("![现场](picture:photo)\n\n![](picture:photo)\n\n![流程](picture:drawing)\n")
    assert [(each.alt, each.caption) for each in (first, second, third) if isinstance(each, Photo)] == [
        ("图 1 现场", "图 1 现场"),
        ("图片", ""),
        ("图 2 流程", "图 2 流程"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("![现场](picture:lost)\n", "图片缺失：图 1 现场"),
        (f"![](picture:{'ab' * 32})\n", "图片缺失：abababababab"),
        ("![](images/a.png)\n", "图片缺失：images/a.png"),
    ],
)
def test_missing_picture_is_a_frame_that_says_so(text: str, words: str) -> None:
    [frame] = blocks(text)
    assert isinstance(frame, Grid)
    [[cell]] = frame.rows
    assert cell.content == ((Span(words, bold=True),),)
    assert cell.lines > 2


def test_missing_picture_keeps_its_number() -> None:
    [_, second] = blocks("![现场](picture:lost)\n\n![流程](picture:drawing)\n")
    assert isinstance(second, Photo)
    assert second.caption == "图 2 流程"


@pytest.mark.parametrize(("data", "extension"), [(PHOTO, "jpeg"), (DRAWING, "svg")])
def test_kind_of_a_picture_is_read_from_its_bytes(data: bytes, extension: str) -> None:
    assert photo_extension(Photo(data, "图")) == extension


@pytest.mark.parametrize(("size", "printed"), [((800, 600), (442, 331.5)), ((200, 100), (150, 75)), ((600, 2400), (114.3, 457.3))])
def test_picture_is_bounded_by_the_text_and_leaves_a_third_of_the_page(size: tuple[int, int], printed: tuple[float, float]) -> None:
    most = photo_area(text_area(FORMAL, landscape=False), FORMAL, "图 1")
    found = photo_size(Photo(clean_picture(photo(*size, kind="PNG"), "图").data, "图"), most)
    assert found == pytest.approx(printed, abs=0.5)


def test_drawing_in_the_docx_is_an_svg_with_a_png_for_old_programs() -> None:
    files = docx_of(book(*blocks("![流程](picture:drawing)\n")))
    document = etree.fromstring(files["word/document.xml"])
    targets = {each.get("Id"): each.get("Target") for each in etree.fromstring(files["word/_rels/document.xml.rels"])}
    embed = f"{{{NAMES['r']}}}embed"
    assert files[f"word/{targets[find(document, './/a:blip')[0].get(embed)]}"].startswith(b"\x89PNG")
    assert files[f"word/{targets[find(document, './/asvg:svgBlip')[0].get(embed)]}"] == DRAWING
    assert values(document, ".//w:pStyle") == ["Figure", "Caption"]


def test_photo_in_the_docx_is_as_it_was_made_clean() -> None:
    assert PHOTO in docx_of(book(*blocks("![现场](picture:photo)\n"))).values()


def test_drawing_in_the_pdf_is_lines_and_text() -> None:
    made = render_pdf(book(*blocks("![流程](picture:drawing)\n")), FORMAL, FONTS)
    [page] = PdfReader(io.BytesIO(made.data)).pages
    assert "受理报修" in page.extract_text()
    assert len(page.images) == 0


@pytest.mark.parametrize("alt", ["A/B 99999 0 R", "[1] 99999 0 R", "99999 0 R 5 0 R", "甲 5 0 R", "(x) 12 0 R (y"])
def test_words_for_a_picture_are_no_reference_of_the_pdf(alt: str) -> None:
    made = render_pdf(book(Photo(PHOTO, alt), Photo(PHOTO, "又一张")), FORMAL, FONTS)
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        said = [str(each["/Alt"]) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert [words.replace("\u00a0", " ") for words in said] == [alt, "又一张"]


def test_caption_stays_with_its_picture_in_the_pdf() -> None:
    """However much stands before it."""
    picture = blocks("![现场](picture:photo)\n")
    for lines in range(12, 26):
        made = render_pdf(book(*[Para((Span("一行文字。"),))] * lines, *picture), FORMAL, FONTS)
        pages = [(len(page.images), "图 1 现场" in page.extract_text()) for page in PdfReader(io.BytesIO(made.data)).pages]
        assert (1, True) in pages
        assert all(bool(images) == caption for images, caption in pages)


def test_pictures_in_html_are_images_with_their_size() -> None:
    html = render_html(book(*blocks("![现场](picture:photo)\n\n![流程](picture:drawing)\n")), FORMAL, {}).decode()
    assert '<img src="data:image/jpeg;base64,' in html
    assert '<img src="data:image/svg+xml;base64,' in html
    assert 'alt="图 1 现场" width="800" height="600">' in html
    assert "<figcaption>图 2 流程</figcaption>" in html
    assert "<svg" not in html


def test_page_of_our_own_fetches_a_picture_by_its_address() -> None:
    found = render_fragment(blocks("![现场](picture:photo)\n"), {}, {PHOTO: '/organisations/JC/pictures/a"b'})
    assert '<img src="/organisations/JC/pictures/a&#34;b" alt="图 1 现场" width="800" height="600">' in found
    assert "base64" not in found


@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice (make system)")
def test_pages_break_alike_in_docx_and_pdf(tmp_path: Path) -> None:
    words = Para((Span("维修人员上门前应电话预约，出示工作证件，穿着统一工装。" * 4),))
    pictures = blocks("![现场](picture:photo)\n\n![流程](picture:drawing)\n\n![丢失](picture:lost)\n")
    contents: list[Block] = []
    for place in range(12):
        contents += [Heading(2, f"第 {place} 节", str(place), f"doc-a.{place}"), *[words] * (place % 4), *pictures, words]
    made = book(*contents)
    pdf = render_pdf(made, FORMAL, FONTS)
    (tmp_path / "a.docx").write_bytes(render_docx(made, FORMAL, pdf.layout, placed(made)))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(tmp_path / "a.docx")], check=True, capture_output=True, timeout=120)
    own, other = (
        [[f"第 {place} 节" in page.extract_text() for place in range(12)] for page in PdfReader(source).pages]
        for source in (io.BytesIO(pdf.data), io.BytesIO((tmp_path / "a.pdf").read_bytes()))
    )
    assert own == other
    assert len(own) > 4
