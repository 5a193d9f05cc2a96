"""Parts as sections: headers, footers, page numbers, table of contents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from book.books import cell, every_block, layout_of, text
from book.docx_reading import NAMES, find, rendered, texts, values
from service.book.docx_writing import END, bookmark_name
from service.book.model import Book, Grid, Heading, Layout, Numbering, Para, Part, RunningHead, Toc

HEAD = RunningHead("SL/SH-CX-01", "A/0")


def part(name: str, numbering: Numbering = Numbering.ARABIC, head: RunningHead | None = HEAD, landscape: bool = False) -> Part:
    return Part(name, (Heading(1, name, anchor=f"{name}.title"),), head, numbering, landscape)


def written(*parts: Part, layout: Layout | None = None) -> tuple[etree._Element, dict[str, bytes]]:
    files = rendered(Book("手册", "企业", "主题", parts), layout)
    return etree.fromstring(files["word/document.xml"]), files


def test_every_part_is_a_section_on_a_new_page() -> None:
    document, _ = written(part("a"), part("b"), part("c"))
    assert values(document, ".//w:sectPr/w:type") == ["nextPage"] * 3


def test_numbers_begin_anew_at_the_first_roman_and_the_first_arabic_part() -> None:
    order = (Numbering.NONE, Numbering.ROMAN, Numbering.ROMAN, Numbering.ARABIC, Numbering.ARABIC)
    document, _ = written(*(part(f"p{index}", numbering) for index, numbering in enumerate(order)))
    assert values(document, ".//w:pgNumType", "fmt") == ["lowerRoman", "lowerRoman", "decimal", "decimal"]
    assert values(document, ".//w:pgNumType", "start") == ["1", None, "1", None]


def test_a_landscape_part_turns_the_paper_and_goes_back() -> None:
    document, _ = written(part("a"), part("b", landscape=True), part("c"))
    assert values(document, ".//w:pgSz", "w") == ["11906", "16838", "11906"]
    assert values(document, ".//w:pgSz", "orient") == [None, "landscape", None]


def test_equal_headers_and_footers_are_stored_once() -> None:
    _, files = written(*(part(f"p{index}") for index in range(20)))
    assert len([name for name in files if "header" in name or "footer" in name]) == 2


def test_every_section_names_its_own_header_and_footer() -> None:
    document, _ = written(part("a", Numbering.NONE, None), part("b"))
    assert [[child.tag.rpartition("}")[2] for child in section][:2] for section in find(document, ".//w:sectPr")] == [
        ["headerReference", "footerReference"]
    ] * 2


def test_the_cover_has_neither_header_nor_page_number() -> None:
    _, files = written(part("a", Numbering.NONE, None))
    stories = [etree.fromstring(data) for name, data in files.items() if name.startswith(("word/header", "word/footer"))]
    assert [texts(story) for story in stories] == [[""], [""]]


def test_the_footer_counts_to_the_last_arabic_page() -> None:
    layout = Layout({}, total=140, arabic=131)
    document, files = written(part("a"), part("b"), layout=layout)
    footer = next(etree.fromstring(data) for name, data in files.items() if name.startswith("word/footer"))
    assert texts(footer) == ["第 1 页 共 131 页"]
    assert [each.strip() for each in values(footer, ".//w:fldSimple", "instr") if each] == ["PAGE", f"PAGEREF {END} \\h"]
    assert values(document, ".//w:bookmarkStart", "name")[-1] == END


def test_the_table_of_contents_is_a_field_with_links_and_page_numbers() -> None:
    layout = Layout({"a.title": "3", "b.title": "17"}, 20, 18)
    toc = Part("toc", (Toc(1),), HEAD, Numbering.ROMAN)
    document, _ = written(toc, part("a"), part("b"), layout=layout)
    entries = [each for each in find(document, ".//w:p") if (values(each, ".//w:pStyle") or [""])[0] == "TOC1"]
    assert [texts(entry)[0] for entry in entries] == ["a3", "b17"]
    assert [values(entry, ".//w:hyperlink", "anchor")[0] for entry in entries] == [bookmark_name("a.title"), bookmark_name("b.title")]
    assert find(document, ".//w:instrText")[0].text == ' TOC \\o "1-1" \\h \\z '
    assert values(document, ".//w:fldChar", "fldCharType") == ["begin", "separate", "end"]


@pytest.mark.parametrize(("depth", "count"), [(1, 1), (2, 2), (3, 3)])
def test_the_table_of_contents_goes_as_deep_as_asked(depth: int, count: int) -> None:
    headings = (Heading(1, "一", anchor="x"), Heading(2, "二", "1", "y"), Heading(3, "三", "1.1", "z"), Heading(2, "外", outline=False))
    document, _ = written(Part("p", (Toc(depth), *headings)))
    assert len(find(document, ".//w:hyperlink")) == count


def test_a_heading_without_anchor_is_still_linked_from_the_contents() -> None:
    document, _ = written(Part("p", (Toc(2), Heading(2, "甲"), Heading(2, "甲"))))
    anchors = values(document, ".//w:hyperlink", "anchor")
    assert len(set(anchors)) == 2
    assert set(anchors) <= set(values(document, ".//w:bookmarkStart", "name"))


def test_an_empty_table_of_contents_is_no_field() -> None:
    document, _ = written(Part("p", (Toc(2),)))
    assert not find(document, ".//w:instrText")


def test_no_program_is_told_to_update_fields() -> None:
    files = rendered(every_block())
    assert b"updateFields" not in files["word/settings.xml"]
    assert b"w:dirty" not in files["word/document.xml"]


def test_a_table_at_the_end_of_a_part_does_not_make_an_empty_page() -> None:
    document, _ = written(Part("a", (Grid((1,), ((cell("甲"),),)),)), part("b"))
    last = next(each for each in find(document, ".//w:p") if find(each, "w:pPr/w:sectPr"))
    assert values(last, ".//w:pStyle") == ["Tiny"]


def test_a_title_at_the_top_of_a_part_has_no_space_above() -> None:
    document, _ = written(part("a"))
    assert values(document, ".//w:p/w:pPr/w:spacing", "before") == ["0"]


def test_an_empty_part_is_still_a_page() -> None:
    document, _ = written(Part("a", ()), Part("b", (Para(text("乙")),)))
    assert len(find(document, ".//w:sectPr")) == 2


def test_cached_page_numbers_come_from_the_layout() -> None:
    book = every_block()
    document = etree.fromstring(rendered(book, layout_of(book, 42))["word/document.xml"])
    fields = [each for each in find(document, ".//w:fldSimple") if "PAGEREF" in (each.get(f"{{{NAMES['w']}}}instr") or "")]
    assert {"".join(each.text or "" for each in find(field, ".//w:t")) for field in fields} == {"42"}


def test_a_part_that_is_linked_to_has_a_bookmark() -> None:
    document, _ = written(replace(part("a"), anchor="chapter"))
    assert values(document, ".//w:bookmarkStart", "name") == ["_chapter", bookmark_name("a.title"), END]
