"""Walking a chain link by link: whether it holds, and if not, where it breaks first and what was done to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from service.errors import InputError
from service.trail.anchors import Anchor, is_genuine
from service.trail.rules import START, seal_of


class Fault(StrEnum):
    """What was done to a trail."""

    CHANGED = "changed_entry"
    REMOVED = "removed_middle"
    REORDERED = "reordered"
    CUT = "cut_tail"
    EMPTIED = "emptied"
    HEAD = "wrong_head"
    REWRITTEN = "rewritten"
    BAD_ANCHOR = "bad_anchor_signature"


FAULT_NAMES: Mapping[Fault, str] = {
    Fault.CHANGED: "内容被改动",
    Fault.REMOVED: "中间有记录被删除",
    Fault.REORDERED: "记录顺序被调换",
    Fault.CUT: "末尾有记录被删除",
    Fault.EMPTIED: "记录被清空",
    Fault.HEAD: "链头与最后一条记录不符",
    Fault.REWRITTEN: "被整体改写，与锚点不符",
    Fault.BAD_ANCHOR: "锚点签名无效",
}


class Link(NamedTuple):
    """One entry as texts: `own` is what `seal_of` takes."""

    position: int
    previous: str
    seal: str
    own: tuple[str, ...]


class Head(NamedTuple):
    """How far the chain is said to go: number of entries and the seal of the last."""

    position: int = 0
    seal: str = START


@dataclass(frozen=True, slots=True)
class Verdict:
    """`count` entries hold from the start. If not all do: the first bad position (1-based) and what was done.

    `REWRITTEN` gives the first position that no agreeing anchor vouches for, `BAD_ANCHOR` the anchor's count.
    """

    count: int
    fault: Fault | None = None
    position: int | None = None

    @property
    def holds(self) -> bool:
        return self.fault is None

    def __str__(self) -> str:
        return "完整" if self.fault is None else f"第 {self.position} 条起不一致（{FAULT_NAMES[self.fault]}）"


def verify_chain(
    organisation: UUID, links: Iterable[Link], head: Head, anchors: Iterable[Anchor] = (), key: Ed25519PublicKey | None = None
) -> Verdict:
    """The verdict over a stream of links in order of position; nothing but the current link is kept.

    `anchors` are the organisation's own; InputError if there are some but no key to tell whether they are genuine.
    """
    vouched: dict[int, set[str]] = {}
    for anchor in anchors:
        if key is None:
            raise InputError("有锚点而没有公钥，无法核对签名，请用 --public-key 给出公钥文件", code="public_key_missing")
        if not is_genuine(anchor, key):
            return Verdict(0, Fault.BAD_ANCHOR, anchor.count)
        vouched.setdefault(anchor.count, set()).add(anchor.seal)
    return _walk(organisation.hex, iter(links), head, vouched)


def _walk(owner: str, links: Iterator[Link], head: Head, vouched: Mapping[int, set[str]]) -> Verdict:
    last, count, proven = START, 0, 0
    known = max(head.position, *vouched) if vouched else head.position
    for link in links:
        position = count + 1
        if link.position != position or link.previous != last or link.seal != _remade(owner, link, last, position):
            return Verdict(count, _what_was_done(owner, link, last, position, links, known), position)
        if position in vouched:
            if vouched[position] != {link.seal}:
                return Verdict(proven, Fault.REWRITTEN, proven + 1)
            proven = position
        last, count = link.seal, position
    return _ending(count, last, head, known)


def _ending(count: int, last: str, head: Head, known: int) -> Verdict:
    if count < known:
        return Verdict(count, Fault.CUT if count else Fault.EMPTIED, count + 1)
    return Verdict(count) if head == (count, last) else Verdict(count, Fault.HEAD, count + 1)


def _remade(owner: str, link: Link, previous: str, position: int) -> str:
    """The seal that the entry should bear; none if a field is no text at all (SQLite takes anything)."""
    try:
        return seal_of(previous, owner, position, link.own)
    except (AttributeError, UnicodeEncodeError):
        return ""


def _what_was_done(owner: str, link: Link, last: str, position: int, rest: Iterator[Link], known: int) -> Fault:
    """Tell an entry that was changed from one that stands in the place of another."""
    if link.previous == last or link.seal == _remade(owner, link, last, position):
        return Fault.CHANGED  # the right entry is here, with another field than it was sealed with
    if any(later.previous == last for later in rest):
        return Fault.REORDERED  # the right entry comes later
    if link.position > position or any(link.seal == _remade(owner, link, link.previous, place) for place in range(position + 1, known + 1)):
        return Fault.REMOVED  # the right entry is gone; those behind it may have been given new positions
    return Fault.CHANGED
