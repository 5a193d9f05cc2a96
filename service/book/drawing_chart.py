"""组织机构图: a tree of departments, each box with its posts listed below it, as wide as the page allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.book.drawing_text import em_width, wrap
from service.book.model import Box, Drawing, Wire


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A department: its name, its posts, the departments below it."""

    name: str
    posts: tuple[str, ...] = ()
    children: tuple[ChartNode, ...] = ()


GAP = 5.0  # between columns
SIZE = 8.5  # of the text, points
LINE = SIZE * 1.25
MARGIN = 5.0  # above and below the text of a box
DROP = 14.0  # of each half of the way from the root to a department


@dataclass(frozen=True, slots=True)
class Column:
    """A department as drawn: where it stands, its name and its posts in lines."""

    left: float
    name: tuple[str, ...]
    posts: tuple[str, ...]


def draw_organisation(root: ChartNode, *, width: float) -> Drawing:
    """The root on top, its departments side by side below it, the posts of each in a box under its name."""
    nodes = leaves_of(root)
    size = min(92.0, (width - GAP * (len(nodes) - 1)) / max(1, len(nodes)))
    total = max(len(nodes) * (size + GAP) - GAP, 150.0)
    left = (total - (len(nodes) * (size + GAP) - GAP)) / 2
    columns = [
        Column(left + index * (size + GAP), in_lines(node.name, size), separated(in_lines(post, size) for post in node.posts))
        for index, node in enumerate(nodes)
    ]
    top, foot = _root(root, total)
    bus = foot + DROP
    boxes = [*top, *(box for column in columns for box in _boxes(column, columns, bus + DROP, size))]
    wires = _wires([column.left + size / 2 for column in columns], total / 2, foot, bus)
    return Drawing(total, max(box.y + box.height for box in boxes), tuple(boxes), tuple(wires), SIZE)


def _root(root: ChartNode, total: float) -> tuple[list[Box], float]:
    """The root's boxes and the height where they end."""
    width = min(total, max(130.0, em_width("、".join(root.posts)) * SIZE + 20))
    boxes = [Box((total - width) / 2, 0, width, LINE + 2 * MARGIN, (root.name,), emphasis=True)]
    if root.posts:
        lines = wrap("、".join(root.posts), (width - 10) / SIZE)
        boxes.append(Box((total - width) / 2, boxes[0].height, width, len(lines) * LINE + 2 * MARGIN, lines))
    return boxes, boxes[-1].y + boxes[-1].height


def _boxes(column: Column, columns: Sequence[Column], top: float, size: float) -> Iterator[Box]:
    """Name and posts; all names are as high as the longest, all posts too, and the lists begin at the top of their boxes."""
    tall, deep = (max(len(getattr(other, part)) for other in columns) for part in ("name", "posts"))
    height = tall * LINE + 2 * MARGIN
    yield Box(column.left, top, size, height, column.name, emphasis=True)
    if deep:
        yield Box(column.left, top + height, size, deep * LINE + 2 * MARGIN, (*column.posts, *[""] * (deep - len(column.posts))))


def _wires(centres: Sequence[float], middle: float, foot: float, bus: float) -> Iterator[Wire]:
    if centres:
        yield Wire(((middle, foot), (middle, bus)), arrow=False)
        yield Wire(((min(centres[0], middle), bus), (max(centres[-1], middle), bus)), arrow=False)
    for centre in centres:
        yield Wire(((centre, bus), (centre, bus + DROP)), arrow=False)


def leaves_of(root: ChartNode) -> tuple[ChartNode, ...]:
    """Every department below the root, each before those below it."""
    return tuple(found for child in root.children for found in (child, *leaves_of(child)))


def in_lines(name: str, width: float) -> tuple[str, ...]:
    """A name in lines that fit a column."""
    return wrap(name, max(2.0, (width - 3) / SIZE))


def separated(posts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The lines of all posts with an empty one between two posts."""
    lines = [line for post in posts for line in (*post, "")]
    return tuple(lines[:-1])
