"""Invitations and resets: followed once, in time, for their purpose; spent together with the new password."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from accounts.people import NOW, OTHER, PASSWORD, actions_noted, after, denied, logged_in, person, tried, with_second_factor
from service.accounts.actions import disable_user, set_password
from service.accounts.links import accept_invitation, invite, request_reset, use_reset
from service.accounts.login import authenticate_session, log_in
from service.accounts.models import AccountLink, User
from service.accounts.queries import link_with_user
from service.accounts.rules import LINK_LIFETIME, Denial, LinkPurpose
from service.db import writing
from service.errors import Conflict, InputError, Refused

FOLLOW: dict[LinkPurpose, Callable[..., User]] = {LinkPurpose.INVITATION: accept_invitation, LinkPurpose.RESET: use_reset}
PURPOSES = list(LinkPurpose)


def sent(session: Session, purpose: LinkPurpose, login: str = "ding") -> str:
    """The secret of a link of this purpose to a person made for it."""
    user = person(session, login, None if purpose is LinkPurpose.INVITATION else PASSWORD)
    if purpose is LinkPurpose.INVITATION:
        return invite(session, user, by="admin", at=NOW)
    answer = request_reset(session, login, at=NOW)
    assert answer is not None
    return answer[1]


def invalid(follow: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        follow()
    assert caught.value.code == "link_invalid"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_gives_a_password_once(undone: Session, purpose: LinkPurpose) -> None:
    token = sent(undone, purpose)
    user = FOLLOW[purpose](undone, token, OTHER, at=after(minutes=30))
    logged_in(undone, password=OTHER, at=after(minutes=30))
    invalid(lambda: FOLLOW[purpose](undone, token, PASSWORD, at=after(minutes=31)))
    logged_in(undone, password=OTHER, at=after(minutes=31))
    assert actions_noted(undone, user).count(f"{purpose.value}:use") == 1
    [link] = undone.exec(select(AccountLink)).all()
    assert (link.used_at, link.voided_at) == (after(minutes=30), None)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_works_until_the_last_second_and_not_after(undone: Session, purpose: LinkPurpose) -> None:
    token, end = sent(undone, purpose), NOW + LINK_LIFETIME[purpose]
    invalid(lambda: FOLLOW[purpose](undone, token, OTHER, at=end))
    FOLLOW[purpose](undone, token, OTHER, at=end - timedelta(seconds=1))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_of_another_purpose_or_of_nobody_is_refused(undone: Session, purpose: LinkPurpose) -> None:
    token = sent(undone, purpose)
    [other] = [each for each in PURPOSES if each is not purpose]
    for wrong in (token + "x", token[:-1], "", "\x00", "\ud800"):
        invalid(lambda wrong=wrong: FOLLOW[purpose](undone, wrong, OTHER, at=NOW))  # type: ignore[misc]  # a bound default
    invalid(lambda: FOLLOW[other](undone, token, OTHER, at=NOW))
    FOLLOW[purpose](undone, token, OTHER, at=NOW)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_weak_password_does_not_spend_the_link(undone: Session, purpose: LinkPurpose) -> None:
    token = sent(undone, purpose)
    with pytest.raises(InputError):
        FOLLOW[purpose](undone, token, "short", at=NOW)
    FOLLOW[purpose](undone, token, OTHER, at=NOW)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_link_of_a_disabled_person_is_refused(undone: Session, purpose: LinkPurpose) -> None:
    token = sent(undone, purpose)
    disable_user(undone, link_with_user(undone, token, purpose, NOW)[1], by="admin", at=NOW)  # type: ignore[index]  # just sent
    invalid(lambda: FOLLOW[purpose](undone, token, OTHER, at=NOW))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_many_who_follow_one_link_at_once_have_one_effect(engine: Engine, purpose: LinkPurpose) -> None:
    with writing(engine) as session:
        token = sent(session, purpose)
    done: list[str] = []
    refusals: list[str] = []

    def follow(password: str) -> None:
        try:
            with writing(engine) as session:
                FOLLOW[purpose](session, token, password, at=NOW)
            done.append(password)
        except Refused as fault:
            refusals.append(fault.code)

    threads = [threading.Thread(target=follow, args=(f"tractor number {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), refusals) == (1, ["link_invalid"] * 7)
    with writing(engine) as session:
        logged_in(session, password=done[0])


def test_new_link_overtakes_the_former_one(undone: Session) -> None:
    user = person(undone, password=None)
    first, second = (invite(undone, user, by="admin", at=NOW) for _ in range(2))
    invalid(lambda: accept_invitation(undone, first, OTHER, at=NOW))
    accept_invitation(undone, second, OTHER, at=NOW)


def test_password_set_in_another_way_voids_a_reset(undone: Session) -> None:
    token = sent(undone, LinkPurpose.RESET)
    set_password(undone, logged_in(undone).user, OTHER, by="ding", at=NOW)
    invalid(lambda: use_reset(undone, token, PASSWORD, at=NOW))


def test_person_with_a_password_is_not_invited(undone: Session) -> None:
    user = person(undone)
    with pytest.raises(Conflict):
        invite(undone, user, by="admin", at=NOW)


def test_invited_person_cannot_log_in_or_reset_before_accepting(undone: Session) -> None:
    sent(undone, LinkPurpose.INVITATION)
    assert tried(undone, "") is Denial.WRONG
    assert request_reset(undone, "ding", at=NOW) is None


@pytest.mark.parametrize("login", ["nobody", "", "\x00", "\ud800"])
def test_reset_for_nobody_sends_nothing(undone: Session, login: str) -> None:
    assert request_reset(undone, login, at=NOW) is None


def test_reset_is_not_sent_again_at_once(undone: Session) -> None:
    sent(undone, LinkPurpose.RESET)
    assert request_reset(undone, "ding", at=after(seconds=119)) is None
    assert request_reset(undone, "ding", at=after(seconds=120)) is not None


def test_reset_ends_sessions_and_the_lock_out_but_not_the_second_factor(undone: Session) -> None:
    token = sent(undone, LinkPurpose.RESET)
    entered = logged_in(undone)
    phone = with_second_factor(undone, entered.user)
    for _ in range(5):
        tried(undone)
    assert tried(undone, PASSWORD) is Denial.LOCKED
    use_reset(undone, token, OTHER, at=after(seconds=30))
    assert denied(authenticate_session(undone, entered.token, at=after(seconds=30))) is Denial.SESSION
    assert denied(log_in(undone, "ding", OTHER, at=after(seconds=30))) is Denial.SECOND_FACTOR_NEEDED
    logged_in(undone, password=OTHER, at=after(seconds=30), code=phone.at(after(seconds=30)))
