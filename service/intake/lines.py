"""Lines that were broken or run together on the way: hard-wrapped paragraphs are joined, sections on one line are cut apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from service.intake.decode import Line
from service.intake.model import Repair
from service.intake.numbers import numbered
from service.intake.titles import is_title, letter_part, standard_section
from service.text.characters import is_wide, joint

NARROWEST = 40  # columns: nobody wraps paragraphs narrower than this (a Hanzi has two)
_FINISHED = re.compile(r"[。；：！？.;:!?》”）)】]$")
_SECTIONS = re.compile(
    r"(?:^|(?<=[。；\s]))(?=\d[\s、.．]*(?:目的|适用范围|范围|职责|程序及要求|工作程序|相关文件|相关记录)(?:[\s：:]|为|适用|$))"
)
_CLAUSES = re.compile(r"(?<=[。；\s])(?=\d\.\d{1,2}(?:\.\d{1,2})?\s*[^\d\s.])")


def mended_lines(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Repair, ...]]:
    """(lines, repairs). A joined line has the number of its first part, the parts of a cut line all have its number."""
    repairs: list[Repair] = []
    joined = list(_joined(lines, repairs))
    return tuple(part for line in joined for part in _cut(line, repairs)), tuple(repairs)


def _width(text: str) -> int:
    return sum(2 if is_wide(character) else 1 for character in text)


def _joined(lines: Sequence[Line], repairs: list[Repair]) -> Iterator[Line]:
    if not _is_wrapped(lines):
        yield from lines
        return
    current: Line | None = None
    for line in lines:
        if current and _continues(current, line):
            repairs.append(Repair("joined_lines", line.number, current.text[-8:], line.text[:8], "折断的行已接上"))
            current = Line(current.number, current.text + joint(current.text[-1], line.text[0]) + line.text)
        else:
            if current:
                yield current
            current = line
    if current:
        yield current


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether the source breaks its paragraphs at a fixed width: at least two open lines, most of them equally wide."""
    widths = [_width(line.text) for line, after in pairwise(lines) if _continues(line, after)]
    return len(widths) > 1 and sum(max(widths) - width <= 4 for width in widths) >= 0.6 * len(widths)


def _continues(line: Line, after: Line) -> bool:
    if not after.text or _width(line.text) < NARROWEST or _FINISHED.search(line.text):
        return False
    return not (numbered(after.text) or standard_section(after.text) or letter_part(after.text) or is_title(after.text))


def _cut(line: Line, repairs: list[Repair]) -> Iterator[Line]:
    starts = [found.start() for found in _SECTIONS.finditer(line.text)]
    if len(starts) < 2:
        yield line
        return
    starts = sorted({0, *starts, *(found.start() for found in _CLAUSES.finditer(line.text))})
    for start, end in zip(starts, [*starts[1:], len(line.text)], strict=True):
        if words := line.text[start:end].strip():
            yield Line(line.number, words)
    repairs.append(Repair("split_line", line.number, line.text[:16], f"{len(starts)} 行", "挤在一行的章节和条款已分开"))
