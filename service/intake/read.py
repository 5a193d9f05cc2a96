"""The door of intake: text or Markdown in, drafts and a report out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from service.intake.decode import Line, decode
from service.intake.drafts import Made, draft_of, is_taken, why_not
from service.intake.lines import mended_lines
from service.intake.markdown import Reading, is_markdown, read_markdown
from service.intake.model import Draft, IntakeReport, IntakeResult, NamedTitle, NotTaken, Remark, Repair
from service.intake.page import page_lines
from service.intake.repairs import repaired, suspicions
from service.intake.segments import Segment, read_lines, segments
from service.text.blanks import blanks_of
from service.text.inline import REFERENCE

LARGEST = 10 * 2**20
"""Bytes of a file that is taken."""
SUFFIXES = frozenset({".txt", ".md", ".markdown", ""})
"""What a text may be called."""


def read_text(raw: str | bytes, *, name: str) -> IntakeResult:
    """Drafts of the procedures, letters and clauses in pasted or scraped text or Markdown; `name` is what the source is called.

    Nothing is filled in and no word is changed; every character put right, every line left out and every blank is in the report.
    """
    decoded = decode(raw)
    marked = read_markdown(decoded.lines) if is_markdown(decoded.lines) else Reading(plain=list(decoded.lines))
    lines, repairs = repaired(marked.plain)
    page = page_lines(lines)
    not_taken = [*marked.not_taken, *(NotTaken(line.number, line.text, page[line.number]) for line in lines if line.number in page)]
    lines, mends = mended_lines([Line(line.number, "") if line.number in page else line for line in lines])
    made: list[Made] = []
    taken = _taken_by(marked.drafts, decoded.lines)
    for piece in segments(list(read_lines(lines, page))):
        if is_taken(piece):
            made.append(draft_of(piece, len(marked.drafts) + len(made) + 1))
            taken += _lines(piece)
        else:
            not_taken += [NotTaken(line.number, line.text, why_not(piece, line.text)) for line in _lines(piece)]
    report = IntakeReport(
        name,
        decoded.encoding,
        (*marked.structure, *(found for one in made for found in one.structure)),
        _by_line((*decoded.repairs, *marked.repairs, *repairs, *mends)),
        blanks_in(taken),
        _by_line((*decoded.remarks, *marked.remarks, *(remark for one in made for remark in one.remarks), *_suspicions(taken))),
        references_in(taken),
        _by_line(not_taken),
    )
    return IntakeResult((*marked.drafts, *(one.draft for one in made)), report)


def _taken_by(drafts: Sequence[Draft], lines: Sequence[Line]) -> list[Line]:
    """The source's lines that are in drafts."""
    return [line for line in lines if any(draft.first_line <= line.number <= draft.last_line for draft in drafts)]


def _lines(piece: Segment) -> list[Line]:
    return [*([piece.title] if piece.title else []), *(read.line for read in piece.lines)]


def blanks_in(lines: Iterable[Line]) -> tuple[Remark, ...]:
    """The blanks of the lines that were taken."""
    return tuple(Remark(code, line.number, quote, message) for line in lines for code, quote, message in blanks_of(line.text))


def references_in(lines: Iterable[Line]) -> tuple[NamedTitle, ...]:
    """Every 《…》 of the lines that were taken."""
    return tuple(NamedTitle(found.group(1), line.number) for line in lines for found in REFERENCE.finditer(line.text))


def _suspicions(taken: Iterable[Line]) -> Iterator[Remark]:
    return (remark for line in taken for remark in suspicions(line))


_Located = TypeVar("_Located", Repair, Remark, NotTaken)


def _by_line(entries: Iterable[_Located]) -> tuple[_Located, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.line))
