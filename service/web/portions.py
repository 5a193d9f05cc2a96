"""Long lists on pages: fifty rows at a time, with links to the others that keep the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BeforeValidator

AT_ONCE = 50
T = TypeVar("T")
Chosen = BeforeValidator(lambda value: value or None)
"""For a filter of an enumeration: a form sends the empty choice as an empty text."""
PageNumber = Annotated[int, Query(ge=1, le=100_000, description="第几页")]


@dataclass(frozen=True, slots=True)
class Portion(Generic[T]):
    """The rows of one page of a list of `total`; `filters` are the query that the links to the other pages keep, `name` is what the number
    of the page is called in it."""

    rows: Sequence[T]
    page: int
    pages: int
    total: int
    filters: Mapping[str, Any]
    name: str = "page"

    def link(self, page: int) -> str:
        """The address of another page of the same list."""
        return f"?{urlencode({**self.filters, self.name: page})}"


def portion(rows: Sequence[T], page: int, filters: Mapping[str, Any], name: str = "page") -> Portion[T]:
    """The page of this number, the last one if there are fewer; empty filters are left out of the links. `name`: for the second list of a
    page, which is turned by itself."""
    pages = max(1, -(-len(rows) // AT_ONCE))
    page = min(page, pages)
    kept = {key: value for key, value in filters.items() if value}
    return Portion(rows[(page - 1) * AT_ONCE : page * AT_ONCE], page, pages, len(rows), kept, name)
