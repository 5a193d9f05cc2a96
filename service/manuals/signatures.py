"""Who signed a document, as it is printed: name, post and day of everybody who did, and what was signed by an exception. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.approvals.rules import MEANING_NAMES, Meaning
from service.book.model import GridCell, Para, Style
from service.kit.dates import chinese_date
from service.manuals.cells import cell, words
from service.manuals.rules import Signed

THREE = tuple(MEANING_NAMES[meaning] for meaning in (Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE))
COUNTERSIGN = MEANING_NAMES[Meaning.COUNTERSIGN]
WIDE = 5
"""Columns beside the head of a row in the blocks of six columns."""


def signature_cell(signed: Iterable[Signed], meaning: str) -> GridCell:
    """Name, post and day below each other; empty if nobody has signed in this meaning."""
    lines = [line for row in signed if row.meaning == meaning for line in (row.name, row.post, chinese_date(row.on))]
    return GridCell(tuple(words(line) for line in lines), align="center")


def signature_row(signed: Sequence[Signed]) -> tuple[GridCell, ...]:
    """编制, 审核, 批准 beside each other, in six columns."""
    return tuple(item for name in THREE for item in (cell(name, head=True), signature_cell(signed, name)))


def further_rows(signed: Sequence[Signed], wide: int = WIDE) -> tuple[tuple[GridCell, ...], ...]:
    """Below them every countersigner on a line of his own, and what was signed by an exception; `wide`: columns beside the head."""
    countersigned = tuple(words(one_line(row)) for row in signed if row.meaning == COUNTERSIGN)
    notes = tuple(words(note) for note in exemptions(signed))
    return (
        *([(cell(COUNTERSIGN, head=True), GridCell(countersigned, wide))] if countersigned else []),
        *([(GridCell(notes, wide + 1),)] if notes else []),
    )


def signature_note(signed: Sequence[Signed], shown: Signed | None = None) -> tuple[Para, ...]:
    """The same as small print, for the end of a text that has no block for it: a table there would often stand on a page of its own.

    `shown`: who stands there already, as the one who orders it.
    """
    everybody = "；".join(f"{row.meaning} {one_line(row)}" for row in signed if row != shown)
    return tuple(Para(words(line), Style.FINE) for line in (*([f"{everybody}。"] if everybody else []), *exemptions(signed)))


def one_line(row: Signed) -> str:
    """贾一（总经理） 2026年1月18日."""
    return f"{row.name}{f'（{row.post}）' if row.post else ''} {chinese_date(row.on)}"


def exemptions(signed: Iterable[Signed]) -> tuple[str, ...]:
    """A sentence for each person who signed by an exception what others should have: 注：编制与批准由同一人（丁四）完成，依据例外批准（…）."""
    found = {(row.name, row.exempted): row.exempted for row in signed if row.exempted}
    return tuple(
        f"注：{_joined(exempted.meanings)}由同一人（{name}）完成，依据例外批准"
        f"（理由：{exempted.reason}；有效期至 {exempted.until}；批准人 {exempted.granted_by}）。"
        for (name, _), exempted in found.items()
    )


def _joined(names: Sequence[str]) -> str:
    """编制与批准; 编制、审核与批准."""
    return "与".join(part for part in ("、".join(names[:-1]), names[-1]) if part)
