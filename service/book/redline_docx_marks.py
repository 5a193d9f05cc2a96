"""Word's tracked changes put on fragments that our own writer made: runs, paragraph marks, rows and manners, each signed and dated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.book.docx_paragraph import paragraph
from service.book.docx_text import attribute

FIRST_ID = 1_000_001
"""Of changes; the ids of bookmarks, which count from 1, stay below."""


# One point high and never empty: of what grows together LibreOffice keeps the manner of the first paragraph if the second one is empty.
STAY = paragraph("Tiny", '<w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t xml:space="preserve"> </w:t></w:r>')
"""What stays whatever comes and goes before it."""


class Track(StrEnum):
    """The element that says what became of runs and paragraph marks."""

    INSERTED = "ins"
    DELETED = "del"
    MOVED_FROM = "moveFrom"
    MOVED_TO = "moveTo"

    @property
    def former(self) -> bool:
        """Whether only the old text has it."""
        return self in (Track.DELETED, Track.MOVED_FROM)


# LibreOffice runs changes together that touch across a paragraph's end, which then comes and goes with them, unless they are of another
# author or more than a minute apart. So words are dated minutes after whole paragraphs, and those of neighbours not alike.
_WHOLE, _WORDS = 0, (2, 4)


@dataclass(slots=True)
class Reviser:
    """Who made the changes and on which day, and how many were written: ids follow from the order of the text. `range`: the id of the
    move under way."""

    name: str
    day: date
    count: int = 0
    range: int = 0
    paragraphs: int = 0

    def signed(self, minute: int = _WHOLE) -> str:
        """The attributes of the next change."""
        self.count += 1
        moment = f"{self.day.isoformat()}T00:{minute:02}:00Z"
        return f'w:id="{FIRST_ID + self.count}" w:author="{attribute(self.name)}" w:date="{moment}"'

    def next_paragraph(self) -> None:
        """Words of another paragraph than before are compared."""
        self.paragraphs += 1

    @property
    def minute(self) -> int:
        """Of changes inside a paragraph."""
        return _WORDS[self.paragraphs % 2]


def marked(xml: str, track: Track, reviser: Reviser) -> str:
    """Whole blocks of one text: every run, row and paragraph mark, but not the last mark of a cell, which nothing can take away."""

    def paragraph(found: re.Match[str]) -> str:
        properties, content, cell_end = found.groups(default="")
        mark = "" if cell_end else _mark(track, reviser)
        return f"{properties}{mark}</w:pPr>{_tracked(content, track, reviser, _WHOLE)}</w:p>{cell_end}"

    whole = _PARAGRAPH.sub(paragraph, _without_places(xml) if track.former else xml)
    row = Track.DELETED if track.former else Track.INSERTED  # rows know no moves
    return _ROW_END.sub(lambda _: f"<w:{row} {reviser.signed()}/></w:trPr>", whole)


def opened_range(xml: str, name: str, track: Track, reviser: Reviser) -> str:
    """The first block of a move."""
    signature = reviser.signed()
    reviser.range = FIRST_ID + reviser.count
    return behind_properties(xml, f'<w:{track}RangeStart w:name="{name}" {signature}/>')


def behind_properties(xml: str, more: str) -> str:
    """`more` as the first thing in the first paragraph, whose properties may hold its former ones."""
    return _PROPERTIES_END.sub(lambda found: found[0] + more, xml, count=1)


def closed_range(xml: str, track: Track, reviser: Reviser) -> str:
    """The last block of a move: its last paragraph mark moved too, so the range ends behind it."""
    return f'{xml}<w:{track}RangeEnd w:id="{reviser.range}"/>'


def with_mark(xml: str, track: Track, reviser: Reviser) -> str:
    """A single paragraph whose mark, but not its words, only one text has."""
    return xml.replace("</w:pPr>", f"{_mark(track, reviser)}</w:pPr>", 1)


def marked_runs(runs: str, track: Track, reviser: Reviser) -> str:
    """Words in a paragraph that both texts have; links stay around what they hold."""
    return _tracked(runs, track, reviser, reviser.minute)


def _tracked(runs: str, track: Track, reviser: Reviser, minute: int) -> str:
    runs = _opened_fields(runs)
    if track.former:
        runs = _FORMER.sub(lambda found: _FORMER_NAMES[found[0]], _without_places(runs))
    return _RUNS.sub(lambda found: f"<w:{track} {reviser.signed(minute)}>{found[0]}</w:{track}>", runs)


def remade(runs: str, former: str, reviser: Reviser) -> str | None:
    """The same words in another manner, which can be taken back; None if they differ in more than the manner of one run."""
    new, old = (_SINGLE.fullmatch(each) for each in (runs, former))
    if new is None or old is None or new[2] != old[2]:
        return None
    before = f"<w:rPrChange {reviser.signed(reviser.minute)}><w:rPr>{old[1] or ''}</w:rPr></w:rPrChange>"
    return f"<w:r><w:rPr>{new[1] or ''}{before}</w:rPr>{new[2]}</w:r>"


def with_properties(xml: str, former: str, reviser: Reviser) -> str:
    """A paragraph that was set otherwise in the old text: `former` begins as it did."""
    end = xml.index("</w:pPr>")
    begin = xml[:end].partition("<w:rPr>")[0]
    before = former[: former.index("</w:pPr>")]
    if begin == before:
        return xml
    change = f"<w:pPrChange {reviser.signed()}>{before.removeprefix('<w:p>')}</w:pPr></w:pPrChange>"
    return f"{xml[:end]}{change}{xml[end:]}"


def with_stays(xml: str) -> str:
    """Blocks in order; a paragraph whose mark comes or goes needs another one behind it to grow together with, where a table follows too."""
    parts = xml.split("<w:tbl>")
    return "<w:tbl>".join([*(part + STAY if _ends_marked(part) else part for part in parts[:-1]), parts[-1]])


def _ends_marked(xml: str) -> bool:
    start = xml.rfind("<w:p>")
    return start >= 0 and _MARKED.match(xml, start) is not None


def _mark(track: Track, reviser: Reviser) -> str:
    return f"<w:rPr><w:{track} {reviser.signed()}/></w:rPr>"


def _without_places(xml: str) -> str:
    """Bookmarks belong to the new text."""
    return _PLACE.sub("", xml)


def _opened_fields(runs: str) -> str:
    """A field in one element cannot be inside a change: as runs it can."""
    return _FIELD.sub(_FIELD_RUNS, runs)


_PROPERTIES_END = re.compile(r"</w:pPr>(?!</w:pPrChange>)")
_PARAGRAPH = re.compile("(<w:pPr>(?:(?!</w:pPr>).)*)</w:pPr>(.*?)</w:p>(</w:tc>)?", re.DOTALL)
_MARKED = re.compile("<w:p><w:pPr>(?:(?!</w:pPr>|<w:pPrChange).)*<w:rPr><w:(?:ins|del|moveFrom|moveTo) ", re.DOTALL)
_ROW_END = re.compile("</w:trPr>")
_RUNS = re.compile("(?:<w:r>.*?</w:r>)+", re.DOTALL)
_SINGLE = re.compile("<w:r>(?:<w:rPr>(.*?)</w:rPr>)?(<w:t(?:(?!</w:r>).)*)</w:r>", re.DOTALL)
_PLACE = re.compile("<w:bookmark(?:Start|End) [^>]*/>")
_FIELD = re.compile('<w:fldSimple w:instr="([^"]*)">(.*?)</w:fldSimple>', re.DOTALL)
_FIELD_RUNS = (
    r'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">\1</w:instrText></w:r>'
    r'<w:r><w:fldChar w:fldCharType="separate"/></w:r>\2<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_FORMER = re.compile("</?w:(?:t|instrText)(?=[ >])")
_FORMER_NAMES = {
    "<w:t": "<w:delText",
    "</w:t": "</w:delText",
    "<w:instrText": "<w:delInstrText",
    "</w:instrText": "</w:delInstrText",
}
