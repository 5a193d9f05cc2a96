"""Drawings as SVG (HTML, DOCX) and as PNG (the DOCX's fallback for programs without SVG)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import cast

from service.book.drawing_shapes import STROKE, Points, arrow_head, diamond, number
from service.book.drawing_text import baselines
from service.book.drawing_typst import page_source
from service.book.model import Box, Drawing, Wire
from service.book.theme import Theme
from service.book.typesetter import typesetter

PPI = 220


def to_svg(drawing: Drawing, theme: Theme) -> bytes:
    """A self-contained SVG, `drawing.width` × `drawing.height` points, its texts as text; no marker, style sheet or script, because
    Word and LibreOffice draw those differently."""
    width, height = number(drawing.width), number(drawing.height)
    families = escape(", ".join(font_families(theme)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">',
        f'<g font-family="{families}" font-size="{number(drawing.font_size)}" text-anchor="middle" '
        f'stroke-width="{number(STROKE)}" stroke-linejoin="round" fill="#{theme.accent}">',
        *(part for lane in drawing.lanes for part in _box(lane, drawing, theme)),
        *(part for wire in drawing.wires for part in _wire(wire, theme)),
        *(part for box in drawing.boxes for part in _box(box, drawing, theme)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts).encode()


def font_families(theme: Theme) -> tuple[str, ...]:
    """Families for text in SVG, those of the reader's computer first, then those that the book embeds."""
    faces = theme.faces
    return (faces.sans_latin, faces.sans_hanzi, "SimHei", *(f"'{name}'" for name in faces.sans_families), "sans-serif")


def to_png(drawing: Drawing, theme: Theme, fonts: Path) -> bytes:
    """The drawing at 220 pixels an inch. `fonts`: folder of the font packages."""
    with typesetter(page_source(drawing, theme), fonts) as compiler:
        return cast(bytes, compiler.compile(format="png", ppi=PPI))


def _box(box: Box, drawing: Drawing, theme: Theme) -> Iterable[str]:
    fill = theme.shade if box.emphasis else "FFFFFF"
    yield f'<{_SHAPES[box.shape](box)} fill="#{fill}" stroke="#{theme.accent}"/>'
    middle = number(box.x + box.width / 2)
    weight = ' font-weight="bold"' if box.emphasis else ""
    for line, y in zip(box.lines, baselines(box, drawing), strict=True):
        yield f'<text x="{middle}" y="{number(y)}"{weight}>{escape(line)}</text>'


def _wire(wire: Wire, theme: Theme) -> Iterable[str]:
    yield f'<polyline points="{_points(wire.points)}" fill="none" stroke="#{theme.accent}"/>'
    if wire.arrow:
        yield f'<polygon points="{_points(arrow_head(wire.points))}"/>'
    if wire.label:
        yield f'<text x="{number(wire.label_x)}" y="{number(wire.label_y)}">{escape(wire.label)}</text>'


def _points(points: Points) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def _rectangle(box: Box, radius: float = 0) -> str:
    corner = f' rx="{number(radius)}"' if radius else ""
    return f'rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" height="{number(box.height)}"{corner}'


_SHAPES: dict[str, Callable[[Box], str]] = {
    "step": _rectangle,
    "end": lambda box: _rectangle(box, min(box.width, box.height) / 2),
    "decision": lambda box: f'polygon points="{_points(diamond(box))}"',
}
