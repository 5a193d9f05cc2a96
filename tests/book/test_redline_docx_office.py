"""What LibreOffice makes of the tracked changes: all accepted is the new text, all rejected the old one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from book.books import DRAWING, cell, text
from book.docx_changes import document_of, told
from book.office import SOFFICE, settled_by_office
from book.office_reading import read
from book.red_books import Blocks, plain, rendered
from book.redline_blocks import revisions
from book.redlines import TITLES, revision
from service.book.model import Figure, Grid, Heading, Item, Para

pytestmark = pytest.mark.skipif(not SOFFICE, reason="LibreOffice (soffice) is not installed")


def settle(pairs: Mapping[str, tuple[Blocks, Blocks]], folder: Path) -> None:
    """Every pair as a redline through LibreOffice in one go."""
    made = settled_by_office({name: rendered(*pair) for name, pair in pairs.items()}, folder)
    for name, (accepted, rejected) in made.items():
        old, new = pairs[name]
        assert read(told(document_of(accepted))) == read(told(plain(new))), name
        assert read(told(document_of(rejected))) == read(told(plain(old))), name


def test_two_hundred_generated_pairs(tmp_path: Path) -> None:
    pairs: dict[str, tuple[Blocks, Blocks]] = {}

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(revisions())
    def generate(pair: tuple[Blocks, Blocks]) -> None:
        pairs[f"{len(pairs):03}"] = pair

    generate()
    assert len(pairs) >= 200
    settle(pairs, tmp_path)


def test_revisions_of_the_shipped_templates(tmp_path: Path) -> None:
    settle({f"{name.replace('/', '-')}-{seed}": revision(name, seed, 0.4) for name in TITLES for seed in (7, 8)}, tmp_path)


def para(words: str) -> Para:
    return Para(text(words))


K, NEW = para("不合格的商品隔离存放并标识。"), para("备件由仓库按月盘点，账物相符。")
SHORT, LONG = para("受理员在 30 分钟内登记。"), para("受理员在 30 分钟内登记。另有规定的除外。")
GRID, PICTURE = Grid((1, 1), ((cell("返修率"), cell("不高于 1 %")),)), Figure(DRAWING, "流程图")
TOUCHING: dict[str, tuple[Blocks, Blocks]] = {
    "words-at-the-end-then-a-paragraph": ([SHORT, K], [LONG, NEW, K]),
    "words-at-the-end-then-a-picture": ([SHORT, K], [LONG, PICTURE, K]),
    "words-at-the-end-then-a-table": ([SHORT, K], [LONG, GRID, K]),
    "words-at-the-end-then-a-paragraph-then-a-table": ([SHORT], [LONG, NEW, GRID]),
    "words-at-the-end-then-a-label": (
        [Item("a)", SHORT.content), Item("b)", K.content)],
        [Item("a)", LONG.content), Item("b)", NEW.content), Item("c)", K.content)],
    ),
    "a-heading-goes-before-a-table": ([Heading(2, "职责", "3"), GRID, K], [GRID, K]),
    "a-heading-goes-at-the-end": ([K, Heading(2, "附则", "7")], [K]),
    "all-goes": ([SHORT, GRID, PICTURE], []),
    "a-table-for-a-paragraph": ([K, NEW], [K, GRID]),
}


def test_changes_that_touch_at_the_end_of_a_paragraph_or_before_a_table(tmp_path: Path) -> None:
    settle(TOUCHING | {f"{name}-taken-back": (new, old) for name, (old, new) in TOUCHING.items()}, tmp_path)
