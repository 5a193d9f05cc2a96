"""The stamp of an HTML file and of a document's own text: seen, harmless, and nothing else changed."""

from __future__ import annotations

import re

import pytest
from text.samples import REPAIR

from book.pdf_reading import FONTS
from book.stamps import EVERY_KIND, HOSTILE, OBSOLETE, UNCONTROLLED
from book.test_html import WHOLE, seen
from service.book.html_reading import SCRIPT
from service.book.mark import Stamp, large_mark, line
from service.book.stamp import stamp
from service.book.theme import FORMAL
from service.text.parse import parse_procedure


def stamped(mark: Stamp) -> bytes:
    return stamp(WHOLE, "html", mark, FORMAL, FONTS)


@pytest.mark.parametrize("mark", EVERY_KIND)
def test_banner_of_an_html_file_says_the_line_and_the_large_word(mark: Stamp) -> None:
    found = seen(stamped(mark))
    banner = [each for each in found.all("div") if each.get("class") == "stamp"]
    large = [each for each in found.all("div") if each.get("class") == "stamp-large"]
    assert len(banner) == 1
    assert len(large) == bool(large_mark(mark))
    assert line(mark) in found.words
    assert stamped(mark) == stamped(mark)


def test_rest_of_an_html_file_is_untouched() -> None:
    words = stamped(OBSOLETE).decode()
    start, end = words.rindex("<style>"), words.index("</head>")
    without = words[:start] + words[end:]
    banner = re.search(r'\n<div class="stamp".*?</div><div class="stamp-large".*?</div>', without)
    assert banner
    assert without.replace(banner[0], "", 1) == WHOLE.decode()


def test_printed_page_bears_the_line_in_its_margin() -> None:
    [found] = re.findall(r'@page\{@top-center\{content:"([^"]*)"', stamped(UNCONTROLLED).decode())
    assert re.sub(r"\\([0-9a-f]+) ", lambda code: chr(int(code[1], 16)), found) == line(UNCONTROLLED)


def test_name_in_a_stamp_of_an_html_file_is_never_markup_nor_style() -> None:
    found = seen(stamped(HOSTILE))
    assert found.scripts == [SCRIPT]
    assert len(found.all("style")) == 2
    assert line(HOSTILE) in found.words


def test_stamp_of_a_text_is_a_comment_that_reads_back_as_the_same_text() -> None:
    copy = stamp(REPAIR.encode(), "md", HOSTILE, FORMAL, FONTS).decode()
    assert f"# {line(HOSTILE)}\n" in copy
    assert parse_procedure(copy) == parse_procedure(REPAIR)
