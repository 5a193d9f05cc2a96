"""Whether the process lives (/healthz), and whether it can do its work (/readyz): for whoever starts, watches and replaces it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.db import require_migrated
from service.errors import ServiceError
from service.settings import settings

log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Serve both; they need no log-in and tell nothing but names of what fails."""
    app.add_api_route("/healthz", lambda: {"status": "ok"}, include_in_schema=False)
    app.add_api_route("/readyz", ready, include_in_schema=False)


def ready(request: Request) -> JSONResponse:
    """200, or 503 with the names of what is missing; why stands in the log only."""
    missing = missing_for(request.app.state.engine)
    return JSONResponse({"status": "not_ready" if missing else "ok", "missing": missing}, 503 if missing else 200)


def missing_for(engine: Engine) -> list[str]:
    """Names of what does not hold; why stands in the log."""
    return [name for name, check in CHECKS.items() if not _holds(name, check, engine)]


def _holds(name: str, check: Callable[[Engine], None], engine: Engine) -> bool:
    try:
        check(engine)
    except (ServiceError, SQLAlchemyError, OSError) as fault:
        log.warning("not ready: %s: %s", name, fault)
        return False
    return True


def _data_writable(_engine: Engine) -> None:
    with tempfile.TemporaryFile(dir=settings().data):
        pass


CHECKS: Mapping[str, Callable[[Engine], None]] = {"database": require_migrated, "files": _data_writable}
"""What work needs: a database that is reached and up to date, a data folder that can be written to."""
