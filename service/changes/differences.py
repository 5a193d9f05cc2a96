"""What changed between two revisions of a text, section by section, as a 修改页 prints it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from service.kit.fingerprint import fingerprint
from service.text.model import Procedure, Section
from service.text.plain import blocks_text, sentences

LONGEST = 240
"""Characters of old and of new text that are printed of one section."""
MOST_LINES = 12


class Difference(StrEnum):
    """What became of a section."""

    ADDED = "added"
    DELETED = "deleted"
    CHANGED = "changed"


DIFFERENCE_NAMES: Mapping[Difference, str] = {Difference.ADDED: "新增", Difference.DELETED: "删除", Difference.CHANGED: "修改"}


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section: its clause in the new text (in the old one if it was deleted), its title, and the words that differ, shortened."""

    clause: str
    title: str
    difference: Difference
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two headings, with the heading above it; its sentences and rows of tables, each with the line it stands in."""

    clause: str
    title: str
    fingerprint: str
    sentences: tuple[tuple[int, str], ...]

    @property
    def words(self) -> str:
        return shortened(_joined(self.sentences))


def section_changes(before: Procedure, after: Procedure) -> tuple[SectionChange, ...]:
    """Sections whose own words differ (those below them are compared by themselves), in the order of the new text, deleted ones last.

    A section is the same if its anchor is, or its number where the anchors of both are new or gone (a heading that was reworded); a change
    of its number alone is none. The document's own title comes first.
    """
    old, new = _pieces(before), _pieces(after)
    old = _reworded(old, new)
    found = [] if before.front.title == after.front.title else [_renamed(before.front.title, after.front.title)]
    for anchor, piece in new.items():
        if anchor not in old:
            found.append(SectionChange(piece.clause, piece.title, Difference.ADDED, "", piece.words))
        elif old[anchor].fingerprint != piece.fingerprint:
            found.append(_changed(old[anchor], piece))
    gone = (piece for anchor, piece in old.items() if anchor not in new)
    return (*found, *(SectionChange(each.clause, each.title, Difference.DELETED, each.words, "") for each in gone))


def _reworded(old: dict[str, _Piece], new: dict[str, _Piece]) -> dict[str, _Piece]:
    """The old pieces under the anchors that they have in the new text."""
    added = {piece.clause: anchor for anchor, piece in new.items() if anchor not in old}
    return {anchor if anchor in new else added.get(piece.clause, anchor): piece for anchor, piece in old.items()}


def _renamed(before: str, after: str) -> SectionChange:
    return SectionChange("", "文件名称", Difference.CHANGED, before, after)


def _pieces(procedure: Procedure) -> dict[str, _Piece]:
    """Anchor → what stands below its heading; "" is the text before the first heading, if there is any."""
    found = {}
    if procedure.preamble:
        found[""] = _Piece("", "正文", fingerprint(procedure.preamble), _sentences(blocks_text(procedure.preamble)))
    for section in procedure.sections:
        found[section.anchor] = _Piece(section.clause, section.title, _fingerprint(section), _sentences(blocks_text(section.blocks)))
    return found


def _fingerprint(section: Section) -> str:
    return fingerprint((section.title, section.blocks))


def _sentences(text: str) -> tuple[tuple[int, str], ...]:
    return tuple((row, part) for row, line in enumerate(text.split("\n")) for part in (sentences(line) or [line]) if part.strip())


def _joined(found: Iterable[tuple[int, str]]) -> str:
    """Sentences of one line side by side, the others below each other."""
    return "\n".join("".join(part for _, part in line) for _, line in groupby(found, key=itemgetter(0)))


def _changed(old: _Piece, new: _Piece) -> SectionChange:
    removed, added = _differing(old.sentences, new.sentences)
    if removed or added or old.title != new.title:
        before, after = _joined(removed), _joined(added)
    else:  # the words are the same, but not how they stand: a list became a table
        before, after = _joined(old.sentences), f"（文字相同，编排改变）{_joined(new.sentences)}"
    if old.title != new.title:
        before, after = f"标题：{old.title}\n{before}".strip(), f"标题：{new.title}\n{after}".strip()
    return SectionChange(new.clause, new.title, Difference.CHANGED, shortened(before), shortened(after))


def _differing(old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The sentences that are gone, and those that are new."""
    matcher = difflib.SequenceMatcher(None, [part for _, part in old], [part for _, part in new], autojunk=False)
    changed = [places for tag, *places in matcher.get_opcodes() if tag != "equal"]
    removed = [each for start, end, _, _ in changed for each in old[start:end]]
    return removed, [each for _, _, first, last in changed for each in new[first:last]]


def shortened(text: str, longest: int = LONGEST, lines: int = MOST_LINES) -> str:
    """At most `longest` characters in at most so many lines, cut with …… where there is more."""
    first = "\n".join(text.split("\n")[:lines])[:longest]
    return text if first == text else first[: longest - 2].rstrip() + "……"
