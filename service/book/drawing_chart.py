"""组织机构图: a tree of departments, each box with its posts listed below it, as wide as the page allows."""

from __future__ import annotations

from dataclasses import dataclass

from service.book.drawing_text import em_width
from service.book.model import Box, Drawing, Wire


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A department: its name, its posts, the departments below it."""

    name: str
    posts: tuple[str, ...] = ()
    children: tuple[ChartNode, ...] = ()


GAP = 8.0
SIZE = 9.0


def draw_organisation(root: ChartNode, *, width: float) -> Drawing:
    """The root on top, its departments side by side as upright boxes, their posts in a box below each."""
    columns = leaves_of(root)
    column = min(90.0, (width - GAP * (len(columns) - 1)) / max(1, len(columns)))
    total = len(columns) * (column + GAP) - GAP
    top_width = max(120.0, em_width(root.name) * SIZE + 24)
    total = max(total, top_width)
    left = (total - (len(columns) * (column + GAP) - GAP)) / 2
    middle = total / 2
    boxes = [Box(middle - top_width / 2, 0, top_width, 26, (root.name,), emphasis=True)]
    wires: list[Wire] = []
    head = 26.0
    if root.posts:
        words = wrap_posts(root.posts, top_width * 1.6)
        boxes.append(Box(middle - top_width * 0.8, 26, top_width * 1.6, 8 + 12 * len(words), words))
        head += 8 + 12 * len(words)
    bus = head + 16
    if columns:
        wires.append(Wire(((middle, head), (middle, bus)), arrow=False))
    names = [vertical(node.name, column) for node in columns]
    tall = max((len(lines) for lines in names), default=1)
    posts = [tuple(line for post in node.posts for line in vertical(post, column)) for node in columns]
    deep = max((len(lines) for lines in posts), default=0)
    centres = [left + index * (column + GAP) + column / 2 for index in range(len(columns))]
    if len(centres) > 1:
        wires.append(Wire(((min(centres[0], middle), bus), (max(centres[-1], middle), bus)), arrow=False))
    for centre, name, lines in zip(centres, names, posts, strict=True):
        wires.append(Wire(((centre, bus), (centre, bus + 14)), arrow=False))
        height = 10 + 12 * tall
        boxes.append(Box(centre - column / 2, bus + 14, column, height, name, emphasis=True))
        if deep:
            boxes.append(Box(centre - column / 2, bus + 14 + height, column, 10 + 11.5 * deep, lines))
    return Drawing(total, bus + 14 + 10 + 12 * tall + (10 + 11.5 * deep if deep else 0), tuple(boxes), tuple(wires), SIZE)


def leaves_of(root: ChartNode) -> tuple[ChartNode, ...]:
    """Every department below the root, each before those below it."""
    return tuple(found for child in root.children for found in (child, *leaves_of(child)))


def vertical(name: str, width: float) -> tuple[str, ...]:
    """A name in lines that fit the column."""
    ems = max(2, int((width - 4) // SIZE))
    return tuple(name[start : start + ems] for start in range(0, len(name), ems))


def wrap_posts(posts: tuple[str, ...], width: float) -> tuple[str, ...]:
    lines = [""]
    for post in posts:
        longer = f"{lines[-1]}、{post}" if lines[-1] else post
        if em_width(longer) * SIZE > width - 8:
            lines.append(post)
        else:
            lines[-1] = longer
    return tuple(lines)
