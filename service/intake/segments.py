"""Cutting the lines of a source into pieces: letters, procedures, runs of clauses, and prose that is none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.intake.decode import Line
from service.intake.numbers import Numbered, numbered
from service.intake.titles import is_document_head, is_title, letter_part, reads_like_an_article, standard_section
from service.text.model import Part

LETTER, PROCEDURE, CLAUSES, PROSE = "letter", "procedure", "clauses", "prose"
_HEAD_LINES = 8  # between a title and the first section stand no more than these
_LONG = 60  # an unnumbered line this long that reads like an article ends a procedure


@dataclass(frozen=True, slots=True)
class Read:
    """A line with what its beginning says."""

    line: Line
    number: Numbered | None
    section: tuple[str, str] | None  # standard section and the words after its name
    part: Part | None
    after_gap: bool  # a line of the web page stands before it

    @property
    def words(self) -> str:
        return self.number.text if self.number else self.line.text


@dataclass(slots=True)
class Segment:
    """Lines that belong together; grows while the lines are gone through."""

    kind: str
    lines: list[Read] = field(default_factory=list)
    part: Part | None = None
    title: Line | None = None


def read_lines(lines: Sequence[Line], page: Mapping[int, str]) -> Iterator[Read]:
    """The lines that say something, without those of the web page."""
    gap = False
    for line in lines:
        if line.number in page:
            gap = True
        elif line.text:
            number = numbered(line.text)
            words = number.text if number else line.text
            top = number is None or number.key[0] not in ("decimal", "article") or len(number.path) == 1
            yield Read(line, number, standard_section(words) if top else None, letter_part(line.text) if not number else None, gap)
            gap = False


def segments(reads: Sequence[Read]) -> list[Segment]:
    """The pieces in order. A title right above a piece is its title and no longer prose."""
    found: list[Segment] = []
    for read in reads:
        current = found[-1] if found else None
        fresh = _opens(read, current)
        if fresh:
            found.append(_with_title(fresh, found))
            if fresh.kind == LETTER and is_title(read.line.text):
                fresh.title = read.line
                continue
        elif current is None or not _belongs(read, current):
            found.append(Segment(PROSE))
        found[-1].lines.append(read)
    return [segment for segment in found if segment.lines or segment.title]


def _opens(read: Read, current: Segment | None) -> Segment | None:
    """The piece that a line begins, if it begins one."""
    if read.section and not (current and current.kind == PROCEDURE and _goes_on(read.section[0], current)):
        return Segment(PROCEDURE)
    if read.part and not (current and current.kind == LETTER and current.part == read.part):
        return Segment(LETTER, part=read.part)
    if read.section or not read.number:
        return None
    if current is None or current.kind == PROSE or read.after_gap or _begins_anew(read.number, current):
        return None if _lists(read, current) else Segment(CLAUSES)
    return None


def _goes_on(section: str, current: Segment) -> bool:
    """Whether a section can belong to the running procedure: it has not had it, and 目的 only ever comes first."""
    return section != "目的" and all(read.section is None or read.section[0] != section for read in current.lines)


def _begins_anew(number: Numbered, current: Segment) -> bool:
    """Whether the running piece ends before this number."""
    titled = number.value == 1 and _title_place(current.lines, prose=False) is not None
    return titled or _restarts(number, current) or _leaves_letter(number, current)


def _restarts(number: Numbered, current: Segment) -> bool:
    """Whether 1, 2, 3 begins anew at the rank on which the running piece counts."""
    first = next((read.number for read in current.lines if read.number), None)
    if current.kind == LETTER or number.value != 1 or not first or number.key != first.key:
        return False
    return current.kind == CLAUSES or number.key == ("decimal", 1)


def _leaves_letter(number: Numbered, current: Segment) -> bool:
    """Whether a number is of a kind with which a letter does not go on: a second list, or numbered headings."""
    if current.kind != LETTER or number.value != 1:
        return False
    return number.key[0] in ("hanzi", "article") or any(read.number for read in current.lines)


def _lists(read: Read, current: Segment | None) -> bool:
    """Whether a numbered line is a list inside the running piece rather than a run of clauses of its own."""
    if current is None or not current.lines or read.after_gap:
        return False
    number = read.number
    if number is None or current.lines[-1].line.text.endswith(("：", ":")):
        return True
    goes_on = any(other.number and other.number.key == number.key for other in current.lines)
    return number.value != 1 and (goes_on or current.kind == PROSE)


def _belongs(read: Read, current: Segment) -> bool:
    """Whether a line that opens nothing continues the running piece."""
    if read.after_gap and not (current.kind == PROCEDURE and read.number):
        return current.kind == PROSE
    if read.number or current.kind == PROSE:
        return True
    text = read.line.text
    if len(text) > _LONG and reads_like_an_article(text):
        return False
    if current.kind == PROCEDURE and _last_section(current) in ("相关文件", "相关记录"):
        return "《" in text or len(text) < 20
    return True


def _last_section(segment: Segment) -> str:
    return next((read.section[0] for read in reversed(segment.lines) if read.section), "")


def _with_title(fresh: Segment, found: list[Segment]) -> Segment:
    """`fresh` with the title that stands above it; lines such as 文件编号 may stand between, and become prose."""
    above = found[-1].lines if found else []
    place = _title_place(above, prose=bool(found) and found[-1].kind == PROSE)
    if place is not None:
        fresh.title = above[place].line
        heads = above[place + 1 :]
        del above[place:]
        if heads:
            found.append(Segment(PROSE, heads))
    return fresh


def _title_place(above: Sequence[Read], *, prose: bool) -> int | None:
    """Where among the lines above a piece its title is. Below clauses a 《…》 is a reference and no title."""
    for place in range(len(above) - 1, max(-1, len(above) - 1 - _HEAD_LINES), -1):
        read = above[place]
        if not read.number and is_title(read.line.text) and (prose or not read.line.text.startswith("《")):
            return place
        if not is_document_head(read.line.text):
            return None
    return None
