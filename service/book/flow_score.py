"""How good a laid-out chart looks: bends, crossings and length of its wires. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from service.book.drawing_shapes import diamond
from service.book.model import Box, Drawing, Wire

CROSSING, BEND, LENGTH = 3.0, 1.0, 1 / 150  # what one crossing, one bend and one point of wire count for

Segment = tuple[float, float, float, float]


def badness(drawing: Drawing) -> float:
    """The less the better."""
    crossings = sum(_crossings(drawing)) / 2
    length = sum(abs(x1 - x0) + abs(y1 - y0) for wire in drawing.wires for x0, y0, x1, y1 in segments(wire))
    bends = sum(len(wire.points) - 2 for wire in drawing.wires)
    return CROSSING * (crossings + sum(map(int, _aslant(drawing)))) + BEND * bends + LENGTH * (length + drawing.width)


def _aslant(drawing: Drawing) -> list[bool]:
    """Which wires touch a decision beside its corners."""
    decisions = [box for box in drawing.boxes if box.shape == "decision"]
    corners = {(round(x, 1), round(y, 1)) for box in decisions for x, y in diamond(box)}
    frames = [(box.x - 0.1, box.y - 0.1, box.x + box.width + 0.1, box.y + box.height + 0.1) for box in decisions]

    def beside(x: float, y: float) -> bool:
        return (round(x, 1), round(y, 1)) not in corners and any(left < x < right and top < y < foot for left, top, right, foot in frames)

    return [beside(*wire.points[0]) or beside(*wire.points[-1]) for wire in drawing.wires]


def crooked(drawing: Drawing) -> list[int]:
    """The indices of wires with more than three bends (a branch that passes a box by has three), a crossing or no corner to end at; the worst ones first."""
    aslant, crossings = _aslant(drawing), _crossings(drawing)
    faults = {
        index: max(0, len(wire.points) - 5) + CROSSING * (crossings[index] + aslant[index]) for index, wire in enumerate(drawing.wires)
    }
    return sorted((index for index, fault in faults.items() if fault), key=lambda index: (-faults[index], index))


def sound(drawing: Drawing) -> bool:
    """Whether no wire runs through a box, no two boxes lie on each other and no lane's edge cuts a box."""
    boxes = drawing.boxes
    apart = all(not _overlap(one, two) for number, one in enumerate(boxes) for two in boxes[:number])
    free = not any(runs_through(wire, box) for wire in drawing.wires for box in boxes)
    edges = {lane.x for lane in drawing.lanes}
    return apart and free and not any(box.x < edge < box.x + box.width for box in boxes for edge in edges) and _lanes_kept(drawing)


def _lanes_kept(drawing: Drawing) -> bool:
    """Whether the boxes, which come lane by lane, stand from left to right as their lanes do."""
    frames = [lane for lane in drawing.lanes if not lane.lines]
    stands = [sum(frame.x <= box.x for frame in frames) for box in drawing.boxes]
    return stands == sorted(stands) and (not frames or set(stands) == set(range(1, len(frames) + 1)))


def runs_through(wire: Wire, box: Box) -> bool:
    """Whether a wire comes nearer to the middle of a box than its border, a twentieth of the way allowed for rounding."""
    return any(_depth(segment, box) < 0.95 for segment in segments(wire))


def _depth(segment: Segment, box: Box) -> float:
    """How near a level or upright segment comes to the middle of a box: 0 there, 1 at the border."""
    left, top, right, foot = segment
    middle_x, middle_y = box.x + box.width / 2, box.y + box.height / 2
    aside = abs(min(max(middle_x, left), right) - middle_x) / (box.width / 2)
    down = abs(min(max(middle_y, top), foot) - middle_y) / (box.height / 2)
    return aside + down if box.shape == "decision" else max(aside, down)


def _overlap(one: Box, two: Box) -> bool:
    level = one.x < two.x + two.width and two.x < one.x + one.width
    return level and one.y < two.y + two.height and two.y < one.y + one.height


def segments(wire: Wire) -> Iterator[Segment]:
    for (x0, y0), (x1, y1) in zip(wire.points, wire.points[1:], strict=False):
        yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _crossings(drawing: Drawing) -> list[int]:
    """How often each wire crosses others."""
    counts = [0] * len(drawing.wires)
    ways = [list(segments(wire)) for wire in drawing.wires]
    for (first, one), (second, two) in combinations(enumerate(ways), 2):
        found = sum(_cross(here, there) for here in one for there in two)
        counts[first] += found
        counts[second] += found
    return counts


def _cross(one: Segment, two: Segment) -> bool:
    """Whether a level and an upright segment cross; touching at an end is no crossing."""
    return _level_crosses(one, two) or _level_crosses(two, one)


def _level_crosses(level: Segment, upright: Segment) -> bool:
    (left, high, right, low), (x, top, x2, foot) = level, upright
    return high == low and x == x2 and left < x < right and top < high < foot
