"""The HTML: one file, everything escaped, every link with its place."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book.books import DRAWING, HOSTILE, cell, every_block, generated_book, layout_of, png, text
from book.docx_reading import book_of
from service.book.html import render_html
from service.book.html_reading import SCRIPT
from service.book.model import Block, Figure, Grid, Heading, Item, Layout, PageOf, Para, Photo, Span, Style, Toc
from service.book.theme import FORMAL, Faces, Logo, Theme

SVG = {DRAWING: b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"></svg>'}
VOID = {"meta", "br", "img", "col", "input"}


class Seen(HTMLParser):
    """What a browser would see: elements with their attributes, text, and whether every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.scripts if self.open[-1:] == ["script"] else self.words).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def seen(html: bytes) -> Seen:
    found = Seen()
    found.feed(html.decode())
    found.close()
    assert found.open == []
    return found


def page(*blocks: Block, layout: Layout | None = None) -> Seen:
    return seen(render_html(book_of(*blocks), FORMAL, SVG, layout))


EVERY = every_block()
WHOLE = render_html(EVERY, FORMAL, SVG, layout_of(EVERY))


def test_every_element_is_closed_in_order() -> None:
    assert len(seen(WHOLE).elements) > 100


def test_no_text_becomes_an_element() -> None:
    found = seen(WHOLE)
    assert found.scripts == [SCRIPT]
    assert "".join(found.words).count("<script>alert(1)</script>") == 5


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1))
def test_any_text_comes_back_as_it_was(words: str) -> None:
    assert words in page(Para(text(words))).words


@pytest.mark.parametrize("place", ["alt", "caption"])
def test_hostile_text_in_attributes_and_captions_stays_text(place: str) -> None:
    figure = Figure(DRAWING, **{"alt": "图", place: HOSTILE})
    found = page(figure, Photo(png(), HOSTILE))
    assert found.all("img")[0]["alt"] == HOSTILE
    assert found.scripts == [SCRIPT]


def test_the_file_needs_nothing_else() -> None:
    found = seen(WHOLE)
    assert found.all("link") == []
    assert not re.search(r"url\(|@import", WHOLE.decode())
    assert all((each.get("src") or "").startswith("data:image/") for each in found.all("img"))


def test_the_file_forbids_loading_and_every_script_but_its_own() -> None:
    policies = [each["content"] or "" for each in seen(WHOLE).all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none';")
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert [each.split() for each in policies[0].split(";") if "script-src" in each] == [["script-src", f"'sha256-{digest}'"]]


def test_the_script_makes_no_markup_of_text_and_asks_for_nothing() -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\b|Function\(|fetch\(|XMLHttpRequest|import\(|WebSocket", SCRIPT
    )


def test_the_language_is_chinese_and_the_screen_width_is_used() -> None:
    found = seen(WHOLE)
    assert found.all("html")[0]["lang"] == "zh-CN"
    assert {"name": "viewport", "content": "width=device-width,initial-scale=1"} in found.all("meta")


def test_every_link_inside_leads_to_an_id_and_ids_are_unique() -> None:
    found = seen(WHOLE)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    links = [unquote((each["href"] or "")[1:]) for each in found.all("a") if (each["href"] or "").startswith("#")]
    assert links
    assert set(links) <= set(ids)
    assert len(set(ids)) == len(ids)


def test_every_clause_has_an_anchor() -> None:
    assert {each.get("id") for each in page(Heading(2, "目的", "1", "a.1"), Heading(3, "细则", "1.1", "a.1.1")).all("h3")} == {"a.1"}


@pytest.mark.parametrize("anchor", ['a"b', "a b", "职责", "a<b>&", "100%"])
def test_any_anchor_can_be_linked_to(anchor: str) -> None:
    found = page(Heading(2, "甲", "1", anchor), Para((Span("见", target=anchor),)))
    target = found.all("h3")[0]["id"]
    assert unquote((found.all("a")[-1]["href"] or "")[1:]) == target


def test_a_link_to_what_is_not_in_the_book_is_plain_text() -> None:
    found = page(Para((Span("别册", target="elsewhere"), PageOf("elsewhere"))))
    assert found.all("a") == []
    assert "别册—" in found.words


@pytest.mark.parametrize(
    ("href", "linked"),
    [("https://example.com", True), ("javascript:alert(1)", False), (" javascript:x", False), ("data:text/html,x", False)],
)
def test_only_web_addresses_are_links(href: str, linked: bool) -> None:
    assert bool(page(Para((Span("网站", href=href),))).all("a")) is linked


def test_a_page_reference_names_the_page_of_the_printed_book() -> None:
    found = page(Heading(2, "甲", anchor="a"), Para((PageOf("a"),)), layout=Layout({"a": "37"}, 40, 38))
    assert "37" in found.words


def test_the_contents_nest_by_level() -> None:
    headings = (Heading(1, "一", anchor="a"), Heading(2, "二", anchor="b"), Heading(2, "三", anchor="c"), Heading(1, "四", anchor="d"))
    html = render_html(book_of(Toc(2), *headings), FORMAL, {}).decode()
    contents = re.sub(r"<(?!/?(ol|li)\b)[^>]*>|\s", "", html[html.index('<div class="toc">') : html.index("<h2")])
    assert contents == "<ol><li>一<ol><li>二</li><li>三</li></ol></li><li>四</li></ol>"


def test_headings_outside_the_outline_are_not_in_the_contents() -> None:
    assert page(Heading(1, "目录", anchor="toc", outline=False), Toc(2)).all("li") == []


def test_a_table_keeps_its_head_its_merged_cells_and_its_own_scroll_box() -> None:
    grid = Grid((1, 1), ((cell("头", colspan=2),), (cell("甲", rowspan=2), cell("乙")), (cell("丙"),)), head=1, caption="表 1")
    found = page(grid)
    assert [each.get("colspan") for each in found.all("th")] == ["2"]
    assert [each.get("rowspan") for each in found.all("td")] == ["2", None, None]
    assert {"class": "scroll", "tabindex": "0"} in found.all("div")


@pytest.mark.parametrize("style", list(Style))
def test_every_style_of_paragraph_has_its_class(style: Style) -> None:
    html = render_html(book_of(Para(text("甲"), style)), FORMAL, {}).decode()
    assert f'class="{style.value}"' in html
    css = html[html.index("<style>") : html.index("</style>")]
    assert f".{style.value}" in css or "[class^=cover_]" in css


def test_a_drawing_stands_in_the_page_as_svg_without_its_declaration() -> None:
    assert b"<?xml" not in WHOLE
    assert len(seen(WHOLE).all("svg")) == 2


def test_an_item_shows_its_label() -> None:
    assert page(Item("a)", text("登记"))).words.count("a)") == 1


def test_a_face_cannot_break_out_of_the_style_sheet() -> None:
    theme = Theme("x", faces=Faces(serif_hanzi="宋体'}</style><script>"))
    assert seen(render_html(book_of(Para(text("甲"))), theme, {})).scripts == [SCRIPT]


def test_the_logo_stands_once_on_the_cover_and_inside_the_file() -> None:
    logo = Logo(png(40, 10), "png", 40, 10)
    html = render_html(every_block(), replace(FORMAL, logo=logo), SVG).decode()
    told = f'<img src="data:image/png;base64,{base64.b64encode(logo.data).decode()}" alt="企业标志"'
    assert html.count(told) == 1
    cover = html[html.index('<section id="cover"') :]
    assert told in cover[: cover.index("</section>")]
    assert "企业标志" not in render_html(every_block(), FORMAL, SVG).decode()


def test_the_same_book_gives_the_same_bytes() -> None:
    assert render_html(every_block(), FORMAL, dict(SVG), layout_of(EVERY)) == WHOLE


def test_a_long_book_has_no_heading_left_out() -> None:
    book = generated_book(5)
    headings = [block for part in book.parts for block in part.blocks if isinstance(block, Heading)]
    found = seen(render_html(book, FORMAL, {}))
    assert sum(len(found.all(tag)) for tag in ("h2", "h3", "h4", "h5")) == len(headings)
