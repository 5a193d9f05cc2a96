"""The second factor: time-based codes (RFC 6238) from an app on a phone."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlmodel import Session

from service.accounts.actions import require_active
from service.accounts.events import note
from service.accounts.models import User
from service.accounts.rules import SECOND_FACTOR_STEP, SECOND_FACTOR_WINDOW
from service.accounts.secret import same
from service.errors import Conflict, InputError, Refused

ISSUER = "售后服务管理手册"


@dataclass(frozen=True, slots=True)
class Setup:
    """What the phone must learn: the secret to type, or the address to show as a QR code. Told once."""

    secret: str
    uri: str


def has_second_factor(user: User) -> bool:
    return user.totp_secret is not None and user.totp_confirmed_at is not None


def start_second_factor(session: Session, user: User, *, at: datetime) -> Setup:
    """A new secret (160 bits, the key length of RFC 4226), which counts only after `confirm_second_factor`."""
    require_active(user)
    if has_second_factor(user):
        raise Conflict("已启用动态验证码，请先停用", code="second_factor_exists")
    secret = pyotp.random_base32()
    user.totp_secret, user.totp_confirmed_at = secret, None
    session.add(user)
    note(session, "second_factor:start", user, by=user.login, at=at)
    return Setup(secret, pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=ISSUER))


def confirm_second_factor(session: Session, user: User, code: str, *, at: datetime) -> None:
    """The phone shows the right code: from now on every log-in asks for one."""
    require_active(user)
    if has_second_factor(user):
        raise Conflict("动态验证码已经启用", code="second_factor_exists")
    if user.totp_secret is None:
        raise Refused("请先开始启用动态验证码", code="second_factor_not_started")
    if not _spend(user, code, at):
        raise InputError("动态验证码不正确，请核对手机的时间后再试", code="second_factor_wrong")
    user.totp_confirmed_at = at
    session.add(user)
    note(session, "second_factor:enable", user, by=user.login, at=at)


def disable_second_factor(session: Session, user: User, *, by: str, at: datetime) -> None:
    """Password alone again: by the person (after `confirm_identity`), or by an administrator when the phone is lost."""
    if not has_second_factor(user):
        raise Conflict(f"用户“{user.login}”没有启用动态验证码", code="second_factor_missing")
    user.totp_secret, user.totp_confirmed_at = None, None
    session.add(user)
    note(session, "second_factor:disable", user, by=by, at=at)


def use_code(user: User, code: str, at: datetime) -> bool:
    """Whether this is a code of the person's phone now; it is then spent, and so is every earlier one (RFC 6238, 5.2)."""
    return has_second_factor(user) and _spend(user, code, at)


def _spend(user: User, code: str, at: datetime) -> bool:
    step = _matching_step(user.totp_secret or "", code, at)
    if step is None or step <= user.totp_last_step:
        return False
    user.totp_last_step = step
    return True


def _matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step of 30 s whose code this is, within the window around `at`; the latest of several."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    now, codes = int(at.timestamp()) // SECOND_FACTOR_STEP, pyotp.HOTP(secret)
    steps = range(now - SECOND_FACTOR_WINDOW, now + SECOND_FACTOR_WINDOW + 1)
    return max((step for step in steps if same(codes.at(step), typed)), default=None)
