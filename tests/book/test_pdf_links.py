"""Outline and links of the PDF lead to where the words stand."""

from __future__ import annotations

import pytest

from book.books import text
from book.pdf_reading import (
    EVERY,
    LONG,
    bare,
    heading_words,
    headings,
    links,
    one_part,
    outline,
    page_with,
    part_of_each_page,
    printed,
    texts,
)
from service.book.model import Book, Heading, PageOf, Para, Part, Span

BOOKS = pytest.mark.parametrize("book", [EVERY, LONG], ids=["every block", "six procedures"])


@BOOKS
def test_outline_has_every_heading_in_order_and_leads_to_its_page(book: Book) -> None:
    layout = printed(book).layout
    wanted = [h for h in headings(book) if h.outline and h.anchor]
    found = outline(book)
    assert [bare(title) for _, title, _ in found] == [heading_words(h) for h in wanted]
    assert [page for *_, page in found] == [page_with(book, layout.pages[h.anchor]) for h in wanted]
    assert [depth for depth, *_ in found] == [h.level for h in wanted]  # these books skip no level


def test_level_that_is_skipped_hangs_below_the_last_higher_one() -> None:
    blocks = (Heading(1, "甲", anchor="a"), Heading(4, "乙", anchor="b"), Heading(2, "丙", anchor="c"), Heading(1, "丁", anchor="d"))
    assert [entry[:2] for entry in outline(one_part(*blocks))] == [(1, "甲"), (2, "乙"), (2, "丙"), (1, "丁")]


@BOOKS
def test_every_link_inside_leads_to_a_page_of_its_target(book: Book) -> None:
    layout = printed(book).layout
    spans = [span for part in book.parts for block in part.blocks if isinstance(block, Para) for span in block.content]
    targets = [span.target for span in spans if isinstance(span, Span | PageOf) and span.target]
    inside = [(page, target) for page, target in links(book) if isinstance(target, int)]
    wanted = {page_with(book, layout.pages[target]) for target in targets}
    assert wanted
    assert wanted <= {target for _, target in inside}
    assert [target for _, target in links(book) if str(target).startswith("book:")] == []


def test_contents_lead_to_their_entries() -> None:
    [toc] = [page for page, part in enumerate(part_of_each_page(EVERY)) if part.anchor == "toc"]
    listed = [h for h in headings(EVERY) if h.outline and h.anchor and h.level <= 3]
    leads = [target for page, target in links(EVERY) if page == toc]
    assert set(leads) == {page_with(EVERY, printed(EVERY).layout.pages[h.anchor]) for h in listed}


@pytest.mark.parametrize(
    ("href", "linked"),
    [
        ("https://example.com/?a=1&b=2", True),
        ("mailto:a@example.com", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("book:part", False),
        ("", False),
    ],
)
def test_only_addresses_of_known_kinds_are_links(href: str, linked: bool) -> None:
    book = one_part(Para((Span("网站", href=href),)))
    assert links(book) == ([(0, href)] if linked else [])
    assert "网站" in texts(book)[0]


def test_link_and_page_of_what_is_not_in_the_book_are_words_and_a_dash() -> None:
    book = one_part(Para((Span("别册", target="elsewhere"), PageOf("elsewhere"))))
    assert links(book) == []
    assert "别册—" in texts(book)[0]


def test_part_without_a_heading_can_be_linked_to() -> None:
    parts = (Part("a", (Para((Span("去往附录", target="b"), PageOf("b"))),)), Part("b", (Para(text("附录")),)))
    book = Book("手册", "企业", "主题", parts)
    assert set(links(book)) == {(0, 1)}
    assert "去往附录2" in texts(book)[0]


def test_links_lead_from_piece_to_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = links(LONG), outline(LONG)
    monkeypatch.setattr("service.book.pieces.LARGEST", 4.0)
    book = Book(LONG.title, LONG.organisation, "in pieces", LONG.parts)
    assert (links(book), outline(book)) == whole
