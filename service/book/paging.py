"""Printed page numbers: which label every page of a book bears, from where its parts begin. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.book.model import Book, Layout, Numbering
from service.book.sections import sections


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an anchor stands: page from 0 in the whole book, and points from the page's top edge."""

    page: int
    y: float


@dataclass(frozen=True, slots=True)
class Paging:
    """`labels[page]` is what the page bears ("" on the cover); `kinds[page]` its manner of numbers, `broad[page]` whether it is landscape,
    `codes[page]` the address in its corner."""

    labels: tuple[str, ...]
    kinds: tuple[Numbering, ...]
    broad: tuple[bool, ...]
    codes: tuple[str, ...]
    arabic: int


def number_pages(book: Book, starts: Sequence[int], total: int) -> Paging:
    """`starts`: the first page (from 0) of every part; a part reaches to the next one's first page."""
    labels: list[str] = []
    kinds: list[Numbering] = []
    broad: list[bool] = []
    codes: list[str] = []
    count = 0
    for section, start, end in zip(sections(book), starts, [*starts[1:], total], strict=True):
        kind = section.part.numbering
        if section.restart:
            count = 0
        for _ in range(start, end):
            count += 1
            labels.append({Numbering.ARABIC: str(count), Numbering.ROMAN: roman(count), Numbering.NONE: ""}[kind])
            kinds.append(kind)
            broad.append(section.part.landscape)
            codes.append(section.part.code)
    arabic = max((int(label) for label, kind in zip(labels, kinds, strict=True) if kind is Numbering.ARABIC), default=0)
    return Paging(tuple(labels), tuple(kinds), tuple(broad), tuple(codes), arabic)


def layout_from(paging: Paging, spots: Mapping[str, Spot]) -> Layout:
    pages = {anchor: paging.labels[spot.page] or str(spot.page + 1) for anchor, spot in spots.items()}
    return Layout(pages, len(paging.labels), paging.arabic)


def roman(number: int) -> str:
    """i, ii, iii, iv …"""
    values = (
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    )
    text = ""
    for value, letters in values:
        text, number = text + letters * (number // value), number % value
    return text
