"""Which side of its box each arrow of a flow chart leaves and enters: down from foot to head, branches at a decision's corners, loops beside. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.text.model import FlowArrow, FlowChart, Shape

NORTH, SOUTH, EAST, WEST = "NORTH", "SOUTH", "EAST", "WEST"
_OTHER = {EAST: WEST, WEST: EAST}


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow with the sides that it leaves and enters. `back`: it closes a loop, upwards. `main`: the path goes on straight."""

    arrow: FlowArrow
    leaves: str
    enters: str
    back: bool = False
    main: bool = False


def routes(chart: FlowChart) -> tuple[Route, ...]:
    """A route for every arrow, in their order. Without the arrows that go back the chart has no loop."""
    backs = _backs(chart)
    mains = _mains(chart, backs)
    sides = _Sides(chart, _spine(chart, mains))
    found: dict[int, Route] = {}
    for index, arrow in enumerate(chart.arrows):
        if index not in backs and (index in mains or not sides.decides(arrow.start)):
            found[index] = Route(arrow, SOUTH, NORTH, main=index in mains)
    rest = [index for index in range(len(chart.arrows)) if index not in found]
    for index in sorted(rest, key=lambda index: sides.span(chart.arrows[index])):
        arrow = chart.arrows[index]
        found[index] = sides.loop(arrow) if index in backs else Route(arrow, sides.branch(arrow), NORTH)
    return tuple(found[index] for index in range(len(chart.arrows)))


class _Sides:
    """Chooses left or right for branches and loops, the shortest first: branches off the spine go right, the ways along it where there is room."""

    def __init__(self, chart: FlowChart, spine: Mapping[str, int]) -> None:
        self._kinds = {node.id: node.shape for node in chart.nodes}
        self._lanes = {node: number for number, lane in enumerate(chart.lanes) for node in lane.nodes}
        self._spine = spine
        self._leaving: set[tuple[str, str]] = set()
        self._ways: list[tuple[str, int, int]] = []  # side, first and last row of the spine that a branch or loop passes

    def decides(self, node: str) -> bool:
        return self._kinds[node] is Shape.DECISION

    def span(self, arrow: FlowArrow) -> int:
        """How many rows of the spine an arrow passes; 0 for one that leaves the spine."""
        start, end = self._spine.get(arrow.start), self._spine.get(arrow.end)
        return 0 if start is None or end is None else abs(start - end)

    def branch(self, arrow: FlowArrow) -> str:
        side = self._toward(arrow) or (self._along(arrow) if self.span(arrow) else EAST)
        if (arrow.start, side) in self._leaving and (arrow.start, _OTHER[side]) not in self._leaving:
            side = _OTHER[side]
        return self._take(arrow, side)

    def loop(self, arrow: FlowArrow) -> Route:
        """A way back; into the head, from above, where a branch leaves the target on this side."""
        side = self._toward(arrow) or (self._along(arrow) if self.span(arrow) or arrow.start in self._spine else EAST)
        if (arrow.start, side) in self._leaving:
            side = _OTHER[side]
        self._take(arrow, side)
        enters = NORTH if (arrow.end, side) in self._leaving and arrow.start != arrow.end else side
        return Route(arrow, side, enters, back=True)

    def _toward(self, arrow: FlowArrow) -> str:
        """The side of the target's lane, if that is another one."""
        step = self._lanes.get(arrow.end, 0) - self._lanes.get(arrow.start, 0)
        return EAST if step > 0 else WEST if step < 0 else ""

    def _along(self, arrow: FlowArrow) -> str:
        """The side where fewer ways would be crossed; left if that is the same."""
        first, last = sorted((self._spine[arrow.start], self._spine.get(arrow.end, self._spine[arrow.start])))

        def crossed(side: str) -> int:
            return sum(
                1 for other, start, end in self._ways if other == side and (first < start < last < end or start < first < end < last)
            ) + sum(1 for other, start, end in self._ways if other == side and start == end and first < start < last)

        return EAST if crossed(EAST) < crossed(WEST) else WEST

    def _take(self, arrow: FlowArrow, side: str) -> str:
        self._leaving.add((arrow.start, side))
        if arrow.start in self._spine:
            rows = sorted((self._spine[arrow.start], self._spine.get(arrow.end, self._spine[arrow.start])))
            self._ways.append((side, rows[0], rows[1]))
        return side


def _spine(chart: FlowChart, mains: set[int]) -> dict[str, int]:
    """The rows of the path that goes straight on from the first box."""
    after = {chart.arrows[index].start: chart.arrows[index].end for index in mains}
    rows: dict[str, int] = {}
    node: str | None = chart.nodes[0].id
    while node is not None and node not in rows:
        rows[node] = len(rows)
        node = after.get(node)
    return rows


def _mains(chart: FlowChart, backs: set[int]) -> set[int]:
    """Of every box the arrow to where the most boxes follow."""
    depths = _depths(chart, backs)
    best: dict[str, int] = {}
    for index, arrow in enumerate(chart.arrows):
        known = best.get(arrow.start)
        if index not in backs and (known is None or depths[arrow.end] > depths[chart.arrows[known].end]):
            best[arrow.start] = index
    return set(best.values())


def others(found: tuple[Route, ...], index: int) -> Iterator[tuple[Route, ...]]:
    """The same routes with other sides for one of them, where no other arrow leaves by that side."""
    route = found[index]
    taken = {other.leaves for other in found if other.arrow.start == route.arrow.start and other is not route}
    sides = [side for side in (EAST, WEST) if side not in taken] if route.leaves != SOUTH else []
    for side in sides:
        for enters in (side, NORTH) if route.back else (NORTH,):
            if (side, enters) != (route.leaves, route.enters) and route.arrow.start != route.arrow.end:
                yield (*found[:index], replace(route, leaves=side, enters=enters), *found[index + 1 :])


def _backs(chart: FlowChart) -> set[int]:
    """The arrows that lead to a node on the way to themselves, on a walk from the beginnings in the order of mention."""
    leaving: dict[str, list[tuple[int, str]]] = {node.id: [] for node in chart.nodes}
    for index, arrow in enumerate(chart.arrows):
        leaving[arrow.start].append((index, arrow.end))
    entered = {arrow.end for arrow in chart.arrows}
    seen: set[str] = set()
    above: set[str] = set()
    backs: set[int] = set()

    def walk(node: str) -> None:
        seen.add(node)
        above.add(node)
        for index, target in leaving[node]:
            if target in above:
                backs.add(index)
            elif target not in seen:
                walk(target)
        above.discard(node)

    for name in sorted(leaving, key=lambda name: name in entered):
        if name not in seen:
            walk(name)
    return backs


def _depths(chart: FlowChart, backs: set[int]) -> dict[str, int]:
    """How many nodes still follow below each one, on the longest way."""
    leaving: dict[str, list[str]] = {node.id: [] for node in chart.nodes}
    for index, arrow in enumerate(chart.arrows):
        if index not in backs:
            leaving[arrow.start].append(arrow.end)
    depths: dict[str, int] = {}

    def depth(node: str) -> int:
        if node not in depths:
            depths[node] = max((depth(target) + 1 for target in leaving[node]), default=0)
        return depths[node]

    for name in leaving:
        depth(name)
    return depths


def layers(chart: FlowChart, found: tuple[Route, ...]) -> int:
    """How many layers the chart has."""
    return 1 + max(_depths(chart, {index for index, route in enumerate(found) if route.back}).values())
