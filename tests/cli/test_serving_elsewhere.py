"""`serve` for other machines: only in production, with a secret of one's own and the names it is reached by. No port is opened here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from house import done, refused

from service.settings import FOR_DEVELOPMENT, settings

SECRET = "k3J9-vQ2x_Lm8Zt4-Rb7Wc1Yd-Hn5Gf0Ps"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # what the image asks for


@pytest.fixture
def started(firms: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `serve` would have started."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr("uvicorn.run", lambda *_, **options: calls.append(options))
    return calls


def set_up(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"SERVICE_MANUAL_{name.upper()}", value)
    settings.cache_clear()


def test_production_with_secret_and_hosts_serves_other_machines(started: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch, environment="production", secret=SECRET, hosts="manual.example")
    done("serve", "--host", EVERYWHERE)
    assert [(call["host"], call["port"]) for call in started] == [(EVERYWHERE, 8000)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"environment": "development", "secret": SECRET, "hosts": "manual.example"}, "not_loopback"),
        ({"environment": "production", "hosts": "manual.example"}, "secret_missing"),
        ({"environment": "production", "secret": FOR_DEVELOPMENT, "hosts": "manual.example"}, "secret_missing"),
        ({"environment": "production", "secret": "short", "hosts": "manual.example"}, "secret_weak"),
        ({"environment": "production", "secret": SECRET}, "hosts_missing"),
        ({"environment": "production", "secret": SECRET, "hosts": " , "}, "hosts_missing"),
    ],
)
def test_anything_less_serves_this_machine_only(
    started: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, values: dict[str, str], code: str
) -> None:
    set_up(monkeypatch, **values)
    refused(code, "serve", "--host", EVERYWHERE)
    assert started == []


def test_loopback_needs_none_of_it(started: list[dict[str, Any]]) -> None:
    done("serve", "--host", "127.0.0.1")
    assert [call["host"] for call in started] == ["127.0.0.1"]
