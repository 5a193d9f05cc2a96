"""What stands where on the pages of a PDF, by poppler's pdftotext; and a DOCX as LibreOffice prints it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from service.book.theme import Theme

POPPLER = shutil.which("pdftotext")
SLACK = 7.0
"""Points: half a mark that is set closer to its neighbour than its box tells."""
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.S)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', re.S)


@dataclass(frozen=True, slots=True)
class Word:
    """Points from the page's top left corner; `page` counts from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    words: tuple[Word, ...]


def sheets_of(pdf: Path) -> list[Sheet]:
    found = subprocess.run([POPPLER or "", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True, timeout=120).stdout
    return [
        Sheet(float(width), float(height), tuple(_words(content, page)))
        for page, (width, height, content) in enumerate(_PAGE.findall(found), 1)
    ]


def _words(content: str, page: int) -> list[Word]:
    found = ((tuple(map(float, box)), html.unescape(text)) for *box, text in _WORD.findall(content))
    return [Word(page, left, top, right, bottom, text) for (left, top, right, bottom), text in found]


def outside(sheets: list[Sheet], theme: Theme) -> list[Word]:
    """Words that do not stand in the text, in the header's line or in the footer's."""
    return [word for sheet in sheets for word in sheet.words if not _inside(word, sheet, theme)]


def _inside(word: Word, sheet: Sheet, theme: Theme) -> bool:
    across = theme.margin_left - SLACK <= word.left and word.right <= sheet.width - theme.margin_right + SLACK
    text = word.top >= theme.margin_top - SLACK and word.bottom <= sheet.height - theme.margin_bottom + SLACK
    head = word.top >= theme.header_at - SLACK and word.bottom <= theme.margin_top
    foot = word.top >= sheet.height - theme.margin_bottom and word.bottom <= sheet.height - theme.footer_at / 2
    return across and (text or head or foot)


def words_in(sheets: list[Sheet]) -> str:
    """All words without spaces, in the order of the pages."""
    return re.sub(r"\s+", "", "".join(word.text for sheet in sheets for word in sheet.words))
