"""Set pages as a block of a file: objects numbered from a base, packed and compressed. The same block for the same pages and base.

A block depends on nothing else in the file, so a file is joined by writing blocks one after the other, and one that stands where it
stood before need not be made again.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from struct import Struct

from service.book.pdf_objects import REFERENCE, RESOURCES, Sheets

PAGES, DOCUMENT, PROFILE = 2, 4, 8  # numbers of objects that the joined file has once
LEVEL = 3  # of compression: half the time of the usual one, for a hundredth of the file
PACKED = 200  # objects compressed together
STEP = 1024  # a block's numbers are a multiple of these, so that one that grows a little moves no other
BEFORE, AFTER = 10, 11  # contents that stand before and after those of every page
ENTRY = Struct(">BIH")  # of the cross-reference table: kind, place or stream, place in the stream
_KEY = re.compile(rb"(/StructParents? )(\d+)")
_BOX = re.compile(rb"/MediaBox(\[[^\]]*\])")
_CELL = re.compile(rb"\(U(\d+x\d+y\d+)\)")
_CONTENTS = re.compile(rb"/Contents (\d+ 0 R)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its number, and its dictionary before and after the reference to its foot."""

    number: int
    before: bytes
    after: bytes

    @property
    def height(self) -> float:
        """Of the page in points."""
        found = _BOX.search(self.before + self.after)
        return float(found[1].strip(b"[]").split()[3]) if found else 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """`entries` of the packed objects for the cross-reference table come first, then an object for each of `objects`, then `leaves`;
    `top`, `parents`, `ids` are what it gives to the structure of the file."""

    base: int
    entries: bytes
    objects: tuple[bytes, ...]
    leaves: tuple[Leaf, ...]
    top: bytes
    parents: bytes
    ids: bytes

    @property
    def weight(self) -> int:
        """Bytes, about."""
        return sum(map(len, (self.entries, *self.objects, self.parents, self.ids))) + 600 * len(self.leaves)


def room(sheets: Sheets) -> int:
    """Numbers kept for a block of these pages."""
    plain = len(sheets.plain)
    return -(-(plain + len(sheets.streams) + -(-plain // PACKED) + len(sheets.pages)) // STEP) * STEP


def block_at(sheets: Sheets, base: int) -> Block:
    """The pages as a block whose first object bears the number `base`."""
    packs = -(-len(sheets.plain) // PACKED)
    order = [*sheets.plain, *sheets.streams, *[0] * packs, *(page.number for page in sheets.pages)]
    table = {b"%d" % old: b"%d 0 R" % new for new, old in enumerate(order, base)}
    table[b"%d" % sheets.profile[0]] = b"%d 0 R" % PROFILE
    table[b"%d" % sheets.tree] = b"%d 0 R" % PAGES
    table[b"%d" % sheets.document] = b"%d 0 R" % DOCUMENT
    bodies = _bodies(sheets, base, table)
    first = base + len(sheets.plain) + len(sheets.streams)
    dictionaries = renumbered(b"\0".join(head for head, _ in sheets.streams.values()), table).split(b"\0") if sheets.streams else []
    streams = [
        b"%d 0 obj\n%s%s\nendobj\n" % (number, head, rest)
        for number, head, (_, rest) in zip(range(base + len(sheets.plain), first), dictionaries, sheets.streams.values(), strict=True)
    ]
    entries, packed = pack(list(enumerate(bodies, base)), first)
    leaves = tuple(_leaves(sheets, first + packs, base, table))
    name = _name(base)
    return Block(
        base,
        b"".join(entries),
        (*streams, *packed),
        leaves,
        b"".join(table[b"%d" % number] + b" " for number in sheets.top),
        b"".join(b"%d %s " % (base + key, table[b"%d" % number]) for key, number in sheets.parents),
        b"".join(b"(%s%s)%s" % (name, cell[1:], table[b"%d" % number]) for cell, number in sheets.ids),
    )


def renumbered(text: bytes, table: Mapping[bytes, bytes]) -> bytes:
    """Every reference by the table: split, looked up and joined, all in C."""
    parts = REFERENCE.split(text)
    parts[1::2] = map(table.__getitem__, parts[1::2])
    return b"".join(parts)


def pack(numbered: Sequence[tuple[int, bytes]], first: int) -> tuple[list[bytes], list[bytes]]:
    """Objects in compressed streams that are numbered from `first`: the objects' entries, and the streams (ISO 32000-1, 7.5.7)."""
    entries = [ENTRY.pack(2, first + place // PACKED, place % PACKED) for place in range(len(numbered))]
    starts = range(0, len(numbered), PACKED)
    return entries, [_packed(number, numbered[start : start + PACKED]) for number, start in enumerate(starts, first)]


def _packed(number: int, numbered: Sequence[tuple[int, bytes]]) -> bytes:
    starts = accumulate((len(body) + 1 for _, body in numbered), initial=0)
    index = b" ".join(b"%d %d" % (place, start) for (place, _), start in zip(numbered, starts, strict=False)) + b"\n"
    data = zlib.compress(index + b"\n".join(body for _, body in numbered), LEVEL)
    facts = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (len(numbered), len(index), len(data))
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, facts, data)


def _name(base: int) -> bytes:
    """What the names of head cells begin with: they are unique in the file, and in order from block to block."""
    return b"U%08d." % base


def _bodies(sheets: Sheets, base: int, table: Mapping[bytes, bytes]) -> list[bytes]:
    if not sheets.plain:
        return []
    text = _CELL.sub(rb"(" + _name(base) + rb"\1)", zlib.decompress(sheets.text))
    text = _KEY.sub(lambda found: b"%s%d" % (found[1], base + int(found[2])), text)
    return renumbered(text, table).split(b"\0")


def _leaves(sheets: Sheets, first: int, base: int, table: Mapping[bytes, bytes]) -> list[Leaf]:
    """Page dictionaries with their resources in them, open where the number of the foot is to stand."""
    if not sheets.pages:
        return []
    text = renumbered(b"\0".join(page.open for page in sheets.pages), table)
    text = _KEY.sub(lambda found: b"%s%d" % (found[1], base + int(found[2])), text)
    text = _CONTENTS.sub(b"/Contents[%d 0 R \\1 %d 0 R]" % (BEFORE, AFTER), text)
    return [Leaf(number, *page.split(b"\1")) for number, page in enumerate(text.split(b"\0"), first)]


def as_forms(sheets: Sheets) -> tuple[Sheets, tuple[int | None, ...]]:
    """The same pages as forms to be drawn on others, without structure; and the place of each one's form among the streams."""
    streams, places = dict(sheets.streams), {number: place for place, number in enumerate(sheets.streams)}
    forms: list[int | None] = []
    for page in sheets.pages:
        contents, resources, box = (pattern.search(page.body) for pattern in (_CONTENTS, RESOURCES, _BOX))
        if contents and resources and box:
            number = int(contents[1].split()[0])
            head, rest = streams[number]
            facts = b"/Type/XObject/Subtype/Form/BBox%s/Resources %s 0 R" % (box[1], resources[1])
            streams[number] = b"<<" + facts + head.removeprefix(b"<<"), rest
        forms.append(places[number] if contents else None)
    return replace(sheets, streams=streams, pages=()), tuple(forms)
