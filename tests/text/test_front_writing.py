"""Claims, title and department changed in a text's front matter: what was meant, and not a byte more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InputError
from service.settings import ROOT
from service.text.front_writing import with_claim, with_department, with_title
from service.text.frontmatter import read_front
from service.text.model import ClaimLine

HEAD = "---\nkey: a\ntitle: 甲文件\nkind: procedure\ndepartment: service\n"
BODY = "refers: [b]\n---\n## 受理 {#accept}\n甲\n### 代用 {#loan}\n乙\n"
CLAIMS = (
    "claims:\n  # 受理\n  - {indicator: 5.2.4.1, elements: [1, 2], section: accept}  # 两项\n"
    "  - indicator: 5.2.4.4\n    elements: [1]\n    section: loan\n"
)
SOURCE = f"{HEAD}{CLAIMS}{BODY}"
NEW = "  - {indicator: 5.1.10, elements: [2], section: loan}\n"


def test_new_claim_follows_the_others() -> None:
    assert with_claim(SOURCE, ClaimLine("5.1.10", (2,), "loan")) == f"{HEAD}{CLAIMS}{NEW}{BODY}"


def test_claim_of_the_same_indicator_and_section_is_replaced_in_its_place() -> None:
    found = with_claim(SOURCE, ClaimLine("5.2.4.1", (3,), "accept"))
    assert found == SOURCE.replace(
        "{indicator: 5.2.4.1, elements: [1, 2], section: accept}  # 两项", "{indicator: 5.2.4.1, elements: [3], section: accept}"
    )


def test_claim_without_elements_is_taken_out() -> None:
    assert with_claim(SOURCE, ClaimLine("5.2.4.4", (), "loan")) == SOURCE.replace(
        "  - indicator: 5.2.4.4\n    elements: [1]\n    section: loan\n", ""
    )


def test_last_claim_takes_its_heading_along_and_the_first_brings_it() -> None:
    none = f"{HEAD}{BODY}"
    one = with_claim(none, ClaimLine("5.1.10", (2,), "loan"))
    assert one == none.replace("refers: [b]\n", f"refers: [b]\nclaims:\n{NEW}")
    assert with_claim(one, ClaimLine("5.1.10", (), "loan")) == none


def test_claims_on_one_line_are_written_out() -> None:
    one_line = f"{HEAD}claims: [{{indicator: 5.2.4.1, elements: [1], section: accept}}]\n{BODY}"
    found = with_claim(one_line, ClaimLine("5.1.10", (2,), "loan"))
    assert found == f"{HEAD}claims:\n  - {{indicator: 5.2.4.1, elements: [1], section: accept}}\n{NEW}{BODY}"


def test_two_lines_of_the_same_claim_become_one() -> None:
    twice = SOURCE.replace(
        "  - indicator: 5.2.4.4\n    elements: [1]\n    section: loan\n", "  - {indicator: 5.2.4.1, elements: [3], section: accept}\n"
    )
    assert read_front(with_claim(twice, ClaimLine("5.2.4.1", (1, 3), "accept"))).claims == (ClaimLine("5.2.4.1", (1, 3), "accept"),)


def test_what_is_so_already_changes_nothing() -> None:
    assert with_claim(SOURCE, ClaimLine("5.2.4.1", (1, 2), "accept")) == SOURCE
    assert with_claim(SOURCE, ClaimLine("9.9", (), "accept")) == SOURCE
    assert with_title(SOURCE, " 甲文件 ") == SOURCE


def test_line_ends_of_windows_stay() -> None:
    windows = SOURCE.replace("\n", "\r\n")
    assert with_claim(windows, ClaimLine("5.1.10", (2,), "loan")) == f"{HEAD}{CLAIMS}{NEW}{BODY}".replace("\n", "\r\n")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp", "Cf"]), min_size=1, max_size=40))
def test_any_title_is_read_back_as_it_was_given(title: str) -> None:
    words = " ".join(title.split())
    if not words:
        with pytest.raises(InputError):
            with_title(SOURCE, title)
        return
    found = with_title(SOURCE, title)
    assert read_front(found).title == words
    assert found.split("\n", 3)[3] == SOURCE.split("\n", 3)[3]


def test_department_is_changed_alone() -> None:
    assert with_department(SOURCE, "quality") == SOURCE.replace("department: service", "department: quality")


def test_front_matter_in_braces_is_left_to_who_wrote_it_so() -> None:
    braces = "---\n{key: a, title: 甲, kind: procedure, department: service}\n---\n## 受理 {#accept}\n甲\n"
    with pytest.raises(InputError, match="花括号"):
        with_title(braces, "乙")


def test_every_shipped_text_takes_a_claim_and_gives_it_back() -> None:
    sources = [
        file.read_text("utf-8") for file in sorted((ROOT / "templates").glob("**/*.md")) if file.read_text("utf-8").startswith("---")
    ]
    assert sources
    for source in sources:
        claim = ClaimLine("5.9.9", (1,), "anywhere")
        taken = with_claim(source, claim)
        assert read_front(taken).claims[-1] == claim
        given_back = with_claim(taken, ClaimLine("5.9.9", (), "anywhere"))
        assert given_back == source
