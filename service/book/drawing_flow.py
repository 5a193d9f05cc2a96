"""Flow charts: a spine from top to bottom, side branches in columns to its right, wires that run between the boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.book.drawing_text import em_width, wrap
from service.book.flow_grid import Place, arranged
from service.book.model import Box, Drawing, Wire
from service.text.model import FlowArrow, FlowChart, FlowNode, Shape

SIZE = 9.5  # points of the text
LINE = 12.5
GAP_Y = 24.0  # between layers; wires run there in tracks
TRACK = 5.0
LANE = 9.0  # between wires that run upwards at the left edge
GAP_X = 30.0
MOST, LEAST = 132.0, 96.0  # width of a column

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where everything stands: the grid's places, the boxes, the top of every layer."""

    places: dict[str, Place]
    boxes: dict[str, Box]
    tops: tuple[float, ...]
    width: float


def draw_flow(chart: FlowChart, *, width: float) -> Drawing:
    """The chart as boxes and wires, at most `width` points wide where its columns allow it."""
    places = arranged(chart)
    frame = _framed(chart, places, width)
    tracks: dict[int, int] = {}
    backs = [arrow for arrow in chart.arrows if places[arrow.end].layer <= places[arrow.start].layer]
    corners: set[str] = set()
    wires = [_wire(arrow, frame, tracks, corners) for arrow in chart.arrows if arrow not in backs]
    wires += [_back(arrow, frame, index) for index, arrow in enumerate(backs)]
    bottom = max(box.y + box.height for box in frame.boxes.values())
    right = max([frame.width, *(x + 4 for wire in wires for x, _ in wire.points)])
    return Drawing(right, bottom + 2, tuple(frame.boxes[node.id] for node in chart.nodes), tuple(wires), SIZE)


def _framed(chart: FlowChart, places: dict[str, Place], width: float) -> Frame:
    columns = 1 + max(place.column for place in places.values())
    backs = sum(places[arrow.end].layer <= places[arrow.start].layer for arrow in chart.arrows)
    margin = LANE * (backs + 1) if backs else 2.0
    column = max(LEAST, min(MOST, (width - margin - GAP_X * (columns - 1)) / columns))
    lines = {node.id: wrap(node.text, _ems(node, column)) for node in chart.nodes}
    heights = {node.id: _height(node, len(lines[node.id])) for node in chart.nodes}
    tops, y = [], 2.0
    for layer in range(1 + max(place.layer for place in places.values())):
        tops.append(y)
        y += max(heights[node.id] for node in chart.nodes if places[node.id].layer == layer) + GAP_Y
    tallest = {layer: max(heights[node.id] for node in chart.nodes if places[node.id].layer == layer) for layer in range(len(tops))}
    boxes = {}
    for node in chart.nodes:
        place, height = places[node.id], heights[node.id]
        top = tops[place.layer] + (tallest[place.layer] - height) / 2
        boxes[node.id] = Box(margin + place.column * (column + GAP_X), top, column, height, lines[node.id], node.shape.value)
    return Frame(places, boxes, tuple(tops), margin + columns * (column + GAP_X) - GAP_X + 2)


def _ems(node: FlowNode, column: float) -> float:
    """A decision's text has about six tenths of the width of its diamond."""
    return (column * 0.62 if node.shape is Shape.DECISION else column - 10) / SIZE


def _height(node: FlowNode, lines: int) -> float:
    return lines * LINE + (24 if node.shape is Shape.DECISION else 9)


def _wire(arrow: FlowArrow, frame: Frame, tracks: dict[int, int], corners: set[str]) -> Wire:
    """A wire downwards: straight, out of a diamond's right corner, or by the gap between two layers."""
    start, end = frame.places[arrow.start], frame.places[arrow.end]
    first, last = frame.boxes[arrow.start], frame.boxes[arrow.end]
    if start.column == end.column and _free(frame, start.column, start.layer, end.layer):
        points: tuple[Point, ...] = (_foot(first), _head(last))
        return _labelled(arrow, points, _foot_label(arrow, first))
    if _from_corner(frame, start, end, first):
        points = (_corner(first), (_middle(last), _corner(first)[1]), _head(last))
        return _labelled(arrow, points, _corner_label(arrow, first, last, corners))
    if first.shape == "decision":
        points = tuple(_beside(frame, start, end, first, last, tracks))
        return _labelled(arrow, points, _corner_label(arrow, first, last, corners))
    points = tuple(_around(frame, start, end, first, last, tracks))
    return _labelled(arrow, points, _foot_label(arrow, first))


def _foot_label(arrow: FlowArrow, first: Box) -> Point:
    return _middle(first) + em_width(arrow.label) * SIZE / 2 + 4, first.y + first.height + 8


def _corner_label(arrow: FlowArrow, first: Box, last: Box, corners: set[str]) -> Point:
    """Above the wire beside the corner; from the third branch on beside the arrow's head, or the words would lie on each other."""
    half = em_width(arrow.label) * SIZE / 2
    if arrow.start in corners:
        return _middle(last) + half + 4, last.y - 9
    corners.add(arrow.start)
    return _corner(first)[0] + half + 3, _corner(first)[1] - 6


def _from_corner(frame: Frame, start: Place, end: Place, box: Box) -> bool:
    """Whether a wire may leave the diamond's right corner and fall into the box below on its right."""
    row = {place.column for place in frame.places.values() if place.layer == start.layer}
    clear = not any(start.column < column <= end.column for column in row)
    return box.shape == "decision" and end.column > start.column and clear and _free(frame, end.column, start.layer, end.layer)


def _free(frame: Frame, column: int, above: int, below: int) -> bool:
    """Whether no box stands in a column between two layers."""
    return not any(place.column == column and above < place.layer < below for place in frame.places.values())


def _beside(frame: Frame, start: Place, end: Place, first: Box, last: Box, tracks: dict[int, int]) -> Iterator[Point]:
    """Out of a diamond's right corner and down beside its column to the gap above the target: the branch that passes boxes by."""
    lane = first.x + first.width + GAP_X / 2 + 3 * (start.layer % 3 - 1)
    target = _track(frame, end.layer, tracks)
    yield from (_corner(first), (lane, _corner(first)[1]), (lane, target), (_middle(last), target), _head(last))


def _around(frame: Frame, start: Place, end: Place, first: Box, last: Box, tracks: dict[int, int]) -> Iterator[Point]:
    """Down from the foot, sideways in the gap above the target; past boxes in the way on a lane to the right of the column."""
    yield _foot(first)
    target = _track(frame, end.layer, tracks)
    if _free(frame, start.column, start.layer, end.layer):
        yield from ((_middle(first), target), (_middle(last), target), _head(last))
        return
    leave = _track(frame, start.layer + 1, tracks)
    lane = first.x + first.width + GAP_X / 2
    yield from ((_middle(first), leave), (lane, leave), (lane, target), (_middle(last), target), _head(last))


def _track(frame: Frame, layer: int, tracks: dict[int, int]) -> float:
    """A height of its own in the gap above a layer for each wire that runs sideways there."""
    used = tracks.get(layer, 0)
    tracks[layer] = used + 1
    return frame.tops[layer] - 9 - TRACK * (used % 3)


def _back(arrow: FlowArrow, frame: Frame, index: int) -> Wire:
    """A wire upwards or sideways on the left: out of the box's left side and into the target's."""
    first, last = frame.boxes[arrow.start], frame.boxes[arrow.end]
    start, end = frame.places[arrow.start], frame.places[arrow.end]
    if start.layer == end.layer and abs(start.column - end.column) == 1:
        return _sideways(arrow, first, last)
    if start.column:
        return _back_from_branch(arrow, frame, index)
    lane = LANE * (index + 0.6)
    leave, enter = first.y + first.height / 2, last.y + last.height / 2
    points = ((first.x, leave), (lane, leave), (lane, enter), (last.x, enter))
    return _labelled(arrow, points, (first.x - 7, leave - 6))


def _sideways(arrow: FlowArrow, first: Box, last: Box) -> Wire:
    """To the neighbour in the same layer."""
    middle = first.y + first.height / 2
    points = (_corner(first), (last.x, middle)) if last.x > first.x else ((first.x, middle), (last.x + last.width, middle))
    return _labelled(arrow, points, ((points[0][0] + points[1][0]) / 2, middle - 6))


def _back_from_branch(arrow: FlowArrow, frame: Frame, index: int) -> Wire:
    """From a side branch: up beside its column and into the target's right side, or over the gap above the target."""
    first, last = frame.boxes[arrow.start], frame.boxes[arrow.end]
    lane = first.x + first.width + GAP_X / 2 - 4 - 4 * (index % 3)
    above = last.y - 7
    points = (
        (first.x + first.width, first.y + first.height / 2),
        (lane, first.y + first.height / 2),
        (lane, above),
        (_middle(last) + 14, above),
        (_middle(last) + 14, last.y + (last.height * 14 / last.width if last.shape == "decision" else 0)),
    )
    return _labelled(arrow, points, (first.x + first.width + 7, first.y + first.height / 2 + 8))


def _labelled(arrow: FlowArrow, points: tuple[Point, ...], at: Point) -> Wire:
    return Wire(points, True, arrow.label, at[0], at[1])


def _middle(box: Box) -> float:
    return box.x + box.width / 2


def _foot(box: Box) -> Point:
    return _middle(box), box.y + box.height


def _head(box: Box) -> Point:
    return _middle(box), box.y


def _corner(box: Box) -> Point:
    return box.x + box.width, box.y + box.height / 2
