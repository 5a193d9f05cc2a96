"""A manual is built whatever its texts hold: nothing runs off a page, nothing is lost, and the build says what was done."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from book.office_pages import SOFFICE, printed_by_office
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import photo, svg

from manuals import hostile
from manuals.hostile import form, manual_with, picture_of, procedure, table
from manuals.pages_of import POPPLER, outside, sheets_of, words_in
from service.book import elk
from service.book.clean_picture import clean_picture
from service.book.fitting import NAMED
from service.book.fitting_text import long_word
from service.book.theme import FORMAL, MODERN, Theme
from service.errors import InputError
from service.manuals.build import BuiltFile, Format, build
from service.manuals.rules import Binding, ManualSource
from service.organisations.rules import Chart, DepartmentNode, PostNode
from service.settings import settings as service_settings

FONTS = service_settings().fonts
LONG, RARE = "a" * 500, "吉野家的𠮷字、䶮字和😀🎉表情"
with_poppler = pytest.mark.skipif(not POPPLER, reason="poppler (pdftotext) is not installed")
with_office = pytest.mark.skipif(not SOFFICE or not POPPLER, reason="LibreOffice (soffice) or poppler is not installed")

CASES: Mapping[str, str] = {
    "500 rows": procedure("## 程序\n" + table(5, 500)),
    "10 columns": procedure("## 程序\n" + table(10, 30)),
    "15 columns": procedure("## 程序\n前文。\n### 受理 {#accept}\n" + table(15, 30) + "\n后文。\n"),
    "30 columns": procedure("## 程序\n前文。\n### 受理 {#accept}\n" + table(30, 20) + "\n后文。\n"),
    "60 columns": procedure("## 程序\n" + table(60, 5)),
    "a paragraph of 20,000": procedure("## 程序\n" + "本段文字很长，没有分段。" * 1667),
    "a word of 500": procedure(
        f"## 程序\n前文{LONG}后文\n\n1. {LONG}\n\n| 名 | 值 |\n|---|---|\n| {LONG} | 前{LONG} |\n\n### {LONG}\n正文\n"
    ),
    "a word of many manners": procedure("## 程序\n" + "".join(f"{'b' * 30}**{'W' * 30}**" for _ in range(8)) + "\n"),
    "marks without end": procedure("## 程序\n" + "（" * 300 + "\n\n" + "。" * 300 + "\n\n" + "中\u00a0" * 300 + "\n"),
    "no glyphs": procedure(f"## 程序\n{RARE}。\n\n| 名 | 值 |\n|---|---|\n| 😀 | 值 |\n"),
    "a row higher than a page": procedure(
        "## 程序\n| 序号 | 内容 |\n|---|---|\n| 1 | " + "这一格的内容高于一页。" * 300 + " |\n| 2 | 尾行 |\n"
    ),
    "a head higher than a page": procedure("## 程序\n| 序号 | " + "表头的内容高于一页。" * 300 + " |\n|---|---|\n| 2 | 尾行 |\n"),
    "a cell merged over 120 rows": procedure(
        "## 程序\n| 名 | 值 |\n|---|---|\n| 合并 | 值1 |\n" + "".join(f"| ^^ | 值{row} |\n" for row in range(2, 121))
    ),
    "cells merged over all of 24 columns": procedure(
        f"## 程序\n|{'头|' * 24}\n|{'---|' * 24}\n|合并一行|{'<<|' * 23}\n|左|{'<<|' * 11}右|{'<<|' * 11}\n|{'数|' * 24}\n|{'^^|' * 23}末|\n"
    ),
    "long titles": procedure("## 程序\n### " + "很长的标题" * 40 + "\n正文。\n", title="标题很长的程序" * 30),
    "lists four deep": procedure("## 程序\n- 一\n  - 二\n    - 三\n      - 四" + "很深" * 100 + "\n"),
    "empty sections": procedure("## 范围\n## 职责\n### 甲\n### 乙\n"),
    "a form of 500 blanks": form("\n".join(f"项目{row}甲: _ | 项目{row}乙: _" for row in range(250))),
    "a form of 15 columns": form(f"[ {' | '.join(f'列{column}' for column in range(15))} ] x 20"),
    "a form of 30 columns": form(f"[ {' | '.join(f'列{column}' for column in range(30))} ] x 5\n经过: _60\n"),
    "a form with rows too full": form(
        f"{' | '.join(f'项{place}: _' for place in range(12))}\n签字: {' | '.join(f'签字人{place}' for place in range(20))}"
    ),
}


@cache
def made(name: str, theme: Theme = FORMAL) -> dict[str, BuiltFile]:
    """Every format of a manual with this text."""
    files = build(manual_with(CASES[name]), list(Format), Binding.BOUND, theme, FONTS)
    return {file.name.rpartition(".")[2]: file for file in files}


def said(files: Mapping[str, BuiltFile]) -> list[tuple[str, str]]:
    return [(remark.what, remark.done) for remark in files["pdf"].remarks]


def pdf_in(files: Mapping[str, BuiltFile], folder: Path) -> Path:
    (folder / "manual.pdf").write_bytes(files["pdf"].data)
    return folder / "manual.pdf"


def docx_text(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml").decode()


@with_poppler
@pytest.mark.parametrize("theme", [FORMAL, MODERN], ids=["formal", "modern"])
@pytest.mark.parametrize("name", CASES)
def test_nothing_runs_off_a_page(name: str, theme: Theme, tmp_path: Path) -> None:
    assert outside(sheets_of(pdf_in(made(name, theme), tmp_path)), theme) == []


WHOLE: Mapping[str, tuple[str, int]] = {
    "500 rows": ("数据500.5", 1),
    "30 columns": ("20.30", 1),
    "60 columns": ("5.60", 1),
    "a paragraph of 20,000": ("没有分段", 1667),
    "a row higher than a page": ("这一格的内容高于一页", 300),
    "a head higher than a page": ("表头的内容高于一页", 300),
    "a cell merged over 120 rows": ("值120", 1),
}


@with_poppler
@pytest.mark.parametrize("name", WHOLE)
def test_nothing_is_lost(name: str, tmp_path: Path) -> None:
    """Lines of the page's header and footer come between the words, so single words are counted."""
    words, times = WHOLE[name]
    files = made(name)
    sheets = sheets_of(pdf_in(files, tmp_path))
    text = "".join(re.sub(r"\s+", "", "".join(word.text for word in sheet.words)) for sheet in sheets)
    split = text.count(words)
    assert split >= times * 0.98 if times > 1 else split == times
    assert docx_text(files["docx"].data).count(words) == times or times == 300
    assert files["html"].data.decode().count(words) >= times


REMARKS: Mapping[str, tuple[str, str]] = {
    "10 columns": ("表格 10 列", "缩小字号"),
    "15 columns": ("表格 15 列", "改为横排并缩小字号"),
    "30 columns": ("表格 30 列", "改为横排、缩小字号，按列分为 2 段，首列各段重复"),
    "60 columns": ("表格 60 列", "改为横排、缩小字号，按列分为 4 段，首列各段重复"),
    "a word of 500": ("连续 500 个字符没有可以换行的地方（3 处）", "在行末断开"),
    "no glyphs": ("字符 𠮷、😀、🎉 无字形", "PDF 中以〓代替，DOCX 和 HTML 保留原字"),
    "a row higher than a page": ("表格第 2 行高于页面的 60 %", "允许跨页断开"),
    "a head higher than a page": ("表头过高", "表头不再逐页重复"),
    "a cell merged over 120 rows": ("表格有 120 行高于页面的 60 %，或合并后如此", "允许跨页断开"),
    "long titles": ("页眉文字超出一行", "页眉以“…”缩短，正文中的标题和编号不变"),
    "a form of 15 columns": ("表格 15 列", "改为横排并缩小字号"),
    "a form of 30 columns": ("表单的表格 30 列", "按列分为 2 段，首列各段重复"),
    "a form with rows too full": ("表单一行有 12 栏", "每行至多排 5 栏"),
}


@pytest.mark.parametrize("name", REMARKS)
def test_build_says_what_was_done(name: str) -> None:
    assert REMARKS[name] in said(made(name))
    assert said(made(name)) == [(each.what, each.done) for each in made(name)["docx"].remarks]


@pytest.mark.parametrize("name", ["500 rows", "a paragraph of 20,000", "lists four deep", "empty sections"])
def test_what_needs_nothing_is_not_remarked_on(name: str) -> None:
    assert said(made(name)) == []


def test_remark_names_document_and_section() -> None:
    [remark] = made("15 columns")["pdf"].remarks
    assert (remark.document, remark.section) == ("JC/SH-CX-01 难排程序", "2.1 受理")


@with_poppler
def test_broad_table_stands_on_a_broad_page_with_its_heading(tmp_path: Path) -> None:
    sheets = sheets_of(pdf_in(made("15 columns"), tmp_path))
    broad = [index for index, sheet in enumerate(sheets) if "第15项" in words_in([sheet])]
    assert all(sheets[index].width > sheets[index].height for index in broad)
    assert any(word.text == "受理" for word in sheets[broad[0]].words)
    assert sheets[broad[0] - 1].width < sheets[broad[0] - 1].height > sheets[broad[-1] + 1].width


@with_poppler
def test_first_column_is_repeated_in_every_stretch(tmp_path: Path) -> None:
    sheets = sheets_of(pdf_in(made("30 columns"), tmp_path))
    assert sum(word.text == "序号" for sheet in sheets for word in sheet.words if sheet.width > sheet.height) >= 2
    assert "表第2～15列（1/2）" in words_in(sheets)
    assert "表第16～30列（2/2）" in words_in(sheets)


@with_poppler
def test_halves_of_a_header_do_not_meet(tmp_path: Path) -> None:
    sheets = sheets_of(pdf_in(made("long titles"), tmp_path))
    heads = [[word for word in sheet.words if word.bottom < FORMAL.margin_top] for sheet in sheets]
    shortened = [head for head in heads if any(word.text.endswith("…") for word in head)]
    assert shortened
    for head in shortened:
        assert any("JC/SH-CX-01" in word.text for word in head)
        assert max(word.top for word in head) - min(word.top for word in head) < FORMAL.running.size / 2
        ordered = sorted(head, key=lambda word: word.left)
        assert all(one.right < other.left for one, other in pairwise(ordered))


@with_poppler
def test_character_without_glyph_is_kept_where_it_can_be_shown(tmp_path: Path) -> None:
    files = made("no glyphs")
    assert "吉野家的〓字、䶮字和〓〓表情" in words_in(sheets_of(pdf_in(files, tmp_path)))
    assert RARE in docx_text(files["docx"].data)
    assert RARE in files["html"].data.decode()


def pictured(data: bytes) -> tuple[ManualSource, str]:
    picture = picture_of(data)
    return manual_with(procedure(f"## 程序\n![现场](<{picture.source}>)\n\n后文。\n"), pictures=(picture,)), picture.source


def built(source: ManualSource, *formats: Format) -> dict[str, BuiltFile]:
    files = build(source, formats or list(Format), Binding.BOUND, FORMAL, FONTS)
    return {file.name.rpartition(".")[2]: file for file in files}


GOOD = clean_picture(photo(800, 600), "图").data
CLEAN = clean_picture(svg("<text x='9' y='30'>受理</text>"), "图").data
USELESS: Mapping[str, bytes] = {
    "words": b"no picture at all",
    "a broken PNG": GOOD[: len(GOOD) // 2],
    "50 megapixels": hostile.png(10_000, 5_000),
    "SVG with script": svg("<script>alert(1)</script>"),
    "SVG with script behind a clean beginning": CLEAN.replace(b"</svg>", b"<script>alert(1)</script></svg>"),
    "GIF": b"GIF89a" + bytes(40),
}


@pytest.mark.parametrize("name", USELESS)
def test_picture_that_is_none_is_a_frame_in_every_format(name: str) -> None:
    source, _ = pictured(USELESS[name])
    files = built(source)
    assert said(files) == [("图片“图 1 现场”不能使用", "以方框代替")]
    assert "图片不能使用：图 1 现场" in docx_text(files["docx"].data)
    page = files["html"].data.decode()
    assert "图片不能使用：图 1 现场" in page
    assert "alert(1)" not in page


@pytest.mark.parametrize("data", [GOOD, CLEAN], ids=["photo", "SVG"])
def test_sound_picture_is_printed_without_remark(data: bytes) -> None:
    source, _ = pictured(data)
    files = built(source)
    assert said(files) == []
    assert "图片不能使用" not in docx_text(files["docx"].data)


@with_poppler
def test_caption_of_a_hundred_lines_stands_as_a_paragraph(tmp_path: Path) -> None:
    picture = picture_of(GOOD)
    words = "很长的图题" * 400
    files = built(manual_with(procedure(f"## 程序\n![{words}](<{picture.source}>)\n"), pictures=(picture,)))
    assert said(files) == [("图题超过一行", "图题改排在图下的段落中")]
    assert outside(sheets_of(pdf_in(files, tmp_path)), FORMAL) == []


CHART = procedure("## 程序\n```flow\na([开始]) --> b{合格}\nb -->|是| c[放行]\nb -->|否| d([报废])\n```\n")


def test_chart_that_cannot_be_laid_out_is_printed_as_its_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_graph: object) -> object:
        raise InputError("图形太复杂，无法排版。请拆成几张图。", code="bad_drawing")

    monkeypatch.setattr("service.book.drawing_flow.lay_out", refuse)
    from service.book.drawing_flow import draw_flow

    draw_flow.cache_clear()
    files = built(manual_with(CHART))
    draw_flow.cache_clear()
    assert said(files) == [("流程图（4 个步骤）无法在一页内排得清楚", "以文字列出各步骤的去向")]
    page = files["html"].data.decode()
    assert all(words in page for words in ("开始 → 合格", "合格，是 → 放行", "合格，否 → 报废"))


def test_layout_program_that_is_not_installed_stops_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(elk, "CODE", tmp_path / "absent.js")
    from service.book.drawing_flow import draw_flow

    draw_flow.cache_clear()
    elk.release()
    with pytest.raises(InputError, match="elkjs"):
        built(manual_with(CHART), Format.PDF)


def test_chart_that_was_refused_is_not_laid_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(_graph: object) -> object:
        tried.append(1)
        raise InputError("图形太复杂，无法排版。请拆成几张图。", code="bad_drawing")

    monkeypatch.setattr("service.book.drawing_flow.lay_out", refuse)
    from service.book.drawing_flow import draw_flow

    draw_flow.cache_clear()
    first, second = built(manual_with(CHART), Format.HTML), built(manual_with(CHART), Format.HTML)
    draw_flow.cache_clear()
    assert first == second
    assert len(tried) == 1


def departments(count: int) -> Chart:
    rows = tuple(
        DepartmentNode(f"d{place}", f"第{place}事业部", (), (PostNode(f"p{place}", "经理", (), ()),), ()) for place in range(count)
    )
    return Chart((DepartmentNode("service", "公司", (), (), rows),))


@with_poppler
def test_sixty_departments_are_printed(tmp_path: Path) -> None:
    """The responsibility table in stretches that repeat code and indicator; the chart as a list."""
    files = built(replace(manual_with(), chart=departments(60)))
    done = dict(said(files))
    assert done["表格 63 列"] == "改为横排、缩小字号，按列分为 4 段，首列各段重复"
    sheets = sheets_of(pdf_in(files, tmp_path))
    assert outside(sheets, FORMAL) == []
    assert files["html"].data.decode().count("第59事业部") >= 2


def test_tall_head_is_still_a_head() -> None:
    """It keeps its look and its mark as a head in every format; it only is not repeated."""
    files = made("a head higher than a page")
    table = docx_text(files["docx"].data).partition("表头的内容")[0].rpartition("<w:tbl>")[2]
    assert '<w:tblStyle w:val="Register"/>' in table
    assert "<w:tblHeader/>" not in table
    assert re.search(r"<thead><tr><th[^>]*>序号</th><th[^>]*>表头的内容", files["html"].data.decode())


def test_remark_names_the_first_of_thousands_of_characters() -> None:
    body = "## 程序\n" + "".join(map(chr, range(0x17000, 0x17000 + 3000))) + "\n"
    [(what, _)] = [each for each in said(built(manual_with(procedure(body)), Format.PDF)) if each[0].startswith("字符")]
    assert what.endswith(" 等 3000 个 无字形")
    assert what.count("、") == NAMED - 1


def test_remark_on_a_picture_with_a_title_of_a_page_is_short() -> None:
    source = manual_with(procedure(f"## 程序\n![{'很长的图题' * 400}](<picture:{'0' * 64}>)\n"), pictures=(picture_of(b""),))
    source = replace(source, pictures=(replace(source.pictures[0], source=f"picture:{'0' * 64}"),))
    assert max(len(what) for what, _ in said(built(source, Format.PDF))) < 120


def test_rare_hanzi_are_no_long_word() -> None:
    assert long_word("\U00020000" * 120) == 0
    assert long_word("a" * 120) == 120


@with_office
def test_libreoffice_holds_it_on_its_pages_too(tmp_path: Path) -> None:
    """All cases but the longest as one manual: every word in its place, about as many pages as the PDF."""
    texts = [
        re.sub(r"\Akey: \S+|(?<=\n)key: \S+", f"key: case-{place}", text)
        .replace("难排程序", f"难排程序{place}")
        .replace("难填表单", f"难填表单{place}")
        for place, text in enumerate(CASES.values())
    ]
    files = built(manual_with(*texts), Format.DOCX)
    (tmp_path / "book.docx").write_bytes(files["docx"].data)
    sheets = sheets_of(printed_by_office(tmp_path / "book.docx", tmp_path))
    assert outside(sheets, FORMAL) == []
    assert abs(len(sheets) - files["docx"].pages) <= 0.1 * files["docx"].pages


WORDS = st.text(alphabet=st.sampled_from("Wi./-（。中文Ωя😀\u00a0\u200b\u2060—…“”あ"), min_size=1, max_size=200)


@with_poppler
@settings(max_examples=15, deadline=None)
@given(WORDS, st.integers(1, 14))
def test_no_text_leaves_its_cell_or_its_line(tmp_path_factory: pytest.TempPathFactory, words: str, columns: int) -> None:
    safe = words.replace("|", "").replace("`", "").strip(" \u00a0") or "空"
    body = f"## 程序\n前{safe}后\n\n- 前{safe}\n\n|{'名|' * columns}\n|{'---|' * columns}\n|{f'前{safe}|' * columns}\n"
    files = built(manual_with(procedure(body)), Format.PDF)
    assert outside(sheets_of(pdf_in(files, tmp_path_factory.mktemp("pdf"))), FORMAL) == []
