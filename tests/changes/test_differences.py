"""What differs between two texts, section by section."""

from __future__ import annotations

from service.changes.differences import LONGEST, Difference, SectionChange, section_changes, shortened
from service.text.parse import parse_procedure

HEAD = "---\nkey: a\ntitle: {title}\nkind: procedure\ndepartment: a\n---\n"
BEFORE = """\
## 目的
使每一件投诉都有结果。
## 程序及要求
总则。
### 受理 {#accept}
接到投诉的，在 30 分钟内登记。登记后派工。
### 处理 {#handle}
5 个工作日内办结。
| 级别 | 时限 |
|---|---|
| 一般 | 5 日 |
| 重大 | 2 日 |
### 回访 {#visit}
办结后回访。
## 相关记录
《投诉单》
"""


def changes(*edits: tuple[str, str], title: str = "投诉处理程序") -> tuple[SectionChange, ...]:
    after = BEFORE
    for old, new in edits:
        assert old in after
        after = after.replace(old, new)
    old_text, new_text = HEAD.format(title="投诉处理程序") + BEFORE, HEAD.format(title=title) + after
    return section_changes(parse_procedure(old_text), parse_procedure(new_text))


def test_same_text_has_no_changes() -> None:
    assert changes() == ()
    assert changes(("《投诉单》\n", "《投诉单》\n\n")) == ()


def test_changed_sentence_is_shown_with_its_clause_and_without_its_neighbours() -> None:
    [change] = changes(("30 分钟", "20 分钟"))
    assert change == SectionChange("2.1", "受理", Difference.CHANGED, "接到投诉的，在 30 分钟内登记。", "接到投诉的，在 20 分钟内登记。")


def test_changed_row_of_a_table_is_shown_as_a_row() -> None:
    [change] = changes(("| 重大 | 2 日 |", "| 重大 | 1 日 |"))
    assert (change.clause, change.before, change.after) == ("2.2", "重大 | 2 日", "重大 | 1 日")


def test_section_above_a_changed_one_is_not_listed() -> None:
    assert [change.title for change in changes(("总则。", "总的规定。"))] == ["程序及要求"]
    assert [change.title for change in changes(("办结后回访。", "办结后三日内回访。"))] == ["回访"]


def test_added_section_is_listed_under_its_new_number_and_moves_no_other() -> None:
    [change] = changes(("### 处理", "### 分级 {#grade}\n分为两级。\n### 处理"))
    assert change == SectionChange("2.2", "分级", Difference.ADDED, "", "分为两级。")


def test_deleted_section_is_listed_under_its_old_number() -> None:
    [change] = changes(("### 回访 {#visit}\n办结后回访。\n", ""))
    assert change == SectionChange("2.3", "回访", Difference.DELETED, "办结后回访。", "")


def test_reworded_heading_is_a_change_of_its_section() -> None:
    [change] = changes(("## 目的", "## 目的和依据"))
    assert change == SectionChange("1", "目的和依据", Difference.CHANGED, "标题：目的", "标题：目的和依据")


def test_same_words_in_another_form_are_said_to_be_arranged_anew() -> None:
    [change] = changes(("办结后回访。", "- 办结后回访。"))
    assert change.after.startswith("（文字相同，编排改变）")


def test_title_of_the_document_comes_first() -> None:
    found = changes(("30 分钟", "20 分钟"), title="顾客投诉处理程序")
    assert found[0] == SectionChange("", "文件名称", Difference.CHANGED, "投诉处理程序", "顾客投诉处理程序")
    assert len(found) == 2


def test_form_is_compared_by_its_words() -> None:
    head = HEAD.format(title="投诉单").replace("procedure", "record_form")
    before, after = (parse_procedure(f"{head}```form\n{words}\n```\n") for words in ("顾客: _", "顾客: _ | 电话: _"))
    [change] = section_changes(before, after)
    assert (change.title, change.difference) == ("正文", Difference.CHANGED)
    assert "电话" in change.after


def test_sentences_of_one_paragraph_stand_side_by_side() -> None:
    [change] = changes(("接到投诉的，在 30 分钟内登记。登记后派工。", "接到投诉的，在 20 分钟内登记。登记后一小时内派工。"))
    assert change.after == "接到投诉的，在 20 分钟内登记。登记后一小时内派工。"
    [change] = changes(("| 一般 | 5 日 |\n| 重大 | 2 日 |", "| 一般 | 4 日 |\n| 重大 | 1 日 |"))
    assert change.after == "一般 | 4 日\n重大 | 1 日"


def test_long_texts_are_shortened() -> None:
    [change] = changes(("总则。", "总则。" + "应当登记。" * 200))
    assert len(change.after) == LONGEST
    assert change.after.endswith("……")
    assert shortened("短") == "短"
    assert shortened("\n".join("短" * 13)).count("\n") == 11
