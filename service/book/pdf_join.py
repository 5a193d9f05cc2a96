"""Joining set pieces into one PDF/A-2b file: pages, feet, structure, outline, names, labels, what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import accumulate

from service.book.model import Book, Heading
from service.book.paging import Paging, Spot
from service.book.pdf_block import AFTER, BEFORE, DOCUMENT, PAGES, PROFILE, STEP, Block, Leaf, as_forms, block_at, room
from service.book.pdf_facts import facts, metadata
from service.book.pdf_file import PdfFile
from service.book.pdf_objects import Sheets
from service.book.pdf_outline import labels, names, outline
from service.book.pdf_shelf import Shelf

AT_ONCE = 2
CATALOG, TREE, OUTLINE, INFO, METADATA, INTENT, BLANK = 1, 3, 5, 6, 7, 9, 12
_FOOT = b"Q\n/Artifact<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>BDC\n/Foot Do\nEMC\n"
_ROLES = b"<</Datetime/Span/Terms/Part/Title/P/Strong/Span/Em/Span>>"  # as typst writes them


def join(
    book: Book,
    pieces: Sequence[Sheets],
    feet: Sequence[Sheets],
    corners: Sequence[bytes],
    paging: Paging,
    spots: Mapping[str, Spot],
    headings: Iterable[Heading],
    shelf: Shelf,
) -> bytes:
    """One file, the same bytes for the same pages. `feet` have one page for every page of the book, `corners` what is drawn in the corner
    of each (nothing where it is empty)."""
    forms = [as_forms(each) for each in feet]
    blocks, free = placed([*pieces, *(each for each, _ in forms)], shelf)
    leaves = [leaf for block in blocks for leaf in block.leaves]
    numbers = [
        BLANK if place is None else block.base + len(each.plain) + place
        for (each, places), block in zip(forms, blocks[len(pieces) :], strict=True)
        for place in places
    ]
    bodies = _structure(blocks) | dict(_described(book, paging, spots, leaves))
    entries = outline(headings, OUTLINE, free)
    bodies |= dict(zip((OUTLINE, *range(free, free + len(entries) - 1)), entries, strict=True))
    codes = {each: number for number, each in enumerate(dict.fromkeys(filter(None, corners)), free + len(entries) - 1)}
    for leaf, foot, corner in zip(leaves, numbers, corners, strict=True):
        bodies[leaf.number] = _page(b"%s%d 0 R%s" % (leaf.before, foot, leaf.after), codes.get(corner))
    file = PdfFile()
    for block in blocks:
        file.add(block)
    _add_streams(file, book, pieces[0].profile[1])
    for content, number in codes.items():
        file.add_stream(number, b"/Filter/FlateDecode", content)
    free = file.add_packed(list(bodies.items()), free + len(entries) - 1 + len(codes))
    return file.finished(CATALOG, INFO, free)


def _page(body: bytes, corner: int | None) -> bytes:
    """A page's dictionary; what is drawn in its corner, if anything is, comes after all other contents."""
    return body if corner is None else body.replace(b" %d 0 R]" % AFTER, b" %d 0 R %d 0 R]" % (AFTER, corner), 1)


def placed(sheets: Sequence[Sheets], shelf: Shelf) -> tuple[list[Block], int]:
    """Each as a block, one after the other, and the next free number."""
    bases = list(accumulate((room(each) for each in sheets), initial=STEP))
    with ThreadPoolExecutor(AT_ONCE) as pool:  # compressing runs beside Python
        return list(pool.map(partial(_block, shelf), sheets, bases[:-1])), bases[-1]


def _block(shelf: Shelf, sheets: Sheets, base: int) -> Block:
    return shelf.take((sheets.fingerprint, base), lambda: block_at(sheets, base), lambda block: block.weight)


def _structure(blocks: Sequence[Block]) -> dict[int, bytes]:
    """One document of all pieces' elements (ISO 32000-1, 14.7); keys and names follow the blocks, so they are in order."""
    top, parents, ids = (b"".join(parts) for parts in zip(*((block.top, block.parents, block.ids) for block in blocks), strict=True))
    tree = b"<</Type/StructTreeRoot/RoleMap%s/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d%s>>" % (
        _ROLES,
        DOCUMENT,
        parents,
        blocks[-1].base,
        b"/IDTree<</Names[%s]>>" % ids if ids else b"",
    )
    return {TREE: tree, DOCUMENT: b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (TREE, top)}


def _described(book: Book, paging: Paging, spots: Mapping[str, Spot], leaves: Sequence[Leaf]) -> Iterator[tuple[int, bytes]]:
    """Catalogue, tree of pages, information, colours meant."""
    yield PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(leaves), b" ".join(b"%d 0 R" % leaf.number for leaf in leaves))
    yield INFO, facts(book)
    yield INTENT, b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>" % PROFILE
    yield (
        CATALOG,
        b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[%d 0 R]/Lang(zh-CN)/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>"
        b"/ViewerPreferences<</DisplayDocTitle true>>/PageMode/UseOutlines/Outlines %d 0 R/PageLabels%s/Names<</Dests%s>>>>"
        % (PAGES, METADATA, INTENT, TREE, OUTLINE, labels(paging), names(spots, leaves)),
    )


def _add_streams(file: PdfFile, book: Book, profile: bytes) -> None:
    file.add_stream(METADATA, b"/Type/Metadata/Subtype/XML", metadata(book))
    file.add_whole(PROFILE, profile)
    file.add_stream(BEFORE, b"", b"q\n")
    file.add_stream(AFTER, b"", _FOOT)
    file.add_stream(BLANK, b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>", b"")
