"""A flow chart as a graph for ELK: boxes with ports, arrows with labels, walls between the lanes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

from service.book.drawing_text import em_width
from service.book.elk import Graph
from service.book.flow_boxes import SIZE, Measure
from service.book.flow_routes import NORTH, Route, layers
from service.text.model import FlowChart

LABEL = SIZE * 1.1  # height of an arrow's label

# Names and meanings: https://eclipse.dev/elk/reference/options.html
_OPTIONS = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.randomSeed": "1",
    "elk.padding": "[top=3,left=3,bottom=3,right=3]",
    "elk.spacing.nodeNode": "20",
    "elk.spacing.edgeNode": "11",
    "elk.spacing.edgeEdge": "9",
    "elk.spacing.edgeLabel": "2.5",
    "elk.layered.thoroughness": "5",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    "elk.layered.spacing.nodeNodeBetweenLayers": "20",
    "elk.layered.spacing.edgeNodeBetweenLayers": "10",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "8",
}
_FREE_SIDES = {"elk.layered.allowNonFlowPortsToSwitchSides": "true"}
_IN_LANES = {"elk.separateConnectedComponents": "false", "elk.layered.crossingMinimization.forceNodeModelOrder": "true"}
STRAIGHT, WALL = "10", "1000"  # how much an arrow of the main path, and a wall, would rather be straight than any other one


def graph_of(chart: FlowChart, ways: Sequence[Route], sizes: Mapping[str, Measure], shape: float) -> Graph:
    """The graph that `lay_out` takes: nodes by their names, arrows e0, e1 …, walls w1.0, w1.1 … `shape`: width / height to wrap to, or 0."""
    options = {**_OPTIONS, **(_IN_LANES if chart.lanes else _FREE_SIDES)}
    if shape:
        options |= {"elk.layered.wrapping.strategy": "MULTI_EDGE", "elk.aspectRatio": f"{shape:.3f}"}
    walls = _walls(chart, layers(chart, tuple(ways)))
    nodes = list(_nodes(chart, ways, sizes))
    for wall, before in reversed(walls):
        nodes[before:before] = [{"id": name, "width": 1, "height": 1} for name in wall]
    forks = Counter(_ports(index, route)[0] for index, route in enumerate(ways) if route.arrow.label)
    edges = [*(_edge(index, route, forks) for index, route in enumerate(ways)), *(edge for wall, _ in walls for edge in _wall(wall))]
    return {"id": "chart", "layoutOptions": options, "children": nodes, "edges": edges}


def _nodes(chart: FlowChart, ways: Sequence[Route], sizes: Mapping[str, Measure]) -> Iterator[Graph]:
    ports: dict[str, dict[str, str]] = {node.id: {} for node in chart.nodes}
    for index, route in enumerate(ways):
        for port, (name, side) in zip(
            _ports(index, route), ((route.arrow.start, route.leaves), (route.arrow.end, route.enters)), strict=True
        ):
            ports[name][port] = side
    for node in chart.nodes:
        given: Graph = {"id": node.id, "width": sizes[node.id].width, "height": sizes[node.id].height}
        given["ports"] = [
            {"id": port, "width": 0, "height": 0, "layoutOptions": {"elk.port.side": side}} for port, side in ports[node.id].items()
        ]
        yield {**given, "layoutOptions": {"elk.portConstraints": "FIXED_SIDE"}}


def _ports(index: int, route: Route) -> tuple[str, str]:
    """Arrows into a head share a port, as do those out of a foot and those of one side; ways back have their own."""
    start = f"{route.arrow.start}.{route.leaves}.out"
    end = f"{route.arrow.end}.{route.enters}.{'back' if route.back and route.enters != NORTH else 'in'}"
    return (
        start if route.arrow.start != route.arrow.end else f"{start}.{index}",
        end if route.arrow.start != route.arrow.end else f"{end}.{index}",
    )


def _edge(index: int, route: Route, forks: Mapping[str, int]) -> Graph:
    """The arrow; its label stands where it leaves, but where it enters if several labelled ones leave by one port."""
    start, end = _ports(index, route)
    edge: Graph = {"id": f"e{index}", "sources": [end if route.back else start], "targets": [start if route.back else end]}
    if route.main:
        edge["layoutOptions"] = {"elk.layered.priority.straightness": STRAIGHT}
    if route.arrow.label:
        place = {"elk.edgeLabels.placement": "HEAD" if route.back != (forks[start] > 1) else "TAIL"}
        width = em_width(route.arrow.label) * SIZE + 2
        edge["labels"] = [{"id": f"l{index}", "text": route.arrow.label, "width": width, "height": LABEL, "layoutOptions": place}]
    return edge


def _walls(chart: FlowChart, count: int) -> list[tuple[list[str], int]]:
    """Between two lanes a chain of points, one in each layer, and how many nodes stand before it: nodes keep their order from left to right."""
    before = accumulate(len(lane.nodes) for lane in chart.lanes[:-1])
    return [([f"w{number}.{layer}" for layer in range(count)], nodes) for number, nodes in enumerate(before, 1)]


def _wall(wall: list[str]) -> Iterator[Graph]:
    options = {"elk.layered.priority.straightness": WALL}
    for above, below in pairwise(wall):
        yield {"id": f"{above}-{below}", "sources": [above], "targets": [below], "layoutOptions": options}
