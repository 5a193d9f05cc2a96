"""Problems that were found a moment ago: the same texts, dates and registers have the same problems. Pure but for what it remembers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from service.checks.queries import find_problems
from service.checks.rules import Context, Problem

KEPT = 12
"""Organisations and days that are remembered."""
_lock = threading.Lock()
_found: OrderedDict[Hashable, tuple[Context, tuple[Problem, ...]]] = OrderedDict()


def problems_of(context: Context) -> tuple[Problem, ...]:
    """What `find_problems` says of it, from memory if nothing has changed since."""
    key = _key(context)
    with _lock:
        known = _found.get(key)
        if known is not None:
            _found.move_to_end(key)
            return known[1]
    problems = tuple(find_problems(context))
    with _lock:
        _found[key] = context, problems
        while len(_found) > KEPT:
            _found.popitem(last=False)
    return problems


def _key(context: Context) -> Hashable:
    """The context with each text as the object that it is. That object lives as long as its entry, so its id is nobody else's."""
    documents = tuple(
        (each.number, each.title, each.kind, each.label, each.in_force, each.dates, each.unreadable, id(each.procedure))
        for each in context.documents
    )
    return replace(context, documents=()), documents
