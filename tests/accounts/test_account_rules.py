"""Rules of accounts as tables: passwords, names, lock-out, lifetimes, scopes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.people import NOW, PASSWORD, after
from service.accounts.rules import (
    COMMON_PASSWORDS,
    DENIALS,
    GRANTS,
    LINK_LIFETIME,
    SESSION_IDLE,
    SESSION_LIFETIME,
    Denial,
    LinkPurpose,
    TokenScope,
    is_session_open,
    lock_seconds,
    opens,
    password_fault,
    person_fault,
    plain_login,
    plain_password,
    standing_failures,
)

PASSWORDS = [
    (PASSWORD, ""),
    ("tractor-red", ""),
    ("x" * 5 + "yzwvu", ""),
    ("abcdef789", "至少要有 10"),
    ("", "至少要有 10"),
    ("abcdefghijk" * 19, "不能超过 200"),
    ("tractor\x00red1", "控制字符"),
    ("tractor\u202ered1", "控制字符"),
    ("tractor\ud800red1", "控制字符"),
    ("ding.si.zhen", "不能与登录名"),
    ("DING.SI.ZHEN", "不能与登录名"),
    ("ding.si.zhen ", "不能与登录名"),
    ("ding@example.com", "不能与登录名"),
    ("password123", "太常见"),
    ("PassWord123", "太常见"),
    ("１２３４５６７８９０", "太常见"),
    ("aaaaaaaaaaaaaaa", "太常见"),
    ("abababcdcdcd", "太常见"),
]


@pytest.mark.parametrize(("password", "words"), PASSWORDS)
def test_password_policy(password: str, words: str) -> None:
    fault = password_fault(password, "ding.si.zhen", "丁四", "ding@example.com")
    assert (fault is None) if not words else words in (fault or "")


def test_list_of_common_passwords_holds_only_what_the_other_rules_let_pass() -> None:
    assert [word for word in COMMON_PASSWORDS if len(word) < 10 or len(set(word)) < 5 or word != word.casefold()] == []


@given(st.text(max_size=300))
def test_any_text_is_judged_as_a_password(text: str) -> None:
    fault = password_fault(text, "ding")
    assert fault is None or fault.strip()
    assert plain_password(plain_password(text)) == plain_password(text)


PERSONS = [
    ("ding", "丁四", "", ""),
    ("d", "丁", "d@a.cn", ""),
    ("ding.si-4_x", "丁四", "ding@mail.example.com", ""),
    ("", "丁四", "", "登录名"),
    ("Ding", "丁四", "", "登录名"),
    ("ding@a", "丁四", "", "登录名"),
    ("丁", "丁四", "", "登录名"),
    ("d" * 101, "丁四", "", "登录名"),
    ("ding\n", "丁四", "", "登录名"),
    ("ding", "", "", "姓名"),
    ("ding", "  ", "", "姓名"),
    ("ding", "丁" * 101, "", "姓名"),
    ("ding", "丁\x07四", "", "姓名"),
    ("ding", "丁四", "ding", "邮箱"),
    ("ding", "丁四", "ding@a", "邮箱"),
    ("ding", "丁四", "ding@a.cn\nBcc: x@a.cn", "邮箱"),
    ("ding", "丁四", f"{'d' * 200}@a.cn", "邮箱"),
]


@pytest.mark.parametrize(("login", "name", "email", "words"), PERSONS)
def test_account_is_made_of_a_login_a_name_and_an_address(login: str, name: str, email: str, words: str) -> None:
    fault = person_fault(login, name, email)
    assert (fault is None) if not words else words in (fault or "")


@pytest.mark.parametrize("typed", ["ding", " ding ", "DING", "ｄｉｎｇ"])
def test_login_is_the_same_however_it_is_typed(typed: str) -> None:
    assert plain_login(typed) == "ding"


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (1, 0), (4, 0), (5, 60), (6, 120), (7, 300), (8, 900), (9, 900), (10, 3600), (1000, 3600)]
)
def test_lock_out_grows_with_failures(failures: int, seconds: int) -> None:
    assert lock_seconds(failures) == seconds


@given(st.integers(0, 50))
def test_lock_out_never_shrinks(failures: int) -> None:
    assert lock_seconds(failures) <= lock_seconds(failures + 1)


def test_failures_are_forgotten_after_a_quiet_day() -> None:
    assert standing_failures(7, NOW, after(hours=23, minutes=59)) == 7
    assert standing_failures(7, NOW, after(days=1)) == 0
    assert standing_failures(7, None, NOW) == 0


SECOND = timedelta(seconds=1)
SESSIONS = [
    (NOW, NOW, None, True),
    (NOW + SESSION_LIFETIME - SECOND, NOW + SESSION_LIFETIME - 2 * SECOND, None, True),
    (NOW + SESSION_LIFETIME, NOW + SESSION_LIFETIME - SECOND, None, False),
    (NOW + SESSION_IDLE - SECOND, NOW, None, True),
    (NOW + SESSION_IDLE, NOW, None, False),
    (NOW, NOW, NOW, False),
]


@pytest.mark.parametrize(("at", "seen", "revoked", "expected"), SESSIONS)
def test_session_holds_until_it_is_over_idle_or_revoked(at: object, seen: object, revoked: object, expected: bool) -> None:
    assert is_session_open(NOW + SESSION_LIFETIME, seen, revoked, at) is expected  # type: ignore[arg-type]  # a table of moments


OPENED = {
    ("read",): {"read"},
    ("write",): {"read", "write"},
    ("manage",): {"read", "manage"},
    ("manage", "write"): {"read", "write", "manage"},
    (): set(),
}


@pytest.mark.parametrize("scopes", list(OPENED))
def test_scopes_open_what_their_row_says(scopes: tuple[str, ...]) -> None:
    assert {str(wanted) for wanted in TokenScope if opens([TokenScope(scope) for scope in scopes], wanted)} == OPENED[scopes]


def test_every_scope_purpose_and_denial_has_its_row() -> None:
    assert (set(GRANTS), set(LINK_LIFETIME), set(DENIALS)) == (set(TokenScope), set(LinkPurpose), set(Denial))
