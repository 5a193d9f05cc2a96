"""Redlined paragraphs, items and headings as WordprocessingML: words put in and taken out, other manners, other labels and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from service.book.docx_paragraph import heading_paragraph, heading_style, item_xml, para_xml, paragraph
from service.book.docx_text import inlines, run
from service.book.docx_writing import Writing
from service.book.geometry import NUMBER_GAP
from service.book.model import Heading, Inlines, Item
from service.book.redline_docx_marks import Reviser, Track, marked_runs, remade, with_properties
from service.book.redline_model import Changed, Mark, Piece, TextBlock

TRACKS = {Mark.INSERTED: Track.INSERTED, Mark.DELETED: Track.DELETED}


def changed_xml(each: Changed, writing: Writing, reviser: Reviser) -> str:
    """A block that both texts have: the words of both, set as the new one is, with what it was before."""
    reviser.next_paragraph()
    (former, label), (properties, new_label) = _set(each.old, writing), _set(each.new, writing)
    text = _lead(label, new_label, reviser) + pieces_xml(each.pieces, writing, reviser)
    if isinstance(each.new, Heading):
        return with_properties(heading_paragraph(each.new, text, writing), former, reviser)
    return with_properties(f"{properties}{text}</w:p>", former, reviser)


def _set(block: TextBlock, writing: Writing) -> tuple[str, str]:
    """The beginning of a paragraph up to its words: how it is set, and the label or number printed before them."""
    if isinstance(block, Heading):
        return paragraph(heading_style(block), "").removesuffix("</w:p>"), run(f"{block.number}{NUMBER_GAP}") if block.number else ""
    bare = replace(block, content=())
    xml = item_xml(bare, writing) if isinstance(bare, Item) else para_xml(bare, writing)
    properties, end, label = xml.removesuffix("</w:p>").partition("</w:pPr>")
    return properties + end, label


def _lead(former: str, label: str, reviser: Reviser) -> str:
    if former == label:
        return label
    return _marked(former, Track.DELETED, reviser) + _marked(label, Track.INSERTED, reviser)


def _marked(runs: str, track: Track, reviser: Reviser) -> str:
    return marked_runs(runs, track, reviser) if runs else ""


def pieces_xml(pieces: Iterable[Piece], writing: Writing, reviser: Reviser, manners: tuple[str, str] = ("", "")) -> str:
    """The runs of a paragraph that both texts have, or one of them. `manners`: what its runs were and are throughout (a bold cell)."""
    return "".join(
        [part for mark, group in groupby(pieces, key=lambda piece: piece.mark) for part in _told(mark, group, writing, reviser, manners)]
    )


def _told(mark: Mark, pieces: Iterable[Piece], writing: Writing, reviser: Reviser, manners: tuple[str, str]) -> Iterator[str]:
    if mark is Mark.KEPT:
        yield from (_kept(piece, writing, reviser, manners) for piece in pieces)
    else:
        content = tuple(piece.content for piece in pieces)
        yield _marked(inlines(content, writing, manners[mark is Mark.INSERTED]), TRACKS[mark], reviser)


def _kept(piece: Piece, writing: Writing, reviser: Reviser, manners: tuple[str, str]) -> str:
    """The same words; where they led elsewhere or looked otherwise, that can be taken back too."""
    new = inlines((piece.content,), writing, manners[1])
    if piece.former is None and manners[0] == manners[1]:
        return new
    before: Inlines = (piece.former or piece.content,)
    old = inlines(before, writing, manners[0])
    if new == old:
        return new
    return remade(new, old, reviser) or _marked(old, Track.DELETED, reviser) + _marked(new, Track.INSERTED, reviser)
