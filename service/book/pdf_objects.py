"""A PDF as typst writes it, taken apart into its objects. Bytes, not a library: a book has tens of thousands of small objects.

What is relied on, and checked by tests over every kind of block: one cross-reference table, objects in the order of their numbers,
no object streams, texts beyond ASCII in hex, and no ASCII text that looks like a reference (typst_blocks sees to that).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from service.kit.fingerprint import file_fingerprint

REFERENCE, RESOURCES = re.compile(rb"(\d+) 0 R\b"), re.compile(rb"/Resources (\d+) 0 R")
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TARGET = re.compile(rb"/A<</Type/Action/S/URI/URI\(book:((?:[^()\\]|\\.)*)\)>>")
_NOTE = re.compile(rb"/Contents\(book:(?:[^()\\]|\\.)*\)")
_ROOT, _KIDS, _NUMS = (re.compile(pattern) for pattern in (rb"/Root (\d+) 0 R", rb"/Kids\[([^\]]*)\]", rb"(\d+) (\d+) 0 R"))
_NAMED = re.compile(rb"\((U\d+x\d+y\d+)\)(\d+) 0 R")
_ROW, _FIRST = b"<</Type/StructElem/S/TR/", re.compile(rb"/K\[(\d+) 0 R ?")
_STREAM = b"\nstream\n"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's number and dictionary; `open`: with its resources in it, where a byte 1 stands for the reference to its foot."""

    number: int
    body: bytes
    open: bytes


@dataclass(frozen=True, slots=True)
class Sheets:
    """Set pages: `plain` numbers of objects without a stream and their `text`, one after the other, a zero byte between, compressed;
    `streams`: number → dictionary, the rest; the pages in order and the number of their tree; the elements at the top of the structure
    and the number of the document they hang below; `parents`: key of a page or link → number of what its contents belong to; `ids`: name
    of a table's head cell → its number; the colour profile (number, object)."""

    plain: tuple[int, ...]
    text: bytes
    streams: Mapping[int, tuple[bytes, bytes]]
    pages: tuple[Sheet, ...]
    tree: int
    document: int
    top: tuple[int, ...]
    parents: tuple[tuple[int, int], ...]
    ids: tuple[tuple[bytes, int], ...]
    profile: tuple[int, bytes]
    fingerprint: str

    @property
    def weight(self) -> int:
        """Bytes, about."""
        return len(self.text) + 40 * len(self.plain) + 800 * len(self.pages) + sum(len(rest) for _, rest in self.streams.values())


def take_apart(data: bytes) -> Sheets:
    """The objects of a PDF that typst wrote as PDF/A-2b; links inside the book become links to names."""
    bodies, root = _bodies(data)
    streams = {number: _cut(body) for number, body in bodies.items() if _STREAM in body}
    plain = {number: body for number, body in bodies.items() if number not in streams}
    catalog = plain.pop(root)
    tree = _one(catalog, b"Pages")
    pages = _numbers(_field(_KIDS, plain.pop(tree)))
    streams.pop(_one(catalog, b"Metadata"))
    [intent] = _numbers(plain.pop(_one(catalog, b"OutputIntents")))
    number = _one(plain.pop(intent), b"DestOutputProfile")
    profile = number, b"".join(streams.pop(number))
    plain.pop(_one(data[data.rfind(b"trailer") :], b"Info"))
    for number in _numbers(catalog[catalog.find(b"/Names<<") :] if b"/Names<<" in catalog else b""):
        plain.pop(number, None)
    document, top, parents, ids = _structure(catalog, plain)
    _drop_struts(plain)
    sheets = tuple(_sheet(number, plain) for number in pages)
    text = zlib.compress(_linked(plain.values()), 1)
    return Sheets(tuple(plain), text, streams, sheets, tree, document, top, parents, ids, profile, file_fingerprint(data))


def _sheet(number: int, plain: dict[int, bytes]) -> Sheet:
    body = plain.pop(number)
    found = RESOURCES.search(body)
    if not found:
        raise ValueError("not a PDF as typst writes it")
    held = plain[int(found[1])]
    place = held.find(b"/XObject<<")
    if place < 0:
        held = held.removesuffix(b">>") + b"/XObject<</Foot \1>>>>"
    else:
        place += len(b"/XObject<<")
        held = held[:place] + b"/Foot \1" + held[place:]
    return Sheet(number, body, body[: found.start()] + b"/Resources" + held + body[found.end() :])


def _bodies(data: bytes) -> tuple[dict[int, bytes], int]:
    """Number → bytes of each object, and the catalog's number."""
    found = _START.search(data, len(data) - 64)
    table = int(found[1]) if found else -1
    lines = data[table:].split(b"\r\n")
    if table < 0 or not lines[0].startswith(b"xref\n0 "):
        raise ValueError("not a PDF as typst writes it")
    entries = [(int(line[:10]), number) for number, line in enumerate(lines[1:], 1) if line.endswith(b" 00000 n")]
    offsets = [*sorted(entries), (table, 0)]
    bodies = {
        number: data[start + len(b"%d 0 obj\n" % number) : end].rstrip().removesuffix(b"endobj")[:-1]
        for (start, number), (end, _) in pairwise(offsets)
    }
    return bodies, int(_field(_ROOT, data[data.rfind(b"trailer") :]))


def _structure(
    catalog: bytes, plain: dict[int, bytes]
) -> tuple[int, tuple[int, ...], tuple[tuple[int, int], ...], tuple[tuple[bytes, int], ...]]:
    if b"/StructTreeRoot" not in catalog:
        return 0, (), (), ()
    tree = plain.pop(_one(catalog, b"StructTreeRoot"))
    start = tree.find(b"/K[")
    [document] = _numbers(tree[start : tree.find(b"]", start)])
    top = _numbers(_field(re.compile(rb"/K\[(.*)\]", re.DOTALL), plain.pop(document)))
    nums = tree[tree.find(b"/Nums[") :]
    parents = tuple((int(key), int(number)) for key, number in _NUMS.findall(nums[: nums.find(b"]")]))
    return document, top, parents, tuple((name, int(number)) for name, number in _NAMED.findall(tree) if b"x0y" not in name)


def _drop_struts(plain: dict[int, bytes]) -> None:
    """The first cell of each row gives the row its height (typst_table) and holds nothing: it is no cell of the table."""
    for number, body in list(plain.items()):
        if body.startswith(_ROW):
            found = _FIRST.search(body)
            if found and plain.get(int(found[1]), b"").endswith(b"/K[]>>"):
                del plain[int(found[1])]
                plain[number] = body[: found.start(1)] + body[found.end() :]


def _cut(body: bytes) -> tuple[bytes, bytes]:
    place = body.find(_STREAM)
    return body[:place], body[place:]


def _one(body: bytes, key: bytes) -> int:
    return int(_field(re.compile(b"/" + key + rb" (\d+) 0 R"), body))


def _field(pattern: re.Pattern[bytes], body: bytes) -> bytes:
    found = pattern.search(body)
    if not found:
        raise ValueError("not a PDF as typst writes it")
    return found[1]


def _numbers(body: bytes) -> tuple[int, ...]:
    return tuple(int(number) for number in REFERENCE.findall(body))


def _linked(bodies: Iterable[bytes]) -> bytes:
    """Bodies one after the other, a zero byte between; links inside the book lead to names."""
    return _NOTE.sub(b"", _TARGET.sub(rb"/Dest(\1)", b"\0".join(bodies)))
