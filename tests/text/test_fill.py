"""Filling: values in words, blanks and unknown names, and that no value can change a text's structure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InputError
from service.text.fill import MOST_CHARACTERS, fill, holds, variables_in
from service.text.inline import plain_inlines
from service.text.model import BulletList, Form, Inlines, Paragraph, Procedure, Table, Text
from service.text.parse import parse_procedure
from service.text.walk import placed_leaves
from text.samples import FRONT

VALUES: dict[str, object] = {
    "company": {"name": "示范公司", "products": ["净水机", "滤芯"], "wechat": None, "fax": "", "awards": []},
    "targets": {"days": 5.0, "rate": Decimal("0.50"), "big": 1200000},
    "choices": {"online": True, "repair": False},
    "dates": {"start": date(2026, 2, 1)},
    "outlets": [{"name": "甲站", "own": True}, {"name": "乙站", "own": False}],
}


def fault(text: str, values: dict[str, object] = VALUES) -> InputError:
    with pytest.raises(InputError) as caught:
        fill(text, values, file="a.md")
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ company.name }}", "示范公司"),
        ("{{ company.products }}", "净水机、滤芯"),
        ("{{ company.products[0] }}", "净水机"),
        ("{{ targets.days }} 日", "5 日"),
        ("{{ targets.rate }}%", "0.5%"),
        ("{{ targets.big }}", "1200000"),
        ("{{ dates.start }}起", "2026年2月1日起"),
        ("{{ choices.online }}{{ choices.repair }}", "是否"),
        ("{% if choices.online %}甲{% else %}乙{% endif %}", "甲"),
        ("{% if company.wechat %}甲{% endif %}乙", "乙"),
        ("{% if company.products | length > 1 and not choices.repair %}甲{% endif %}", "甲"),
        ("{% for o in outlets if o.own %}{{ loop.index }}{{ o.name }}{% endfor %}", "1甲站"),
        ("{{ outlets | selectattr('own') | list | length }}", "1"),
        ("{{ '甲' if choices.online else '乙' }}", "甲"),
    ],
)
def test_variables_and_conditions_are_filled(text: str, expected: str) -> None:
    assert fill(text, VALUES) == expected


def test_lines_that_hold_only_conditions_leave_no_line() -> None:
    text = "- 甲\n{% if choices.online %}\n- 乙\n{% endif %}\n  {% if choices.repair %}\n- 丙\n  {% endif %}\n- 丁{% if choices.online %}。{% endif %}\n- 戊\n"
    assert fill(text, VALUES) == "- 甲\n- 乙\n- 丁。\n- 戊\n"


def test_the_front_matter_passes_untouched() -> None:
    source = "---\nkey: a\ntitle: '{{ company.name }}'\n---\n{{ company.name }}\n"
    assert fill(source, VALUES) == "---\nkey: a\ntitle: '{{ company.name }}'\n---\n示范公司\n"


def test_anchors_are_no_comments() -> None:
    assert fill("## 受理 {#accept}\n{{ company.name }}", VALUES) == "## 受理 {#accept}\n示范公司"


@pytest.mark.parametrize("name", ["company.wechat", "company.fax", "company.awards"])
def test_a_blank_is_an_error_that_names_the_variable(name: str) -> None:
    error = fault(f"{FRONT}\n甲\n{{{{ {name} }}}}\n")
    assert (error.code, error.place and error.place.line) == ("blank_variable", 9)
    assert name in error.message


def test_a_blank_may_be_marked_instead() -> None:
    assert fill("电话：{{ company.wechat }}", VALUES, blank="mark") == "电话：【待填:company.wechat】"


@pytest.mark.parametrize("text", ["{{ company.nam }}", "{% if company.nam %}{% endif %}", "{% for x in company.nam %}{% endfor %}"])
def test_an_unknown_variable_is_named_with_line_and_nearest_name(text: str) -> None:
    error = fault(f"{FRONT}\n{text}")
    assert (error.code, error.place and error.place.line) == ("unknown_variable", 8)
    assert "company.name" in error.message


def test_a_branch_not_taken_needs_no_values() -> None:
    assert fill("{% if choices.repair %}{{ posts.nobody }}{% endif %}甲", VALUES) == "甲"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ company.__class__ }}",
        "{{ company.name.__class__.__mro__ }}",
        "{{ company['__class__'] }}",
        "{{ company.items() }}",
        "{{ company.name.upper() }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__ }}",
        "{{ self }}",
        "{{ _budget }}",
        "{{ loop }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' | center(999999999) }}",
        "{{ company | attr('name') }}",
        "{{ company.name | string }}",
        "{% include 'a' %}",
        "{% import 'a' as b %}",
        "{% extends 'a' %}",
        "{% macro m() %}{% endmacro %}",
        "{% set x = 1 %}",
        "{% call m() %}{% endcall %}",
        "{% for i in range(1000000000) %}{{ i }}{% endfor %}",
        "{% for c in company.name %}{{ c }}{% endfor %}",
        "{% for a in outlets recursive %}{{ loop(a) }}{% endfor %}",
        "{% for a in outlets %}{{ loop.cycle('a') }}{% endfor %}",
        "{{ outlets }}",
        "{{ company }}",
        "{{ company.name",
        "{% if %}",
        "{% endif %}",
        "{{ 1 / 0 }}",
        "{% if targets.days > 'a' %}{% endif %}",
        "{{ outlets | join }}",
    ],
)
def test_whatever_leaves_the_sandbox_is_refused_with_its_line(text: str) -> None:
    error = fault(f"甲\n乙\n{text}\n丙")
    assert error.place is not None
    assert error.place.line == 3


def test_too_many_rounds_are_refused() -> None:
    many = {"xs": list(range(1000))}
    error = fault("{% for a in xs %}{% for b in xs %}{% for c in xs %}{% endfor %}{% endfor %}{% endfor %}", dict(many))
    assert error.code == "bad_loop"


def test_too_long_a_result_is_refused() -> None:
    error = fault("{% for a in xs %}{{ long }}{% endfor %}", {"xs": [1] * 20, "long": "长" * (MOST_CHARACTERS // 10)})
    assert error.code == "too_long"


def test_filling_twice_gives_the_same() -> None:
    text = "{% for o in outlets %}{{ o.name }}{% endfor %}"
    assert fill(text, VALUES) == fill(text, VALUES) == "甲站乙站"


def test_variables_in_lists_dotted_names_of_all_branches() -> None:
    text = "{% if choices.a %}{{ targets.b }}{% else %}{{ posts.c }}{% endif %}{% for o in outlets if o.own %}{{ o.name }}{{ loop.index }}{% endfor %}{{ d | length }}"
    assert variables_in(text) == {"choices.a", "targets.b", "posts.c", "outlets", "d"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", True),
        ("choices.online", True),
        ("choices.repair", False),
        ("choices.repair or company.products", True),
        ("targets.days >= 5", True),
        ("not company.wechat", True),
    ],
)
def test_a_condition_of_a_document_holds_or_not(expression: str, expected: bool) -> None:
    assert holds(expression, VALUES) is expected


@pytest.mark.parametrize("expression", ["choices.unknown", "choices.online %}{% if x", "choices.online(", "1 + 1"])
def test_a_broken_condition_is_refused(expression: str) -> None:
    with pytest.raises(InputError):
        holds(expression, VALUES)


# Values can never change structure

FRAME = (
    FRONT
    + """
## 标题 {{ v }}

{{ v }}

甲{{ v }}乙 **{{ v }}** 《{{ v }}》

- {{ v }}
- 甲 {{ v }}

1. {{ v }}

> 注：{{ v }}

| {{ v }} | 乙 |
|---|---|
| {{ v }} | 丁{{ v }} |

{{ v }}{{ v }}

{{ v }}. 甲

```flow
a[{{ v }}] --> b{ {{ v }} }
b -->|{{ v }}| c([甲{{ v }}])
```

```form
# 甲{{ v }}
名称: {{ v }} | 甲{{ v }}: _
[ 甲{{ v }} | 乙 ] x 3
签字: {{ v }} | 日期
```
"""
)


def skeleton(procedure: Procedure) -> object:
    """What kind of blocks stand where, without their words."""
    found: list[object] = []
    for section in procedure.sections:
        found.append((section.level, section.anchor if not section.anchor.startswith("s-") else ""))
        for block in section.blocks:
            inner: object = ""
            if isinstance(block, Table):
                inner = [[(cell.colspan, cell.rowspan) for cell in row] for row in block.rows], block.head
            elif isinstance(block, Form):
                inner = [type(row).__name__ for row in block.rows]
            elif isinstance(block, BulletList):
                inner = [[type(part).__name__ for part in item.blocks] for item in block.items]
            found.append((type(block).__name__, inner))
    return found


HARMLESS = skeleton(parse_procedure(fill(FRAME, {"v": "字"})))

nasty = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text(alphabet="#|`*_<>[](){}\\-+=~^.:;!&1 \n甲：《》", min_size=1, max_size=30),
    st.sampled_from(
        ["^^", "<<", "```", "~~~", "---", "===", "-", "1", "#", ">", "|", "=", ":-", "**", "`", "\\", "\\\\", "_3", "<br>", "注："]
    ),
    st.sampled_from(
        ["{#purpose}", "{{ v }}", "{{v}}", "{% if x %}", "[a](b)", "![a](b)", "<script>", "&lt;", "&#35;", "<!--", "- a", "1. a"]
    ),
    st.sampled_from(["1)", "# a", "> a", "| a |", "a\n\n## b", "a 2", "a: b", "] x 8", "]) --> z["]),
).filter(lambda text: bool("".join(char for char in text if char.isprintable()).strip()))


@given(nasty)
def test_no_value_can_change_the_structure(value: str) -> None:
    procedure = parse_procedure(fill(FRAME, {"v": value}))
    assert skeleton(procedure) == HARMLESS


@given(nasty)
def test_a_value_is_read_as_the_very_words(value: str) -> None:
    words = " ".join("".join(char if char.isprintable() or char.isspace() else " " for char in value).split())
    block = parse_procedure(f"{FRONT}\n" + fill("甲{{ v }}乙", {"v": words})).preamble[0]
    assert isinstance(block, Paragraph)
    assert squeezed(plain_inlines(block.content)) == squeezed(f"甲{words}乙")


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(("value", "expected"), [("A|B", "A｜B"), ("[甲]", "［甲］"), ("{a}", "｛a｝"), ("甲\n乙", "甲 乙")])
def test_in_fences_the_notation_s_marks_become_full_width(value: str, expected: str) -> None:
    filled = fill("```flow\na[{{ v }}]\n```", {"v": value})
    assert filled == f"```flow\na[{expected}]\n```"


def test_every_value_is_printed_where_it_stands() -> None:
    procedure = parse_procedure(fill(FRAME, {"v": "字典"}))
    assert sum(leaf.text.count("字典") for _, leaf in placed_leaves(procedure)) == FRAME.count("{{ v }}")


def test_plain_text_needs_no_escapes() -> None:
    value = "江苏省无锡市示范路 18 号（A 座），电话 0510-0000-0119，service_desk@a.example。"
    assert fill("{{ v }}", {"v": value}) == value


def content_of(text: str) -> Inlines:
    block = parse_procedure(FRONT + text).preamble[0]
    assert isinstance(block, Paragraph)
    return block.content


def test_markup_in_a_value_is_text() -> None:
    assert content_of(fill("{{ v }}", {"v": "**粗** <b>"})) == (Text("**粗** <b>"),)
