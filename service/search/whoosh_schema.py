"""What whoosh keeps of each section, and when it merges its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import log
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.reading import SegmentReader

from service.search.port import Entry
from service.search.rank import row_text
from service.search.words import terms

_MANY = 6
_LARGE = 3  # a file of 6³ rows or more


class Terms(fields.FieldType):  # type: ignore[misc]  # whoosh carries no types
    """The terms of a section, ready made: whether a section has them is all that is kept."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Any, **_options: Any) -> list[tuple[bytes, int, float, bytes]]:
        return [(term.encode(), 1, 1.0, b"") for term in value]


class Codec(W3Codec):  # type: ignore[misc]  # whoosh carries no types
    """whoosh's own files without lengths of fields, which nothing asks for: finding out that there are none costs half of the writing."""

    length_stats = False


SCHEMA = fields.Schema(
    terms=Terms(),
    revision=fields.COLUMN(columns.FixedBytesColumn(16)),
    row=fields.COLUMN(columns.VarBytesColumn()),
    names=fields.COLUMN(columns.VarBytesColumn()),
    section=fields.STORED(),
)
"""`row` is what is compared (see `rank.Row`), `names` number, title, anchor, clause and section title as they are shown, `section` the rest."""


def fields_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """The fields of each section of a revision, one after the other: their rows stand together."""
    for section in entry.sections:
        row = row_text(entry, section)
        shown = (entry.number, entry.title, section.anchor, section.clause, section.title)
        yield {
            "terms": terms(row),
            "revision": bytes.fromhex(entry.revision),
            "row": row.encode(),
            "names": "\n".join(" ".join(part.split()) for part in shown).encode(),
            "section": (section.text, section.lead),
        }


def merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """More than six small files of about the same size become one. Large ones stay, so that a change of one text stays cheap; they
    are taken in when most of what they held has been replaced. Rows are written again: merging terms costs whoosh several times as much.
    """
    sizes: dict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        sizes[int(log(1 + _alive(segment), _MANY))].append(segment)
    merged = next((some for size, some in sorted(sizes.items()) if size < _LARGE and len(some) > _MANY), [])
    for segment in merged:
        for fields_ in _kept(SegmentReader(writer.storage, writer.schema, segment)):
            writer.add_document(**fields_)
    return [segment for segment in segments if segment not in merged]


def _kept(reader: Any) -> Iterator[dict[str, Any]]:
    """The fields of every row that is not deleted."""
    revisions, rows, names = (reader.column_reader(name, translate=False) for name in ("revision", "row", "names"))
    for number in range(reader.doc_count_all()):
        if not reader.is_deleted(number):
            row = bytes(rows[number])
            yield {
                "terms": terms(row.decode()),
                "revision": bytes(revisions[number]),
                "row": row,
                "names": bytes(names[number]),
                "section": reader.stored_fields(number)["section"],
            }
    reader.close()


def _alive(segment: Any) -> int:
    return int(segment.doc_count_all() - segment.deleted_count())
