"""Reading a rendered PDF back: words, outline, links, printed page labels."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination

from book.books import every_block, generated_book
from service.book.model import Block, Book, Heading, Numbering, Part
from service.book.pdf import Pdf, render_pdf
from service.book.theme import FORMAL
from service.settings import settings

FONTS = settings().fonts
EVERY, LONG = every_block(), generated_book(6)


@cache
def printed(book: Book) -> Pdf:
    return render_pdf(book, FORMAL, FONTS)


def reader(book: Book) -> PdfReader:
    return PdfReader(io.BytesIO(printed(book).data))


def bare(words: str) -> str:
    """Words without spaces and line ends: a PDF knows places, not spaces."""
    return re.sub(r"\s+", "", words)


@cache
def texts(book: Book) -> list[str]:
    """The bare words of every page."""
    return [bare(page.extract_text()) for page in reader(book).pages]


@cache
def labels(book: Book) -> list[str]:
    """What every page bears; the cover's label is what viewers make of none."""
    return list(reader(book).page_labels)


def page_with(book: Book, label: str) -> int:
    """The page (from 0) that bears this label."""
    [place] = [place for place, found in enumerate(labels(book)) if found == label]
    return place


def part_of_each_page(book: Book) -> list[Part]:
    """The part to which each page belongs, by where the parts' anchors stand."""
    layout = printed(book).layout
    starts = [0 if part.numbering is Numbering.NONE else page_with(book, layout.pages[part.anchor]) for part in book.parts]
    return [book.parts[max(index for index, start in enumerate(starts) if start <= page)] for page in range(layout.total)]


def one_part(*blocks: Block, **manners: Any) -> Book:
    """A book of one part."""
    return Book("手册", "企业", "主题", (Part("part", blocks, **manners),))


def heading_words(heading: Heading) -> str:
    return bare(f"{heading.number}{heading.text}")


def headings(book: Book) -> list[Heading]:
    return [block for part in book.parts for block in part.blocks if isinstance(block, Heading)]


def outline(book: Book) -> list[tuple[int, str, int]]:
    """(depth from 1, title, page from 0) of every entry in order."""
    source = reader(book)

    def entries(items: list[object], depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from entries(item, depth + 1)
            elif isinstance(item, Destination):
                page = source.get_destination_page_number(item)
                assert page is not None
                yield depth, str(item.title), page

    return list(entries(list(source.outline), 1))


def links(book: Book) -> list[tuple[int, int | str]]:
    """(page, where it leads) of every link: a page from 0, or an address outside the book."""
    source, found = reader(book), list[tuple[int, int | str]]()
    named = source.named_destinations
    for place, page in enumerate(source.pages):
        for note in page.get("/Annots", []):
            entry = note.get_object()
            if "/Dest" in entry:
                target = source.get_destination_page_number(named[str(entry["/Dest"])])
                assert target is not None
                found.append((place, target))
            else:
                found.append((place, str(entry["/A"]["/URI"])))
    return found
