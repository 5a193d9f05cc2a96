"""The intermediate form of everything that is printed: a Book of parts of blocks. No renderer, no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from service.book.remarks import Remark


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters. `target` is an anchor inside the book, `href` an address outside it."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    target: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class PageOf:
    """A slot for the printed page number of an anchor; renderers fill it from the layout pass."""

    target: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


Inline = Span | PageOf | Break
Inlines = tuple[Inline, ...]


class Style(StrEnum):
    """Manners of a paragraph; a theme says how each looks."""

    BODY = "body"  # justified, first line indented by two characters
    FLUSH = "flush"  # justified, no indent
    CENTER = "center"
    RIGHT = "right"  # 落款: signer, date
    CAPTION = "caption"  # centred, small, heading face; stays with the next block
    NOTE = "note"  # small, hanging after 注:
    FINE = "fine"  # who signed: smaller, flush, for the end of a text
    PART_TITLE = "part_title"  # centred title that is not in the outline
    COVER_COMPANY = "cover_company"
    COVER_TITLE = "cover_title"
    COVER_SUBTITLE = "cover_subtitle"
    COVER_LINE = "cover_line"
    SPACER = "spacer"  # one empty line of the body's pitch


@dataclass(frozen=True, slots=True)
class Para:
    content: Inlines
    style: Style = Style.BODY
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1: title of a part (centred, large); 2, 3, 4: clauses 4, 4.2, 4.2.1. `number` is printed before the text and may be
    empty. Every heading with an anchor is a bookmark; `outline` says whether it stands in the outline (bookmarks pane, Word's navigation)."""

    level: int
    text: str
    number: str = ""
    anchor: str = ""
    outline: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph of a list with a hanging label: "a)", "1)", "——". `depth` 0, 1, 2 …; an empty label continues the item above."""

    label: str
    content: Inlines
    depth: int = 0


class FillKind(StrEnum):
    """What a place of a form takes from whoever fills it in."""

    WORDS = "words"
    DATE = "date"
    CHOICE = "choice"  # one of `choices`, or words of one's own
    SIGNATURE = "signature"  # below the signer's name in the same cell
    SIGNED_ON = "signed_on"  # the day, in the same place
    PRINTED = "printed"  # among printed words: boxes to tick, blanks


@dataclass(frozen=True, slots=True)
class Fill:
    """That a cell is filled in by whoever keeps the record. `name` tells the places of a form apart: a label, a column and its row;
    `title` is the label or the column alone.

    `quiet`: it says nothing while it is empty, since the row above says it and a half-filled register is printed.
    """

    name: str
    kind: FillKind = FillKind.WORDS
    choices: tuple[str, ...] = ()
    quiet: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell that is really there (merged ones are left out). `lines`: minimum height in lines of the table's pitch. `fill` matters to
    forms that are filled in on a screen only; on paper the cell is as empty as its content says."""

    content: tuple[Inlines, ...]  # paragraphs; () is an empty cell
    colspan: int = 1
    rowspan: int = 1
    align: str = "left"  # left | center | right
    bold: bool = False
    shade: bool = False
    lines: int = 1
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table over the full text width. `widths` are relative, one per column; the first `head` rows name the columns and repeat
    on every page, unless `once`: then they are too high for that. Rows never break across pages, but for those in `loose` (places from 0),
    which are too high for that. `stub`: columns that are repeated where a table
    of too many is set in several stretches. `size`: "body" 五号 or "small" 小五 for dense registers; `air` is the height
    in lines that every row has beyond its text: forms are written on by hand."""

    widths: tuple[float, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    head: int = 0
    size: str = "body"
    caption: str = ""
    air: float = 0.0
    loose: frozenset[int] = frozenset()
    once: bool = False
    stub: int = 1


@dataclass(frozen=True, slots=True)
class Box:
    """One node of a drawing, in points from the top left corner. shape: step | decision | end."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    shape: str = "step"
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """A polyline; `arrow` draws a head at its end; `label` stands at (label_x, label_y), its baseline middle."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = True
    label: str = ""
    label_x: float = 0
    label_y: float = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A laid-out picture (flow chart, organisation chart): sizes in points, text `font_size` points high.

    `lanes` are drawn before everything else: of each swim lane (泳道) its frame, without lines, and its title."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    font_size: float = 10.5
    lanes: tuple[Box, ...] = ()

    def __hash__(self) -> int:
        """By what tells drawings apart almost always, as for a Part."""
        return hash((self.width, self.height, len(self.boxes), len(self.wires), self.boxes[:1]))


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, scaled down to the text width and page height if need be, never up; centred; never broken."""

    drawing: Drawing
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture (bytes of PNG, JPEG or a clean SVG), `width` in points or natural size at 96 dpi if 0."""

    data: bytes
    alt: str
    caption: str = ""
    width: float = 0


@dataclass(frozen=True, slots=True)
class Toc:
    """The table of contents: every outline heading of level ≤ `depth` in the whole book, with page numbers and links."""

    depth: int = 2


Block = Para | Heading | Item | Grid | Figure | Photo | Toc


@dataclass(frozen=True, slots=True)
class RunningHead:
    """What stands in the page header of a document: left and right halves, one line each."""

    left: str
    right: str


class Numbering(StrEnum):
    """Page numbers of a part: none (cover), roman (front matter), arabic (第 X 页 共 N 页, restarting at the first arabic part)."""

    NONE = "none"
    ROMAN = "roman"
    ARABIC = "arabic"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the book that starts on a new page and has one header: cover, letter, chapter, document, appendix. `code` is the address
    that the QR symbol in the lower right corner of its pages leads to; none is printed without one. `said`: remarks made while it was
    written, in which it is called `name`."""

    anchor: str
    blocks: tuple[Block, ...]
    head: RunningHead | None = None
    numbering: Numbering = Numbering.ARABIC
    landscape: bool = False
    code: str = ""
    name: str = ""
    said: tuple[Remark, ...] = ()

    def __hash__(self) -> int:
        """By what tells parts apart almost always: whoever keeps things by part asks for hashes of whole books again and again."""
        return hash((self.anchor, len(self.blocks)))


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    organisation: str
    subject: str
    parts: tuple[Part, ...]
    keywords: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout pass found: the printed page label of every anchor, pages in all, and N of 共 N 页."""

    pages: dict[str, str]
    total: int
    arabic: int
