"""What the pages of coverage show of it: a chosen part, what needs work first, and the map indicator × document. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from service.coverage.queries import ClaimedDocument, ClaimRow, Coverage, IndicatorRow
from service.coverage.rules import ELEMENT_NAMES, STATE_NAMES, ElementState, State
from service.documents.rules import KIND_NAMES
from service.standards.rules import Indicator, Standard


class View(StrEnum):
    """清单: indicator by indicator with the words that answer. 矩阵: indicators × documents."""

    LIST = "list"
    MAP = "map"


class Order(StrEnum):
    """What needs work first, or as the standard has it."""

    WORST = "worst"
    STANDARD = "standard"


VIEW_NAMES: Mapping[View, str] = {View.LIST: "清单", View.MAP: "矩阵"}
ORDER_NAMES: Mapping[Order, str] = {Order.WORST: "待完善的在前", Order.STANDARD: "按标准条款"}
WORST_FIRST = (State.UNCOVERED, State.SUSPECT, State.PARTIAL, State.COVERED, State.NOT_APPLICABLE)
STATE_SIGNS: Mapping[State, str] = {
    State.COVERED: "✓",
    State.PARTIAL: "◐",
    State.SUSPECT: "！",
    State.UNCOVERED: "✕",
    State.NOT_APPLICABLE: "—",
}
STATE_COLOURS: Mapping[State, str] = {
    State.COVERED: "green",
    State.PARTIAL: "yellow",
    State.SUSPECT: "orange",
    State.UNCOVERED: "red",
    State.NOT_APPLICABLE: "secondary",
}
CELL_SIGNS: Mapping[ElementState, str] = {
    ElementState.RULED: "●",
    ElementState.EVIDENCE_DUE: "◎",
    ElementState.SUSPECT: "▲",
    ElementState.UNCONFIRMED: "○",
    ElementState.OPEN: "□",
}
CELL_NAMES: Mapping[ElementState, str] = {**ELEMENT_NAMES, ElementState.OPEN: "有空缺，不计入"}
"""What a claim is worth, in words; one with a blank in its section is there and does not count."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: indicators in a state, below a code, holding some words; in which order."""

    state: State | None = None
    branch: str = ""
    words: str = ""
    order: Order = Order.WORST


def chosen(coverage: Coverage, wanted: Wanted) -> list[IndicatorRow]:
    """The indicators that fit, in the standard's order."""
    words = wanted.words.casefold().split()
    return [
        row
        for row in coverage.indicators
        if wanted.state in (None, row.state) and is_below(row.indicator.code, wanted.branch) and _holds(row, words)
    ]


def is_below(code: str, branch: str) -> bool:
    """Whether the code is this one or stands below it; everything stands below none."""
    return not branch or code == branch or code.startswith(f"{branch}.")


def _holds(row: IndicatorRow, words: Iterable[str]) -> bool:
    """Whether every word stands in the indicator, its elements, or what answers them."""
    indicator = row.indicator
    claims = (f"{claim.document} {claim.title} {claim.clause} {claim.section_title} {claim.quote}" for claim in row.claims)
    elements = (element.text for element in row.elements)
    text = " ".join((indicator.code, indicator.title, indicator.requirement, *elements, *claims)).casefold()
    return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators under one heading: of one state, or of one branch of the standard."""

    code: str
    title: str
    rows: tuple[IndicatorRow, ...]


def grouped(rows: Sequence[IndicatorRow], standard: Standard, order: Order) -> list[Group]:
    """The rows under their states, what needs work first; or under their branches in the standard's order. No group is empty."""
    if order is Order.WORST:
        by_state = ((state, tuple(row for row in rows if row.state is state)) for state in WORST_FIRST)
        return [Group("", STATE_NAMES[state], found) for state, found in by_state if found]
    nodes = {node.code: node for node in standard.nodes}
    return [
        Group(parent, nodes[parent].title if parent else "", tuple(found))
        for parent, found in groupby(rows, key=lambda row: row.indicator.parent or "")
    ]


def branches(standard: Standard) -> list[Indicator]:
    """The indicators that have others below them: what one may narrow down to."""
    parents = {node.parent for node in standard.nodes}
    return [node for node in standard.nodes if node.code in parents]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document says on one indicator: its claims, and what the least sure of them is worth."""

    standing: ElementState
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class MapRow:
    row: IndicatorRow
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class MapGroup:
    """The rows of one branch."""

    code: str
    title: str
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """指标×文件: columns under their kinds (name, number of columns), rows under their branches."""

    kinds: tuple[tuple[str, int], ...]
    documents: tuple[ClaimedDocument, ...]
    groups: tuple[MapGroup, ...]


def map_of(coverage: Coverage, rows: Sequence[IndicatorRow]) -> Map:
    """The map of these indicators; a document that says nothing on any of them has no column."""
    claiming = {claim.document for row in rows for claim in row.claims}
    documents = tuple(document for document in coverage.documents if document.number in claiming)
    kinds = tuple((KIND_NAMES[kind], len(list(found))) for kind, found in groupby(documents, key=lambda document: document.kind))
    groups = (
        MapGroup(group.code, group.title, tuple(MapRow(row, tuple(_cells(row, documents))) for row in group.rows))
        for group in grouped(rows, coverage.standard, Order.STANDARD)
    )
    return Map(kinds, documents, tuple(groups))


def _cells(row: IndicatorRow, documents: Iterable[ClaimedDocument]) -> Iterator[Cell | None]:
    for document in documents:
        claims = tuple(claim for claim in row.claims if claim.document == document.number)
        yield Cell(max((claim.standing for claim in claims), key=_LEAST_SURE_LAST.index), claims) if claims else None


_LEAST_SURE_LAST = tuple(ElementState)


def above(standard: Standard, indicator: Indicator) -> list[Indicator]:
    """The indicators above this one, the highest first."""
    nodes, found = {node.code: node for node in standard.nodes}, []
    parent = indicator.parent
    while parent is not None:
        found.append(nodes[parent])
        parent = nodes[parent].parent
    return found[::-1]
