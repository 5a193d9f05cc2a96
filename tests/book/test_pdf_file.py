"""The PDF as a file: the same bytes everywhere, our fonts inside, no time; a missing font is named."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from book.books import every_block
from book.pdf_reading import (
    EVERY,
    FONTS,
    LONG,
    bare,
    labels,
    printed,
    reader,
    texts,
)
from service.book.fonts import NEEDED
from service.book.pdf import layout_of, render_pdf
from service.book.theme import FORMAL
from service.errors import InputError
from service.settings import ROOT


def test_file_tells_title_organisation_and_subject_and_no_time() -> None:
    info = reader(EVERY).metadata
    assert info is not None
    assert (info.title, info.author, info.subject) == (EVERY.title, EVERY.organisation, EVERY.subject)
    assert (info.creation_date, info.modification_date) == (None, None)
    xmp = reader(EVERY).xmp_metadata
    assert xmp is None or (xmp.xmp_create_date, xmp.xmp_modify_date, xmp.xmp_metadata_date) == (None, None, None)
    assert not re.search(rb"D:20\d{6}|CreationDate|ModDate|CreateDate", printed(EVERY).data)


def test_fonts_are_ours_and_all_inside() -> None:
    found = set()
    for page in reader(EVERY).pages:
        resources = cast(DictionaryObject, page["/Resources"].get_object())
        for font in cast(DictionaryObject, resources.get("/Font", DictionaryObject())).values():
            [below] = font.get_object()["/DescendantFonts"]
            facts = below.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(facts)
            found.add(str(facts["/FontName"]).split("+")[-1].split("-")[0])
    assert found
    assert {name.lower() for name in found} <= {"notoserifsc", "notosanssc", "tinos", "arimo"}


def test_book_in_pieces_is_printed_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = printed(LONG)
    monkeypatch.setattr("service.book.pieces.LARGEST", 4.0)
    cut = render_pdf(LONG, FORMAL, FONTS)
    assert cut.layout == whole.layout
    again = PdfReader(io.BytesIO(cut.data))
    assert [bare(page.extract_text()) for page in again.pages] == texts(LONG)
    assert list(again.page_labels) == labels(LONG)
    assert layout_of(LONG, FORMAL, FONTS) == whole.layout


def test_same_book_gives_the_same_bytes() -> None:
    assert render_pdf(every_block(), FORMAL, FONTS) == printed(EVERY)


HASH = """
import hashlib, sys
from book.books import every_block, generated_book
from service.book.pdf import render_pdf
from service.book.theme import FORMAL
from service.settings import settings
for book in (every_block(), generated_book(6)):
    print(hashlib.sha256(render_pdf(book, FORMAL, settings().fonts).data).hexdigest())
"""


def test_same_bytes_in_another_process_folder_time_zone_and_locale(tmp_path: Path) -> None:
    strange = {
        "TZ": "America/New_York",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", HASH], env={**os.environ, **strange}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [hashlib.sha256(printed(book).data).hexdigest() for book in (EVERY, LONG)]


@pytest.mark.parametrize("missing", NEEDED, ids=lambda font: font[1])
def test_missing_font_is_named_in_one_sentence(tmp_path: Path, missing: tuple[str, str, str]) -> None:
    for folder, file, _ in NEEDED:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        if (folder, file) != missing[:2]:
            (tmp_path / folder / file).symlink_to(FONTS / folder / file)
    with pytest.raises(InputError) as caught:
        render_pdf(EVERY, FORMAL, tmp_path)
    assert caught.value.code == "missing_font"
    assert missing[1] in caught.value.message
    assert missing[2] in caught.value.message
    assert "\n" not in caught.value.message


POPPLER = shutil.which("pdftotext") or ""


@pytest.mark.skipif(not POPPLER, reason="needs poppler (make system)")
def test_poppler_reads_the_file_without_complaint(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    file.write_bytes(printed(EVERY).data)
    done = subprocess.run([POPPLER, "-enc", "UTF-8", str(file), "-"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "为规范报修服务，特制定本程序" in bare(done.stdout)
