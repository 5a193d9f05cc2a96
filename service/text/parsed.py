"""Frozen texts parsed once: what was signed never changes by itself, and pages over all documents read the same texts again and again."""

from __future__ import annotations

from functools import lru_cache

from service.text.model import Procedure
from service.text.parse import parse_procedure


@lru_cache(maxsize=1024)
def parsed(text: str, title: str) -> Procedure:
    """The same as `parse_procedure`, kept. `title` names the text in faults."""
    return parse_procedure(text, file=title)
