"""A page as a browser reads it: its elements with their attributes, and its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx import Response

VOID = frozenset({"meta", "br", "img", "col", "input", "link", "hr"})
SHOWN_AS_THEY_ARE = frozenset({"script", "style"})


@dataclass(slots=True)
class Page:
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: str = ""

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, *names: str) -> Iterator[str]:
        """Every value of attributes of these names."""
        return (attributes[name] for _, attributes in self.elements for name in names if name in attributes)

    @property
    def ids(self) -> set[str]:
        return set(self.values("id"))

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page, self.open = Page(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.page.words += data


def read(answer: Response) -> Page:
    """The page of an answer; every element must be closed in order."""
    assert answer.headers["content-type"].startswith("text/html"), answer.headers["content-type"]
    reader = _Reader()
    reader.feed(answer.text)
    reader.close()
    assert reader.open == []
    return reader.page
