"""Writing a PDF: objects with and without streams, cross-reference stream, an identifier that follows from the contents. Pure."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

from service.book.pdf_block import ENTRY, LEVEL, Block, pack

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line: four bytes above 127 (ISO 19005-2, 6.1.2)


class PdfFile:
    """A file that grows object by object; each number is written once, in any order."""

    def __init__(self) -> None:
        self._parts = [_HEAD]
        self._at = len(_HEAD)
        self._sections: list[tuple[int, bytes]] = [(0, ENTRY.pack(0, 0, 65535))]

    def add(self, block: Block) -> None:
        """A block's objects, but for its pages: those are packed with all others."""
        self._sections.append((block.base, block.entries + b"".join(self._put(data) for data in block.objects)))

    def add_stream(self, number: int, facts: bytes, data: bytes) -> None:
        body = b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, facts, len(data), data)
        self._sections.append((number, self._put(body)))

    def add_whole(self, number: int, body: bytes) -> None:
        """An object as it stands: dictionary, stream and all."""
        self._sections.append((number, self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))))

    def add_packed(self, numbered: Sequence[tuple[int, bytes]], first: int) -> int:
        """Objects without streams, together in streams that are numbered from `first`; the next free number."""
        entries, streams = pack(numbered, first)
        self._sections += [(number, entry) for (number, _), entry in zip(numbered, entries, strict=True)]
        self._sections.append((first, b"".join(self._put(data) for data in streams)))
        return first + len(streams)

    def finished(self, root: int, info: int, free: int) -> bytes:
        """The whole file; `free` is a number that no object has: the cross-reference stream bears it."""
        self._sections.append((free, ENTRY.pack(1, self._at, 0)))
        sections = sorted(self._sections)
        table = zlib.compress(b"".join(entries for _, entries in sections), LEVEL)
        seen = hashlib.sha256()
        for part in self._parts:
            seen.update(part)
        digest = seen.hexdigest()[:32].encode()
        facts = b"/Type/XRef/Size %d/W[1 4 2]/Index[%s]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]/Filter/FlateDecode/Length %d" % (
            free + 1,
            _index(sections),
            root,
            info,
            digest,
            digest,
            len(table),
        )
        tail = b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (free, facts, table, self._at)
        return b"".join((*self._parts, tail))

    def _put(self, data: bytes) -> bytes:
        """The entry of an object that is written here."""
        entry = ENTRY.pack(1, self._at, 0)
        self._parts.append(data)
        self._at += len(data)
        return entry


def _index(sections: Sequence[tuple[int, bytes]]) -> bytes:
    """First number and count of each stretch of numbers without a gap."""
    stretches: list[list[int]] = []
    for number, entries in sections:
        if stretches and sum(stretches[-1]) == number:
            stretches[-1][1] += len(entries) // ENTRY.size
        elif entries:
            stretches.append([number, len(entries) // ENTRY.size])
    return b" ".join(b"%d %d" % (number, count) for number, count in stretches)
