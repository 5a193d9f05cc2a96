"""The source of a small manual as plain values, and reading back what a part prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from small_manual import DELETED, DEPARTMENTS, POSTS, TEXTS

from service.book.model import Block, Break, Figure, Grid, GridCell, Heading, Inlines, Item, PageOf, Para, Part, Photo, Span
from service.coverage.rules import State
from service.documents.rules import KIND_CODES
from service.manuals.rules import Change, ManualSource, Signed, SourceClaim, SourceDocument, SourceIndicator
from service.organisations.rules import Chart, DepartmentNode, Holder, PostNode
from service.standards.rules import Indicator
from service.standards.shipped import register, standard
from service.text.fill import fill
from service.text.fingerprints import procedure_fingerprint
from service.text.model import Kind
from service.text.parse import parse_procedure

COMPANY = "示范甲公司"
APPROVED, RELEASED, EFFECTIVE, ON = date(2026, 1, 18), date(2026, 1, 20), date(2026, 2, 1), date(2026, 3, 1)
SIGNED = (
    Signed("编制", "丁四", "服务部经理", date(2026, 1, 16)),
    Signed("审核", "易二", "管理者代表", date(2026, 1, 17)),
    Signed("批准", "贾一", "总经理", APPROVED),
)
CHART = Chart(
    (
        DepartmentNode("management", "公司管理层", (), (PostNode("general_manager", "总经理", (), (Holder("jia", "贾一"),)),), ()),
        DepartmentNode("service", "服务部", ("quality",), (PostNode("service_manager", "服务部经理", (), (Holder("ding", "丁四"),)),), ()),
    )
)
VALUES = {
    "company": {"legal_name": COMPANY, "hotline": "400-000-0001"},
    "targets": {"return_repair_rate": 1},
    "retention": {"service": 3},
    "departments": DEPARTMENTS,
    "posts": POSTS,
    "persons": {"management_representative": "易二"},
}


def document(text: str, serial: int = 1, **changes: Any) -> SourceDocument:
    """A text in force, filled and signed."""
    procedure = parse_procedure(fill(text, VALUES))
    front = procedure.front
    made = SourceDocument(
        key=front.key,
        number=f"JC/SH-{KIND_CODES[front.kind]}-{serial:02}",
        title=front.title,
        label="A/0",
        kind=front.kind,
        department=DEPARTMENTS[front.department],
        released_on=RELEASED,
        effective_on=EFFECTIVE,
        fingerprint=procedure_fingerprint(procedure),
        procedure=procedure,
        signed=SIGNED,
        history=(Change("A/0", "首次发布", EFFECTIVE, "贾一"),),
        retention_years=3 if front.kind is Kind.RECORD_FORM else None,
    )
    return replace(made, **changes)


def documents(*texts: str) -> tuple[SourceDocument, ...]:
    """Texts in force, numbered by kind in the order given."""
    serials = {kind: count(1) for kind in Kind}
    return tuple(document(text, next(serials[parse_procedure(fill(text, VALUES)).front.kind])) for text in texts)


def claims_of(made: SourceDocument) -> Iterator[tuple[str, SourceClaim]]:
    sections = {section.anchor: section for section in made.procedure.sections}
    for claim in made.procedure.front.claims:
        section = sections[claim.section]
        place = (f"{made.anchor}.{section.anchor}", section.clause, section.title, made.procedure.front.department)
        yield from ((claim.indicator, SourceClaim(element, made.number, *place)) for element in claim.elements)


def indicator_row(indicator: Indicator, *claims: SourceClaim, state: State | None = None, justification: str = "") -> SourceIndicator:
    return SourceIndicator(indicator, state or (State.COVERED if claims else State.UNCOVERED), (), claims, justification)


def source_of(*made: SourceDocument) -> ManualSource:
    """A manual of these documents, their claims confirmed; 5.2.2.2 is deleted."""
    known, claims = standard(), [claim for each in made for claim in claims_of(each)]
    rows = (
        indicator_row(leaf, state=State.NOT_APPLICABLE, justification=DELETED)
        if leaf.code == "5.2.2.2"
        else indicator_row(leaf, *(claim for code, claim in claims if code == leaf.code))
        for leaf in known.leaves
    )
    branches = {node.code: node.title for node in known.nodes if node.level < 3}
    return ManualSource(COMPANY, "JC", "JC/SH-SC", ON, "A/0", known.number, known.title, made, CHART, tuple(rows), branches, register())


SOURCE = source_of(*documents(*TEXTS))


def by_title(source: ManualSource, title: str) -> SourceDocument:
    return next(each for each in source.documents if each.title == title)


def changed(source: ManualSource, title: str, **changes: Any) -> ManualSource:
    """The source with one document changed."""
    made = tuple(replace(each, **changes) if each.title == title else each for each in source.documents)
    return replace(source, documents=made)


def inline_words(content: Inlines) -> str:
    """The characters of a paragraph; a page slot reads ‹anchor›, a line break is one."""
    return "".join("\n" if isinstance(part, Break) else f"‹{part.target}›" if isinstance(part, PageOf) else part.text for part in content)


def cell_words(cell: GridCell) -> str:
    return "\n".join(inline_words(content) for content in cell.content)


def rows_of(grid: Grid) -> list[list[str]]:
    return [[cell_words(cell) for cell in row] for row in grid.rows]


def grids(part: Part) -> list[Grid]:
    return [block for block in part.blocks if isinstance(block, Grid)]


def only_grid(part: Part) -> Grid:
    [grid] = grids(part)
    return grid


def contents_of(block: Block) -> Iterator[Inlines]:
    if isinstance(block, Para | Item):
        yield block.content
    elif isinstance(block, Grid):
        yield from (content for row in block.rows for cell in row for content in cell.content)


def words_of(part: Part) -> str:
    """Everything a part prints as words, headings with their numbers."""
    lines = []
    for block in part.blocks:
        if isinstance(block, Heading):
            lines.append(f"{block.number} {block.text}".strip())
        elif isinstance(block, Figure | Photo):
            lines.append(block.alt)
        else:
            lines += [inline_words(content) for content in contents_of(block)]
    return "\n".join(lines)


def targets_of(part: Part) -> set[str]:
    """Every anchor that a link or page slot of the part leads to."""
    inlines = (each for block in part.blocks for content in contents_of(block) for each in content)
    return {each.target for each in inlines if isinstance(each, Span | PageOf) and each.target}
