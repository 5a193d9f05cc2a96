"""组织机构图: a tree of departments, each box with its posts listed in it, laid out by ELK from top to bottom or, if wide, to the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.book.drawing_keep import kept_drawing, remembered
from service.book.drawing_text import LINE, em_width, wrap
from service.book.drawing_wires import merged
from service.book.elk import Graph, lay_out
from service.book.keep import Keep
from service.book.model import Box, Drawing, Wire
from service.errors import InputError


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A department: its name, its posts, the departments below it."""

    name: str
    posts: tuple[str, ...] = ()
    children: tuple[ChartNode, ...] = ()


SIZE = 8.5  # of the text, points
PITCH = SIZE * LINE
MARGIN = 5.0  # above and below the text of a box
GAP = 5.0  # between columns
WIDEST, NARROWEST = 92.0, 36.0  # of a column; narrower ones could not be read
ASIDE = 150.0  # width of the boxes of a chart to the right
MOST = 200  # departments: no page shows more in letters that can be read, and laying them out would keep everybody else waiting

_OPTIONS = {
    "elk.algorithm": "layered",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.randomSeed": "1",
    "elk.padding": "[top=1,left=1,bottom=1,right=1]",
    "elk.spacing.nodeNode": str(GAP),
    "elk.spacing.edgeNode": str(GAP),
    "elk.layered.spacing.nodeNodeBetweenLayers": "28",
    "elk.layered.spacing.edgeNodeBetweenLayers": "10",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    "elk.layered.crossingMinimization.forceNodeModelOrder": "true",
    "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
    "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A department as measured: its path in the tree, its depth, name and posts in lines."""

    path: str
    depth: int
    name: tuple[str, ...]
    posts: tuple[str, ...]
    width: float

    @property
    def head(self) -> float:
        return len(self.name) * PITCH + 2 * MARGIN

    @property
    def body(self) -> float:
        return len(self.posts) * PITCH + 2 * MARGIN if self.posts else 0.0


@remembered(64)
def draw_organisation(root: ChartNode, *, width: float, keep: Keep | None = None) -> Drawing:
    """The root on top and every department below the one that it belongs to; from left to right where `width` points are too few for that.
    `keep`: where it may have been kept, and is kept then. InputError(code="bad_drawing") for more than MOST departments."""
    if _departments(root) > MOST:
        raise InputError(f"组织机构图有 {MOST} 个以上的部门，无法排版。", code="bad_drawing")
    return kept_drawing(keep, ("organisation", root, width), lambda: _fitting(root, width))


def _fitting(root: ChartNode, width: float) -> Drawing:
    columns = _leaves(root)
    column = min(WIDEST, (width - 2 - GAP * (columns - 1)) / columns)
    if column >= NARROWEST:
        return _drawn(tuple(_upright(root, "0", 0, column)), "DOWN", "SOUTH", "NORTH")
    return _drawn(tuple(_level(root, "0", 0)), "RIGHT", "EAST", "WEST")


def _departments(node: ChartNode) -> int:
    return 1 + sum(map(_departments, node.children))


def _leaves(node: ChartNode) -> int:
    return sum(map(_leaves, node.children)) or 1


def _upright(node: ChartNode, path: str, depth: int, column: float) -> Iterator[Block]:
    """Blocks with the posts below each other; the topmost one is wide and names its posts in one line."""
    if depth:
        width, posts = column, separated(in_lines(post, column) for post in node.posts)
    else:
        listed = "、".join(node.posts)
        width = max(130.0, min(em_width(listed), 40.0) * SIZE + 20)
        posts = in_lines(listed, width - 8) if listed else ()
    yield Block(path, depth, in_lines(node.name, width), posts, width)
    for number, child in enumerate(node.children):
        yield from _upright(child, f"{path}.{number}", depth + 1, column)


def _level(node: ChartNode, path: str, depth: int) -> Iterator[Block]:
    """Blocks with all posts in running lines."""
    listed = "、".join(node.posts)
    yield Block(path, depth, in_lines(node.name, ASIDE), in_lines(listed, ASIDE) if listed else (), ASIDE)
    for number, child in enumerate(node.children):
        yield from _level(child, f"{path}.{number}", depth + 1)


def _drawn(blocks: tuple[Block, ...], direction: str, leaves: str, enters: str) -> Drawing:
    """In a chart from top to bottom all blocks of one depth are as high as the highest; else each as its text."""
    upright = direction == "DOWN"
    heads = {block.path: max(other.head for other in blocks if other.depth == block.depth) if upright else block.head for block in blocks}
    bodies = {block.path: max(other.body for other in blocks if other.depth == block.depth) if upright else block.body for block in blocks}
    nodes = [_node(block, heads[block.path] + bodies[block.path], leaves, enters) for block in blocks]
    graph = lay_out(
        {"id": "chart", "layoutOptions": {**_OPTIONS, "elk.direction": direction}, "children": nodes, "edges": list(_edges(blocks))}
    )
    places = {child["id"]: child for child in graph["children"]}
    boxes = [box for block in blocks for box in _boxes(block, places[block.path], heads[block.path], bodies[block.path])]
    return Drawing(graph["width"], graph["height"], tuple(boxes), merged(tuple(map(_wire, graph["edges"]))), SIZE)


def _node(block: Block, height: float, leaves: str, enters: str) -> Graph:
    sides = (("out", leaves), ("in", enters))
    ports = [{"id": f"{block.path}/{way}", "width": 0, "height": 0, "layoutOptions": {"elk.port.side": side}} for way, side in sides]
    fixed = {"elk.portConstraints": "FIXED_SIDE"}
    return {"id": block.path, "width": block.width, "height": height, "ports": ports, "layoutOptions": fixed}


def _edges(blocks: tuple[Block, ...]) -> Iterator[Graph]:
    for block in blocks:
        if block.depth:
            yield {"id": f"to {block.path}", "sources": [f"{block.path.rpartition('.')[0]}/out"], "targets": [f"{block.path}/in"]}


def _boxes(block: Block, place: Mapping[str, float], head: float, body: float) -> Iterator[Box]:
    """Name and posts; the list begins at the top of its box."""
    x, y = round(place["x"], 3), round(place["y"], 3)
    yield Box(x, y, block.width, head, block.name, emphasis=True)
    if body:
        room = round((body - 2 * MARGIN) / PITCH)
        yield Box(x, y + head, block.width, body, (*block.posts, *[""] * (room - len(block.posts))))


def _wire(edge: Graph) -> Wire:
    section = edge["sections"][0]
    points = (section["startPoint"], *section.get("bendPoints", ()), section["endPoint"])
    return Wire(tuple((round(point["x"], 3), round(point["y"], 3)) for point in points), arrow=False)


def in_lines(name: str, width: float) -> tuple[str, ...]:
    """A name in lines that fit a column."""
    return wrap(name, max(2.0, (width - 3) / SIZE))


def separated(posts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The lines of all posts with an empty one between two posts."""
    lines = [line for post in posts for line in (*post, "")]
    return tuple(lines[:-1])
