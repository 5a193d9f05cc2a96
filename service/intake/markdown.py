"""Markdown from elsewhere: titles, levels of headings and typed numbers are put right, the rest is read as the text format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.errors import InputError
from service.intake.decode import Line
from service.intake.model import Draft, Found, NotTaken, Remark, Repair
from service.intake.numbers import numbered
from service.intake.repairs import mended
from service.intake.titles import letter_part, reads_like_an_article, standard_section
from service.text.model import FrontMatter, Kind, Part, Procedure
from service.text.parse import STANDARD_ANCHORS, parse_body, parse_procedure
from service.text.tables import DELIMITER_ROW
from service.text.write import to_markdown

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_MARGIN = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])?[ \t]*")
_FRONT_LINE = re.compile(r"[a-z]+\s*:")


@dataclass(slots=True)
class Reading:
    """What reading a Markdown source yields, piece by piece."""

    drafts: list[Draft] = field(default_factory=list)
    structure: list[Found] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    plain: list[Line] = field(default_factory=list)  # lines that could not be read as Markdown


def is_markdown(lines: Sequence[Line]) -> bool:
    """Whether a source has headings with #, tables or front matter as Markdown has them."""
    if has_front_matter(lines):
        return True
    return any(_HEADING.match(line.text) or ("|" in line.text and DELIMITER_ROW.fullmatch(line.text.strip())) for line in lines)


def has_front_matter(lines: Sequence[Line]) -> bool:
    return len(lines) > 2 and lines[0].text.strip() == "---" and _FRONT_LINE.match(lines[1].text) is not None


def read_markdown(lines: Sequence[Line]) -> Reading:
    """The drafts of a Markdown source: one with front matter, or one for every heading of the first level."""
    reading = Reading()
    if has_front_matter(lines):
        lines = _with_front(lines, reading)
    for piece in _pieces(lines):
        if any(line.text.strip() for line in piece):
            _read_piece(piece, reading)
    return reading


def _with_front(lines: Sequence[Line], reading: Reading) -> Sequence[Line]:
    """The lines still to be read: none if the whole is a text of ours already."""
    source = "\n".join(line.text for line in lines)
    try:
        procedure = parse_procedure(source)
    except InputError as error:
        line = (error.place.line if error.place else None) or 1
        reading.remarks.append(Remark(error.code, line, lines[line - 1].text[:30] if line <= len(lines) else "", error.message))
    else:
        front = procedure.front
        reading.drafts.append(Draft(front.title, front.kind, front.part, source, 1, len(lines)))
        reading.structure.append(Found(front.kind.value, 1, len(lines), f"“{front.title}”已是规定的格式，原样采用"))
        return ()
    end = next((index for index, line in enumerate(lines[1:], 1) if line.text.strip() == "---"), 0)
    reading.not_taken += [NotTaken(line.number, line.text, "文件头不能识别") for line in lines[: end + 1]]
    return lines[end + 1 :]


def _pieces(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines cut before every heading of the first level."""
    pieces: list[list[Line]] = [[]]
    fenced = False
    for line in lines:
        fenced ^= _FENCE.match(line.text) is not None
        found = _HEADING.match(line.text)
        if found and len(found[1]) == 1 and not fenced:
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def _read_piece(piece: list[Line], reading: Reading) -> None:
    titled = _HEADING.match(piece[0].text)
    title = titled[2] if titled and len(titled[1]) == 1 else ""
    body = _body(piece[1:] if title else piece, reading)
    first = piece[0].number
    try:
        preamble, sections = parse_body("\n".join(line.text for line in body), offset=body[0].number if body else first)
    except InputError as error:
        line = (error.place.line if error.place else None) or first
        reading.remarks.append(Remark(error.code, line, "", f"{error.message}；这一份按普通文字识别"))
        reading.plain += [Line(line.number, _HEADING.sub(r"\2", line.text)) for line in piece]
        return
    words = "\n".join(line.text for line in piece)
    standard = sum(section.title in STANDARD_ANCHORS for section in sections)
    part = letter_part(title) if standard < 2 else None
    kind = Kind.PROCEDURE if standard > 1 else Kind.MANUAL if part else Kind.WORK_INSTRUCTION
    last = max([line.number for line in piece if line.text.strip()])
    name = title or f"未命名文件（原文第 {first} 至 {last} 行）"
    front = FrontMatter(key=f"draft-{len(reading.drafts) + 1}", title=name, kind=kind, department="", part=part)
    reading.drafts.append(Draft(name, kind, part, to_markdown(Procedure(front, preamble, sections)), first, last))
    reading.structure.append(Found(part.value if part else kind.value, first, last, f"识别出“{name}”，共 {len(sections)} 个标题"))
    reading.structure += [
        Found("section", section.line, section.line, f"章节“{section.title}”") for section in sections if section.level == 1
    ]
    reading.remarks += _remarks(title, kind, part, words, [section.title for section in sections if section.level == 1], first)


def _remarks(title: str, kind: Kind, part: Part | None, words: str, titles: list[str], line: int) -> list[Remark]:
    found = [] if title or part else [Remark("no_title", line, "", "原文没有文件名称，请补上")]
    if kind is Kind.PROCEDURE:
        found += [Remark("missing_section", line, "", f"原文没有“{name}”一节") for name in STANDARD_ANCHORS if name not in titles]
        found += [
            Remark("unknown_section", line, name, f"“{name}”不是程序文件的六个章节之一") for name in titles if name not in STANDARD_ANCHORS
        ]
    elif reads_like_an_article(words):
        found.append(Remark("article", line, words[:30], "这一份像介绍文字，不像本企业的规定，请确认是否需要"))
    return found


def _body(lines: Sequence[Line], reading: Reading) -> list[Line]:
    """The lines of a piece with headings on our levels; every line stays a line, so that numbers of lines keep their sense."""
    levels = [len(found[1]) for line in lines if (found := _HEADING.match(line.text))]
    top = min(levels, default=1)
    result: list[Line] = []
    depth, fenced = 0, False
    for line in lines:
        fenced ^= _FENCE.match(line.text) is not None
        found = None if fenced else _HEADING.match(line.text)
        if found:
            depth = min(len(found[1]) - top + 1, depth + 1, 3)
            result.append(Line(line.number, f"{'#' * (depth + 1)} {_title(line, found[2], reading)}"))
        elif not fenced and _RULE.match(line.text):
            reading.not_taken.append(NotTaken(line.number, line.text, "分隔线"))
            result.append(Line(line.number, ""))
        else:
            result.append(line if fenced else _mended(line, reading))
    return result


def _title(line: Line, words: str, reading: Reading) -> str:
    """A heading without its typed number, a standard section under its usual name."""
    number = numbered(words)
    plain = number.text if number and number.key[0] != "bullet" else words
    section = standard_section(plain)
    title = section[0] if section and not section[1] else plain
    if title != words:
        reading.repairs.append(
            Repair("typed_number" if title == plain else "section_renamed", line.number, words, title, "标题的编号由系统打印")
        )
    return title


def _mended(line: Line, reading: Reading) -> Line:
    """The repairs of plain text, behind the line's indentation and mark; two spaces at the end are Markdown's line break."""
    margin = _MARGIN.match(line.text)
    start = margin.end() if margin else 0
    words, repairs = mended(Line(line.number, line.text[start:]))
    reading.repairs += repairs
    return Line(line.number, line.text[:start] + words + ("  " if line.text.endswith("  ") and words else ""))
