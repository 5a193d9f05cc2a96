"""Numbers at the beginning of a line, and what only looks like one."""

from __future__ import annotations

import pytest

from service.intake.numbers import hanzi_number, numbered


@pytest.mark.parametrize(
    ("text", "key", "value", "words"),
    [
        ("1目的", ("decimal", 1), 1, "目的"),
        ("2 范围", ("decimal", 1), 2, "范围"),
        ("4.1分管", ("decimal", 2), 1, "分管"),
        ("4.10 回收", ("decimal", 2), 10, "回收"),
        ("4.1.2、派工", ("decimal", 3), 2, "派工"),
        ("4．3 回访", ("decimal", 2), 3, "回访"),
        ("1.建立体系", ("item", 1), 1, "建立体系"),
        ("3、记录", ("item", 1), 3, "记录"),
        ("2, 适当", ("item", 1), 2, "适当"),
        ("1) 记录", ("item_parenthesis", 1), 1, "记录"),
        ("（2）记录", ("parenthesis", 1), 2, "记录"),
        ("a）记录", ("letter", 1), 1, "记录"),
        ("③记录", ("circled", 1), 3, "记录"),
        ("十二、记录", ("hanzi", 1), 12, "记录"),
        ("（三）记录", ("hanzi_parenthesis", 1), 3, "记录"),
        ("第二十一条 记录", ("article", 3), 21, "记录"),
        ("第一章 总则", ("article", 1), 1, "总则"),
        ("——记录", ("bullet", 1), 0, "记录"),
        ("• 记录", ("bullet", 1), 0, "记录"),
        ("2 日常检查", ("decimal", 1), 2, "日常检查"),
        ("3人员", ("decimal", 1), 3, "人员"),
    ],
)
def test_a_number_is_read(text: str, key: tuple[str, int], value: int, words: str) -> None:
    found = numbered(text)
    assert found is not None
    assert (found.key, found.value, found.text) == (key, value, words)


@pytest.mark.parametrize(
    "text",
    [
        "2022-08-19 09:02",
        "3年以上经验",
        "24 小时内",
        "2008 - 2022",
        "0评",
        "1.5%以内",
        "10 日内完成",
        "记录",
        "1",
        "400-000-0118",
        "一次完成",
        "",
    ],
)
def test_a_quantity_or_date_is_no_number(text: str) -> None:
    assert numbered(text) is None


@pytest.mark.parametrize(("words", "value"), [("一", 1), ("十", 10), ("十五", 15), ("二十", 20), ("三十六", 36), ("一百零二", 102)])
def test_chinese_numbers_are_counted(words: str, value: int) -> None:
    assert hanzi_number(words) == value
