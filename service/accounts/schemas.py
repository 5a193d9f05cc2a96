"""Accounts as JSON: what the routes of logging in, of one's own account and of tokens take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.accounts.models import ApiToken, LoginSession
from service.accounts.rules import TOKEN_DAYS, TokenScope

Typed = Annotated[str, Field(max_length=200)]
"""A log-in name or a secret as somebody typed it: the rules say what is wrong with it, the length only bounds the work."""
Code = Annotated[str, Field(max_length=20, description="动态验证码")]


class LoginBody(BaseModel):
    """登录。"""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"login": "ding", "password": "秋天的红色拖拉机 7", "code": "123456"}]}
    )

    login: Typed
    password: Typed
    code: Code = ""


class Person(BaseModel):
    login: str
    name: str


class SessionAnswer(BaseModel):
    """Who is logged in. For an API token: no CSRF token is needed, and `expires_at` is not told."""

    user: Person
    csrf_token: str | None
    expires_at: datetime | None


class SessionLine(BaseModel):
    """One log-in session of the person; `current`: the one that asks."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


def session_line(row: LoginSession, current: UUID) -> SessionLine:
    return SessionLine(
        id=row.id, created_at=row.created_at, last_seen_at=row.last_seen_at, expires_at=row.expires_at, current=row.id == current
    )


class Ended(BaseModel):
    """How many log-in sessions were ended."""

    sessions_ended: int


class PasswordBody(BaseModel):
    """更换密码。"""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"old": "秋天的红色拖拉机 7", "new": "冬天的蓝色自行车 8"}]})

    old: Typed
    new: Annotated[str, Field(max_length=1000)]


class ConfirmedBody(BaseModel):
    """本人确认：密码或动态验证码。"""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"password": "秋天的红色拖拉机 7"}]})

    password: Typed = ""
    code: Code = ""


class CodeBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "123456"}]})

    code: Code


class SecondFactorState(BaseModel):
    enabled: bool


class SetupAnswer(BaseModel):
    """What the phone must learn; told once (null when a request is repeated)."""

    secret: str | None
    uri: str | None


class LinkBody(BaseModel):
    """邮件链接中的 token 和新密码。"""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"token": "sml_…", "password": "秋天的红色拖拉机 7"}]})

    token: Typed
    password: Annotated[str, Field(max_length=1000)]


class ResetBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"login": "ding"}]})

    login: Typed


class Said(BaseModel):
    """One sentence."""

    message: str


class TokenBody(ConfirmedBody):
    """新的 API 令牌，由本人以密码或动态验证码确认。"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "每日导出文件清单", "scopes": ["read"], "days": 90, "password": "秋天的红色拖拉机 7"}]},
    )

    name: Annotated[str, Field(max_length=80, description="作何用")]
    scopes: Annotated[list[TokenScope], Field(max_length=len(TokenScope))]
    days: Annotated[int, Field(ge=TOKEN_DAYS.start, lt=TOKEN_DAYS.stop, description="有效天数")] = 90


class TokenLine(BaseModel):
    """An API token without its secret."""

    id: UUID
    name: str
    scopes: list[TokenScope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(TokenLine):
    """The same with the secret, which is told once (null when a request is repeated)."""

    token: str | None


def token_line(row: ApiToken) -> TokenLine:
    return TokenLine.model_validate(row.model_dump(include=set(TokenLine.model_fields)))
