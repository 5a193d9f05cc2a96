"""Settings from the environment (SERVICE_MANUAL_…): where data, fonts and content lie, which database is used."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
FOR_DEVELOPMENT = "for-development-only-and-refused-anywhere-else"
"""The default secret: everybody can read it here, so it protects nothing."""
SHORTEST_SECRET = 32
DISTINCT_IN_SECRET = 10
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?")


class Settings(BaseSettings):
    """`database` empty means SQLite in the data folder; `secret` signs what leaves the server and comes back.

    `hosts`: names the server is reached by beside this machine's own, separated by commas. `smtp`: smtp(s)://user:password@host:port,
    empty sends no mail. `address`: where people reach the service (https://…): links in mails lead there, and the codes on printed pages,
    which are left out without it. `signing_p12`: a PKCS#12 file (.p12, .pfx) with the key and certificate that PDF files are signed with
    when they are handed out; without it none is. `build_memory_mb`, `build_seconds`: what building one manual for the web may take.
    """

    model_config = SettingsConfigDict(env_prefix="SERVICE_MANUAL_", extra="ignore")

    data: Path = ROOT / "data"
    database: str = ""
    fonts: Path = ROOT / "node_modules" / "@expo-google-fonts"
    assets: Path = ROOT / "node_modules"
    content: Path = ROOT / "content"
    templates: Path = ROOT / "templates"
    environment: Literal["development", "production"] = "development"
    secret: SecretStr = SecretStr(FOR_DEVELOPMENT)
    hosts: str = ""
    smtp: str = ""
    smtp_from: str = "service-manual@localhost"
    address: str = ""
    signing_p12: Path | None = None
    signing_passphrase: SecretStr = SecretStr("")
    build_memory_mb: int = Field(default=1500, ge=200)
    build_seconds: int = Field(default=300, ge=1)

    @field_validator("address")
    @classmethod
    def _bare(cls, address: str) -> str:
        """Without the slash at its end; ValueError for what no phone could open."""
        if address and not _ADDRESS.fullmatch(address):
            raise ValueError
        return address.rstrip("/")

    @property
    def home(self) -> str:
        """Where links in mails lead: the address, or this machine as long as it has none."""
        return self.address or "http://127.0.0.1:8000"

    @property
    def host_names(self) -> frozenset[str]:
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'service-manual.sqlite'}"


@lru_cache
def settings() -> Settings:
    """The settings of this process; InputError that names every one with an impossible value (never the value itself)."""
    try:
        return Settings()
    except ValidationError as fault:
        names = "、".join(f"SERVICE_MANUAL_{str(error['loc'][0]).upper()}" for error in fault.errors())
        raise InputError(f"环境变量 {names} 的值不可用，请改正后重试", code="bad_setting") from fault


def require_secret(chosen: Settings) -> str:
    """The secret to sign with; outside development InputError if it is missing, the default one, or easy to guess."""
    secret = chosen.secret.get_secret_value()
    if chosen.environment == "development" and chosen.host_names:
        raise InputError(
            "设置了 SERVICE_MANUAL_HOSTS 的服务须在生产环境（SERVICE_MANUAL_ENVIRONMENT=production）中运行", code="hosts_in_development"
        )
    if chosen.environment == "development":
        return secret or FOR_DEVELOPMENT
    if secret in {"", FOR_DEVELOPMENT}:
        raise InputError("生产环境须用 SERVICE_MANUAL_SECRET 设置自己的密钥，不能留空或使用默认值", code="secret_missing")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < DISTINCT_IN_SECRET:
        raise InputError(f"SERVICE_MANUAL_SECRET 须为至少 {SHORTEST_SECRET} 个字符的随机文字", code="secret_weak")
    return secret
