"""The second factor: asked for once confirmed, codes of a narrow window, each accepted once."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from accounts.people import NOW, PASSWORD, after, denied, logged_in, person, tried, with_second_factor
from service.accounts.login import confirm_identity, log_in
from service.accounts.rules import Denial
from service.accounts.second_factor import (
    confirm_second_factor,
    disable_second_factor,
    has_second_factor,
    start_second_factor,
)
from service.errors import Conflict, InputError, Refused

LATER = after(minutes=10)


def test_log_in_asks_for_a_code_once_the_phone_is_confirmed(undone: Session) -> None:
    user = person(undone)
    setup = start_second_factor(undone, user, at=NOW)
    assert not has_second_factor(user)
    logged_in(undone)
    assert setup.secret in setup.uri
    assert setup.uri.startswith("otpauth://totp/")
    phone = with_second_factor(undone, user)
    assert denied(log_in(undone, "ding", PASSWORD, at=LATER)) is Denial.SECOND_FACTOR_NEEDED
    logged_in(undone, at=LATER, code=phone.at(LATER))


def test_wrong_password_is_refused_as_ever_even_with_the_right_code(undone: Session) -> None:
    phone = with_second_factor(undone, person(undone))
    assert denied(log_in(undone, "ding", "wrong password", code=phone.at(LATER), at=LATER)) is Denial.WRONG


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_code_of_a_clock_that_is_off_by_one_step_is_accepted(undone: Session, steps: int, accepted: bool) -> None:
    phone = with_second_factor(undone, person(undone))
    answer = log_in(undone, "ding", PASSWORD, code=phone.at(LATER, counter_offset=steps), at=LATER)
    assert (not hasattr(answer, "reason")) is accepted


def test_code_is_accepted_once_and_no_earlier_one_after_it(undone: Session) -> None:
    phone = with_second_factor(undone, person(undone))
    now, before = phone.at(LATER), phone.at(LATER, counter_offset=-1)
    logged_in(undone, at=LATER, code=now)
    for code in (now, before):
        assert denied(log_in(undone, "ding", PASSWORD, code=code, at=LATER)) is Denial.SECOND_FACTOR_WRONG


def test_code_that_confirmed_the_phone_does_not_log_in(undone: Session) -> None:
    phone = with_second_factor(undone, person(undone))
    assert denied(log_in(undone, "ding", PASSWORD, code=phone.at(NOW), at=NOW)) is Denial.SECOND_FACTOR_WRONG


def test_code_may_be_typed_with_blanks_and_full_width_figures(undone: Session) -> None:
    phone = with_second_factor(undone, person(undone))
    code = phone.at(LATER)
    wide = "".join(chr(ord(figure) + 0xFEE0) for figure in code)
    logged_in(undone, at=LATER, code=f" {wide[:3]} {wide[3:]} ")


@pytest.mark.parametrize("code", ["0", "abcdef", "٣٣٣٣٣٣", "\x00", "\ud800", "1" * 10_000, "-00001"])
def test_what_is_no_code_is_refused(undone: Session, code: str) -> None:
    with_second_factor(undone, person(undone))
    assert denied(log_in(undone, "ding", PASSWORD, code=code, at=LATER)) is Denial.SECOND_FACTOR_WRONG


def test_guessing_codes_ends_in_the_lock_out_and_the_password_alone_does_not_lift_it(undone: Session) -> None:
    phone = with_second_factor(undone, person(undone))
    right = phone.at(LATER)
    near = {phone.at(LATER, counter_offset=steps) for steps in (-1, 0, 1)}
    wrong = next(code for code in ("000000", "000001", "000002", "000003") if code not in near)
    for _ in range(5):
        assert denied(log_in(undone, "ding", PASSWORD, code=wrong, at=LATER)) is Denial.SECOND_FACTOR_WRONG
        tried(undone, PASSWORD, at=LATER)
    assert denied(log_in(undone, "ding", PASSWORD, code=right, at=LATER)) is Denial.LOCKED


def test_sign_off_may_show_a_code_instead_of_the_password(undone: Session) -> None:
    user = person(undone)
    assert denied(confirm_identity(undone, user, code="123456", at=NOW)) is Denial.SECOND_FACTOR_WRONG
    phone = with_second_factor(undone, user)
    code = phone.at(LATER)
    assert confirm_identity(undone, user, code=code, at=LATER) is None
    assert denied(confirm_identity(undone, user, code=code, at=LATER)) is Denial.SECOND_FACTOR_WRONG
    assert confirm_identity(undone, user, password=PASSWORD, at=LATER) is None


def test_wrong_code_does_not_confirm_the_phone(undone: Session) -> None:
    user = person(undone)
    with pytest.raises(Refused, match="请先开始"):
        confirm_second_factor(undone, user, "123456", at=NOW)
    start_second_factor(undone, user, at=NOW)
    with pytest.raises(InputError):
        confirm_second_factor(undone, user, "nonsense", at=NOW)
    assert not has_second_factor(user)


def test_confirmed_phone_is_replaced_only_after_disabling(undone: Session) -> None:
    user = person(undone)
    phone = with_second_factor(undone, user)
    with pytest.raises(Conflict):
        start_second_factor(undone, user, at=LATER)
    with pytest.raises(Conflict):
        confirm_second_factor(undone, user, phone.at(LATER), at=LATER)
    disable_second_factor(undone, user, by="admin", at=LATER)
    assert user.totp_secret is None
    logged_in(undone, at=LATER)
    with pytest.raises(Conflict):
        disable_second_factor(undone, user, by="admin", at=LATER)
    with_second_factor(undone, user, at=after(minutes=11))
