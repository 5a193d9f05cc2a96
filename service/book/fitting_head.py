"""The two halves of a page header shortened until they fit one line. Pure."""

from __future__ import annotations

from service.book.geometry import header_start, text_area
from service.book.measure import REGULAR, WIDEST, shortened, widest
from service.book.model import RunningHead
from service.book.theme import Theme

GAP = 1.0  # ems between the halves, at least


def fitted_head(head: RunningHead, theme: Theme, landscape: bool) -> RunningHead:
    """The same header if it fits. The right half, number and label, may take three fifths, and the left one what is left."""
    room = (text_area(theme, landscape)[0] - header_start(theme)) / theme.running.size - GAP
    widths = WIDEST if theme.running.sans or theme.running.bold else REGULAR
    left, right = widest(head.left, widths), widest(head.right, widths)
    if left + right <= room:
        return head
    right = min(right, max(room - left, room * 0.6))
    return RunningHead(shortened(head.left, room - right, widths), shortened(head.right, right, widths))
