"""A whole text → Procedure: front matter, sections with anchors and clause numbers, blocks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from service.errors import InputError, Place
from service.text.blocks import Body, Group, groups, read_block
from service.text.characters import clean_lines
from service.text.frontmatter import claim_line, read_front, split
from service.text.grammar import block_tokens
from service.text.inline import inlines, plain_inlines
from service.text.model import Block, Paragraph, Procedure, Section

STANDARD_ANCHORS = {
    "目的": "purpose",
    "范围": "scope",
    "职责": "duties",
    "程序及要求": "procedure",
    "相关文件": "documents",
    "相关记录": "records",
}
_ANCHOR = re.compile(r"(?<!\\)\{#(?P<anchor>[^{}]*)\}$")
_ANCHOR_FORM = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is written. `anchor`: the one it names itself, or ""."""

    title: str
    anchor: str
    level: int
    place: Place


def parse_procedure(source: str, *, file: str = "") -> Procedure:
    """The parsed text. Faults (InputError) name `file` and the line in it; a claim on a section that does not exist is one."""
    source = clean_lines(source, file)
    front = read_front(source, file)
    _, text, offset = split(source, file=file)
    preamble, sections = parse_body(text, file=file, offset=offset)
    procedure = Procedure(front, preamble, sections)
    _check_claims(procedure, source, file)
    return procedure


def parse_body(text: str, *, file: str = "", offset: int = 1) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """(blocks before the first heading, sections) of a body whose first line is line `offset` of the file."""
    body = Body(file, text.split("\n"), offset)
    parts: list[tuple[Heading | None, list[Block]]] = [(None, [])]
    for group in groups(block_tokens(text)):
        if group[0].type == "heading_open":
            parts.append((read_heading(group, body), []))
        else:
            block = read_block(group, body)
            if block != Paragraph(()):  # nothing but spaces spelled as entities
                parts[-1][1].append(block)
    headings = [heading for heading, _ in parts if heading]
    sections = tuple(
        Section(anchor, heading.title, heading.level, clause, tuple(blocks), line=heading.place.line or 0)
        for heading, (_, blocks), anchor, clause in zip(
            headings, parts[1:], heading_anchors(headings), clause_numbers(headings), strict=True
        )
    )
    return tuple(parts[0][1]), sections


def read_heading(group: Group, body: Body) -> Heading:
    """The heading that these tokens are; one of a wrong level or without words is an InputError."""
    place, level = body.place(group[0]), int(group[0].tag[1]) - 1
    if not 1 <= level <= 3:
        raise InputError("标题只用 ##、### 和 ####：文件名称写在文件头的 title", code="bad_heading", place=place)
    content = group[1].content
    found = _ANCHOR.search(content)
    anchor = found["anchor"] if found else ""
    if found and not _ANCHOR_FORM.fullmatch(anchor):
        raise InputError(f"锚点只能用小写字母、数字和连字符，以字母开头：{anchor}", code="bad_anchor", place=place)
    title = " ".join(plain_inlines(inlines(content[: found.start()] if found else content, place)).split())
    if not title:
        raise InputError("标题没有文字", code="bad_heading", place=place)
    return Heading(title, anchor, level, place)


def heading_anchors(headings: Sequence[Heading]) -> Iterator[str]:
    """The anchor of every heading: written, standard, or made from its title and unique."""
    taken: dict[str, Heading] = {}
    for heading in headings:
        if heading.anchor in taken:
            raise InputError(f"锚点 {heading.anchor} 用了两次", code="duplicate_anchor", place=heading.place)
        if heading.anchor:
            taken[heading.anchor] = heading
    used: set[str] = set()
    for heading in headings:
        anchor = heading.anchor or _free(heading, used, taken)
        used.add(anchor)
        yield anchor


def _free(heading: Heading, used: Set[str], taken: Mapping[str, Heading]) -> str:
    """The automatic anchor of a heading; one that another heading has written for itself is a fault there."""
    for anchor in (automatic_anchor(heading.title, heading.level, frozenset()), automatic_anchor(heading.title, heading.level, used)):
        if anchor in taken:
            place = taken[anchor].place
            raise InputError(f"锚点 {anchor} 是“{heading.title}”一节的，不能另用", code="duplicate_anchor", place=place)
    return anchor


def automatic_anchor(title: str, level: int, used: Set[str]) -> str:
    """The anchor of a heading without a written one: a standard section's, or one made from the title; unlike all `used` ones."""
    standard = STANDARD_ANCHORS.get(title) if level == 1 else None
    anchor = standard or "s-" + hashlib.sha256(title.encode()).hexdigest()[:8]
    number, candidate = 2, anchor
    while candidate in used:
        candidate, number = f"{anchor}-{number}", number + 1
    return candidate


def clause_numbers(headings: Sequence[Heading]) -> Iterator[str]:
    """Printed numbers 1, 2, 2.1, 2.1.1 …; a level left out is a fault."""
    counters: list[int] = []
    for heading in headings:
        if heading.level > len(counters) + 1:
            raise InputError("标题跳过了一级：## 之下用 ###,### 之下用 ####", code="skipped_level", place=heading.place)
        counters = [*counters[: heading.level], *[0] * (heading.level - len(counters))]
        counters[-1] += 1
        yield ".".join(map(str, counters))


def _check_claims(procedure: Procedure, source: str, file: str) -> None:
    anchors = {section.anchor for section in procedure.sections} | ({""} if not procedure.sections else set())
    for index, claim in enumerate(procedure.front.claims):
        if claim.section not in anchors:
            wanted = f"没有锚点为 {claim.section} 的章节" if claim.section else "指标对应缺少 section"
            raise InputError(f"指标 {claim.indicator}:{wanted}", code="unknown_section", place=Place(file, claim_line(source, index)))
