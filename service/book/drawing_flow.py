"""Flow charts: boxes measured here, laid out by ELK, legible on a page. Same chart, same drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from service.book.drawing_keep import kept_drawing, remembered
from service.book.drawing_text import MIDDLE, wrap
from service.book.drawing_wires import merged
from service.book.elk import Graph, lay_out
from service.book.flow_boxes import PITCH, SIZE, Measure, measures
from service.book.flow_graph import graph_of
from service.book.flow_routes import Route, others, routes
from service.book.flow_score import badness, crooked, sound
from service.book.keep import Keep
from service.book.model import Box, Drawing, Wire
from service.text.model import FlowChart, Shape

Point = tuple[float, float]

WIDTHS = (12.0, 8.5)  # ems of a box's lines: as they read best; narrower where the chart would be too wide
ATTEMPTS = ((WIDTHS[0], False), (WIDTHS[1], False), (WIDTHS[0], True), (WIDTHS[1], True))  # with the lines' ems: in columns or not
LEGIBLE = 8.0  # points of the smallest text
TRIALS, SMALL = 3, 40  # crooked wires that are tried otherwise, in charts of how many boxes and twice as many arrows


@remembered(512)
def draw_flow(chart: FlowChart, *, width: float, height: float, keep: Keep | None = None) -> Drawing:
    """The chart as boxes and wires; of the layouts tried the first one that is sound and legible on `width` × `height` points, else the largest
    of those that are sound.

    Lanes are drawn where every box stands in its own and no wire runs through a box; else each box names its lane. `keep`: where it may
    have been kept, and is kept then."""
    return kept_drawing(keep, ("flow", chart, width, height), lambda: _fitting(chart, width, height))


def _fitting(chart: FlowChart, width: float, height: float) -> Drawing:
    if chart.lanes:
        drawing = _drawn(chart, routes(chart), measures(chart, WIDTHS[1]), 0)
        if sound(drawing) and _scale(drawing, width, height) * SIZE >= LEGIBLE:
            return drawing
        chart = without_lanes(chart)
    tried: list[Drawing] = []
    for ems, columns in ATTEMPTS[: 1 if _is_tangled(chart) else None]:
        tried.append(_smoothed(chart, measures(chart, ems), width / height if columns else 0))
        if sound(tried[-1]) and _scale(tried[-1], width, height) * SIZE >= LEGIBLE:
            return tried[-1]
    best = max(tried, key=lambda drawing: (sound(drawing), _scale(drawing, width, height)))
    return best if sound(best) or not _has_decisions(chart) else _fitting(without_decisions(chart), width, height)


def without_lanes(chart: FlowChart) -> FlowChart:
    """The chart with the lane's title before the text of each step, for charts whose lanes cannot be drawn well."""
    titles = {name: lane.title for lane in chart.lanes for name in lane.nodes}
    return FlowChart(tuple(replace(node, text=f"{titles[node.id]}：{node.text}") for node in chart.nodes), chart.arrows)


def _has_decisions(chart: FlowChart) -> bool:
    return any(node.shape is Shape.DECISION for node in chart.nodes)


def without_decisions(chart: FlowChart) -> FlowChart:
    """The chart with boxes for diamonds, for those where wires come and go at so many places of a diamond that they cross its sides."""
    return replace(chart, nodes=tuple(replace(node, shape=Shape.STEP) for node in chart.nodes))


def _is_tangled(chart: FlowChart) -> bool:
    """Whether arrows go to and fro between its boxes so much that one layout takes seconds; not a long chain with some branches."""
    return len(chart.arrows) > len(chart.nodes) + SMALL


def _is_small(chart: FlowChart) -> bool:
    return len(chart.nodes) <= SMALL and len(chart.arrows) <= 2 * SMALL


def _scale(drawing: Drawing, width: float, height: float) -> float:
    return min(1.0, width / drawing.width, height / drawing.height)


def _smoothed(chart: FlowChart, sizes: Mapping[str, Measure], shape: float) -> Drawing:
    """The chart laid out, and again with other sides for its crooked wires, as long as that helps; a large chart once only."""
    ways = routes(chart)
    drawing = _drawn(chart, ways, sizes, shape)
    done: set[int] = set()
    for _ in range(TRIALS if _is_small(chart) else 0):
        index = next((index for index in crooked(drawing) if index not in done), None)
        if index is None:
            break
        done.add(index)
        for other in others(ways, index):
            tried = _drawn(chart, other, sizes, shape)
            if sound(tried) and badness(tried) < badness(drawing):
                ways, drawing = other, tried
    return drawing


def _drawn(chart: FlowChart, ways: tuple[Route, ...], sizes: Mapping[str, Measure], shape: float) -> Drawing:
    graph = lay_out(graph_of(chart, ways, sizes, shape))
    places = {child["id"]: child for child in graph["children"]}
    boxes = {node.id: _box(places[node.id], sizes[node.id], node.shape) for node in chart.nodes}
    edges = {edge["id"]: edge for edge in graph["edges"]}
    wires = merged(tuple(_wire(edges[f"e{index}"], route, boxes) for index, route in enumerate(ways)))
    lanes, head = _lanes(chart, graph, places)
    drawing = Drawing(graph["width"], graph["height"], tuple(boxes.values()), wires, SIZE)
    return Drawing(drawing.width, drawing.height + head, *_lowered(drawing, head), SIZE, lanes) if lanes else drawing


def _box(place: Graph, size: Measure, shape: Shape) -> Box:
    return Box(_at(place["x"]), _at(place["y"]), size.width, size.height, size.lines, shape.value)


def _wire(edge: Graph, route: Route, boxes: Mapping[str, Box]) -> Wire:
    """The arrow's way from box to box; ELK was told the ways back from end to start."""
    section = edge["sections"][0]
    points = [(_at(point["x"]), _at(point["y"])) for point in (section["startPoint"], *section.get("bendPoints", ()), section["endPoint"])]
    if route.back:
        points.reverse()
    points[0] = _touching(points[0], boxes[route.arrow.start])
    points[-1] = _touching(points[-1], boxes[route.arrow.end])
    if not route.arrow.label:
        return Wire(tuple(points))
    label = edge["labels"][0]
    x, y = label["x"] + label["width"] / 2, label["y"] + label["height"] / 2
    return Wire(tuple(points), True, route.arrow.label, _at(x), _at(y + MIDDLE * SIZE))


def _touching(point: Point, box: Box) -> Point:
    """Where a wire that ends on the frame around a decision, beside its corner, meets the decision itself."""
    if box.shape != Shape.DECISION:
        return point
    x, y = point
    aside, down = x - box.x - box.width / 2, y - box.y - box.height / 2
    if abs(abs(aside) - box.width / 2) < abs(abs(down) - box.height / 2):
        half = box.width / 2 * (1 - abs(down) / (box.height / 2))
        return (box.x + box.width / 2 + (half if aside > 0 else -half), y)
    half = box.height / 2 * (1 - abs(aside) / (box.width / 2))
    return (x, box.y + box.height / 2 + (half if down > 0 else -half))


def _lanes(chart: FlowChart, graph: Graph, places: Mapping[str, Graph]) -> tuple[tuple[Box, ...], float]:
    """Frame and title of every lane, between the walls that the graph was given, and the height of the titles."""
    if not chart.lanes:
        return (), 0.0
    edges = [0.0, *(_at(places[f"w{number}.0"]["x"]) for number in range(1, len(chart.lanes))), _at(graph["width"])]
    titles = [
        wrap(lane.title, max(2.0, (right - left - 4) / SIZE)) for lane, left, right in zip(chart.lanes, edges, edges[1:], strict=False)
    ]
    head = max(map(len, titles)) * PITCH + 8
    frames = [Box(left, 0, right - left, _at(graph["height"]) + head, ()) for left, right in pairwise(edges)]
    return tuple(box for frame, title in zip(frames, titles, strict=True) for box in _frame(frame, title, head)), head


def _frame(frame: Box, title: tuple[str, ...], head: float) -> Iterator[Box]:
    yield frame
    yield Box(frame.x, frame.y, frame.width, head, title, emphasis=True)


def _lowered(drawing: Drawing, head: float) -> tuple[tuple[Box, ...], tuple[Wire, ...]]:
    """The drawing's boxes and wires below the lanes' titles."""
    boxes = tuple(Box(box.x, box.y + head, box.width, box.height, box.lines, box.shape) for box in drawing.boxes)
    wires = tuple(
        Wire(tuple((x, y + head) for x, y in wire.points), wire.arrow, wire.label, wire.label_x, wire.label_y + head)
        for wire in drawing.wires
    )
    return boxes, wires


def _at(value: float) -> float:
    return round(value, 3)
