"""Canonical Markdown gives the same text again, and another spelling changes no fingerprint."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import InputError, NotFound
from service.text.fingerprints import procedure_fingerprint, section_fingerprint
from service.text.model import Procedure
from service.text.parse import parse_procedure
from service.text.write import to_markdown
from text.samples import FRONT, REPAIR, body, lines, parsed, plain_words


def rewritten(procedure: Procedure) -> Procedure:
    return parse_procedure(to_markdown(procedure))


def test_the_sample_survives_writing_and_parsing() -> None:
    assert rewritten(parse_procedure(REPAIR)) == parse_procedure(REPAIR)


def test_canonical_markdown_is_canonical() -> None:
    once = to_markdown(parse_procedure(REPAIR))
    assert to_markdown(parse_procedure(once)) == once


@pytest.mark.parametrize(
    "text",
    [
        "- 甲\n\n* 乙\n\n- 丙\n",
        "1. 甲\n\n1) 乙\n",
        "- 甲\n\n  乙\n\n  2. 丙\n",
        "- - 甲\n  - 乙\n",
        "\\- 甲\n\n\\# 乙\n\n1\\. 丙\n\n\\> 丁\n\n\\| a |\n",
        "甲\\\n\\- 乙\\\n1\\. 丙\\\n\\===\n",
        "**a***b* *a***b**\n",
        "**甲《乙》*丙*`丁`**戊\n",
        "`` a`b `` ` `` `\n",
        "\\`\\`\\`\n",
        "甲![图](a.png)".replace("甲", "") + "\n",
        "[a](<b c>) \\![a](b) [《甲》](d_e_f)\n",
        "## 甲 \\#\n## 乙 \\{#b}\n## 丙 ##\n## 丁 {#d}\n",
        "| | a |\n|---|:-:|\n| b\\|c | \\^^ |\n| << | d<br>e |\n".replace("| << |", "| f |"),
        "|a|\n|-|\n|\\<<|\n",
        "| | |\n|---|---:|\n| a | << |\n| ^^ | ^^ |\n",
        "> 注：注：甲\\\n> \\- 乙\n",
        "{{ a_b * c_d }} {% if x_y %}\n\n\\{{ a \\}}\n",
        "```form\n# 甲 # 乙\n名称: 印 _ 好 | 日期: _2\n[ a 1.5 | b ] x 3\n签字: 甲\n```\n",
        '```flow\na["""甲"""] --> b([乙])\nb -->|是 否| a\n```\n',
        "特\\*\\*了 a_b_c 2\\*3 \\<b\\> &amp;lt; &#35; \\\\\n",
        "甲\\\\\n",
        "![甲](图%20一.png)\n",
    ],
)
def test_odd_spellings_survive_writing_and_parsing(text: str) -> None:
    procedure = parsed(text)
    assert rewritten(procedure) == procedure


def test_the_front_matter_survives() -> None:
    source = FRONT.replace("kind: procedure", "kind: procedure\nwhen: \"a == 'b: c'\"\nrefers: [x, y]\nrecords: [z]").replace(
        "维修服务程序", '"维修: 甲 #1"'
    )
    source = source.replace("---\nkey", "---\nclaims:\n  - {indicator: 5.10, elements: [1, 3], section: purpose}\nkey")
    procedure = parse_procedure(source + "## 目的\n甲\n")
    assert rewritten(procedure) == procedure


documents = st.lists(
    st.one_of(
        lines,
        lines.map(lambda text: f"- {text}"),
        lines.map(lambda text: f"  - {text}"),
        lines.map(lambda text: f"2. {text}"),
        lines.map(lambda text: f"> {text}"),
        lines.map(lambda text: f"## {text}"),
        st.tuples(plain_words, lines).map(
            lambda pair: f"| {pair[0]} | {pair[1].replace('|', '')} |\n|---|---|\n| ^^ | << |\n| a | {pair[1].replace('|', '')} |"
        ),
        st.just(""),
    ),
    min_size=1,
    max_size=8,
).flatmap(lambda parts: st.sampled_from(["\n", "\n\n"]).map(lambda joint: joint.join(parts) + "\n"))


@settings(max_examples=300)
@given(documents)
def test_whatever_can_be_parsed_survives_writing_and_parsing(text: str) -> None:
    try:
        procedure = parsed(text)
    except InputError:
        return
    assert rewritten(procedure) == procedure


SPELLINGS = [
    ("甲*乙*丙", "甲*乙*丙"),
    ("a *b* c", "a _b_ c"),
    ("a **b** c", "a __b__ c"),
    ("甲\n---\n乙", "## 甲\n乙"),
    ("## 甲 ##\n乙", "##  甲\n\n\n乙"),
    ("- 甲\n- 乙", "* 甲\n* 乙"),
    ("- 甲\n- 乙", "+   甲\n\n+   乙"),
    ("1. 甲\n2. 乙", "1) 甲\n1) 乙"),
    ("| a | b |\n|---|---|\n| c | d |", "a|b\n-|-\nc|d"),
    ("| a | b |\n|---|---|\n| c | d |", "|   a   | b|\n|:-----|------|\n|c|   d |".replace(":", "")),
    ("维修服务在当日完成，约定 24 小时内到达。", "维修服务\n在当日\n完成，\n约定 24\n小时内到达。"),
    ("甲  \n乙", "甲\\\n乙"),
    ("```flow\na[甲] --> b[乙] --> c[丙]\n```", "~~~flow\n  a[甲]-->b[乙]\n\n  b --> c[丙]\n~~~"),
    ("```form\n名称: _ | 日期: _\n```", "```form\n名称：_1|日期 : __\n```"),
    ("甲&乙", "甲&amp;乙"),
    ("> 注：甲", ">注: 甲"),
    ("《甲》", "《 甲 》"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_another_spelling_changes_no_fingerprint(one: str, other: str) -> None:
    assert procedure_fingerprint(parsed(one)) == procedure_fingerprint(parsed(other))


@given(st.lists(plain_words, min_size=2, max_size=12))
def test_reflowed_lines_change_no_fingerprint(parts: list[str]) -> None:
    hanzi = [re.sub(r"[^维修服务人员，。]", "", part) or "维" for part in parts]
    assert procedure_fingerprint(parsed("甲" + "".join(hanzi))) == procedure_fingerprint(parsed("甲" + "\n".join(hanzi)))


@given(lines)
def test_canonical_writing_changes_no_fingerprint(text: str) -> None:
    try:
        procedure = parsed("## 目的\n" + text)
    except InputError:
        return
    assert section_fingerprint(rewritten(procedure), "purpose") == section_fingerprint(procedure, "purpose")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲", "乙"),
        ("甲乙", "甲 乙"),
        ("**甲**", "甲"),
        ("《甲》", "“甲”"),
        ("- 甲", "1. 甲"),
        ("1. 甲", "2. 甲"),
        ("- 甲\n- 乙", "- 甲\n\n  乙"),
        ("> 甲", "甲"),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| c | << |"),
        ("```flow\na[甲] --> b[乙]\n```", "```flow\na[甲] --> b{乙}\n```"),
        ("甲\n\n乙", "甲乙"),
    ],
)
def test_another_sense_changes_the_fingerprint(one: str, other: str) -> None:
    assert procedure_fingerprint(parsed(one)) != procedure_fingerprint(parsed(other))


BEFORE = "## 目的\n甲\n## 程序及要求\n### 受理 {#accept}\n乙\n#### 细则\n丙\n### 派工\n丁\n"


def test_a_section_s_fingerprint_covers_its_subsections() -> None:
    changed = BEFORE.replace("丙", "戊")
    assert section_fingerprint(parsed(BEFORE), "accept") != section_fingerprint(parsed(changed), "accept")
    assert section_fingerprint(parsed(BEFORE), "procedure") != section_fingerprint(parsed(changed), "procedure")
    assert section_fingerprint(parsed(BEFORE), "purpose") == section_fingerprint(parsed(changed), "purpose")


def test_a_section_s_fingerprint_knows_neither_number_nor_line_nor_anchor() -> None:
    moved = BEFORE.replace("## 程序及要求", "## 范围\n己\n\n## 程序及要求\n### 先\n庚").replace("{#accept}", "{#take}")
    assert section_fingerprint(parsed(BEFORE), "accept") == section_fingerprint(parsed(moved), "take")


def test_a_section_s_title_counts() -> None:
    assert section_fingerprint(parsed(BEFORE), "accept") != section_fingerprint(parsed(BEFORE.replace("受理", "接待")), "accept")


def test_the_front_matter_counts_for_the_whole_and_not_for_a_section() -> None:
    other = parse_procedure(body(BEFORE).replace("维修服务程序", "维修程序"))
    assert procedure_fingerprint(other) != procedure_fingerprint(parsed(BEFORE))
    assert section_fingerprint(other, "accept") == section_fingerprint(parsed(BEFORE), "accept")


def test_an_unknown_section_is_not_found() -> None:
    with pytest.raises(NotFound):
        section_fingerprint(parsed(BEFORE), "gone")
