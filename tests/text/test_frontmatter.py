"""Front matter: every field is checked, and a fault names its line."""

from __future__ import annotations

import pytest

from service.errors import InputError
from service.text.frontmatter import body_start, read_front, split
from service.text.model import ClaimLine, Kind, Part

PLAIN = "---\nkey: repair\ntitle: 维修程序\nkind: procedure\ndepartment: service\n{}---\n\n## 目的\n"


def front(lines: str = "") -> str:
    return PLAIN.format(lines)


def fault(source: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_front(source, "repair.md")
    assert caught.value.place is not None
    assert caught.value.place.file == "repair.md"
    return caught.value


def test_split_tells_on_which_line_the_body_begins() -> None:
    assert split("---\na: 1\n---\n正文\n") == ("a: 1\n", "正文\n", 4)


def test_a_dash_line_in_the_body_does_not_end_the_front_matter_again() -> None:
    assert split("---\na: 1\n---\n甲\n\n---\n乙")[1] == "甲\n\n---\n乙"


def test_body_start_of_a_text_without_front_matter_is_zero() -> None:
    assert body_start("正文") == 0


def test_all_fields_are_read() -> None:
    read = read_front(
        front(
            "claims:\n  - {indicator: 5.2.4.1, elements: [1, 2], section: accept}\n"
            'refers: [spare-parts]\nrecords: [repair-order]\nwhen: "choices.offers_repair"\n'
        )
    )
    assert (read.key, read.title, read.kind, read.department) == ("repair", "维修程序", Kind.PROCEDURE, "service")
    assert read.claims == (ClaimLine("5.2.4.1", (1, 2), "accept"),)
    assert (read.refers, read.records, read.when) == (("spare-parts",), ("repair-order",), "choices.offers_repair")


@pytest.mark.parametrize("written", ["5.1", '"5.1"', "5.10", "5"])
def test_an_indicator_that_yaml_takes_for_a_number_keeps_its_digits(written: str) -> None:
    source = front(f"claims:\n  - {{indicator: {written}, elements: [1], section: a}}\n")
    assert read_front(source).claims[0].indicator == written.strip('"')


def test_a_chapter_of_the_manual_has_part_and_indicator() -> None:
    source = "---\nkey: c\ntitle: 组织架构\nkind: manual\npart: chapter\nindicator: 5.1.1\ndepartment: office\n---\n"
    read = read_front(source)
    assert (read.part, read.indicator) == (Part.CHAPTER, "5.1.1")


@pytest.mark.parametrize(
    ("lines", "code", "line"),
    [
        ("colour: red\n", "unknown_field", 6),
        ("key: other\n", "duplicate_field", 6),
        ("refers: [a, b, a]\n", "duplicate_key", 6),
        ("refers: spare-parts\n", "bad_field", 6),
        ("refers: [Spare Parts]\n", "bad_key", 6),
        ("claims: [5.2.4.1]\n", "bad_claim", 6),
        ("claims:\n  - {indicator: 5.2.4.1, section: a}\n", "bad_claim", 7),
        ("claims:\n  - {indicator: 5.2.4.1, elements: [], section: a}\n", "bad_claim", 7),
        ("claims:\n  - {indicator: 5.2.4.1, elements: [0], section: a}\n", "bad_claim", 7),
        ("claims:\n  - {indicator: 5.2.4.1, elements: [1, 1], section: a}\n", "bad_claim", 7),
        ("claims:\n  - {indicator: 五, elements: [1], section: a}\n", "bad_indicator", 7),
        ("claims:\n  - {indicator: 5.1, elements: [1], section: a, note: x}\n", "unknown_field", 7),
        (
            "claims:\n  - {indicator: 5.1, elements: [1], section: a}\n  - {indicator: 5.1, elements: [2, 1], section: a}\n",
            "duplicate_claim",
            8,
        ),
        ("retention: service\n", "bad_retention", 6),
        ("part: policy\n", "bad_part", 4),
        ("indicator: 5.1.1\n", "bad_part", 4),
        ("refers: [a\n", "bad_yaml", 7),
    ],
)
def test_a_fault_names_its_code_and_line(lines: str, code: str, line: int) -> None:
    caught = fault(front(lines))
    assert caught.code == code
    assert caught.place is not None
    assert caught.place.line == line


def test_one_element_may_be_ruled_by_two_sections() -> None:
    source = front("claims:\n  - {indicator: 5.1, elements: [1], section: a}\n  - {indicator: 5.1, elements: [1], section: b}\n")
    assert len(read_front(source).claims) == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", "chart", "unknown_kind"),
        ("kind", "external_document", "unknown_kind"),
        ("key", "Repair Service", "bad_key"),
        ("title", "", "bad_field"),
        ("title", "[甲]", "bad_field"),
    ],
)
def test_a_field_of_another_form_is_refused(field: str, value: str, code: str) -> None:
    lines = [f"{field}: {value}" if line.startswith(field) else line for line in front().split("\n")]
    assert fault("\n".join(lines)).code == code


@pytest.mark.parametrize("field", ["key", "title", "kind", "department"])
def test_a_missing_field_is_named(field: str) -> None:
    lines = [line for line in front().split("\n") if not line.startswith(field)]
    caught = fault("\n".join(lines))
    assert caught.code == "missing_field"
    assert field in caught.message


def test_an_unknown_part_lists_the_known_ones() -> None:
    caught = fault("---\nkey: a\ntitle: 甲\nkind: manual\npart: cover\ndepartment: office\n---\n")
    assert caught.code == "unknown_part"
    assert "policy" in caught.message


def test_a_text_without_front_matter_is_refused() -> None:
    assert fault("## 目的\n").code == "no_front_matter"


def test_an_empty_department_may_be_written() -> None:
    assert read_front(front().replace("department: service", 'department: ""')).department == ""
