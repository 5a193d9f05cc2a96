"""Forms of pages: what was typed is kept, what is wrong is said beside its field, and a form that is sent twice acts once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import Depends, Request, UploadFile
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from service.errors import Forbidden, InputError, NotFound, ServiceError, Unauthenticated

LONGEST = 20_000
"""Characters of one field; what a domain allows is its own rule, this only bounds the work."""
SAID = "said"
"""Cookie with one sentence for the next page (see static/said.js): shown once, then forgotten."""
Chosen = TypeVar("Chosen", bound=StrEnum)
Made = TypeVar("Made")


@dataclass(slots=True)
class Filled:
    """What came with a form. Readers of single fields note what is wrong with them in `faults` (field → sentence); `fault` is what is
    wrong with the whole. `require()` before the action: InputError if any field is wrong."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[UploadFile, ...]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    def text(self, name: str, *, required: str = "", longest: int = LONGEST) -> str:
        """The field without spaces at its edges. `required`: the sentence to say if it is empty."""
        value = (self.values.get(name) or ("",))[0].replace("\r\n", "\n").strip()
        if required and not value:
            self.faults[name] = required
        if len(value) > longest:
            self.faults[name] = f"最多 {longest} 个字，现在是 {len(value)} 个"
        return value

    def texts(self, name: str) -> list[str]:
        """All values of a field that may stand several times (checkboxes), empty ones left out."""
        return [value.strip() for value in self.values.get(name, ()) if value.strip()]

    def day(self, name: str, *, required: str = "") -> date | None:
        value = self.text(name, required=required)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.faults[name] = f"“{value}”不是日期，请写成 YYYY-MM-DD"
            return None

    def number(self, name: str, *, required: str = "", least: int = 0, most: int = 10**6) -> int | None:
        value = self.text(name, required=required)
        if not value:
            return None
        if not value.isascii() or not value.isdecimal() or len(value) > 9 or not least <= int(value) <= most:
            self.faults[name] = f"请填写 {least} 至 {most} 之间的整数"
            return None
        return int(value)

    def choice(self, name: str, of: type[Chosen], *, required: str = "") -> Chosen | None:
        value = self.text(name, required=required)
        try:
            return of(value) if value else None
        except ValueError:
            self.faults[name] = "请从列出的选项中选择"
            return None

    def require(self) -> None:
        if self.faults:
            raise InputError("有的栏目需要更正，请看各栏下面的说明", code="fields_wrong")

    def __getitem__(self, name: str) -> str:
        """For templates: what was typed in this field."""
        return (self.values.get(name) or ("",))[0]

    def had(self, name: str, usual: Any = "") -> str:
        """For templates: what was typed, or what stood there before anything was."""
        return self[name] if name in self.values else ("" if usual is None else str(usual))

    def has(self, name: str, value: str, usual: bool = False) -> bool:
        """For templates: whether this choice was made, or usually is."""
        return value in self.values.get(name, ()) if self.values else usual


NOTHING = Filled(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))  # type: ignore[arg-type]  # nobody writes in it
"""A form that nobody has filled in yet: what templates see when a page does not pass its own."""


async def filled(request: Request) -> Filled:
    """The fields and files of the form that was sent."""
    form = await request.form()
    values: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(value)  # type: ignore[arg-type]  # FastAPI's class is Starlette's with documentation
    return Filled({name: tuple(each) for name, each in values.items()}, {name: tuple(each) for name, each in files.items()})


Form = Annotated[Filled, Depends(filled)]


def attempt(session: Session, form: Filled, act: Callable[[], Made]) -> Made | None:
    """What the action made; None if it was refused: the sentence stands in `form.fault`, and what the action had changed is undone.

    NotFound, Forbidden and Unauthenticated are no faults of the form and go on to their own pages.
    """
    try:
        with session.begin_nested():
            form.require()
            return act()
    except (NotFound, Forbidden, Unauthenticated):
        raise
    except ServiceError as fault:
        form.fault = str(fault)
        return None


def see(address: str, said: str = "") -> RedirectResponse:
    """Lead to a page of ours after a form was carried out, with one sentence about what was done."""
    response = RedirectResponse(address, 303)
    if said:
        response.set_cookie(SAID, quote(said), max_age=60, path="/", samesite="lax")
    return response
