"""Errors that people read: one Chinese sentence with a stable code, and where the fault lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault lies: a file (relative to what was read) and a 1-based line; either may be unknown."""

    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file and self.line else self.file or (f"第 {self.line} 行" if self.line else "")


class ServiceError(Exception):
    """A refusal or fault that the user can mend. `code` is stable; `message` is one Chinese sentence."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        if code:
            self.code = code

    def __str__(self) -> str:
        return f"{self.place}:{self.message}" if self.place and str(self.place) else self.message


class InputError(ServiceError):
    """What was given cannot be used: a file, a value, a name."""

    code = "bad_input"


class NotFound(ServiceError):
    """No such thing, or none that the caller may know of."""

    code = "not_found"


class Refused(ServiceError):
    """The thing is there, but this step is not allowed now or not to this person."""

    code = "refused"


class Forbidden(ServiceError):
    """The caller may know of it, but may not do this (HTTP 403)."""

    code = "not_allowed"


class Unauthenticated(ServiceError):
    """Nobody knows who is asking, or he did not show who he is (HTTP 401).

    What was counted on the way (failures towards a lock-out) is kept: the edge commits before it answers.
    `until`: when trying again makes sense (HTTP 429 instead).
    """

    code = "login_needed"

    def __init__(self, message: str, *, code: str | None = None, until: datetime | None = None) -> None:
        super().__init__(message, code=code)
        self.until = until


class Busy(ServiceError):
    """Too much is being done at this moment; `until`: when trying again makes sense (HTTP 503)."""

    code = "busy"

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class Stale(ServiceError):
    """The caller changes what he has not seen: somebody else changed it since (HTTP 412)."""

    code = "stale"


class Unseen(ServiceError):
    """The request does not say what the caller has seen: If-Match is missing (HTTP 428)."""

    code = "if_match_missing"


class TooLarge(InputError):
    """More was sent than is taken (HTTP 413)."""

    code = "too_large"


class UnknownMedia(InputError):
    """A kind of file that cannot be read (HTTP 415)."""

    code = "unknown_media"


class Conflict(Refused):
    """Somebody else changed it meanwhile, or it exists already."""

    code = "conflict"
