"""A builder that has built before: the same bytes as one that has not, whether pages have moved since or not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_manual import REPAIR

from manuals.sources import SOURCE, by_title, documents
from service.book import docx
from service.book.model import Layout
from service.book.pdf_shelf import Shelf
from service.manuals.build import Format, build
from service.manuals.rules import Binding, ManualSource
from service.manuals.workshop import default_workshop

WORKSHOP = default_workshop()
BOTH = (Format.DOCX, Format.PDF)


def files(source: ManualSource, shelf: Shelf | None = None) -> dict[str, bytes]:
    return {each.name: each.data for each in build(source, BOTH, Binding.BOUND, WORKSHOP.theme, WORKSHOP.fonts, shelf=shelf)}


def with_more(sentences: int) -> ManualSource:
    """The same manual with so many sentences more in the scope of a procedure."""
    title = "维修服务程序"
    text = REPAIR.replace("## 范围\n", "## 范围\n\n" + "本次修改增加了一句说明。" * sentences + "\n", 1)
    assert text != REPAIR
    [grown] = documents(text)
    old = by_title(SOURCE, title)
    return replace(SOURCE, documents=tuple(replace(old, procedure=grown.procedure) if each is old else each for each in SOURCE.documents))


@pytest.mark.parametrize("sentences", [1, 400])
def test_manual_after_a_change_has_the_bytes_of_one_made_anew(sentences: int) -> None:
    shelf = Shelf()
    files(SOURCE, shelf)
    assert files(with_more(sentences), shelf) == files(with_more(sentences))


@pytest.mark.parametrize(("sentences", "times"), [(1, 1), (400, 2)])
def test_word_file_is_written_again_only_if_something_has_moved(monkeypatch: pytest.MonkeyPatch, sentences: int, times: int) -> None:
    layouts: list[Layout | None] = []
    real = docx.render_docx

    def watched(*words: object, **more: object) -> bytes:
        layouts.append(words[2])  # type: ignore[arg-type]  # its third argument
        return real(*words, **more)  # type: ignore[arg-type]  # what it was called with

    shelf = Shelf()
    files(SOURCE, shelf)
    monkeypatch.setattr("service.book.docx.render_docx", watched)
    files(with_more(sentences), shelf)
    assert len(layouts) == times
    assert len({str(layout) for layout in layouts}) == times


def test_only_so_many_layouts_are_remembered() -> None:
    shelf = Shelf()
    for number in range(40):
        shelf.remember(number, Layout({}, number, number))
    assert shelf.last_layout(0) is None
    assert shelf.last_layout(39) == Layout({}, 39, 39)
