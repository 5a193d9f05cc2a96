"""What of a document is the same before and after LibreOffice has had it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

DUMMY = "\u200d"  # LibreOffice puts it into the empty rows that come or go


def read(lines: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Of what a document tells (see `told`): words of paragraphs and of tables by rows and cells. An empty paragraph says nothing; the
    manner of one that grew together with its neighbour is LibreOffice's affair."""
    found: list[Any] = []
    for kind, *content in lines:
        if kind == "p":
            found.extend([content[1]] if content[1] else [])
        else:
            found.append([[[words.replace(DUMMY, "") for words in each] for each in row] for row in content])
    return found
