"""What layout found out is kept: the same drawing, the same pages, without laying out, and never needed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book.books import every_block
from service.book import drawing_chart, elk
from service.book.drawing_chart import ChartNode, draw_organisation
from service.book.drawing_keep import kept_drawing
from service.book.elk import lay_out
from service.book.model import Box, Drawing, Wire
from service.book.pdf import layout_of, render_pdf
from service.book.pdf_objects import take_apart
from service.book.pdf_sheets import from_bytes, to_bytes
from service.book.pictured import pictures
from service.book.theme import FORMAL, MODERN
from service.book.typesetter import drawn, typesetter
from service.manuals.keep_folder import KeepFolder, keep_folder
from service.settings import settings

FONTS = settings().fonts

CHART = ChartNode("总经理", ("管理者代表",), (ChartNode("服务部"), ChartNode("质量部"), ChartNode("仓储部")))


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One more for every graph that is laid out; nothing is remembered from before."""
    seen: list[int] = []

    def watched(graph: elk.Graph) -> elk.Graph:
        seen.append(1)
        return lay_out(graph)

    monkeypatch.setattr(drawing_chart, "lay_out", watched)
    draw_organisation.cache_clear()
    return seen


def test_chart_is_laid_out_once_for_all_processes(laid_out: list[int], tmp_path: Path) -> None:
    first = draw_organisation(CHART, width=400, keep=KeepFolder(tmp_path))
    draw_organisation.cache_clear()  # as in another process
    assert draw_organisation(CHART, width=400, keep=KeepFolder(tmp_path)) == first
    assert len(laid_out) == 1
    draw_organisation.cache_clear()
    assert draw_organisation(CHART, width=400) == first


def test_another_width_is_another_drawing(laid_out: list[int], tmp_path: Path) -> None:
    keep = KeepFolder(tmp_path)
    assert draw_organisation(CHART, width=400, keep=keep) != draw_organisation(CHART, width=200, keep=keep)
    assert len(laid_out) == 2


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"[1,2,[[1]],[],8,[]]", b"\xff\xfe"])
def test_broken_file_is_laid_out_anew_and_mended(laid_out: list[int], tmp_path: Path, broken: bytes) -> None:
    keep = KeepFolder(tmp_path)
    first = draw_organisation(CHART, width=400, keep=keep)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(broken)
    draw_organisation.cache_clear()
    assert draw_organisation(CHART, width=400, keep=keep) == first
    assert file.read_bytes() == whole


def test_folder_that_cannot_be_written_stops_nothing(laid_out: list[int], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    assert draw_organisation(CHART, width=400, keep=KeepFolder(tmp_path / "file" / "below")).boxes


def test_drawings_of_another_version_are_given_up(tmp_path: Path) -> None:
    old = keep_folder(tmp_path, "a" * 64)
    old.keep("1" * 64, b"x")
    new = keep_folder(tmp_path, "b" * 64)
    assert new.find("1" * 64) is None
    assert not old.folder.exists()
    new.keep("2" * 64, b"y")
    assert keep_folder(tmp_path, "b" * 64).find("2" * 64) == b"y"


def test_engine_starts_again_after_it_was_released() -> None:
    graph = {"id": "g", "layoutOptions": {"elk.algorithm": "layered"}, "children": [{"id": "a", "width": 10, "height": 10}], "edges": []}
    first = lay_out(graph)["children"][0]
    elk.release()
    elk.release()
    again = lay_out(graph)["children"][0]
    assert (again["x"], again["y"]) == (first["x"], first["y"])


_numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_boxes = st.tuples(st.builds(Box, _numbers, _numbers, _numbers, _numbers, st.lists(_words, max_size=2).map(tuple), _words, st.booleans()))
_wires = st.tuples(
    st.builds(Wire, st.lists(st.tuples(_numbers, _numbers), max_size=3).map(tuple), st.booleans(), _words, _numbers, _numbers)
)


@given(st.builds(Drawing, _numbers, _numbers, _boxes, _wires, _numbers, _boxes))
def test_every_drawing_comes_back_as_it_was(drawing: Drawing) -> None:
    class Memory:
        def __init__(self) -> None:
            self.kept: dict[str, bytes] = {}

        def find(self, key: str) -> bytes | None:
            return self.kept.get(key)

        def keep(self, key: str, data: bytes) -> None:
            self.kept[key] = data

    memory = Memory()
    kept_drawing(memory, "one", lambda: drawing)
    assert kept_drawing(memory, "one", lambda: Drawing(0, 0, (), ())) == drawing


def no_typst(*_words: object, **_more: object) -> None:
    raise AssertionError("set again")


def test_what_stands_where_is_found_out_once_for_all_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    book, keep = every_block(), KeepFolder(tmp_path)
    first = layout_of(book, FORMAL, FONTS, keep=keep)
    assert first == layout_of(book, FORMAL, FONTS)
    monkeypatch.setattr("service.book.pdf.typesetter", no_typst)
    assert layout_of(book, FORMAL, FONTS, keep=keep) == first
    with pytest.raises(AssertionError, match="set again"):
        layout_of(book, MODERN, FONTS, keep=keep)


def test_pieces_are_set_once_for_all_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    book, keep = every_block(), KeepFolder(tmp_path)
    first = render_pdf(book, FORMAL, FONTS, keep=keep)
    assert first == render_pdf(book, FORMAL, FONTS)
    monkeypatch.setattr("service.book.pdf.take_apart", no_typst)
    with pytest.raises(AssertionError, match="set again"):
        render_pdf(book, MODERN, FONTS, keep=keep)
    monkeypatch.undo()
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    assert render_pdf(book, FORMAL, FONTS, keep=keep) == first


def test_set_pages_come_back_as_they_were() -> None:
    with typesetter(
        "#set page(width: 9cm, height: 9cm)\n= 甲 <a>\n#link(<a>)[乙]\n#table(columns: 2, table.header[丙][丁], [1], [2])", FONTS
    ) as made:
        sheets = take_apart(drawn(made))
    data = to_bytes(sheets)
    assert from_bytes(data) == sheets
    for broken in (b"", data[:-1], data + b"x", b"{}", b"[]\n", data.replace(b'"tree"', b'"tree2"', 1)):
        with pytest.raises((ValueError, KeyError, TypeError)):
            from_bytes(broken)


def test_broken_layout_is_found_out_anew(tmp_path: Path) -> None:
    book, keep = every_block(), KeepFolder(tmp_path)
    first = layout_of(book, FORMAL, FONTS, keep=keep)
    for file in tmp_path.iterdir():
        file.write_bytes(b'{"pages": 3}')
    assert layout_of(book, FORMAL, FONTS, keep=keep) == first


def test_pictures_are_drawn_once_for_all_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    book, keep = every_block(), KeepFolder(tmp_path)
    first = pictures(book, FORMAL, FONTS, keep=keep)
    assert {type(each).__name__ for each in first} >= {"Drawing"}
    assert first == pictures(book, FORMAL, FONTS)
    monkeypatch.setattr("service.book.drawing_svg.typesetter", no_typst)
    assert pictures(book, FORMAL, FONTS, keep=keep) == first
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(AssertionError, match="set again"):
        pictures(book, FORMAL, FONTS, keep=keep)


def test_folder_gives_up_what_was_written_first(tmp_path: Path) -> None:
    keep = keep_folder(tmp_path, "a" * 64)
    for number in range(9):
        keep.keep(str(number), b"x")
        os.utime(keep.folder / str(number), (number, number))
    assert keep_folder(tmp_path, "a" * 64, most=9).find("0") == b"x"
    keep_folder(tmp_path, "a" * 64, most=8)
    assert sorted(file.name for file in keep.folder.iterdir()) == ["5", "6", "7", "8"]
