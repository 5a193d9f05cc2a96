"""What accounts are ruled by: passwords, lock-out, lifetimes, scopes, and the answers to somebody who wants in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
"""The same form as the log-in names of a company profile, so that an account meets the person on the chart."""
RESERVED = "system"
"""What the trail calls acts without a person."""
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PASSWORD_LENGTH = range(10, 201)
"""NIST SP 800-63B asks for at least 8 and no rules of composition; the upper end bounds the work of one hash."""
DISTINCT_CHARACTERS = 5
_COMMON = """
1234567890 12345678910 0123456789 0987654321 123456789a a123456789 123456789q q123456789 1234567890a 1q2w3e4r5t 1qaz2wsx3edc
1q2w3e4r5t6y qwertyuiop qwerty12345 qwerty123456 asdfghjkl1 asdfghjkl; zxcvbnm123 qazwsxedcrfv password12 password123 password1234
passw0rd123 p@ssw0rd123 p@ssword123 administrator admin12345 admin123456 admin@1234 letmein123 welcome123 welcome1234 iloveyou123
woaini1314 woaini5201314 woaini520520 5201314520 1314520520 abc1234567 abcd123456 abcdefghij abc123456789 changeme123 test123456
root123456 huawei@123 aa12345678 a1b2c3d4e5 shouhoufuwu shouhou12345
"""
COMMON_PASSWORDS = frozenset(_COMMON.split())

LOCKOUT: tuple[tuple[int, int], ...] = ((5, 60), (6, 120), (7, 300), (8, 900), (10, 3600))
"""From so many failures on, each further one closes the log-in for so many seconds."""
FAILURES_FORGOTTEN = timedelta(days=1)
SESSION_LIFETIME = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)
"""Being seen is written at most this often, so that reading does not become writing."""
REFUSAL_NOTED_EVERY = timedelta(hours=1)
RESET_AGAIN_AFTER = timedelta(minutes=2)
TOKEN_DAYS = range(1, 367)
SECOND_FACTOR_STEP = 30
SECOND_FACTOR_WINDOW = 1
"""Steps of 30 s by which the clock of a phone may be off to either side (RFC 6238, 5.2 recommends one)."""


class TokenScope(StrEnum):
    """What an API token may be used for."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


GRANTS: Mapping[TokenScope, frozenset[TokenScope]] = {
    TokenScope.READ: frozenset({TokenScope.READ}),
    TokenScope.WRITE: frozenset({TokenScope.READ, TokenScope.WRITE}),
    TokenScope.MANAGE: frozenset({TokenScope.READ, TokenScope.MANAGE}),
}
"""scope of a token → what it opens; nobody signs by token, whatever its scope."""


class LinkPurpose(StrEnum):
    """What a link by e-mail is for."""

    INVITATION = "invitation"
    RESET = "reset"


LINK_LIFETIME: Mapping[LinkPurpose, timedelta] = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=1)}


class Denial(StrEnum):
    """Why somebody does not get in; the value is the stable code of the refusal."""

    NOBODY = "login_needed"
    WRONG = "login_wrong"
    LOCKED = "login_locked"
    SECOND_FACTOR_NEEDED = "second_factor_needed"
    SECOND_FACTOR_WRONG = "second_factor_wrong"
    SESSION = "session_invalid"
    API = "token_invalid"
    SCOPE = "scope_missing"


COUNTED = frozenset({Denial.WRONG, Denial.SECOND_FACTOR_WRONG})
"""What counts as a failure on the way to a lock-out."""
DENIALS: Mapping[Denial, str] = {
    Denial.NOBODY: "请先登录",
    Denial.WRONG: "登录名或密码不正确",
    Denial.LOCKED: "失败次数过多，请稍后再试",
    Denial.SECOND_FACTOR_NEEDED: "请输入动态验证码",
    Denial.SECOND_FACTOR_WRONG: "动态验证码不正确或已经用过，请输入新的验证码",
    Denial.SESSION: "登录已失效，请重新登录",
    Denial.API: "API 令牌无效、已过期或已撤销",
    Denial.SCOPE: "此 API 令牌的权限范围不包括这一操作",
}


@dataclass(frozen=True, slots=True)
class Denied:
    """The answer to somebody who does not get in. A value, no exception: what was counted and noted has to be committed."""

    reason: Denial
    until: datetime | None = None

    @property
    def message(self) -> str:
        return DENIALS[self.reason]


def plain_login(login: str) -> str:
    """A log-in name as it is looked up: full-width characters made narrow, small letters, no blanks around."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def plain_password(password: str) -> str:
    """A password as it is hashed: one form for what two input methods write differently (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def password_fault(password: str, login: str, name: str = "", email: str = "") -> str | None:
    """Why this cannot be the password of this person (one Chinese sentence), or None if it can."""
    plain = plain_password(password)
    folded = plain.casefold()
    if len(plain) < PASSWORD_LENGTH.start:
        return f"密码至少要有 {PASSWORD_LENGTH.start} 个字符"
    if len(plain) >= PASSWORD_LENGTH.stop:
        return f"密码不能超过 {PASSWORD_LENGTH.stop - 1} 个字符"
    if has_control_characters(plain):
        return "密码中不能有控制字符"
    if folded.strip() in {word.casefold() for word in (login, name, email)}:
        return "密码不能与登录名、姓名或邮箱相同"
    if folded in COMMON_PASSWORDS or len(set(folded)) < DISTINCT_CHARACTERS:
        return "这个密码太常见，请换一个别人猜不到的"
    return None


def person_fault(login: str, name: str, email: str) -> str | None:
    """Why no account can be made of this (one Chinese sentence), or None if it can."""
    if login == RESERVED:
        return f"登录名“{login}”由系统保留，请换一个"
    if not LOGIN.fullmatch(login):
        return f"登录名“{login}”须由小写字母、数字、点和短横组成，最长 100 个字符"
    if not is_line(name, 100):
        return "姓名须为 1 至 100 个字符，不能有控制字符"
    if email and not (is_line(email, 200) and EMAIL.fullmatch(email)):
        return f"“{email}”不是邮箱地址"
    return None


def is_line(text: str, longest: int) -> bool:
    """One line of 1 to `longest` characters that says something."""
    return bool(text.strip()) and len(text) <= longest and not has_control_characters(text)


def has_control_characters(text: str) -> bool:
    """Control, format and half surrogate characters: invisible, and some of them no database takes."""
    return any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in text)


def lock_seconds(failures: int) -> int:
    """For how many seconds the log-in is closed after so many failures in a row."""
    return max((seconds for least, seconds in LOCKOUT if failures >= least), default=0)


def standing_failures(failures: int, last_failed_at: datetime | None, at: datetime) -> int:
    """How many failures still count at a moment: none after a quiet day."""
    return failures if last_failed_at is not None and at - last_failed_at < FAILURES_FORGOTTEN else 0


def is_session_open(expires_at: datetime, last_seen_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Whether a log-in session holds at a moment: not revoked, not over, not idle for too long."""
    return revoked_at is None and at < expires_at and at - last_seen_at < SESSION_IDLE


def opens(scopes: list[TokenScope], wanted: TokenScope) -> bool:
    """Whether a token with these scopes may be used for `wanted`."""
    return any(wanted in GRANTS[scope] for scope in scopes)
