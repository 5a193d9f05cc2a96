"""Settings from the environment (SERVICE_MANUAL_…): where data, fonts and content lie, which database is used."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """`database` empty means SQLite in the data folder."""

    model_config = SettingsConfigDict(env_prefix="SERVICE_MANUAL_", extra="ignore")

    data: Path = ROOT / "data"
    database: str = ""
    fonts: Path = ROOT / "node_modules" / "@expo-google-fonts"
    assets: Path = ROOT / "node_modules"
    content: Path = ROOT / "content"
    templates: Path = ROOT / "templates"

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'service-manual.sqlite'}"


@lru_cache
def settings() -> Settings:
    return Settings()
