"""A book as its texts ask for it → one that its pages hold, with a remark for everything that had to be done. Pure.

Tables of many columns are set small, on broad pages, or in stretches; rows higher than a page may break; the words of a page header
end in … before they meet; captions of several lines stand as a paragraph; what no font holds is named. Most books come back as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import is_
from pathlib import Path

from service.book.fitting_head import fitted_head
from service.book.fitting_table import fitted_grid, is_broad
from service.book.fitting_text import Absent, absent_of, long_word, text_of
from service.book.geometry import text_area
from service.book.measure import widest
from service.book.model import Block, Book, Figure, Grid, Heading, Item, Para, Part, Photo, Span, Style
from service.book.pdf_shelf import Shelf
from service.book.remarks import Remark, collected
from service.book.theme import Theme
from service.kit.fingerprint import fingerprint

Said = list[Remark]


def fitted(book: Book, theme: Theme, fonts: Path, shelf: Shelf | None = None) -> tuple[Book, tuple[Remark, ...]]:
    """The book, and the remarks on it with those that its parts brought along. With a `shelf` parts seen before are taken from there."""
    if shelf is None:
        made = [_fitted_part(part, theme, fonts) for part in book.parts]
    else:
        made_with = fingerprint((theme, str(fonts)))
        made = [_taken(part, theme, fonts, made_with, shelf) for part in book.parts]
    parts = tuple(new for news, _ in made for new in news)
    return replace(book, parts=parts), collected(remark for _, said in made for remark in said)


Fitted = tuple[tuple[Part, ...], tuple[Remark, ...]]


def _taken(part: Part, theme: Theme, fonts: Path, made_with: str, shelf: Shelf) -> Fitted:
    key = ("fitted", made_with, part)
    return shelf.take(key, lambda: _fitted_part(part, theme, fonts), lambda _: 256, lambda made: (part, *made[0]))


def _fitted_part(part: Part, theme: Theme, fonts: Path) -> Fitted:
    said: Said = list(part.said)
    parts = tuple(_part(part, theme, absent_of(part, fonts), _name(part), said))
    return parts, tuple(said)


def _name(part: Part) -> str:
    """What it is called in remarks: as it says itself, or by its first heading."""
    headings = (block.text for block in part.blocks if isinstance(block, Heading))
    return part.name or next(headings, "") or ("封面" if part.anchor == "cover" else "目录")


def _part(part: Part, theme: Theme, absent: Absent, name: str, said: Said) -> Iterator[Part]:
    """The part, or its stretches of upright and broad pages: the first one keeps the anchor. What fits stays the very same object."""
    if part.head is not None:
        head = fitted_head(part.head, theme, part.landscape)
        if head is not part.head:
            said.append(Remark(name, "", "页眉文字超出一行", "页眉以“…”缩短，正文中的标题和编号不变"))
            part = replace(part, head=head)
    places = list(_placed(part.blocks))
    for block, section in places:
        said.extend(_spoken(block, absent, name, section))
    for index, (broad, group) in enumerate(_stretches(part, places)):
        area = text_area(theme, broad)
        blocks = tuple(new for block, section in group for new in _fitted(block, theme, area, (name, section), said))
        same = len(blocks) == len(part.blocks) and broad is part.landscape and all(map(is_, blocks, part.blocks))
        yield part if same else replace(part, blocks=blocks, landscape=broad, anchor="" if index else part.anchor)


def _placed(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Every block with the clause that it stands in."""
    section = ""
    for block in blocks:
        if isinstance(block, Heading) and (block.number or block.level > 1):
            section = f"{block.number} {block.text}".strip()
        yield block, section


Placed = list[tuple[Block, str]]


def _stretches(part: Part, places: Placed) -> Iterator[tuple[bool, Placed]]:
    """Blocks in a row that stand on pages of the same way up; headings right before a broad table go with it."""
    ways = [part.landscape or (isinstance(block, Grid) and is_broad(block)) for block, _ in places]
    for index in range(len(ways) - 2, -1, -1):
        block = places[index][0]
        if ways[index + 1] and (isinstance(block, Heading) or (isinstance(block, Para) and block.style is Style.CAPTION)):
            ways[index] = True
    if not ways:
        yield part.landscape, []
    for broad, group in groupby(zip(ways, places, strict=True), key=lambda pair: pair[0]):
        yield broad, [place for _, place in group]


def _spoken(block: Block, absent: Absent, name: str, section: str) -> Iterator[Remark]:
    """On the characters of a block."""
    text = text_of(block)
    if absent and (missing := list(dict.fromkeys(char for char in text if char in absent))):
        more = f" 等 {len(missing)} 个" if len(missing) > NAMED else ""
        yield Remark(name, section, f"字符 {'、'.join(missing[:NAMED])}{more} 无字形", "PDF 中以〓代替，DOCX 和 HTML 保留原字")
    if length := long_word(text):
        yield Remark(name, section, f"连续 {length} 个字符没有可以换行的地方", "在行末断开")


def _fitted(block: Block, theme: Theme, area: tuple[float, float], place: tuple[str, str], said: Said) -> Iterator[Block]:
    if isinstance(block, Grid):
        grids, done = fitted_grid(block, theme, area)
        said.extend(Remark(*place, what, how) for what, how in done)
        yield from grids
    elif isinstance(block, Photo | Figure) and widest(block.caption) * theme.caption.size > area[0]:
        said.append(Remark(*place, "图题超过一行", "图题改排在图下的段落中"))
        yield replace(block, caption="")
        yield Para((Span(block.caption),), Style.CENTER)
    elif isinstance(block, Item) and block.depth > DEEPEST:
        said.append(Remark(*place, f"列表有 {block.depth + 1} 层", f"第 {DEEPEST + 1} 层以下不再缩进"))
        yield replace(block, depth=DEEPEST)
    else:
        yield block


NAMED = 20
"""Characters without a glyph that a remark names."""

DEEPEST = 5
"""Levels of a list below the first that are indented: with more the lines would be too short to read."""
