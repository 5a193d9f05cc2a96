"""Steps of the lifecycle as tables, and who may take them. Pure (domain.md §1 and §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from service.documents.rules import Status


class Step(StrEnum):
    SUBMIT = "submit"
    REVIEW = "review"
    COUNTERSIGN = "countersign"
    APPROVE = "approve"
    RELEASE = "release"
    RETURN = "return"
    WITHDRAW = "withdraw"


class Meaning(StrEnum):
    """What a sign-off says: 编制, 审核, 会签, 批准."""

    PREPARE = "prepare"
    REVIEW = "review"
    COUNTERSIGN = "countersign"
    APPROVE = "approve"


STEP_NAMES: Mapping[Step, str] = {
    Step.SUBMIT: "提交审核",
    Step.REVIEW: "审核",
    Step.COUNTERSIGN: "会签",
    Step.APPROVE: "批准",
    Step.RELEASE: "发布",
    Step.RETURN: "退回",
    Step.WITHDRAW: "撤回",
}

MEANING_NAMES: Mapping[Meaning, str] = {
    Meaning.PREPARE: "编制",
    Meaning.REVIEW: "审核",
    Meaning.COUNTERSIGN: "会签",
    Meaning.APPROVE: "批准",
}

TRANSITIONS: Mapping[tuple[Status, Step], Status] = {
    (Status.DRAFT, Step.SUBMIT): Status.IN_REVIEW,
    (Status.IN_REVIEW, Step.REVIEW): Status.IN_APPROVAL,
    (Status.COUNTERSIGNING, Step.COUNTERSIGN): Status.IN_APPROVAL,
    (Status.IN_APPROVAL, Step.APPROVE): Status.APPROVED,
    (Status.APPROVED, Step.RELEASE): Status.RELEASED,
    (Status.IN_REVIEW, Step.RETURN): Status.DRAFT,
    (Status.COUNTERSIGNING, Step.RETURN): Status.DRAFT,
    (Status.IN_APPROVAL, Step.RETURN): Status.DRAFT,
    (Status.APPROVED, Step.RETURN): Status.DRAFT,
    (Status.IN_REVIEW, Step.WITHDRAW): Status.DRAFT,
    (Status.COUNTERSIGNING, Step.WITHDRAW): Status.DRAFT,
    (Status.IN_APPROVAL, Step.WITHDRAW): Status.DRAFT,
}

SIGNS: Mapping[Step, Meaning] = {
    Step.SUBMIT: Meaning.PREPARE,
    Step.REVIEW: Meaning.REVIEW,
    Step.COUNTERSIGN: Meaning.COUNTERSIGN,
    Step.APPROVE: Meaning.APPROVE,
}

# Until approval rules per kind and department exist, these posts may take a step. Empty: everybody of the organisation.
STEP_POSTS: Mapping[Step, frozenset[str]] = {
    Step.APPROVE: frozenset({"general_manager", "management_representative"}),
    Step.RELEASE: frozenset({"document_controller"}),
}
# Under review anybody but the preparer returns a text (he withdraws it); later only whoever approves or releases.
RETURN_POSTS: Mapping[Status, frozenset[str]] = dict.fromkeys(
    (Status.COUNTERSIGNING, Status.IN_APPROVAL, Status.APPROVED), STEP_POSTS[Step.APPROVE] | STEP_POSTS[Step.RELEASE]
)
OBSOLETE_POSTS = STEP_POSTS[Step.RELEASE]
"""Making obsolete is no step of a revision under way; it belongs to whoever releases."""
POST_NAMES: Mapping[str, str] = {
    "general_manager": "总经理",
    "management_representative": "管理者代表",
    "document_controller": "文控员",
}

# 编制, 审核 and 批准 are three people (domain.md §1): a signer of one of these meanings may not sign the other.
APART = frozenset({Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE})


def steps_from(status: Status) -> tuple[Step, ...]:
    """The steps that a status allows at all, in the order of the lifecycle."""
    return tuple(step for step in Step if (status, step) in TRANSITIONS)


def posts_for(step: Step, status: Status) -> frozenset[str]:
    """The posts that may take this step from this status; empty: everybody."""
    return RETURN_POSTS.get(status, frozenset()) if step is Step.RETURN else STEP_POSTS.get(step, frozenset())


def post_refusal(name: str, what: str, posts: frozenset[str], held: Collection[str]) -> str | None:
    """Why somebody who holds the posts `held` may not do this, as one sentence; None if he may. Empty `posts`: everybody may."""
    if not posts or posts & set(held):
        return None
    return f"{name}不能{what}：这一步由{'或'.join(POST_NAMES[key] for key in sorted(posts))}完成"


def may_sign(meaning: Meaning, login: str, signed: Mapping[Meaning, frozenset[str]]) -> bool:
    """Separation of duties: whoever signed one of 编制, 审核, 批准 signs no other of them."""
    if meaning not in APART:
        return login not in signed.get(meaning, frozenset())
    return all(login not in signed.get(other, frozenset()) for other in APART)
