"""What a request may say, step by step, without a database."""

from __future__ import annotations

import pytest

from service.changes.rules import (
    LONGEST_SUMMARY,
    MOST_ITEMS,
    NUMBER,
    TRANSITIONS,
    ChangeKind,
    ChangeStatus,
    ChangeStep,
    Wanted,
    request_faults,
    request_number,
    steps_from,
    summary,
)
from service.text.model import Kind

REVISE = Wanted(ChangeKind.REVISE, "JC/SH-CX-01", "4.1", "改为 3 日")
CREATE = Wanted(ChangeKind.CREATE, proposed="规定库存", title="备件管理程序", document_kind=Kind.PROCEDURE, department="service")


def faults(*items: Wanted, title: str = "改", reason: str = "因为") -> str:
    return "；".join(request_faults(title, reason, items))


def test_sensible_request_has_no_fault() -> None:
    assert faults(REVISE, CREATE, Wanted(ChangeKind.OBSOLETE, "JC/SH-ZD-01")) == ""


def test_draft_may_lack_reason_and_items() -> None:
    assert faults(reason="") == ""


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        (Wanted(ChangeKind.REVISE, "", proposed="改"), "须写明文件编号"),
        (Wanted(ChangeKind.OBSOLETE), "须写明文件编号"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01"), "请填写拟更改的内容"),
        (Wanted(ChangeKind.REISSUE, "JC/SH-CX-01"), "请填写拟更改的内容"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01", proposed="改", title="新名"), "只在新增文件时填写"),
        (Wanted(ChangeKind.CREATE, proposed="写", title="备件", document_kind=Kind.PROCEDURE), "须写明名称、类别和归口部门"),
        (Wanted(ChangeKind.CREATE, "X-1", proposed="写", title="备件", document_kind=Kind.PROCEDURE, department="a"), "编号由系统给出"),
        (Wanted(ChangeKind.CREATE, proposed="写", title="《备件》", document_kind=Kind.PROCEDURE, department="a"), "不写书名号"),
        (Wanted(ChangeKind.CREATE, proposed="写", title="手册", document_kind=Kind.MANUAL, department="a"), "只能申请新增"),
        (Wanted(ChangeKind.CREATE, proposed="写", title="国标", document_kind=Kind.EXTERNAL_DOCUMENT, department="a"), "只能申请新增"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01", proposed="改" * 2001), "最多 2000 个字符"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01", proposed="改\x00"), "不能有控制字符"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01", proposed="改\u2028"), "不能有控制字符"),
        (Wanted(ChangeKind.REVISE, "JC/SH\x00", proposed="改"), "文件编号中不能有控制字符"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01", "4.1\n", "改"), "更改位置中不能有控制字符"),
        (Wanted(ChangeKind.REVISE, "JC/SH-CX-01", "条" * 81, "改"), "更改位置最多 80 个字符"),
    ],
)
def test_item_that_nobody_could_carry_out_is_named(item: Wanted, wrong: str) -> None:
    assert wrong in faults(item)
    assert faults(item).startswith("第 1 项：")


def test_lines_are_allowed_in_what_is_proposed() -> None:
    assert faults(Wanted(ChangeKind.REVISE, "JC/SH-CX-01", proposed="第一\n第二")) == ""


def test_title_is_needed_and_bounded() -> None:
    assert faults(REVISE, title="") == "请填写更改标题"
    assert faults(REVISE, title="改" * 201) == "更改标题最多 200 个字符"
    assert faults(REVISE, title="改\n") == "更改标题中不能有控制字符"


def test_one_document_changes_in_one_manner() -> None:
    assert faults(REVISE, Wanted(ChangeKind.REVISE, "JC/SH-CX-01", "4.2", "也改")) == ""
    assert "更改方式不一致" in faults(REVISE, Wanted(ChangeKind.OBSOLETE, "JC/SH-CX-01"))
    ended = Wanted(ChangeKind.OBSOLETE, "JC/SH-CX-01")
    assert "作废写了两次" in faults(ended, ended)
    assert "《备件管理程序》写了两次" in faults(CREATE, CREATE)


def test_request_has_a_bound() -> None:
    many = [Wanted(ChangeKind.REVISE, f"N-{number}", proposed="改") for number in range(MOST_ITEMS + 1)]
    assert "最多 100 项" in faults(*many)
    assert faults(*many[:-1]) == ""


def test_numbers_count_on_past_a_thousand() -> None:
    assert [request_number(2026, serial) for serial in (1, 999, 1000)] == ["GG-2026-001", "GG-2026-999", "GG-2026-1000"]
    assert all(NUMBER.fullmatch(request_number(2026, serial)) for serial in (1, 1000))


def test_summary_names_the_request_and_fits_its_column() -> None:
    assert summary(["改甲\n乙", "改丙"], "GG-2026-001") == "改甲 乙；改丙（GG-2026-001）"
    long = summary(["改" * 3000], "GG-2026-001")
    assert len(long) == LONGEST_SUMMARY
    assert long.endswith("改…（GG-2026-001）")


def test_what_is_decided_or_withdrawn_stays_so() -> None:
    for status in (ChangeStatus.APPROVED, ChangeStatus.REJECTED, ChangeStatus.WITHDRAWN, ChangeStatus.DONE):
        assert steps_from(status) == ()
    assert steps_from(ChangeStatus.DRAFT) == (ChangeStep.EDIT, ChangeStep.SUBMIT, ChangeStep.WITHDRAW)
    assert steps_from(ChangeStatus.SUBMITTED) == (ChangeStep.APPROVE, ChangeStep.REJECT, ChangeStep.WITHDRAW)


def test_done_is_never_stored() -> None:
    assert ChangeStatus.DONE not in TRANSITIONS.values()
