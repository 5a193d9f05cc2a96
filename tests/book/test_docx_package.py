"""The DOCX as a whole: parts, relationships, styles, reproducibility, and what LibreOffice makes of it."""

from __future__ import annotations

import io
import os
import posixpath
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import docx
import pytest
from lxml import etree

from book.books import every_block, generated_book, layout_of, text
from book.docx_reading import NAMES, PICTURES, book_of, find, rendered, values, w, xml_parts
from service.book.docx import render_docx
from service.book.docx_looks import STYLE_IDS
from service.book.model import Para, Style
from service.book.theme import FORMAL

EVERY = every_block()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return rendered(EVERY, layout_of(EVERY))


def test_every_part_is_well_formed(files: dict[str, bytes]) -> None:
    assert len(list(xml_parts(files))) > 10


def test_every_relationship_leads_to_a_part(files: dict[str, bytes]) -> None:
    relations = etree.fromstring(files["word/_rels/document.xml.rels"])
    inside = [each.get("Target", "") for each in relations if each.get("TargetMode") != "External"]
    assert inside
    assert {posixpath.join("word", target) for target in inside} <= set(files)


def test_every_id_in_the_text_has_a_relationship(files: dict[str, bytes]) -> None:
    known = {each.get("Id") for each in etree.fromstring(files["word/_rels/document.xml.rels"])}
    used = [
        value for each in etree.fromstring(files["word/document.xml"]).iter() for key, value in each.attrib.items() if NAMES["r"] in key
    ]
    assert used
    assert set(used) <= known


def test_every_part_has_a_content_type(files: dict[str, bytes]) -> None:
    types = etree.fromstring(files["[Content_Types].xml"])
    named = {(each.get("PartName") or "").lstrip("/") for each in types}
    extensions = {each.get("Extension") for each in types} - {None, "xml"}
    assert [
        name for name in files if name not in named and name.rpartition(".")[2] not in extensions and name != "[Content_Types].xml"
    ] == []
    assert named - {""} <= set(files)


def test_bookmarks_have_unique_names_and_ids_and_all_links_find_theirs(files: dict[str, bytes]) -> None:
    document = etree.fromstring(files["word/document.xml"])
    names = values(document, ".//w:bookmarkStart", "name")
    ids = values(document, ".//w:bookmarkStart", "id")
    assert len(set(names)) == len(names)
    assert sorted(filter(None, ids)) == sorted(filter(None, values(document, ".//w:bookmarkEnd", "id")))
    assert len(set(ids)) == len(ids)
    assert set(values(document, ".//w:hyperlink[@w:anchor]", "anchor")) <= set(names)


def test_every_named_style_exists(files: dict[str, bytes]) -> None:
    styles = set(values(etree.fromstring(files["word/styles.xml"]), "w:style", "styleId"))
    used = chain.from_iterable(
        values(part, f".//w:{kind}") for _, part in xml_parts(files) for kind in ("pStyle", "rStyle", "tblStyle", "basedOn")
    )
    assert set(used) <= styles
    assert set(STYLE_IDS.values()) <= styles
    assert set(STYLE_IDS) == set(Style)


def test_every_style_with_text_names_all_four_faces_and_an_exact_pitch(files: dict[str, bytes]) -> None:
    for style in find(etree.fromstring(files["word/styles.xml"]), "w:style"):
        if style.get(w("type")) == "numbering":
            continue
        faces = find(style, "w:rPr/w:rFonts")[0]
        assert all(faces.get(w(slot)) for slot in ("ascii", "hAnsi", "eastAsia", "cs")), style.get(w("styleId"))
        if style.get(w("type")) == "paragraph" and style.get(w("styleId")) != "Figure":
            assert values(style, "w:pPr/w:spacing", "lineRule") == ["exact"]


@pytest.mark.parametrize("switch", ["widowControl", "snapToGrid"])
def test_what_would_break_lines_otherwise_than_the_pdf_is_off(files: dict[str, bytes], switch: str) -> None:
    styles = etree.fromstring(files["word/styles.xml"])
    assert values(styles, f"w:docDefaults//w:{switch}") == ["0"]


@pytest.mark.parametrize("switch", ["autoSpaceDE", "autoSpaceDN"])
def test_hanzi_and_latin_are_a_quarter_of_an_em_apart_as_in_the_pdf(files: dict[str, bytes], switch: str) -> None:
    styles = etree.fromstring(files["word/styles.xml"])
    assert [dict(each.attrib) for each in find(styles, f"w:docDefaults//w:{switch}")] == [{}]


def test_the_language_is_chinese_and_forbidden_line_starts_are_kept(files: dict[str, bytes]) -> None:
    defaults = find(etree.fromstring(files["word/styles.xml"]), "w:docDefaults")[0]
    assert values(defaults, ".//w:lang", "eastAsia") == ["zh-CN"]
    assert len(find(defaults, ".//w:kinsoku")) == 1


def test_no_trace_of_who_when_and_with_what_it_was_made(files: dict[str, bytes]) -> None:
    core = files["docProps/core.xml"].decode()
    assert core.count("1980-01-01T00:00:00Z") == 2
    assert "python-docx" not in core
    assert b"rsid" not in files["word/settings.xml"] + files["word/document.xml"]


def test_title_and_organisation_are_in_the_properties(files: dict[str, bytes]) -> None:
    core = etree.fromstring(files["docProps/core.xml"])
    assert [each.text for each in core][:3] == [EVERY.title, EVERY.subject, EVERY.organisation]


def test_the_same_book_gives_the_same_bytes() -> None:
    assert render_docx(EVERY, FORMAL, layout_of(EVERY), PICTURES) == render_docx(every_block(), FORMAL, layout_of(EVERY), PICTURES)


_ELSEWHERE = """
import hashlib
from book.books import every_block, layout_of
from book.docx_reading import PICTURES
from service.book.docx import render_docx
from service.book.theme import FORMAL
book = every_block()
print(hashlib.sha256(render_docx(book, FORMAL, layout_of(book), PICTURES)).hexdigest())
"""


def test_another_process_time_zone_and_hash_seed_give_the_same_bytes(tmp_path: Path) -> None:
    here = Path(__file__).parent.parent
    sums = set()
    for zone, seed, locale in (("Asia/Shanghai", "1", "C"), ("America/New_York", "2", "C.UTF-8")):
        around = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
        done = subprocess.run([sys.executable, "-c", _ELSEWHERE], cwd=tmp_path, env=around, capture_output=True, check=True)
        sums.add(done.stdout)
    assert len(sums) == 1


def test_ten_times_the_text_is_ten_times_the_document() -> None:
    small, large = (len(rendered(generated_book(count))["word/document.xml"]) for count in (3, 30))
    assert large < 11 * small


def test_python_docx_reads_it_back() -> None:
    opened = docx.Document(io.BytesIO(render_docx(book_of(Para(text("报修")), Para(text("登记"))), FORMAL, None, {})))
    assert [paragraph.text.strip() for paragraph in opened.paragraphs] == ["报修", "登记"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_converts_it_with_every_page_and_number(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "book.docx").write_bytes(render_docx(EVERY, FORMAL, layout_of(EVERY), PICTURES))
    office = [
        shutil.which("soffice") or "",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "book.docx",
    ]
    subprocess.run(office, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "book.pdf").pages]
    footers = ["".join(page.split("\n")[-1].split()) for page in pages]
    arabic = len(pages) - 3  # without the cover and two roman parts of one page
    assert "Error" not in "".join(pages)
    assert footers[1:] == ["i", "ii", *(f"第{number}页共{arabic}页" for number in range(1, arabic + 1))]
