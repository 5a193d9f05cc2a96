"""The parsed procedure text: what a document says, without how it is spelled or printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of controlled documents (domain.md §1)."""

    MANUAL = "manual"
    PROCEDURE = "procedure"
    WORK_INSTRUCTION = "work_instruction"
    RECORD_FORM = "record_form"
    EXTERNAL_DOCUMENT = "external_document"


SIX_SECTIONS = ("目的", "范围", "职责", "程序及要求", "相关文件", "相关记录")
"""The titles of a procedure's chapters, in their order (domain.md §1)."""


class Part(StrEnum):
    """The parts of the manual itself (documents of kind `manual`), in no order."""

    PROMULGATION_ORDER = "promulgation_order"
    APPOINTMENT_LETTER = "appointment_letter"
    INTRODUCTION = "introduction"
    POLICY = "policy"
    TARGETS = "targets"
    SCOPE = "scope"
    ORGANISATION = "organisation"
    CHAPTER = "chapter"


@dataclass(frozen=True, slots=True)
class Text:
    """A run of characters in one manner."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """《title》: another document or record, named by its title (without the marks)."""

    title: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    pass


Inline = Text | Reference | Link | LineBreak
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: Inlines
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item; `blocks` are paragraphs and nested lists."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[ListItem, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class OrderedList:
    items: tuple[ListItem, ...]
    start: int = 1
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is really there; cells merged into it are left out of their rows."""

    content: Inlines
    colspan: int = 1
    rowspan: int = 1
    align: str = ""  # "", left, center, right


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first `head` rows are the head and repeat on every page."""

    rows: tuple[tuple[Cell, ...], ...]
    columns: int
    head: int = 1
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Note:
    """注: a remark that rules nothing."""

    content: Inlines
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Picture:
    source: str
    alt: str
    line: int = field(default=0, compare=False)


class Shape(StrEnum):
    STEP = "step"
    DECISION = "decision"
    END = "end"


@dataclass(frozen=True, slots=True)
class FlowNode:
    id: str
    text: str
    shape: Shape = Shape.STEP


@dataclass(frozen=True, slots=True)
class FlowArrow:
    start: str
    end: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class FlowLane:
    """泳道: who does the steps `nodes` (their ids)."""

    title: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowChart:
    """Nodes in the order of first mention, lane by lane where there are lanes: then every node stands in one. Every arrow's ends are nodes."""

    nodes: tuple[FlowNode, ...]
    arrows: tuple[FlowArrow, ...]
    lanes: tuple[FlowLane, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Band:
    """A form's row that names the part below it."""

    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A label with something printed or an empty place of `lines` lines to write in."""

    label: str
    printed: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Fields:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    weight: float = 0  # 0: chosen by the title's length


@dataclass(frozen=True, slots=True)
class Grid:
    columns: tuple[Column, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Signatures:
    signers: tuple[str, ...]


FormRow = Band | Fields | Grid | Signatures


@dataclass(frozen=True, slots=True)
class Form:
    """A record form's ruled table."""

    rows: tuple[FormRow, ...]
    line: int = field(default=0, compare=False)


Block = Paragraph | BulletList | OrderedList | Table | Note | Picture | FlowChart | Form


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next heading of any level."""

    anchor: str
    title: str
    level: int  # 1 for ##, 2 for ###, 3 for ####
    clause: str  # printed number: "4.2.1"
    blocks: tuple[Block, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """指标对应 as written in the front matter: this section rules these elements (1-based) of this indicator."""

    indicator: str
    elements: tuple[int, ...]
    section: str


@dataclass(frozen=True, slots=True)
class FrontMatter:
    key: str
    title: str
    kind: Kind
    department: str
    part: Part | None = None
    indicator: str = ""
    retention: str = ""
    when: str = ""
    claims: tuple[ClaimLine, ...] = ()
    refers: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A parsed text. `preamble` is what stands before the first heading (letters and forms have only that)."""

    front: FrontMatter
    preamble: tuple[Block, ...]
    sections: tuple[Section, ...]

    def __hash__(self) -> int:
        """By what tells texts apart almost always: whoever keeps things by text asks for hashes of all texts again and again."""
        return hash((self.front.key, self.front.title, len(self.preamble), len(self.sections)))
