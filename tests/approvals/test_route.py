"""The way of a revision as pure functions: which posts are asked, where a step leads, and whether there are enough people."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.approvals.route import DEFAULT_ROUTE, Route, Staff, most_matched, next_status, post_to_sign, posts_asked, route_fault, shortage
from service.approvals.rules import Meaning, Step
from service.documents.rules import Status
from service.organisations.rules import Holder

ROUTE = Route(("r",), ("c", "d"), 2, ("a",))
NAMES = {"r": "审核岗", "c": "会签甲", "d": "会签乙", "a": "批准岗"}


def staff(**holders: str) -> Staff:
    """Each post with the log-ins of who holds it, one letter each."""
    return Staff(NAMES, {post: tuple(Holder(login, login.upper()) for login in letters) for post, letters in holders.items()})


def nobody_together(_login: str) -> list[frozenset[Meaning]]:
    return []


@pytest.mark.parametrize(
    ("route", "tells"),
    [
        (DEFAULT_ROUTE, None),
        (ROUTE, None),
        (Route((), ("c", "d"), 1, ("a",)), None),
        (Route((), (), 0, ()), "批准岗位不能为空：没有批准岗位，文件就没有人批准"),
        (Route((), ("c",), 2, ("a",)), "要求 2 个岗位会签，但只列出了 1 个会签岗位"),
        (Route((), (), 1, ("a",)), "要求 1 个岗位会签，但只列出了 0 个会签岗位"),
        (Route((), ("c",), 0, ("a",)), "列出了会签岗位，须写明至少几个岗位会签"),
        (Route((), (), -1, ("a",)), "要求 -1 个岗位会签，但只列出了 0 个会签岗位"),
    ],
)
def test_route_that_leads_nowhere_is_faulty(route: Route, tells: str | None) -> None:
    assert route_fault(route) == tells


@pytest.mark.parametrize(
    ("step", "status", "posts"),
    [
        (Step.SUBMIT, Status.DRAFT, ()),
        (Step.REVIEW, Status.IN_REVIEW, ("r",)),
        (Step.COUNTERSIGN, Status.COUNTERSIGNING, ("c", "d")),
        (Step.APPROVE, Status.IN_APPROVAL, ("a",)),
        (Step.RELEASE, Status.APPROVED, ()),
        (Step.WITHDRAW, Status.IN_REVIEW, ()),
        (Step.RETURN, Status.IN_REVIEW, ("r",)),
        (Step.RETURN, Status.COUNTERSIGNING, ("c", "d")),
        (Step.RETURN, Status.IN_APPROVAL, ("a",)),
        (Step.RETURN, Status.APPROVED, ()),
    ],
)
def test_posts_asked_for_a_step(step: Step, status: Status, posts: tuple[str, ...]) -> None:
    assert posts_asked(ROUTE, step, status) == posts


def test_text_goes_to_countersigning_only_if_the_route_asks_for_it_and_on_when_enough_posts_have_signed() -> None:
    assert next_status(Status.IN_REVIEW, Step.REVIEW, DEFAULT_ROUTE, 0) is Status.IN_APPROVAL
    assert next_status(Status.IN_REVIEW, Step.REVIEW, ROUTE, 0) is Status.COUNTERSIGNING
    reached = [next_status(Status.COUNTERSIGNING, Step.COUNTERSIGN, ROUTE, count) for count in (1, 2)]
    assert reached == [Status.COUNTERSIGNING, Status.IN_APPROVAL]
    assert next_status(Status.COUNTERSIGNING, Step.RETURN, ROUTE, 1) is Status.DRAFT


ENOUGH = {"r": "x", "c": "y", "d": "z", "a": "u"}
SHORT = [
    ({"r": ""}, "没有编制人以外的人可以审核，审核岗位：审核岗（空缺）"),
    ({"r": "p"}, "没有编制人以外的人可以审核，审核岗位：审核岗（P）"),
    ({"d": ""}, "须有 2 个岗位由不同的人会签，现在只能有 1 个，会签岗位：会签甲（Y）、会签乙（空缺）"),
    ({"d": "y"}, "须有 2 个岗位由不同的人会签，现在只能有 1 个，会签岗位：会签甲（Y）、会签乙（Y）"),
    ({"a": ""}, "没有编制人以外的人可以批准，批准岗位：批准岗（空缺）"),
    ({"a": "p"}, "没有编制人以外的人可以批准，批准岗位：批准岗（P）"),
    ({"a": "x"}, "除编制人外能审核和批准的只有同一个人，审核和批准须由不同的人完成，批准岗位：批准岗（X）"),
    ({"a": "px"}, "除编制人外能审核和批准的只有同一个人，审核和批准须由不同的人完成，批准岗位：批准岗（P、X）"),
    ({"c": "p"}, None),
    ({"a": "xu"}, None),
    ({"r": "u", "a": "xu"}, None),
]


@pytest.mark.parametrize(("changed", "tells"), [({}, None), *SHORT])
def test_what_nobody_could_sign_is_found_before_it_is_submitted(changed: Mapping[str, str], tells: str | None) -> None:
    assert shortage(ROUTE, staff(**{**ENOUGH, **changed}), {"p"}, nobody_together) == tells


def test_without_posts_that_review_anybody_but_the_preparer_can() -> None:
    route = Route((), (), 0, ("a",))
    assert shortage(route, staff(r="p", a="u"), {"p"}, nobody_together) == (
        "除编制人外能审核和批准的只有同一个人，审核和批准须由不同的人完成，批准岗位：批准岗（U）"
    )
    assert shortage(route, staff(r="px", a="u"), {"p"}, nobody_together) is None
    assert shortage(route, staff(r="p", a="p"), {"p"}, nobody_together) == "没有编制人以外的人可以审核"


@pytest.mark.parametrize(
    ("login", "together", "enough"),
    [
        ("p", {Meaning.PREPARE, Meaning.APPROVE}, True),
        ("p", {Meaning.PREPARE, Meaning.REVIEW}, False),
        ("x", {Meaning.PREPARE, Meaning.APPROVE}, False),
    ],
)
def test_exception_of_the_preparer_counts(login: str, together: set[Meaning], enough: bool) -> None:
    found = shortage(ROUTE, staff(**{**ENOUGH, "a": "p"}), {"p"}, lambda who: [frozenset(together)] if who == login else [])
    assert (found is None) is enough


def test_exception_of_the_only_reviewer_and_approver_counts() -> None:
    both = [frozenset({Meaning.REVIEW, Meaning.APPROVE})]
    assert shortage(ROUTE, staff(**{**ENOUGH, "a": "x"}), {"p"}, lambda who: both if who == "x" else []) is None


def test_whoever_holds_two_posts_signs_for_the_one_that_the_others_cannot() -> None:
    two = staff(c="xy", d="x")
    assert post_to_sign(ROUTE, two, "x", ("c", "d"), {}) == "d"
    assert post_to_sign(ROUTE, two, "y", ("c",), {"d": "x"}) == "c"
    assert post_to_sign(ROUTE, two, "y", ("c",), {"c": "z"}) is None
    assert post_to_sign(ROUTE, two, "z", ("r",), {}) is None


def test_post_is_signed_for_even_if_the_others_are_vacant_by_now() -> None:
    assert post_to_sign(ROUTE, staff(c="x"), "x", ("c",), {}) == "c"


POSTS = st.dictionaries(st.sampled_from("abcd"), st.frozensets(st.sampled_from("wxyz")), max_size=4)


@given(POSTS)
def test_matching_is_as_large_as_any(candidates: dict[str, frozenset[str]]) -> None:
    def best(posts: list[str], taken: frozenset[str]) -> int:
        if not posts:
            return 0
        without = best(posts[1:], taken)
        return max([without, *(1 + best(posts[1:], taken | {login}) for login in candidates[posts[0]] - taken)])

    assert most_matched(candidates) == best(list(candidates), frozenset())


@given(POSTS, st.integers(1, 4))
def test_in_whatever_order_they_sign_the_posts_are_enough_if_they_were_at_first(holders: dict[str, frozenset[str]], needed: int) -> None:
    """Everybody signs for the post he is given; those who could have made it possible always do."""
    route = Route((), tuple(sorted(holders)), needed, ("a",))
    people = Staff({}, {post: tuple(Holder(login, login) for login in sorted(logins)) for post, logins in holders.items()})
    signed: dict[str, str] = {}
    for login in sorted(people.everybody):
        held = [post for post, logins in holders.items() if login in logins]
        post = post_to_sign(route, people, login, held, signed) if len(signed) < needed else None
        if post is not None:
            signed[post] = login
    assert len(signed) >= needed or most_matched(holders) < needed
