"""A redline in short: how much changed, and in which sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from service.book.model import Drawing, Figure
from service.book.redline_changes import Change, change_of, heading_of, old_number
from service.book.redline_model import Changed, ChangedGrid, Deleted, MovedFrom, MovedTo, RedBlock, Redline


@dataclass(frozen=True, slots=True)
class Counts:
    """Blocks (paragraphs, items, headings, tables, pictures) by what became of them. Blocks that moved together count once."""

    inserted: int = 0
    deleted: int = 0
    changed: int = 0
    moved: int = 0

    @property
    def total(self) -> int:
        return self.inserted + self.deleted + self.changed + self.moved


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """A section with changes of its own. `clause`, `title` and `anchor` are those of the new text, of a deleted section those of the old one
    (then `anchor` is `former_anchor` of it); all are empty before the first heading. `change` tells what became of the heading, if anything did."""

    clause: str
    title: str
    anchor: str
    former_clause: str
    change: Change | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Summary:
    counts: Counts
    sections: tuple[SectionSummary, ...]


@dataclass(frozen=True, slots=True)
class RedSection:
    """Blocks that stand together below a heading. `head` is the heading's own block, the first of them unless the section goes on after
    a deleted one; None before the first heading."""

    head: RedBlock | None
    blocks: tuple[RedBlock, ...]


def former_anchor(anchor: str) -> str:
    """The anchor of a heading where it stood: the new text may have one of the same name elsewhere."""
    return f"former-{anchor}" if anchor else ""


def red_sections(found: Redline) -> Iterator[RedSection]:
    """The redline by its headings, those of the old text too; what the new text has after a deleted heading goes on with the section before."""
    head = new_head = None
    blocks: list[RedBlock] = []
    for block in found:
        former = isinstance(block, (Deleted, MovedFrom))
        begins = block if heading_of(block) else new_head if head is not new_head and not former else head
        if begins is not head and blocks:
            yield RedSection(head, tuple(blocks))
            blocks = []
        head = begins
        new_head = head if heading_of(block) and not former else new_head
        blocks.append(block)
    if blocks:
        yield RedSection(head, tuple(blocks))


def summary(found: Redline) -> Summary:
    """Counts over all, and the sections with changes in the order of the redline; one that only moved stands where it is now."""
    heads: dict[int, RedBlock | None] = {}
    grouped: dict[int, list[RedBlock]] = {}
    for section in red_sections(found):
        heads[id(section.head)] = section.head
        grouped.setdefault(id(section.head), []).extend(section.blocks)
    sections = [_section(heads[key], counts) for key, blocks in grouped.items() if (counts := count(blocks)).total and not _is_left(blocks)]
    return Summary(count(found), tuple(sections))


def _is_left(blocks: Collection[RedBlock]) -> bool:
    """Whether this is where a whole section stood that moved away."""
    return all(isinstance(block, MovedFrom) for block in blocks) and any(map(heading_of, blocks))


def count(blocks: Collection[RedBlock]) -> Counts:
    """Blocks that moved together count once, where both places are among `blocks` too."""
    found = Counter(change.value for block in blocks if not isinstance(block, (MovedFrom, MovedTo)) and (change := change_of(block)))
    moved = {block.pair for block in blocks if isinstance(block, (MovedFrom, MovedTo))}
    return Counts(**found, moved=len(moved))


def _section(head: RedBlock | None, counts: Counts) -> SectionSummary:
    heading = heading_of(head) if head else None
    if head is None or heading is None:
        return SectionSummary("", "", "", "", None, counts)
    former = isinstance(head, (Deleted, MovedFrom))
    before = old_number(head)
    return SectionSummary(
        heading.number,
        heading.text,
        former_anchor(heading.anchor) if former else heading.anchor,
        before if before != heading.number else "",
        change_of(head),
        counts,
    )


def drawings(found: Redline) -> tuple[Drawing, ...]:
    """The drawings of both texts, each once: what `render_redline` needs pictures of."""
    blocks = (each.block for each in found if not isinstance(each, (Changed, ChangedGrid)))
    return tuple(dict.fromkeys(block.drawing for block in blocks if isinstance(block, Figure)))
