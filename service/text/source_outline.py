"""Changing which sections a text has: rename, add, delete, move; nobody needs raw Markdown for it, and every anchor stays what it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.errors import InputError, Refused
from service.text.branches import loose_tags
from service.text.characters import FORBIDDEN
from service.text.frontmatter import read_front
from service.text.parse import Heading, automatic_anchor
from service.text.source_conditions import TAG, line_kinds
from service.text.source_sections import (
    SourceSection,
    find_section,
    replaced_lines,
    section_bodies,
    source_lines,
    written_headings,
)
from service.text.write import heading_markdown

MOST_TITLE = 100
_TEMPLATE = re.compile(r"\{%|%\}|[{}]")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A section with all below it and the conditions that open right above it: lines `start` to `end` (from 0, the end not counted)."""

    place: int  # among the sections
    start: int
    end: int


def with_heading(source: str, anchor: str, title: str) -> str:
    """`source` with one section renamed; its anchor stays, so that claims and links hold."""
    sections = section_bodies(source)
    section = find_section(sections, anchor)
    title = _title(title)
    if not section.level:
        raise InputError("正文开头没有标题，不能改名", code="no_heading")
    if title == section.title:
        return source
    line = heading_markdown(title, section.level, section.anchor if section.own_anchor else "")
    return _settled(replaced_lines(source, section.line - 1, section.body_line - 1, [line]), [one.anchor for one in sections])


def with_new_section(source: str, after: str, title: str, *, below: bool = False) -> tuple[str, str]:
    """(`source` with an empty section behind the one of anchor `after` and all below it, the new section's anchor). Its level is
    that section's, or one `below`; "" puts it behind the preamble."""
    sections = section_bodies(source)
    section = find_section(sections, after) if after else sections[0]
    level = 1 if not after else section.level + below
    if level > 3:
        raise InputError("章节最多三级", code="too_deep")
    place, line = _behind(source, sections, section) if after else _start(source, sections)
    title = _title(title)
    new = automatic_anchor(title, level, {one.anchor for one in sections})
    lines, _ = source_lines(source)
    gap = [""] if line and lines[line - 1].strip() else []
    result = replaced_lines(source, line, line, [*gap, heading_markdown(title, level), ""])
    anchors = [one.anchor for one in sections]
    return _settled(result, [*anchors[:place], new, *anchors[place:]]), new


def without_section(source: str, anchor: str) -> str:
    """`source` without one section and all below it. Refused while the front matter claims one of them; InputError where a condition
    of it is opened or closed elsewhere."""
    sections = section_bodies(source)
    unit = _whole_unit(source, sections, find_section(sections, anchor))
    inside = _inside(sections, unit)
    gone = {one.anchor for one in inside}
    for claim in read_front(source).claims:
        if claim.section in gone:
            raise Refused(f"这一节对应着评价指标 {claim.indicator}，请先取消对应再删除", code="section_claimed")
    return _settled(replaced_lines(source, unit.start, unit.end, []), [one.anchor for one in sections if one not in inside])


def with_section_moved(source: str, anchor: str, *, up: bool) -> str:
    """`source` with one section and all below it before (or behind) its neighbour of the same level and parent."""
    sections = section_bodies(source)
    section = find_section(sections, anchor)
    neighbour = _neighbour(sections, section, up=up)
    first, second = (neighbour, section) if up else (section, neighbour)
    one, other = _whole_unit(source, sections, first), _whole_unit(source, sections, second)
    lines, _ = source_lines(source)
    swapped = [*_filled(lines[other.start : other.end]), "", *_filled(lines[one.start : one.end])]
    anchors = [each.anchor for each in (*_inside(sections, other), *_inside(sections, one))]
    before, behind = [each.anchor for each in sections[: one.place]], [each.anchor for each in sections[one.place + len(anchors) :]]
    return _settled(replaced_lines(source, one.start, other.end, [*swapped, ""]), [*before, *anchors, *behind])


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > MOST_TITLE:
        raise InputError(f"标题应有 1 到 {MOST_TITLE} 个字", code="bad_title")
    if FORBIDDEN.search(title) or _TEMPLATE.search(title):
        raise InputError("标题里不能有控制字符和花括号", code="bad_title")
    return title


# Where a section with all below it begins and ends


def _units(source: str, sections: Sequence[SourceSection]) -> Iterator[_Unit]:
    """The unit of every section. Conditions that open right above a heading belong to it, not to the words before."""
    lines, start = source_lines(source)
    kinds = [""] * start + line_kinds(lines[start:])
    starts = [_opening(section.line - 1, lines, kinds) if section.level else section.line - 1 for section in sections]
    for place, section in enumerate(sections):
        following = (starts[n] for n in range(place + 1, len(sections)) if sections[n].level <= section.level or not section.level)
        yield _Unit(place, starts[place], next(following, len(lines)))


def _opening(line: int, lines: Sequence[str], kinds: Sequence[str]) -> int:
    first = line
    while line and kinds[line - 1] in ("", "C") and not (kinds[line - 1] == "C" and _closes(lines[line - 1])):
        line -= 1
        first = line if kinds[line] == "C" else first
    return first


def _closes(line: str) -> bool:
    return not {"if", "for"} >= set(TAG.findall(line))


def _unit(source: str, sections: Sequence[SourceSection], section: SourceSection) -> _Unit:
    return next(unit for unit in _units(source, sections) if sections[unit.place] == section)


def _whole_unit(source: str, sections: Sequence[SourceSection], section: SourceSection) -> _Unit:
    """The unit of a section that can be taken out by itself."""
    if not section.level:
        raise InputError("正文开头没有标题，不能移动或删除", code="no_heading")
    unit = _unit(source, sections, section)
    if loose_tags("\n".join(source_lines(source)[0][unit.start : unit.end])) != ((), ()):
        raise InputError(f"“{section.title}”与相邻章节同在一个条件里，不能单独移动或删除", code="section_in_condition")
    return unit


def _inside(sections: Sequence[SourceSection], unit: _Unit) -> list[SourceSection]:
    """The sections of a unit: the one it begins with and all below it."""
    level = sections[unit.place].level
    inside = [sections[unit.place]]
    for section in sections[unit.place + 1 :]:
        if section.level <= level:
            break
        inside.append(section)
    return inside


def _neighbour(sections: Sequence[SourceSection], section: SourceSection, *, up: bool) -> SourceSection:
    place = sections.index(section)
    for other in reversed(sections[:place]) if up else sections[place + 1 :]:
        if other.level == section.level:
            return other
        if other.level < section.level:
            break
    raise Refused(f"“{section.title}”已经在{'最前' if up else '最后'}", code="no_neighbour")


def _behind(source: str, sections: Sequence[SourceSection], section: SourceSection) -> tuple[int, int]:
    """(place among the sections, line) right behind a section with all below it."""
    unit = _unit(source, sections, section)
    return unit.place + len(_inside(sections, unit)), unit.end


def _start(source: str, sections: Sequence[SourceSection]) -> tuple[int, int]:
    """The same before the first heading."""
    headed = [unit for unit in _units(source, sections) if sections[unit.place].level]
    return (headed[0].place, headed[0].start) if headed else (len(sections), len(source_lines(source)[0]))


# Lines and anchors


def _filled(lines: Sequence[str]) -> list[str]:
    """Lines without the empty ones at the end."""
    last = max(place for place, line in enumerate(lines) if line.strip())
    return list(lines[: last + 1])


def _settled(source: str, anchors: Sequence[str]) -> str:
    """The text with the anchor of every section written out that would have another one by itself. `anchors`: what they should be."""
    found = written_headings(source)
    wanted = anchors[len(anchors) - len(found) :]  # without the preamble's
    while (place := _astray([heading for heading, _, _ in found], wanted)) is not None:
        heading, first, behind = found[place]
        source = replaced_lines(source, first, behind, [heading_markdown(heading.title, heading.level, wanted[place])])
        found = written_headings(source)
    return source


def _astray(headings: Sequence[Heading], wanted: Sequence[str]) -> int | None:
    """The first heading whose automatic anchor is not the wanted one, or is one that another heading names for itself."""
    own = {heading.anchor for heading in headings}
    used: set[str] = set()
    for place, (heading, anchor) in enumerate(zip(headings, wanted, strict=True)):
        bare, automatic = (automatic_anchor(heading.title, heading.level, taken) for taken in (frozenset[str](), used))
        if not heading.anchor and (automatic != anchor or {bare, automatic} & own):
            return place
        used.add(anchor)
    return None
