"""The fields of a DOCX that name pages and titles, and the pages on which a PDF's headings lie."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdf
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def body_of(docx: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(docx)) as file:
        return etree.fromstring(file.read("word/document.xml"))


def fields(body: Any, kind: str) -> list[tuple[str, str]]:
    """(bookmark, cached text) of every field PAGEREF or REF."""
    found = []
    for field in body.iter(f"{W}fldSimple"):
        name = re.fullmatch(rf" {kind} (\S+) \\h ", field.get(f"{W}instr"))
        if name:
            found.append((name[1], "".join(field.itertext(f"{W}t"))))
    return found


def bookmarked(body: Any) -> dict[str, str]:
    """Bookmark → the text inside it, for bookmarks that begin and end in one paragraph."""
    found = {}
    for start in body.iter(f"{W}bookmarkStart"):
        number = start.get(f"{W}id")
        words: list[str] = []
        for each in start.itersiblings():
            if each.tag == f"{W}bookmarkEnd" and each.get(f"{W}id") == number:
                found[start.get(f"{W}name")] = "".join(words)
                break
            words.extend(each.itertext(f"{W}t"))
    return found


def heading_pages(pdf: Path) -> tuple[list[tuple[str, str]], int]:
    """(title, printed page label) of every entry of the outline in order, and how many pages there are."""
    reader = pypdf.PdfReader(pdf)
    entries = [(_title(each), reader.get_destination_page_number(each) or 0) for each in _flat(reader.outline)]
    return [(title, str(page)) for title, page in entries], len(reader.pages)


def _title(entry: Any) -> str:
    return (entry.title or "").replace("\u3000", " ").strip()


def _flat(entries: Sequence[Any]) -> list[Any]:
    """pypdf nests the entries of an outline in lists."""
    return [each for entry in entries for each in (_flat(entry) if isinstance(entry, list) else [entry])]


def agreeing(docx: bytes, ours: Path, theirs: Path) -> tuple[int, int]:
    """Of the page numbers that the DOCX shows (TOC and PAGEREF to a heading of the outline): how many name the page on which the heading
    lies in `theirs`, the PDF that somebody else made of the DOCX, and how many there are. `ours` tells which label a page bears."""
    body = body_of(docx)
    entries, _ = heading_pages(theirs)
    labels = list(pypdf.PdfReader(ours).page_labels)
    places = dict(zip(_headings(body), (int(page) for _, page in entries), strict=True))
    shown = [(labels[places[name]], text) for name, text in fields(body, "PAGEREF") if name in places]
    return sum(label == text for label, text in shown), len(shown)


def _headings(body: Any) -> list[str]:
    """The bookmarks of the headings that stand in the outline, in order."""
    found = []
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and re.fullmatch(r"Heading\d", style.get(f"{W}val")):
            names = [each.get(f"{W}name") for each in paragraph.iter(f"{W}bookmarkStart")]
            found.append(next(name for name in names if not name.startswith("_title")))
    return found
