"""The stamp of a DOCX: in every header that a page can show, and the text not touched."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from docx.document import Document
from lxml import etree
from pypdf import PdfReader

from book.books import every_block
from book.docx_reading import NAMES, PICTURES, find, texts, values, w
from book.pdf_reading import FONTS, bare
from book.stamps import CONTROLLED, DRAFT, EVERY_KIND, HOSTILE, LONG, OBSOLETE, UNCONTROLLED
from service.book.docx import render_docx
from service.book.mark import Stamp, large_mark, line
from service.book.stamp import stamp
from service.book.theme import FORMAL
from service.kit.zipfile import pack

BUILD = render_docx(every_block(), FORMAL, None, PICTURES)
VALIDATOR = os.environ.get("SERVICE_MANUAL_DOCX_VALIDATOR", "")


def members(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def stamped(mark: Stamp, file: bytes = BUILD) -> dict[str, bytes]:
    return members(stamp(file, "docx", mark, FORMAL, FONTS))


def headers(parts: dict[str, bytes]) -> dict[str, etree._Element]:
    return {name: etree.fromstring(data) for name, data in parts.items() if name.startswith("word/header")}


def shown(parts: dict[str, bytes]) -> list[dict[str, str]]:
    """For each section: kind of header → the words of the part that it names itself."""
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    targets = {row.get("Id"): f"word/{row.get('Target')}" for row in relations}
    found = []
    for section in etree.fromstring(parts["word/document.xml"]).iter(w("sectPr")):
        rows = find(section, "w:headerReference")
        named = {row.get(w("type")) or "": targets[row.get(f"{{{NAMES['r']}}}id")] for row in rows}
        found.append({kind: "".join(texts(etree.fromstring(parts[name]))) for kind, name in named.items()})
    return found


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def headless(file: bytes) -> bytes:
    """The file with no section naming a header."""
    parts = members(file)
    parts["word/document.xml"] = re.sub(rb"<w:headerReference[^>]*>", b"", parts["word/document.xml"])
    return pack(parts)


@pytest.mark.parametrize("mark", [*EVERY_KIND, LONG, HOSTILE])
def test_every_header_bears_the_stamp_once_and_keeps_its_words(mark: Stamp) -> None:
    before = headers(members(BUILD))
    found = headers(stamped(mark))
    assert list(found) == list(before)
    assert len(found) > 2
    for name, header in found.items():
        assert texts(header) == [line(mark), *texts(before[name])]
        assert len(values(header, ".//w:framePr", "vAnchor")) == 1


@pytest.mark.parametrize("mark", EVERY_KIND)
def test_large_word_stands_in_every_header_of_what_must_not_be_used(mark: Stamp) -> None:
    paths = [
        path.get("string") for header in headers(stamped(mark)).values() for path in header.iter("{urn:schemas-microsoft-com:vml}textpath")
    ]
    words = [word for word in paths if word]
    assert words == [large_mark(mark)] * (len(headers(stamped(mark))) if large_mark(mark) else 0)


def test_face_of_the_large_word_may_have_any_name() -> None:
    theme = replace(FORMAL, faces=replace(FORMAL.faces, sans_hanzi="R&D<黑体>"))
    made = stamp(render_docx(every_block(), theme, None, PICTURES), "docx", DRAFT, theme, FONTS)
    header = next(iter(headers(members(made)).values()))
    styles = [path.get("style", "") for path in header.iter("{urn:schemas-microsoft-com:vml}textpath") if path.get("string")]
    assert [style for style in styles if '"R&D<黑体>"' in style]


def test_shapes_have_names_of_their_own() -> None:
    shapes = [each for header in headers(stamped(DRAFT)).values() for each in header.iter("{urn:schemas-microsoft-com:vml}shape")]
    assert len({each.get("id") for each in shapes}) == len(shapes)


def test_all_other_parts_are_those_of_the_build() -> None:
    before, after = members(BUILD), stamped(OBSOLETE)
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == set(headers(before))


def test_same_file_and_stamp_give_the_same_bytes_and_another_stamp_others() -> None:
    made = [stamp(BUILD, "docx", mark, FORMAL, FONTS) for mark in (*EVERY_KIND, UNCONTROLLED)]
    assert made[0] == made[-1]
    assert len(set(made)) == len(EVERY_KIND)


def test_first_even_and_default_headers_of_all_sections_are_stamped() -> None:
    document = docx.Document()
    document.settings.odd_and_even_pages_header_footer = True
    document.add_section()
    for section in document.sections:
        section.different_first_page_header_footer = True
        for header in (section.header, section.first_page_header, section.even_page_header):
            header.is_linked_to_previous = False
            header.paragraphs[0].text = "页眉"
    found = shown(stamped(CONTROLLED, saved(document)))
    assert found == [dict.fromkeys(("default", "first", "even"), f"{line(CONTROLLED)}页眉")] * 2


def test_sections_without_a_header_get_one_for_each_kind_of_page_they_have() -> None:
    document = docx.Document()
    document.settings.odd_and_even_pages_header_footer = True
    document.add_section().different_first_page_header_footer = True
    last = document.add_section()
    last.header.is_linked_to_previous = False
    last.header.paragraphs[0].text = "页眉"
    found = shown(stamped(UNCONTROLLED, saved(document)))
    own = line(UNCONTROLLED)
    assert found == [{"default": own, "even": own}, {"first": own}, {"default": f"{own}页眉"}]


def test_document_without_any_section_gets_one_with_the_stamp() -> None:
    document = docx.Document()
    body = document.element.body
    body.remove(body.sectPr)
    assert shown(stamped(UNCONTROLLED, saved(document))) == [{"default": line(UNCONTROLLED)}]


def test_header_added_is_declared_and_the_file_opens() -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    opened = docx.Document(io.BytesIO(stamp(saved(document), "docx", UNCONTROLLED, FORMAL, FONTS)))
    assert [each.text for each in opened.paragraphs] == ["正文"]
    assert [each.text for each in opened.sections[0].header.paragraphs] == [line(UNCONTROLLED), ""]


@pytest.mark.skipif(not VALIDATOR, reason="SERVICE_MANUAL_DOCX_VALIDATOR names no validator")
@pytest.mark.parametrize("mark", [CONTROLLED, OBSOLETE])
def test_stamped_file_is_valid_word(mark: Stamp, tmp_path: Path) -> None:
    for file in (BUILD, headless(BUILD)):
        target = tmp_path / "copy.docx"
        target.write_bytes(stamp(file, "docx", mark, FORMAL, FONTS))
        done = subprocess.run([sys.executable, VALIDATOR, "--all-parts", target], capture_output=True, text=True, check=False)
        assert (done.returncode, "0 errors, 0 warnings" in done.stdout) == (0, True), done.stdout


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_shows_the_stamp_on_every_page_and_breaks_pages_as_before(tmp_path: Path) -> None:
    (tmp_path / "build.docx").write_bytes(BUILD)
    (tmp_path / "copy.docx").write_bytes(stamp(BUILD, "docx", OBSOLETE, FORMAL, FONTS))
    office = [shutil.which("soffice") or "", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*office, "build.docx", "copy.docx"], cwd=tmp_path, capture_output=True, check=True, timeout=120)
    build, copy = ([bare(page.extract_text()) for page in PdfReader(tmp_path / f"{name}.pdf").pages] for name in ("build", "copy"))
    assert len(copy) == len(build)
    for before, words in zip(build, copy, strict=True):
        assert bare(line(OBSOLETE)) in words
        assert words.replace(bare(line(OBSOLETE)), "", 1) == before
