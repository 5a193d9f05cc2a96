"""Forms to fill in on a screen: every open place is a content control, everything else is locked, and no line moves."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document
from lxml import etree

from book.docx_reading import NAMES, book_of, w
from service.book.docx import render_docx
from service.book.docx_fill import W14
from service.book.filling import column_fill, entry_fill, offers, places, signature_fill, with_offers
from service.book.from_form import form_grid
from service.book.mark import Stamp, StampKind
from service.book.model import FillKind, Grid
from service.book.stamp import stamp
from service.book.theme import FORMAL
from service.text.form import read_form

ORDER = """
# 顾客与商品
顾客姓名: _ | 购买日期: _
故障描述: _3
服务方式: □上门 □送修 □其他（说明：　　　　）
延期: □无 □有，延至  年  月  日
[ 序号 1 | 零件名称 4 | 类别 3 | 是否收费 3 ] x 3
签字: 维修员 | 顾客 | 日期
"""
NOTES = "类别填：原厂、替代或翻新。"


def grid() -> Grid:
    return with_offers(form_grid(read_form(ORDER)), offers(NOTES))


def file(fillable: bool = True) -> bytes:
    return render_docx(book_of(grid()), FORMAL, None, {}, fillable=fillable)


def opened() -> Document:
    return docx.Document(io.BytesIO(file()))


def part(name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(file())) as archive:
        return etree.fromstring(archive.read(name))


def one(element: etree._Element, path: str) -> etree._Element:
    found = element.find(path, {**NAMES, "w14": W14})
    assert found is not None
    return found


def controls(document: Document) -> dict[str, etree._Element]:
    """Title → control, in the order of the form."""
    found = document.element.body.iter(w("sdt"))
    return {one(each, "w:sdtPr/w:alias").get(w("val"), ""): each for each in found}


def kind(control: etree._Element) -> str:
    known = ("text", "date", "comboBox", "checkbox")
    return next(etree.QName(each).localname for each in one(control, "w:sdtPr") if etree.QName(each).localname in known)


def shown(control: etree._Element) -> str:
    return "".join(each.text or "" for each in control.iter(w("t")))


def test_every_open_place_is_a_control_of_its_kind() -> None:
    kinds = {name: kind(control) for name, control in controls(opened()).items()}
    assert kinds == {
        "顾客姓名": "text",
        "购买日期": "date",
        "故障描述": "text",
        "服务方式：上门": "checkbox",
        "服务方式：送修": "checkbox",
        "服务方式：其他": "checkbox",
        "服务方式": "text",
        "延期：无": "checkbox",
        "延期：有，延至": "checkbox",
        "延期": "date",
        **{
            f"{column}（第 {row} 行）": each
            for row in (1, 2, 3)
            for column, each in (("序号", "text"), ("零件名称", "text"), ("类别", "comboBox"), ("是否收费", "comboBox"))
        },
        "维修员": "text",
        "顾客": "text",
        "日期": "date",
    }


def test_words_of_the_form_are_outside_the_controls() -> None:
    outside = "".join(
        each.text or "" for each in opened().element.body.iter(w("t")) if not any(up.tag == w("sdt") for up in each.iterancestors())
    )
    assert all(each in outside for each in ("顾客姓名", "上门", "其他（说明：", "零件名称", "维修员："))
    assert "□" not in outside


def test_empty_controls_say_what_to_do_and_lower_rows_are_quiet() -> None:
    found = controls(opened())
    assert [shown(found[name]) for name in ("顾客姓名", "购买日期", "零件名称（第 1 行）")] == ["单击填写", "单击选日期", "单击填写"]
    assert shown(found["零件名称（第 2 行）"]).strip("\u3000") == ""
    assert shown(found["维修员"]).strip("\u3000") == ""  # room for a hand


def test_only_controls_can_be_filled_in_and_none_can_be_taken_away() -> None:
    protection = one(part("word/settings.xml"), "w:documentProtection")
    assert (protection.get(w("edit")), protection.get(w("enforcement"))) == ("forms", "1")
    locks = [one(control, "w:sdtPr/w:lock").get(w("val")) for control in opened().element.body.iter(w("sdt"))]
    assert set(locks) == {"sdtLocked"}


def test_days_are_chinese_and_choices_are_those_of_the_notes() -> None:
    found = controls(opened())
    date = one(found["购买日期"], "w:sdtPr/w:date")
    assert one(date, "w:lid").get(w("val")) == "zh-CN"
    assert one(date, "w:dateFormat").get(w("val")) == "yyyy'年'M'月'd'日'"
    assert [each.get(w("value")) for each in found["类别（第 3 行）"].iter(w("listItem"))] == ["原厂", "替代", "翻新"]
    assert [each.get(w("value")) for each in found["是否收费（第 1 行）"].iter(w("listItem"))] == ["是", "否"]


def test_what_was_filled_in_is_read_back() -> None:
    document = opened()
    found = controls(document)
    for name, value in (("顾客姓名", "王＜五＞ & 𠮷"), ("类别（第 3 行）", "替代")):
        properties = one(found[name], "w:sdtPr")
        properties.remove(one(properties, "w:showingPlcHdr"))
        one(found[name], ".//w:t").text = value
    one(found["服务方式：上门"], ".//w14:checked").set(f"{{{W14}}}val", "1")
    saved = io.BytesIO()
    document.save(saved)
    again = controls(docx.Document(io.BytesIO(saved.getvalue())))
    assert (shown(again["顾客姓名"]), shown(again["类别（第 3 行）"]), shown(again["顾客"]).strip()) == ("王＜五＞ & 𠮷", "替代", "")
    ticked = [name for name, control in again.items() if control.find(f".//{{{W14}}}checked[@{{{W14}}}val='1']") is not None]
    assert ticked == ["服务方式：上门"]


def test_word_finds_again_what_an_emptied_control_shows() -> None:
    kept = {each.get(w("val")) for each in part("word/glossary/document.xml").iterfind(f".//{w('docPartPr')}/{w('name')}")}
    named = {each.get(w("val")) for each in opened().element.body.iterfind(f".//{w('placeholder')}/{w('docPart')}")}
    assert named
    assert named == kept


def test_numbers_of_controls_are_their_own() -> None:
    numbers = [each.get(w("val")) for each in opened().element.body.iterfind(f".//{w('sdtPr')}/{w('id')}")]
    assert len(set(numbers)) == len(numbers) == len(controls(opened()))


def test_rows_and_cells_are_as_printed() -> None:
    """The same table but for what stands in the open places: heights, widths, spans."""
    printed, fillable = (frame(file(fillable)) for fillable in (False, True))
    assert len(printed) > 60
    assert printed == fillable


def frame(data: bytes) -> list[bytes]:
    """Everything that gives the table its measures."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        table = one(etree.fromstring(archive.read("word/document.xml")), ".//w:tbl")
    each_of = (each for name in ("gridCol", "trPr", "tcPr", "pPr") for each in table.iter(w(name)))
    return [etree.tostring(each, method="c14n", exclusive=True) for each in each_of]


def test_printed_form_knows_nothing_of_controls() -> None:
    with zipfile.ZipFile(io.BytesIO(file(fillable=False))) as archive:
        assert "w:sdt" not in archive.read("word/document.xml").decode()
        assert b"documentProtection" not in archive.read("word/settings.xml")
        assert not [name for name in archive.namelist() if "glossary" in name]


def test_stamped_form_can_still_be_filled_in() -> None:
    mark = Stamp(StampKind.UNCONTROLLED, None, "", datetime(2026, 3, 1, 9, 30), "丁四（ding）")
    with zipfile.ZipFile(io.BytesIO(stamp(file(), "docx", mark, FORMAL, Path()))) as stamped, zipfile.ZipFile(io.BytesIO(file())) as plain:
        assert stamped.read("word/settings.xml") == plain.read("word/settings.xml")
        assert stamped.read("word/document.xml") == plain.read("word/document.xml")
        assert "非受控" in "".join(stamped.read(name).decode() for name in stamped.namelist() if "header" in name)


def test_same_form_gives_the_same_bytes() -> None:
    assert file() == file()


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("购买日期", FillKind.DATE),
        ("完成期限", FillKind.DATE),
        ("有效期至", FillKind.DATE),
        ("测试日期及结果", FillKind.WORDS),
        ("保存期限", FillKind.WORDS),
        ("节假日", FillKind.WORDS),
        ("是否收费", FillKind.CHOICE),
    ],
)
def test_kind_of_a_place_is_told_by_its_label(label: str, kind: FillKind) -> None:
    fill = entry_fill(label, "")
    assert fill is not None
    assert fill.kind is column_fill(label, 1).kind is kind


def test_printed_words_without_blanks_are_not_filled_in() -> None:
    assert entry_fill("服务热线", "400-000-0001") is None
    assert signature_fill("评价日期").kind is FillKind.SIGNED_ON


@pytest.mark.parametrize(
    "words", ["□是 □否", "□是（日期：　　　　） □否", "有，延至  年  月  日", "原因：", "编号____页", "无", "每月 5 日"]
)
def test_cutting_at_blanks_loses_no_character(words: str) -> None:
    assert "".join(place.words for place in places(words)) == words


@pytest.mark.parametrize(
    ("notes", "offered"),
    [
        ("类别填：出厂、进货、型式。", {"类别": ("出厂", "进货", "型式")}),
        ("“事项类别”填健康、保险或侵害处理之一；其他不填。", {"事项类别": ("健康", "保险", "侵害处理")}),
        ("归还状况填“完好”“待修”或“丢失”，检测后填写。", {"归还状况": ("完好", "待修", "丢失")}),
        ("维修类别填：是，否，是。", {}),
        ("类别填：甲、乙、甲。", {"类别": ("甲", "乙")}),
        ("类别填“甲”“乙”或“甲”。", {"类别": ("甲", "乙")}),
        ("核对途径填发证机关网站的名称和查询日期，查询截图附后。", {}),
    ],
)
def test_choices_are_read_from_the_notes(notes: str, offered: dict[str, tuple[str, ...]]) -> None:
    assert offers(notes) == offered


def test_offers_reach_a_column_whose_own_title_counts() -> None:
    made = with_offers(form_grid(read_form("[ 考核（第 1 季度） 3 | 备注 1 ] x 2")), offers("考核（第 1 季度）填：优、良、差。"))
    fills = [row[0].fill for row in made.rows[1:]]
    assert [fill and (fill.name, fill.choices) for fill in fills] == [
        (f"考核（第 1 季度）（第 {row} 行）", ("优", "良", "差")) for row in (1, 2)
    ]


def test_namespace_of_boxes_is_declared_as_one_that_older_programs_may_skip() -> None:
    root = part("word/document.xml")
    assert root.get("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable") == "w14"
    assert root.nsmap["w14"] == W14
    assert root.nsmap["w"] == NAMES["w"]
