"""The DOCX as LibreOffice lays it out breaks pages like our PDF, from which its page numbers come."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdf
import pytest

from book.books import generated_book
from book.templates import template
from service.book.docx import render_docx
from service.book.house_reading import read_template
from service.book.house_theme import house_theme
from service.book.pdf import render_pdf
from service.book.theme import FORMAL, MODERN, Theme

FONTS = Path(__file__).parents[2] / "node_modules" / "@expo-google-fonts"
Place = tuple[str, int]
READ = read_template(template(), "公司模板.docx")
HOUSE = house_theme(FORMAL, READ, READ.logo)


def outline(file: Path) -> list[Place]:
    """Every heading with its page, counted from the page of the part it stands in."""
    reader = pypdf.PdfReader(file)
    found: list[Place] = []
    start = 0
    for entry in flat(reader.outline):
        page = reader.get_destination_page_number(entry) or 0
        title = (entry.title or "").replace("\u3000", " ").strip()
        start = page if title.startswith("SL/SH-CX-") else start
        found.append((title, page - start))
    return found


def flat(entries: Sequence[Any]) -> list[Any]:
    """pypdf nests the entries of an outline in lists."""
    return [each for entry in entries for each in (flat(entry) if isinstance(entry, list) else [entry])]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts are not installed (npm ci)")
@pytest.mark.parametrize("theme", [FORMAL, MODERN, HOUSE], ids=["formal", "modern", "house"])
def test_libreoffice_puts_headings_on_the_pages_of_the_pdf(theme: Theme, tmp_path: Path) -> None:
    """At least 97 % of about 110 headings: in so short a book one paragraph that breaks otherwise moves one heading in a hundred."""
    book = generated_book(10)
    pdf = render_pdf(book, theme, FONTS)
    (tmp_path / "typst.pdf").write_bytes(pdf.data)
    (tmp_path / "book.docx").write_bytes(render_docx(book, theme, pdf.layout, {}))
    office = [
        shutil.which("soffice") or "",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "book.docx",
    ]
    subprocess.run(office, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    ours, theirs = outline(tmp_path / "typst.pdf"), outline(tmp_path / "book.pdf")
    assert [title for title, _ in ours] == [title for title, _ in theirs]
    assert sum(one == other for one, other in zip(ours, theirs, strict=True)) >= 0.97 * len(ours)
