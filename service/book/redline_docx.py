"""A redline as a Word file with real tracked changes: accepting all of them gives the new text, rejecting all the old one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from service.book.docx import block_xml
from service.book.docx_package import package
from service.book.docx_section import section_xml
from service.book.docx_writing import Pictures, Writing, bookmarked, new_writing
from service.book.geometry import text_area
from service.book.model import Block, Book, Heading, Part, Toc
from service.book.redline_changes import heading_of
from service.book.redline_docx_marks import STAY, Reviser, Track, behind_properties, closed_range, marked, opened_range, with_stays
from service.book.redline_docx_moves import MovePlace, move_places
from service.book.redline_docx_table import changed_grid_xml
from service.book.redline_docx_text import changed_xml
from service.book.redline_model import Changed, ChangedGrid, Deleted, Inserted, Kept, MovedFrom, MovedTo, RedBlock, Redline
from service.book.sections import Section, sections
from service.book.theme import Theme


@dataclass(frozen=True, slots=True)
class RedPart:
    """A part of a redlined book: anchor, header and paper of `part`, the blocks of `found`."""

    part: Part
    found: Redline


@dataclass(frozen=True, slots=True)
class RedBook:
    title: str
    organisation: str
    subject: str
    parts: tuple[RedPart, ...]


def render_redline_docx(book: RedBook, theme: Theme, pictures: Pictures, *, author: str, on: date) -> bytes:
    """The bytes of a .docx, the same for the same input; `author` made the changes `on` that day, minutes after midnight UTC.

    Every part ends in a paragraph of one point that carries its section, so that all of its text can come and go. Moves are told as moves,
    moved tables as deleted and inserted ones; tables of contents are left out: there are no pages that they could name. `pictures` holds
    a Picture for every drawing and SVG photo of both texts. A photo of another kind raises InputError(code="bad_image").
    """
    plain = Book(
        book.title, book.organisation, book.subject, tuple(replace(each.part, blocks=_headings(each.found)) for each in book.parts)
    )
    writing = new_writing(plain, theme, None, pictures)
    writing.counting = True
    reviser = Reviser(author, on)
    settled = sections(plain)
    body = [
        _part(section, each.found, f"move{number}_", writing, reviser, last=number == len(settled))
        for number, (section, each) in enumerate(zip(settled, book.parts, strict=True), start=1)
    ]
    return package(plain, "".join(body), writing)


def _headings(found: Redline) -> tuple[Heading, ...]:
    """Those of the new text, which have the bookmarks."""
    headings = (heading_of(each) for each in found if not isinstance(each, Deleted | MovedFrom))
    return tuple(heading for heading in headings if heading)


def _part(section: Section, found: Redline, prefix: str, writing: Writing, reviser: Reviser, *, last: bool) -> str:
    writing.area = text_area(writing.theme, section.part.landscape)
    moves = move_places(found, prefix)
    xml = "".join([_told(block, moves.get(place), writing, reviser) for place, block in enumerate(found)])
    xml = with_stays(xml) + STAY
    if section.part.anchor:
        place = bookmarked(writing, writing.bookmarks[section.part.anchor], "")
        xml = behind_properties(xml, place)
    properties = section_xml(section, writing)
    if last:
        return xml + properties
    before, end, after = xml.rpartition("</w:pPr>")
    return f"{before}{properties}{end}{after}"


def _told(each: RedBlock, move: MovePlace | None, writing: Writing, reviser: Reviser) -> str:
    match each:
        case Kept(block):
            return _block(block, writing)
        case Changed():
            return changed_xml(each, writing, reviser)
        case ChangedGrid():
            return changed_grid_xml(each, writing, reviser)
        case Inserted(block):
            return marked(_block(block, writing), Track.INSERTED, reviser)
        case Deleted(block):
            return marked(_block(_former(block), writing), Track.DELETED, reviser)
        case MovedFrom(block):
            return _moved(_block(_former(block), writing), Track.MOVED_FROM, move, reviser)
        case MovedTo(block):
            return _moved(_block(block, writing), Track.MOVED_TO, move, reviser)


def _block(block: Block, writing: Writing) -> str:
    return "" if isinstance(block, Toc) else block_xml(block, writing)


def _former(block: Block) -> Block:
    """Anchors belong to the new text."""
    return replace(block, anchor="") if isinstance(block, Heading) else block


def _moved(xml: str, track: Track, move: MovePlace | None, reviser: Reviser) -> str:
    """A block that moved; the first of a move opens its range, the last one closes it."""
    if move is None:
        return marked(xml, Track.DELETED if track.former else Track.INSERTED, reviser)
    xml = marked(xml, track, reviser)
    xml = opened_range(xml, move.name, track, reviser) if move.first else xml
    return closed_range(xml, track, reviser) if move.last else xml
