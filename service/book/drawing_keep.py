"""Drawings that are kept from one run to the next: laying out a chart costs more than printing it. Whoever keeps them is not known here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple
from typing import Any, Protocol

from service.book.model import Box, Drawing, Wire
from service.kit.fingerprint import fingerprint


class Keep(Protocol):
    """Bytes by a key of 64 hex digits; may forget any at any time."""

    def __hash__(self) -> int: ...

    def find(self, key: str) -> bytes | None: ...

    def keep(self, key: str, data: bytes) -> None: ...


def kept_drawing(keep: Keep | None, made_of: object, make: Callable[[], Drawing]) -> Drawing:
    """The drawing that was made of the same before, or the one that `make` makes now. `made_of` says everything that it depends on but the
    program itself, which whoever keeps drawings has to tell apart."""
    if keep is None:
        return make()
    key = fingerprint(made_of)
    found = _read(keep.find(key))
    if found is None:
        found = make()
        keep.keep(key, json.dumps(astuple(found), ensure_ascii=False, separators=(",", ":")).encode())
    return found


def _read(data: bytes | None) -> Drawing | None:
    """None for nothing, and for what is broken: then the drawing is made anew."""
    if data is None:
        return None
    try:
        width, height, boxes, wires, font_size, lanes = json.loads(data)
        return Drawing(width, height, tuple(map(_box, boxes)), tuple(map(_wire, wires)), font_size, tuple(map(_box, lanes)))
    except (ValueError, TypeError):
        return None


def _box(values: list[Any]) -> Box:
    x, y, width, height, lines, shape, emphasis = values
    return Box(x, y, width, height, tuple(lines), shape, emphasis)


def _wire(values: list[Any]) -> Wire:
    points, arrow, label, label_x, label_y = values
    return Wire(tuple((x, y) for x, y in points), arrow, label, label_x, label_y)
