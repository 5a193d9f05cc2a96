"""The sections of a text as it is written: each one's body apart, and an edited one put back without touching anything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.errors import InputError, NotFound
from service.text.blocks import Body, groups
from service.text.characters import clean_lines
from service.text.editing import check_conditions_kept
from service.text.frontmatter import body_start
from service.text.grammar import block_tokens
from service.text.parse import Heading, clause_numbers, heading_anchors, read_heading
from service.text.source_conditions import line_kinds


@dataclass(frozen=True, slots=True)
class SourceSection:
    """A heading with what is written below it, up to the next one. The preamble, all that letters and forms have, has level 0 and
    neither anchor, title nor clause.

    `line` is the heading's in the source (the preamble: where the body begins), `body_line` that of the line after the heading, `end_line` the first one
    behind the section; all count from 1. `body` has no empty lines at its edges and ends with a line break, or is "".
    `own_anchor`: the heading names its anchor itself.
    """

    anchor: str
    title: str
    level: int
    clause: str
    body: str
    line: int
    body_line: int
    end_line: int
    own_anchor: bool = False


def section_bodies(source: str) -> tuple[SourceSection, ...]:
    """Every section in its order; the preamble first, where it says something or is all there is. Faults of headings are InputErrors."""
    lines, start = source_lines(source)
    found = written_headings(source)
    headings = [heading for heading, _, _ in found]
    edges = [first for _, first, _ in found] + [len(lines)]
    preamble = SourceSection("", "", 0, "", _body(lines[start : edges[0]]), start + 1, start + 1, edges[0] + 1)
    sections = tuple(
        SourceSection(
            anchor, heading.title, heading.level, clause, _body(lines[last:end]), first + 1, last + 1, end + 1, bool(heading.anchor)
        )
        for (heading, first, last), anchor, clause, end in zip(
            found, heading_anchors(headings), clause_numbers(headings), edges[1:], strict=True
        )
    )
    return (preamble, *sections) if preamble.body or not sections else sections


def source_lines(source: str) -> tuple[list[str], int]:
    """The lines of a text, and how many of them are front matter."""
    text = clean_lines(source)
    return text.split("\n"), text.count("\n", 0, body_start(text))


def written_headings(source: str) -> list[tuple[Heading, int, int]]:
    """(heading, its first line, the line after it), counted from 0. Lines of conditions are as good as empty here."""
    lines, start = source_lines(source)
    kinds = line_kinds(lines[start:])
    text = "\n".join("" if kind == "C" else line for line, kind in zip(lines[start:], kinds, strict=True))
    body = Body("", text.split("\n"), start + 1)
    return [
        (read_heading(group, body), group[0].map[0] + start, group[0].map[1] + start)
        for group in groups(block_tokens(text))
        if group[0].type == "heading_open" and group[0].map
    ]


def _body(lines: Sequence[str]) -> str:
    """Lines without the empty ones at the edges."""
    said = [place for place, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[said[0] : said[-1] + 1]) + "\n" if said else ""


def find_section(sections: Sequence[SourceSection], anchor: str) -> SourceSection:
    """The section of this anchor, "" for the preamble; NotFound if there is none."""
    for section in sections:
        if section.anchor == anchor:
            return section
    raise NotFound("没有这一节，可能刚被改名、移动或删除，请刷新页面", code="unknown_section")


def with_section(source: str, anchor: str, body: str) -> str:
    """`source` with the body of one section replaced; every other byte stays.

    InputError for a body that holds a heading or swallows one (an open fence), or whose conditions no longer fit the sections around.
    """
    sections = section_bodies(source)
    section = find_section(sections, anchor)
    new = _body(clean_lines(body).split("\n"))
    if new == section.body:
        return source
    check_conditions_kept(section.body, new)
    result = replaced_lines(source, section.body_line - 1, section.end_line - 1, _spaced(source, section, new))
    if _outline(section_bodies(result)) != _outline(replace(one, body=new) if one == section else one for one in sections):
        raise InputError("正文里不能有标题，也不能有没写完的代码块；要分节请用“添加章节”", code="heading_in_body")
    return result


def _outline(sections: Iterable[SourceSection]) -> list[tuple[str, str, int, str]]:
    """What must stay when one body changes; a preamble may come and go."""
    return [(one.anchor, one.title, one.level, one.body) for one in sections if one.level or one.body]


def _spaced(source: str, section: SourceSection, body: str) -> list[str]:
    """The new body's lines with the empty lines that stood around the old one, at least one between words and a heading."""
    lines, _ = source_lines(source)
    old = lines[section.body_line - 1 : section.end_line - 1]
    above = next((place for place, line in enumerate(old) if line.strip()), 1)
    below = next((place for place, line in enumerate(reversed(old)) if line.strip()), 1)
    if not body:
        return [""]
    if section.end_line <= len(lines) and line_kinds(body.split("\n"))[-2] != "C":
        below = max(below, 1)
    return [""] * above + body.rstrip("\n").split("\n") + [""] * below


def replaced_lines(source: str, start: int, end: int, new: Sequence[str]) -> str:
    """`source` with lines `start` to `end` (from 0, the end not counted) replaced; its own line ends stay what they are."""
    lines = source.split("\n")
    ending = "\r" if "\r\n" in source else ""
    return "\n".join([*lines[:start], *(line + ending for line in new), *lines[end:]])
