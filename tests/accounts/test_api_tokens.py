"""API tokens: what they open, until when, and that revoking ends them at once."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from sqlmodel import Session

from accounts.people import NOW, actions_noted, after, denied, person
from service.accounts.api_tokens import authenticate_api_token, create_api_token, revoke_api_token
from service.accounts.models import ApiToken, User
from service.accounts.queries import api_tokens, find_api_token
from service.accounts.rules import Denial, TokenScope
from service.errors import Conflict, InputError, NotFound

READ, WRITE, MANAGE = TokenScope


def made(session: Session, user: User, scopes: Collection[TokenScope] = (READ,), days: int = 30) -> tuple[str, ApiToken]:
    return create_api_token(session, user, "ERP", scopes, days=days, by="ding", at=NOW)


@pytest.mark.parametrize(
    ("scopes", "opened"), [((READ,), {READ}), ((WRITE,), {READ, WRITE}), ((MANAGE,), {READ, MANAGE}), ((WRITE, MANAGE), set(TokenScope))]
)
def test_token_opens_what_its_scopes_grant_and_nothing_else(
    undone: Session, scopes: tuple[TokenScope, ...], opened: set[TokenScope]
) -> None:
    user = person(undone)
    token, row = made(undone, user, scopes)
    for scope in TokenScope:
        answer = authenticate_api_token(undone, token, scope, at=NOW)
        if scope in opened:
            assert answer == (row, user)
        else:
            assert denied(answer) is Denial.SCOPE


def test_token_expires_to_the_second(undone: Session) -> None:
    token, _ = made(undone, person(undone), days=1)
    assert isinstance(authenticate_api_token(undone, token, READ, at=after(hours=23, minutes=59, seconds=59)), tuple)
    assert denied(authenticate_api_token(undone, token, READ, at=after(days=1))) is Denial.API


def test_revoked_token_ends_at_once_and_is_not_revoked_twice(undone: Session) -> None:
    user = person(undone)
    token, row = made(undone, user)
    other, _ = made(undone, user)
    revoke_api_token(undone, row, user, by="ding", at=NOW)
    assert denied(authenticate_api_token(undone, token, READ, at=NOW)) is Denial.API
    assert isinstance(authenticate_api_token(undone, other, READ, at=NOW), tuple)
    with pytest.raises(Conflict):
        revoke_api_token(undone, row, user, by="ding", at=NOW)


def test_token_of_a_disabled_person_is_refused_even_if_nobody_revoked_it(undone: Session) -> None:
    user = person(undone)
    token, row = made(undone, user)
    user.disabled_at = NOW
    assert row.revoked_at is None
    assert denied(authenticate_api_token(undone, token, READ, at=NOW)) is Denial.API


@pytest.mark.parametrize("token", ["", "smt_", "\x00", "\ud800", "x" * 100_000])
def test_token_of_nobody_is_refused(undone: Session, token: str) -> None:
    made(undone, person(undone))
    assert denied(authenticate_api_token(undone, token, READ, at=NOW)) is Denial.API


def test_refused_token_is_noted_once_an_hour_and_never_counts_as_used(undone: Session) -> None:
    user = person(undone)
    token, row = made(undone, user)
    for minutes in (0, 1, 59, 61):
        denied(authenticate_api_token(undone, token, MANAGE, at=after(minutes=minutes)))
    assert actions_noted(undone, user).count("token:refuse") == 2
    assert row.last_used_at is None


def test_use_is_written_once_a_minute(undone: Session) -> None:
    token, row = made(undone, person(undone))
    for seconds, used in ((0, 0), (59, 0), (60, 60), (61, 60)):
        authenticate_api_token(undone, token, READ, at=after(seconds=seconds))
        assert row.last_used_at == after(seconds=used)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", (READ,), 1),
        ("x" * 81, (READ,), 1),
        ("x\n", (READ,), 1),
        ("x", (), 1),
        ("x", (READ,), 0),
        ("x", (READ,), -1),
        ("x", (READ,), 367),
    ],
)
def test_token_without_name_scope_or_end_is_not_made(undone: Session, name: str, scopes: tuple[TokenScope, ...], days: int) -> None:
    user = person(undone)
    with pytest.raises(InputError) as caught:
        create_api_token(undone, user, name, scopes, days=days, by="ding", at=NOW)
    assert caught.value.code == "bad_token"
    assert api_tokens(undone) == []


def test_tokens_are_listed_by_person_and_found_by_id(undone: Session) -> None:
    ding, yi = person(undone), person(undone, "yi")
    (_, one), (_, other) = made(undone, ding), made(undone, yi)
    assert api_tokens(undone, yi.id) == [(other, yi)]
    assert len(api_tokens(undone)) == 2
    assert find_api_token(undone, str(one.id)) == (one, ding)
    for unknown in ("", "nonsense", str(ding.id)):
        with pytest.raises(NotFound):
            find_api_token(undone, unknown)
