"""Opening a section in the editor and saving it changes nothing; what is changed is written in our notation or refused in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from service.errors import InputError
from service.text.branches import loose_tags, same_meaning
from service.text.editable import Node, to_document
from service.text.editable_checks import MOST_CHARACTERS, checked
from service.text.editable_writing import to_source
from service.text.editing import edited, opened
from service.text.fill import fill, variables_in
from service.text.parse import parse_procedure
from text.bodies import ODD, shipped_bodies
from text.samples import FRONT, lines, plain_words

SHIPPED = dict(shipped_bodies())
BODIES = SHIPPED | ODD


def paragraph(*content: Node | str) -> Node:
    return {"type": "paragraph", "content": [{"type": "text", "text": part} if isinstance(part, str) else part for part in content]}


def doc(*blocks: Node) -> Node:
    return {"type": "doc", "content": list(blocks)}


def listed(*paragraphs: Node) -> Node:
    items = [{"type": "list_item", "attrs": {"above": [], "below": []}, "content": [one]} for one in paragraphs]
    return {"type": "bullet_list", "content": items}


def plain_table() -> Node:
    cells = [{"type": kind, "content": [paragraph("维")]} for kind in ("table_header", "table_cell")]
    return {"type": "table", "content": [{"type": "table_row", "content": [cell]} for cell in cells]}


def document(body: str) -> Node:
    """The document of a body that can be opened."""
    found = opened(body)
    assert found.document is not None, found.reason
    return found.document


def refused(body: str, document: object) -> str:
    with pytest.raises(InputError) as error:
        edited(body, document)
    return error.value.code


def test_every_shipped_section_and_every_odd_one_can_be_opened() -> None:
    assert len(SHIPPED) > 1100
    assert {name: found.reason for name, body in BODIES.items() if (found := opened(body)).document is None} == {}


def test_opening_and_saving_changes_no_byte() -> None:
    assert [name for name, body in BODIES.items() if edited(body, document(body)) != body] == []


def test_a_document_that_is_written_reads_as_the_same_document() -> None:
    assert [name for name, body in BODIES.items() if to_document(to_source(document(body))) != document(body)] == []


# What a text prints, by the product's own filling, for every choice that it asks


def values(names: frozenset[str], choice: dict[str, bool]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "outlets": [{"name": f"网点{n}", "area": "区", "address": "址", "phone": "1", "manager": "甲", "own": n == 1} for n in (1, 2)]
    }
    for name in names - {"outlets"}:
        group, _, key = name.partition(".")
        if group == "policy" and key in ("commitments", "concept_meaning"):
            found.setdefault(group, {})[key] = ["一", "二"]
        else:
            found.setdefault(group, {})[key] = choice.get(name, f"〔{name}〕")
    return found


def prints(body: str, most: int = 24) -> Iterator[object]:
    """The parsed text for all choices yes, all no, and each one alone, where the body opens and closes its own conditions."""
    source = FRONT + body
    names = variables_in(source)
    asked = sorted(set(re.findall(r"\b(?:choices|company)\.\w+", " ".join(re.findall(r"\{%-?\s*(?:if|elif)(.*?)%\}", body)))))
    choices = [dict.fromkeys(asked, True), dict.fromkeys(asked, False), *({name: name == one for name in asked} for one in asked[:most])]
    for choice in choices if asked else [{}]:
        procedure = parse_procedure(fill(source, values(names, choice)))
        yield procedure.preamble, procedure.sections


def test_writing_keeps_the_meaning_of_every_shipped_section() -> None:
    """Not the bytes: every section is written anew, as after an edit, and must print the same for whatever is chosen."""
    whole = {name: body for name, body in BODIES.items() if loose_tags(body) == ((), ())}
    assert len(whole) > len(BODIES) - 6
    assert [name for name, body in whole.items() if list(prints(to_source(document(body)))) != list(prints(body))] == []


def test_a_word_added_to_a_section_is_the_only_difference() -> None:
    for name, body in BODIES.items():
        new = deepcopy(document(body))
        new["content"].append(paragraph("新增的一段。"))
        written = edited(body, new)
        assert same_meaning(written, body.rstrip("\n") + "\n\n新增的一段。\n"), name


# Random texts and documents

documents = st.lists(
    st.tuples(st.sampled_from(["", "- ", "1. ", "> ", "  - ", "   ", "\\- "]), lines).map("".join), min_size=1, max_size=6
).map(lambda found: "\n".join(found) + "\n")


@settings(max_examples=300, deadline=None)
@given(documents)
def test_whatever_can_be_read_is_opened_or_left_as_it_is_written(body: str) -> None:
    found = opened(body)
    if found.document is None:
        assert found.reason
    else:
        assert edited(body, found.document) == body
        assert same_meaning(body, to_source(found.document))


def conditional(unit: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lines of one kind, some of them in a condition or one of two branches."""
    ways = st.one_of(
        unit.map(lambda line: [line]),
        st.tuples(unit, unit).map(lambda two: ["{% if choices.a %}", two[0], "{% else %}", two[1], "{% endif %}"]),
        st.lists(unit, min_size=1, max_size=2).map(lambda some: ["{% if choices.b %}", *some, "{% endif %}"]),
    )
    return st.lists(ways, min_size=1, max_size=4).map(lambda parts: "\n".join(line for part in parts for line in part))


bodies = st.lists(
    st.one_of(
        conditional(plain_words.map(lambda words: f"| {words} | 2 |")).map(lambda rows: f"| 甲 | 乙 |\n| --- | --- |\n{rows}"),
        conditional(plain_words.map(lambda words: f"- {words}")),
        conditional(plain_words.map(lambda words: f"1. {words}")),
        conditional(plain_words),
        plain_words,
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: "\n\n".join(parts) + "\n")


@settings(max_examples=200, deadline=None)
@given(bodies)
def test_conditions_round_whatever_keep_their_meaning(body: str) -> None:
    found = opened(body)
    if found.document is not None:
        assert list(prints(to_source(found.document))) == list(prints(body))


words = st.text(alphabet="维修服务：，。（）《》ab1 *_`\\[]()<>&#!|~^+-.=:{}%\u3000", min_size=1, max_size=12)
inline = st.one_of(
    st.tuples(words, st.sampled_from([[], ["strong"], ["em"], ["code"]])).map(
        lambda pair: {"type": "text", "text": pair[0]} | ({"marks": [{"type": mark} for mark in pair[1]]} if pair[1] else {})
    ),
    st.just({"type": "variable", "attrs": {"text": "{{ posts.technician }}"}}),
    st.just({"type": "hard_break"}),
)
paragraphs = st.lists(inline, max_size=4).map(lambda content: {"type": "paragraph"} | ({"content": content} if content else {}))
items = st.lists(paragraphs, min_size=1, max_size=3).map(
    lambda rows: [{"type": "list_item", "attrs": {"above": [], "below": []}, "content": [row]} for row in rows]
)
cell = {"colspan": 1, "rowspan": 1, "colwidth": None, "align": ""}
tables = st.lists(st.tuples(paragraphs, paragraphs), min_size=2, max_size=3).map(
    lambda rows: {
        "type": "table",
        "content": [
            {
                "type": "table_row",
                "attrs": {"above": [], "below": []},
                "content": [{"type": kind, "attrs": cell, "content": [one]} for one in row],
            }
            for kind, row in zip(["table_header"] + ["table_cell"] * len(rows), rows, strict=False)
        ],
    }
)
blocks = st.one_of(
    paragraphs,
    items.map(lambda content: {"type": "bullet_list", "content": content}),
    items.map(lambda content: {"type": "ordered_list", "attrs": {"start": 1}, "content": content}),
    tables,
    st.lists(inline, min_size=1, max_size=3).map(lambda content: {"type": "note", "content": content}),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(blocks, min_size=1, max_size=4))
def test_whatever_somebody_writes_is_kept_or_refused(content: list[Node]) -> None:
    """Saved, opened and saved again: what was kept once stays."""
    try:
        body = edited("", doc(*content))
    except InputError as error:
        event(error.code)  # which refusals the random documents meet
        return
    again = opened(body)
    assert again.document is not None, again.reason
    assert edited(body, again.document) == body
    said = "".join(re.findall(r"[维修服务]", str(content)))
    assert "".join(re.findall(r"[维修服务]", body)) == said


def condition(text: str) -> Node:
    return {"type": "condition", "attrs": {"text": text}}


full = plain_words.map(paragraph)
parts = st.lists(
    st.one_of(full, st.lists(full, min_size=1, max_size=2).map(lambda some: listed(*some)), st.just(plain_table())), min_size=1, max_size=3
)
IF, ELSE, ENDIF = (condition(text) for text in ("{% if choices.makes %}", "{% else %}", "{% endif %}"))
groups = st.one_of(
    parts,
    parts.map(lambda some: [IF, *some, ENDIF]),
    st.tuples(parts, parts).map(lambda two: [IF, *two[0], ELSE, *two[1], ENDIF]),
    st.tuples(parts, parts, parts).map(lambda three: [IF, *three[0], IF, *three[1], ENDIF, ELSE, *three[2], ENDIF]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(groups, min_size=1, max_size=3))
def test_conditions_stay_between_the_blocks_they_stand_between(content: list[list[Node]]) -> None:
    blocks = [block for group in content for block in group]
    again = document(edited("", doc(*blocks)))
    assert [block["type"] for block in again["content"]] == [block["type"] for block in blocks]
    assert [block for block in again["content"] if block["type"] == "condition"] == [
        block for block in blocks if block["type"] == "condition"
    ]


def test_conditions_with_lines_of_their_own_go_into_a_list_with_their_paragraph() -> None:
    content = document(ODD["condition inside a paragraph"])["content"]
    assert edited("甲\n", doc(listed(*content))) == "- 甲。{% if choices.makes %}乙。{% endif %}丙。\n"


# What nobody may break

ROWS = ODD["loop over rows"]
ITEMS = ODD["items on a condition"]
MERGED = ODD["merged rows in a condition"]


def test_a_row_that_carries_a_condition_cannot_be_dropped_alone() -> None:
    new = deepcopy(document(MERGED))
    del new["content"][0]["content"][
        2:4
    ]  # both conditional rows; {% if %} went with the first of them, {% endif %} stands before the next row
    assert refused(MERGED, new) == "unbalanced_condition"


def test_an_item_that_carries_a_condition_cannot_be_dropped_alone() -> None:
    new = deepcopy(document(ITEMS))
    del new["content"][1]["content"][1]
    assert refused(ITEMS, new) == "unbalanced_condition"


def test_cells_are_not_merged_over_the_edge_of_a_condition() -> None:
    new = deepcopy(document(MERGED))
    rows = new["content"][0]["content"]
    rows[1]["content"][0]["attrs"]["rowspan"] = 3
    del rows[2]["content"][0]
    assert refused(MERGED, new) == "merged_across_condition"


def test_a_condition_of_another_section_cannot_lose_its_half() -> None:
    body = ODD["condition over several sections"]
    new = deepcopy(document(body))
    new["content"] = [paragraph("甲。")]
    assert refused(body, new) == "unbalanced_condition"


def test_a_paragraph_cannot_be_cut_inside_its_condition() -> None:
    body = "甲{% if choices.makes %}乙丙{% endif %}丁\n"
    content = document(body)["content"][0]["content"]
    assert refused(body, doc(paragraph(*content[:2], "乙"), paragraph("丙", *content[3:]))) == "unbalanced_condition"


@pytest.mark.parametrize("typed", ["{% if a.b %}", "{% endif %}", "{% raw", "甲{{ a.b.c( }}", "{% include 'x' %}{% endinclude %}"])
def test_typed_notation_that_is_not_whole_is_refused(typed: str) -> None:
    assert refused("甲\n", doc(paragraph(typed))) in ("unbalanced_condition", "bad_template")


def test_a_typed_variable_becomes_one() -> None:
    body = edited("甲\n", doc(paragraph("热线 {{ company.hotline }}。")))
    assert document(body)["content"][0]["content"][1] == {"type": "variable", "attrs": {"text": "{{ company.hotline }}"}}


# What a browser may send


def picture(source: str) -> Node:
    return {"type": "picture", "attrs": {"source": source, "alt": ""}}


def linked(href: str) -> Node:
    return paragraph({"type": "text", "text": "链接", "marks": [{"type": "link", "attrs": {"href": href}}]})


def table(*rows: list[Node]) -> Node:
    cells = [[{"type": "table_cell", "attrs": attrs, "content": [{"type": "paragraph"}]} for attrs in row] for row in rows]
    return {"type": "table", "content": [{"type": "table_row", "content": row} for row in cells]}


@pytest.mark.parametrize(
    "value",
    [
        None,
        "甲",
        [],
        {"type": "paragraph"},
        {"type": "doc"},
        doc({"type": "heading", "content": []}),
        doc({"type": "paragraph", "content": "甲"}),
        doc({"type": "paragraph", "content": [{"type": "table", "content": []}]}),
        doc(paragraph({"type": "text", "text": 1})),
        doc(paragraph({"type": "text", "text": "甲", "marks": [{"type": "script"}]})),
        doc(paragraph({"type": "variable", "attrs": {"text": "{{ a }}\n# 甲"}})),
        doc({"type": "condition", "attrs": {"text": "甲"}}),
        doc({"type": "fence", "attrs": {"language": "html"}}),
        doc(table([{"colspan": 0}])),
        doc(table([{"colspan": 10**9}])),
        doc(table([{"align": "top"}])),
        doc({"type": "bullet_list", "content": [{"type": "list_item", "attrs": {"above": ["甲"]}, "content": [paragraph("甲")]}]}),
    ],
)
def test_what_is_no_document_is_refused(value: object) -> None:
    assert refused("", value) == "bad_document"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (doc(paragraph("甲\u202e乙")), "control_character"),
        (doc(paragraph("甲\ue010乙")), "control_character"),
        (doc(linked("javascript:alert(1)")), "bad_link"),
        (doc(picture("https://example.com/a.png")), "foreign_picture"),
        (doc(picture("//example.com/a.png")), "foreign_picture"),
        (doc(picture("data:image/svg+xml,<svg/>")), "foreign_picture"),
        (doc(table([{}, {}], [{}])), "broken_table"),
        (doc(table([{"rowspan": 2}, {}], [{}, {}])), "broken_table"),
        (doc(paragraph("甲" * (MOST_CHARACTERS + 1))), "bad_document"),
        (doc(*[paragraph("甲" * 1000)] * (MOST_CHARACTERS // 1000 + 1)), "too_long"),
    ],
)
def test_harmful_contents_are_refused_in_words(value: object, code: str) -> None:
    assert refused("", value) == code


def test_lists_nested_without_end_are_refused() -> None:
    inner: Node = paragraph("甲")
    for _ in range(2000):
        inner = {"type": "bullet_list", "content": [{"type": "list_item", "content": [inner]}]}
    assert refused("", doc(inner)) == "bad_document"


def test_checking_fills_in_what_a_node_leaves_out() -> None:
    assert checked(doc(table([{}])))["content"][0]["content"][0] == {
        "type": "table_row",
        "attrs": {"above": [], "below": []},
        "content": [{"type": "table_cell", "attrs": cell, "content": [{"type": "paragraph"}]}],
    }


def test_a_body_that_the_notation_does_not_know_is_offered_as_it_is_written() -> None:
    found = opened("甲\n\n---\n\n乙\n")
    assert found.document is None
    assert "分隔线" in found.reason


def test_a_condition_across_blocks_is_offered_as_it_is_written() -> None:
    found = opened("甲\n{% if a.b %}\n- 乙\n{% endif %}\n")
    assert found.document is None
    assert "只能按源文本编辑" in found.reason
