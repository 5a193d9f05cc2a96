"""The way of a revision through its approval: which posts review, countersign and approve it, and who holds them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from service.approvals.rules import TRANSITIONS, Meaning, Step
from service.documents.rules import Status
from service.organisations.rules import Chart, Holder, posts_of


@dataclass(frozen=True, slots=True)
class Route:
    """Keys of posts. `reviewers` empty: whoever may review. Of the `countersigners` as many must sign as `needed`."""

    reviewers: tuple[str, ...]
    countersigners: tuple[str, ...]
    needed: int
    approvers: tuple[str, ...]


DEFAULT_ROUTE = Route((), (), 0, ("general_manager", "management_representative"))
"""Where an organisation has no rule of its own: management approves."""
POST_NAMES: Mapping[str, str] = {"general_manager": "总经理", "management_representative": "管理者代表"}
"""What the posts of the default route are called where the organisation chart does not have them."""


def route_fault(route: Route) -> str | None:
    """Why no revision can be approved this way, as one sentence; None if one can."""
    if not route.approvers:
        return "批准岗位不能为空：没有批准岗位，文件就没有人批准"
    if route.countersigners and route.needed < 1:
        return "列出了会签岗位，须写明至少几个岗位会签"
    if not 0 <= route.needed <= len(route.countersigners):
        return f"要求 {route.needed} 个岗位会签，但只列出了 {len(route.countersigners)} 个会签岗位"
    return None


def posts_asked(route: Route, step: Step, status: Status) -> tuple[str, ...]:
    """The posts of which one is needed to take this step from this status; empty: none in particular."""
    by_step = {Step.REVIEW: route.reviewers, Step.COUNTERSIGN: route.countersigners, Step.APPROVE: route.approvers}
    by_status = {Status.IN_REVIEW: Step.REVIEW, Status.COUNTERSIGNING: Step.COUNTERSIGN, Status.IN_APPROVAL: Step.APPROVE}
    if step is Step.RETURN:
        return by_step[by_status[status]] if status in by_status else ()
    return by_step.get(step, ())


def next_status(status: Status, step: Step, route: Route, countersigned: int) -> Status:
    """Where the step leads on this route. `countersigned`: how many posts have signed, the present one included."""
    if step is Step.REVIEW and route.needed:
        return Status.COUNTERSIGNING
    if step is Step.COUNTERSIGN and countersigned < route.needed:
        return Status.COUNTERSIGNING
    return TRANSITIONS[status, step]


@dataclass(frozen=True, slots=True)
class Staff:
    """Who holds which post on a day; joined posts stand under each of their keys."""

    names: Mapping[str, str]
    holders: Mapping[str, tuple[Holder, ...]]

    def logins(self, posts: Iterable[str]) -> frozenset[str]:
        """Who holds one of these posts."""
        return frozenset(holder.login for post in posts for holder in self.holders.get(post, ()))

    @property
    def everybody(self) -> frozenset[str]:
        return self.logins(self.holders)

    def words(self, posts: Iterable[str], between: str = "、") -> str:
        """The posts with who holds them: 总经理（贾一）、管理者代表（空缺）."""
        return between.join(f"{self._name(post)}（{self._held_by(post)}）" for post in posts)

    def _name(self, post: str) -> str:
        return self.names.get(post) or POST_NAMES.get(post, post)

    def _held_by(self, post: str) -> str:
        return "、".join(holder.name for holder in self.holders.get(post, ())) or "空缺"


def staff_of(chart: Chart) -> Staff:
    posts = [(key, post) for post in posts_of(chart) for key in (post.key, *post.aliases)]
    return Staff({key: post.name for key, post in posts}, {key: post.holders for key, post in posts})


def shortage(
    route: Route, staff: Staff, preparers: Collection[str], together: Callable[[str], Collection[frozenset[Meaning]]]
) -> str | None:
    """Which signatures nobody could give if these prepared the text, as one sentence; None if there are enough people.

    `together(login)`: the meanings that somebody may sign together by an exception.
    """

    def may(login: str, *meanings: Meaning) -> bool:
        own = frozenset((*meanings, Meaning.PREPARE) if login in preparers else meanings)
        return len(own) == 1 or any(own <= allowed for allowed in together(login))

    reviewers = [login for login in sorted(_reviewers(route, staff)) if may(login, Meaning.REVIEW)]
    if not reviewers:
        where = f"，审核岗位：{staff.words(route.reviewers)}" if route.reviewers else ""
        return f"没有编制人以外的人可以审核{where}"
    signing = most_matched({post: staff.logins([post]) for post in route.countersigners})
    if signing < route.needed:
        return f"须有 {route.needed} 个岗位由不同的人会签，现在只能有 {signing} 个，会签岗位：{staff.words(route.countersigners)}"
    approvers = [login for login in sorted(staff.logins(route.approvers)) if may(login, Meaning.APPROVE)]
    if not approvers:
        return f"没有编制人以外的人可以批准，批准岗位：{staff.words(route.approvers)}"
    if not any(one != other or may(one, Meaning.REVIEW, Meaning.APPROVE) for one, other in product(reviewers, approvers)):
        return f"除编制人外能审核和批准的只有同一个人，审核和批准须由不同的人完成，批准岗位：{staff.words(route.approvers)}"
    return None


def _reviewers(route: Route, staff: Staff) -> frozenset[str]:
    return staff.logins(route.reviewers) if route.reviewers else staff.everybody


def post_to_sign(route: Route, staff: Staff, login: str, held: Collection[str], signed: Mapping[str, str]) -> str | None:
    """For which post of the route somebody who holds the posts `held` countersigns; None if every one of them is signed for.

    `signed`: post → who signed for it. Of several posts the one is taken that leaves enough posts to those who have not signed yet.
    """
    free = [post for post in route.countersigners if post in held and post not in signed]
    taken = {login, *signed.values()}

    def leaves_enough(post: str) -> bool:
        others = {other: staff.logins([other]) - taken for other in route.countersigners if other != post and other not in signed}
        return len(signed) + 1 + most_matched(others) >= route.needed

    return next((post for post in free if leaves_enough(post)), free[0] if free else None)


def most_matched(candidates: Mapping[str, Collection[str]]) -> int:
    """For how many posts at most a different person each can sign (a maximum matching by augmenting paths)."""
    post_of: dict[str, str] = {}

    def place(post: str, tried: set[str]) -> bool:
        for login in candidates[post]:
            if login in tried:
                continue
            tried.add(login)
            if login not in post_of or place(post_of[login], tried):
                post_of[login] = post
                return True
        return False

    return sum(place(post, set()) for post in candidates)
