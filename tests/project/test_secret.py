"""The secret of the server: its own outside development; and settings that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from service.app import create_app
from service.errors import InputError
from service.settings import FOR_DEVELOPMENT, Settings, require_secret, settings

GOOD = "k3J9-vQ2x_Lm8Zt4-Rb7Wc1Yd-Hn5Gf0Ps"


def chosen(environment: str, secret: str) -> Settings:
    return Settings.model_validate({"environment": environment, "secret": secret})


@pytest.mark.parametrize(
    ("secret", "code"),
    [("", "secret_missing"), (FOR_DEVELOPMENT, "secret_missing"), (GOOD[:31], "secret_weak"), ("ab" * 40, "secret_weak")],
)
def test_missing_default_or_weak_secret_is_refused_in_production(secret: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        require_secret(chosen("production", secret))
    assert caught.value.code == code
    assert not secret or secret not in caught.value.message


@pytest.mark.parametrize("environment", ["development", "production"])
def test_own_secret_is_used(environment: str) -> None:
    assert require_secret(chosen(environment, GOOD)) == GOOD


@pytest.mark.parametrize(("secret", "used"), [("", FOR_DEVELOPMENT), ("short", "short")])
def test_development_needs_no_secret(secret: str, used: str) -> None:
    assert require_secret(chosen("development", secret)) == used


def test_secret_comes_from_the_environment_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_MANUAL_SECRET", GOOD)
    monkeypatch.setenv("SERVICE_MANUAL_ENVIRONMENT", "production")
    made = Settings()
    assert require_secret(made) == GOOD
    assert GOOD not in repr(made)
    assert isinstance(made.secret, SecretStr)


def test_environment_that_there_is_not_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SERVICE_MANUAL_ENVIRONMENT", "prod")
    settings.cache_clear()
    with pytest.raises(InputError, match="SERVICE_MANUAL_ENVIRONMENT") as caught:
        settings()
    assert caught.value.code == "bad_setting"
    monkeypatch.undo()
    settings.cache_clear()


def test_server_with_names_of_its_own_is_no_development(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError) as caught:
        require_secret(Settings(environment="development", hosts="doc.example"))
    assert caught.value.code == "hosts_in_development"


def test_application_refuses_to_start_with_the_default_secret_outside_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_MANUAL_ENVIRONMENT", "production")
    settings.cache_clear()
    with pytest.raises(InputError) as caught:
        create_app()
    assert caught.value.code == "secret_missing"
