"""The blocks of a book as HTML elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import escape

from service.book.html_text import Page, address, embedded, given_id, inlines
from service.book.model import Figure, Grid, GridCell, Heading, Item, Para, Photo, Style
from service.book.photo import MEDIA, photo_extension, photo_pixels


def block(each: object, page: Page) -> str:
    """One block but a Toc, which needs the whole outline."""
    return _BLOCKS[type(each)](each, page)


def _para(para: Para, page: Page) -> str:
    if para.style is Style.SPACER:
        return '<div class="spacer"></div>'
    return f'<p class="{para.style.value}">{inlines(para.content, page)}</p>'


def heading_text(heading: Heading) -> str:
    """Number and title, escaped; they are two elements so that each wraps in its own column."""
    number = f'<span class="number">{escape(heading.number)}</span> ' if heading.number else ""
    return f"{number}<span>{escape(heading.text)}</span>"


def _heading(heading: Heading, page: Page) -> str:
    """h1 is the book's own title, so a part's is h2. The sign after a heading gives readers its address."""
    tag, id_ = f"h{heading.level + 1}", given_id(heading.anchor, page)
    sign = f'<a class="here" href="{address(heading.anchor)}" aria-label="复制本条链接">§</a>' if heading.anchor else ""
    return f"<{tag}{id_}>{heading_text(heading)}{sign}</{tag}>"


def _item(item: Item, page: Page) -> str:
    return f'<div class="item" style="--depth:{item.depth}"><span>{escape(item.label)}</span><p>{inlines(item.content, page)}</p></div>'


def _grid(grid: Grid, page: Page) -> str:
    """A table in a box that scrolls by itself where the screen is narrower than the table."""
    total = sum(grid.widths)
    columns = "".join(f'<col style="width:{100 * width / total:.2f}%">' for width in grid.widths)
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    head = "".join(_row(row, page, "th") for row in grid.rows[: grid.head])
    body = "".join(_row(row, page, "td") for row in grid.rows[grid.head :])
    kind = ' class="small"' if grid.size == "small" else ""
    air = f";--air:{grid.air:.3g}" if grid.air else ""
    return (
        f'<div class="scroll" tabindex="0"><table{kind} style="--columns:{len(grid.widths)}{air}">{caption}'
        f"<colgroup>{columns}</colgroup>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table></div>"
    )


def _row(row: Sequence[GridCell], page: Page, tag: str) -> str:
    return f"<tr>{''.join([_cell(cell, page, tag) for cell in row])}</tr>"


def _cell(cell: GridCell, page: Page, tag: str) -> str:
    spans = (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "") + (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "")
    names = " ".join(
        filter(None, (cell.align if cell.align in _ALIGNS else "", "bold" if cell.bold else "", "shade" if cell.shade else ""))
    )
    kind = f' class="{names}"' if names else ""
    height = f' style="--lines:{cell.lines}"' if cell.lines > 1 else ""
    return f"<{tag}{spans}{kind}{height}>{'<br>'.join([inlines(content, page) for content in cell.content])}</{tag}>"


_ALIGNS = frozenset({"center", "right"})


def _figure(figure: Figure, page: Page) -> str:
    return _framed(f'<div role="img" aria-label="{escape(figure.alt)}">{page.drawings[figure.drawing]}</div>', figure.caption)


def _photo(photo: Photo, page: Page) -> str:
    """Always an image, never an element of the page: what an SVG holds stays inside it. Width and height keep its place while it loads."""
    media = MEDIA[photo_extension(photo)]
    address = page.addresses.get(photo.data) or embedded(photo.data, media)
    wide, high = (round(side) or 1 for side in photo_pixels(photo))
    width = f' style="width:{photo.width:g}pt"' if photo.width else ""
    image = f'<img src="{escape(address)}" alt="{escape(photo.alt)}" width="{wide}" height="{high}"{width}>'
    return _framed(image, photo.caption)


def _framed(content: str, caption: str) -> str:
    return f"<figure>{content}{f'<figcaption>{escape(caption)}</figcaption>' if caption else ''}</figure>"


_BLOCKS: dict[type, Callable[[Any, Page], str]] = {
    Para: _para,
    Heading: _heading,
    Item: _item,
    Grid: _grid,
    Figure: _figure,
    Photo: _photo,
}
