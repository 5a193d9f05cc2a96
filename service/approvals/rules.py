"""Steps of the lifecycle as tables, which act each takes, and who may not sign twice. Pure (domain.md §1 and §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from service.documents.rules import Status
from service.errors import InputError
from service.organisations.roles import MAY, ROLE_NAMES, Act, HeldRole, Role, may
from service.text.characters import clean_lines

LONGEST_WORDS = 2000
"""Characters of what is said with a signature, or of a reason."""
LONGEST_COMMENT = 1000
"""Characters of a comment on a section."""


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


class Outcome(StrEnum):
    """How the run of a revision through its approval ended."""

    APPROVED = "approved"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


STEP_NAMES: Mapping[Step, str] = {
    Step.SUBMIT: "提交审核",
    Step.REVIEW: "审核",
    Step.COUNTERSIGN: "会签",
    Step.APPROVE: "批准",
    Step.RELEASE: "发布",
    Step.RETURN: "退回",
    Step.WITHDRAW: "撤回",
}
OBSOLETE = "作废"
"""Making obsolete is no step of a revision under way."""

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
"""Where a step leads; between review and approval the route of the approval may ask for countersignatures (see route.py)."""

SIGNS: Mapping[Step, Meaning] = {
    Step.SUBMIT: Meaning.PREPARE,
    Step.REVIEW: Meaning.REVIEW,
    Step.COUNTERSIGN: Meaning.COUNTERSIGN,
    Step.APPROVE: Meaning.APPROVE,
}

STEP_ACTS: Mapping[Step, Act] = {
    Step.SUBMIT: Act.DRAFT,
    Step.WITHDRAW: Act.DRAFT,
    Step.REVIEW: Act.REVIEW,
    Step.COUNTERSIGN: Act.COUNTERSIGN,
    Step.APPROVE: Act.APPROVE,
    Step.RELEASE: Act.RELEASE,
}
"""What the role of whoever takes a step must allow, on documents of his departments."""
RETURN_ACTS: Mapping[Status, Act] = {
    Status.IN_REVIEW: Act.REVIEW,
    Status.COUNTERSIGNING: Act.COUNTERSIGN,
    Status.IN_APPROVAL: Act.APPROVE,
    Status.APPROVED: Act.RELEASE,
}
"""A text is returned by whoever could take it on from where it stands."""
OBSOLETE_ACT = Act.RELEASE

# 编制, 审核 and 批准 are three people (domain.md §1): a signer of one of these meanings may not sign the other.
APART = frozenset({Meaning.PREPARE, Meaning.REVIEW, Meaning.APPROVE})


def steps_from(status: Status) -> tuple[Step, ...]:
    """The steps that a status allows at all, in the order of the lifecycle."""
    return tuple(step for step in Step if (status, step) in TRANSITIONS)


def acts_for(step: Step, status: Status) -> tuple[Act, ...]:
    """The acts of which one is needed; where nothing can be returned, any of those by which things are returned elsewhere."""
    if step is not Step.RETURN:
        return (STEP_ACTS[step],)
    return (RETURN_ACTS[status],) if status in RETURN_ACTS else tuple(RETURN_ACTS.values())


def role_refusal(name: str, what: str, acts: Iterable[Act], held: Collection[HeldRole], department: str) -> str | None:
    """Why somebody with these roles may not do `what` on a document of this department, as one sentence; None if he may."""
    acts = tuple(acts)
    if any(may(held, act, department) for act in acts):
        return None
    if any(may(held, act) for act in acts):
        return f"{name}不能{what}：其角色不包括本文件的归口部门"
    roles = frozenset[Role]().union(*(MAY[act] for act in acts))
    return f"{name}不能{what}：由{'或'.join(ROLE_NAMES[role] for role in Role if role in roles)}完成"


def may_sign(meaning: Meaning, login: str, signed: Mapping[Meaning, frozenset[str]], together: Iterable[frozenset[Meaning]] = ()) -> bool:
    """Separation of duties: whoever signed one of 编制, 审核, 批准 signs no other of them.

    `together`: meanings that this person may sign together by an exception. Nobody signs the same meaning twice.
    """
    if login in signed.get(meaning, frozenset()):
        return False
    wanted = joined(meaning, login, signed)
    return len(wanted) == 1 or any(wanted <= allowed for allowed in together)


def joined(meaning: Meaning, login: str, signed: Mapping[Meaning, frozenset[str]]) -> frozenset[Meaning]:
    """This meaning and those of 编制, 审核, 批准 that the person has signed already and that must be kept apart from it."""
    if meaning not in APART:
        return frozenset({meaning})
    return frozenset({meaning, *(other for other in APART if login in signed.get(other, frozenset()))})


def clean_words(text: str, what: str, longest: int = LONGEST_WORDS) -> str:
    """What somebody wrote as a comment or reason, trimmed; InputError if it is too long or holds control characters."""
    words = clean_lines(text).strip()
    if len(words) > longest:
        raise InputError(f"{what}不能超过 {longest} 个字符", code="too_long")
    return words
