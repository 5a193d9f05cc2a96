"""Any blocks and any revision of them, for properties: merged cells, empty runs, breaks and all."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from book.books import DRAWING, png
from service.book.model import Block, Break, Drawing, Figure, Grid, GridCell, Heading, Inlines, Item, PageOf, Para, Photo, Span, Style, Toc

TEXT = st.text(st.sampled_from("的顾客服务记录经理在 30分钟A。，；《》一\ufffc\n"), max_size=16)
RUNS = st.lists(
    st.one_of(
        st.builds(Span, TEXT, bold=st.booleans(), code=st.booleans(), target=st.sampled_from(["", "p.purpose"])),
        st.builds(PageOf, st.sampled_from(["a", "b"])),
        st.just(Break()),
    ),
    max_size=4,
).map(tuple)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A table with merged cells that fit."""
    columns, height = draw(st.integers(1, 3)), draw(st.integers(0, 4))
    taken: set[tuple[int, int]] = set()
    rows = []
    for y in range(height):
        row = []
        for x in range(columns):
            if (x, y) in taken:
                continue
            room = next((free for free in range(1, columns - x) if (x + free, y) in taken), columns - x)
            width, depth = draw(st.integers(1, room)), draw(st.integers(1, height - y))
            taken |= {(x + right, y + down) for right in range(width) for down in range(depth)}
            row.append(GridCell(draw(st.lists(RUNS, max_size=2).map(tuple)), width, depth, bold=draw(st.booleans())))
        rows.append(tuple(row))
    return Grid((1.0,) * columns, tuple(rows), draw(st.integers(0, height)), caption=draw(st.sampled_from(["", "表 1"])))


@st.composite
def forms(draw: st.DrawFn) -> Grid:
    """A form: rows of one line of cells whose edges are their own."""
    widths = tuple(draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=1, max_size=4)))
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        cut = draw(st.integers(0, len(widths) - 1))
        spans = (cut, len(widths) - cut) if cut else (len(widths),)
        rows.append(tuple(GridCell((draw(RUNS),), span) for span in spans))
    return Grid(widths, tuple(rows), air=0.5)


BLOCKS = st.one_of(
    st.builds(Para, RUNS, st.sampled_from(Style)),
    st.builds(Item, st.sampled_from(["", "a)", "b)", "——"]), RUNS, st.integers(0, 2)),
    st.builds(Heading, st.integers(2, 4), TEXT, st.sampled_from(["", "1", "4.2"]), st.sampled_from(["", "p.a", "p.b"])),
    grids(),
    forms(),
    st.builds(Figure, st.sampled_from([DRAWING, Drawing(9, 9, (), ())]), TEXT),
    st.builds(Photo, st.sampled_from([png(), png(5, 5)]), TEXT),
    st.just(Toc()),
)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[Sequence[Block], Sequence[Block]]:
    """Blocks, and a revision that has some of them in any order, changed or not, and others."""
    pool = draw(st.lists(BLOCKS, min_size=1, max_size=6))
    old = draw(st.lists(st.sampled_from(pool), max_size=8))
    new = draw(st.lists(st.one_of(st.sampled_from(pool), BLOCKS, st.sampled_from(pool).flatmap(_changed)), max_size=8))
    return old, new


def _changed(block: Block) -> st.SearchStrategy[Block]:
    match block:
        case Para():
            return RUNS.map(lambda more: Para((*block.content, *more), block.style))
        case Item():
            return RUNS.map(lambda more: Item("c)", (*more, *block.content), block.depth))
        case Heading():
            return TEXT.map(lambda more: Heading(block.level, block.text + more, "9", block.anchor))
        case Grid() if block.rows:
            return st.integers(0, len(block.rows) - 1).flatmap(lambda row: _with_other_cell(block, row))
        case _:
            return st.just(block)


def _with_other_cell(grid: Grid, place: int) -> st.SearchStrategy[Block]:
    """The same table with other words in the first cell of a row, and perhaps that row twice."""

    def changed(content: Inlines, twice: bool) -> Grid:
        row = grid.rows[place]
        first = (GridCell((content,), row[0].colspan, row[0].rowspan), *row[1:]) if row else row
        again = (first,) if twice and all(cell.rowspan == 1 for each in grid.rows for cell in each) else ()
        return Grid(grid.widths, (*grid.rows[:place], first, *again, *grid.rows[place + 1 :]), grid.head, air=grid.air)

    return st.builds(changed, RUNS, st.booleans())
