"""Wires that begin or end together run on one line, where the layout puts them a point beside each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from service.book.model import Wire

NEAR = 3.0  # points; wires that have nothing to do with each other are further apart

Points = list[list[float]]


def merged(wires: Sequence[Wire]) -> tuple[Wire, ...]:
    """The wires with bends moved, by less than NEAR points, onto the line of another one with the same end."""
    ways: list[Points] = [[list(point) for point in wire.points] for wire in wires]
    for end in (0, -1):
        bundles: dict[tuple[float, ...], list[Points]] = {}
        for way in ways:
            bundles.setdefault(tuple(way[end]), []).append(way)
        for bundle in bundles.values():
            for axis in (0, 1):
                _align(bundle, axis)
    return tuple(replace(wire, points=_plain(way)) for wire, way in zip(wires, ways, strict=True))


def _align(bundle: Sequence[Points], axis: int) -> None:
    """Moves the segments across `axis` that lie near another one of the bundle: onto that of an end, or else onto the first one."""
    if len(bundle) < 2:
        return
    lines: list[float] = [way[end][axis] for way in bundle for end in (0, -1)]
    for way in bundle:
        for before, after in zip(range(1, len(way) - 2), range(2, len(way) - 1), strict=True):
            if way[before][axis] == way[after][axis]:
                near = next((line for line in lines if abs(line - way[before][axis]) < NEAR), None)
                if near is None:
                    lines.append(way[before][axis])
                else:
                    way[before][axis] = way[after][axis] = near


def _plain(way: Points) -> tuple[tuple[float, float], ...]:
    """The points without those in the middle of a straight line."""
    points = [(point[0], point[1]) for number, point in enumerate(way) if not number or point != way[number - 1]]
    kept = points[:1]
    for here, after in pairwise(points[1:]):
        if not (kept[-1][0] == here[0] == after[0] or kept[-1][1] == here[1] == after[1]):
            kept.append(here)
    return (*kept, points[-1])
