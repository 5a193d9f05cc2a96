"""Measures that the PDF and the DOCX share, so that both break pages alike: text area, columns, rows, indents, sizes of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from service.book.model import Grid, GridCell, Style
from service.book.theme import MM, Logo, Theme, Type

NUMBER_GAP = "\u3000"  # between a clause number and its title: one em in every face
TABLE_GAP = 6.0  # an empty line of this height (points) stands below every table, on the next page too if it falls there
FIGURE_GAP = 6.0  # points above and below a picture


def text_area(theme: Theme, landscape: bool) -> tuple[float, float]:
    """Width and height of the text in points; a landscape page keeps the four margins of the upright one."""
    width, height = (theme.page_height, theme.page_width) if landscape else (theme.page_width, theme.page_height)
    return width - theme.margin_left - theme.margin_right, height - theme.margin_top - theme.margin_bottom


def turned(theme: Theme) -> Theme:
    """The theme with its paper turned onto its side, for what measures itself by the theme alone."""
    return replace(theme, page_width=theme.page_height, page_height=theme.page_width)


def column_twips(widths: Sequence[float], text_width: float) -> tuple[int, ...]:
    """Relative widths as twentieths of a point whose sum is exactly the text width, rounded to twips once."""
    whole, total = round(text_width * 20), sum(widths)
    edges = [round(whole * sum(widths[:index]) / total) for index in range(len(widths) + 1)]
    return tuple(right - left for left, right in pairwise(edges))


def table_type(theme: Theme, grid: Grid) -> Type:
    """How the text in this table is set."""
    return theme.table_small if grid.size == "small" else theme.table


def row_height(theme: Theme, grid: Grid, row: Sequence[GridCell]) -> float:
    """Least height of a row in points: the lines its cells ask for, and the air of a form.

    Its rule comes on top, as it does on top of text: n rows of one line are n x (pitch + rule) + rule high (measured in LibreOffice).
    """
    pitch = table_type(theme, grid).pitch
    lines = max((cell.lines for cell in row if cell.rowspan == 1), default=1)
    return max((lines + grid.air) * pitch, lines * pitch + 2 * theme.cell_air)


def item_indents(theme: Theme, label: str, depth: int) -> tuple[float, float]:
    """Where an item's label and its text begin, in points from the left edge: two characters a level, more for a long label."""
    em = theme.body.size
    start = 2 * em * (depth + 1)
    return start, start + em * max(2, _ems(label) + (0 if fills(label) else 0.5))


def fills(label: str) -> bool:
    """Whether the text follows the label without air between them: —— and other full-width labels that end in a mark."""
    return label[-1:] in _MARKS and _ems(label) >= 2


def _ems(label: str) -> float:
    return sum(1 if char >= "\u2e80" or char in "—…·" else 0.55 for char in label)


_MARKS = tuple("—）：、．。")


def note_indents(theme: Theme) -> tuple[float, float]:
    """Where 注: and the text after it begin, in points."""
    start = 2 * theme.body.size
    return start, start + 2 * theme.note.size


def toc_indent(theme: Theme, level: int) -> float:
    """Left indent of an entry of the table of contents in points."""
    return theme.body.size * 1.5 * (level - 1)


def fit(width: float, height: float, most: tuple[float, float]) -> tuple[float, float]:
    """A picture's size scaled down, if it must be, to `most` (width, height); never up."""
    scale = min(1.0, most[0] / width, most[1] / height)
    return width * scale, height * scale


def photo_area(area: tuple[float, float], theme: Theme, caption: str) -> tuple[float, float]:
    """The largest size of a photo: an upright one leaves a third of the page to the text it belongs to."""
    width, height = picture_area(area, theme, caption)
    return width, min(height, area[1] * 2 / 3)


def picture_area(area: tuple[float, float], theme: Theme, caption: str) -> tuple[float, float]:
    """The largest size of a picture in a text area: less the gaps, the caption's line and 2 points for the line it stands in."""
    return area[0], area[1] - 2 * FIGURE_GAP - (theme.caption.pitch if caption else 0) - 2


def header_logo(theme: Theme, logo: Logo) -> tuple[float, float]:
    """Size of the logo on the line of a page header: above its rule, below what is stamped on the page."""
    return fit(logo.width, logo.height, (HEADER_LOGO_WIDTH, theme.running.pitch + 6))


def cover_logo(logo: Logo) -> tuple[float, float]:
    """Size of the logo at the top of the cover."""
    return fit(logo.width, logo.height, (160, 44))


def cover_logo_side(theme: Theme) -> str:
    """left, center or right: where the company's name stands below it."""
    return theme.type_of(Style.COVER_COMPANY).align or "center"


def header_start(theme: Theme) -> float:
    """Where the words of a page header begin, in points from the left edge of the text: after the logo."""
    return header_logo(theme, theme.logo)[0] + LOGO_GAP if theme.logo else 0


def code_place(theme: Theme, landscape: bool) -> tuple[float, float, float]:
    """Where the code of a page stands: left and top edge and side in points. Off the corner of the text, where neither a line nor a
    footer comes; nearer to the text's edges, and smaller, only on a page whose margins leave no room there."""
    width, height = (theme.page_height, theme.page_width) if landscape else (theme.page_width, theme.page_height)
    side = min(CODE_SIDE, max(theme.margin_right, theme.margin_bottom) - CODE_AIR - CODE_GAP)
    left = min(width - theme.margin_right + CODE_GAP, width - CODE_AIR - side)
    return left, min(height - theme.margin_bottom + CODE_GAP, height - CODE_AIR - side), side


CODE_SIDE = 15 * MM  # with the quiet zone: a module of the usual symbol is then a third of a millimetre
CODE_GAP = 1 * MM  # between the text's corner and the quiet zone
CODE_AIR = 4 * MM  # printers leave about 5 mm blank, of which the quiet zone may be a part
HEADER_LOGO_WIDTH = 96.0
LOGO_GAP = 6.0  # points between the logo and the words of the header
HEAD_AIR = 2.0  # points between the words of the header and its rule
