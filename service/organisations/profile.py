"""企业档案: a company's profile, from YAML to plain values. Faults are all told at once, each with its line (profile_faults)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.errors import Place
from service.kit.fingerprint import fingerprint
from service.kit.yamlfile import YamlFile, read_yaml, refuse
from service.organisations.profile_faults import DEFAULT_NUMBER_PATTERN, DEFAULT_TIME_ZONE, dated, profile_faults
from service.organisations.rules import OUTLETS, Catalogue
from service.organisations.values import clean


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A variable's value from a day on; the value has the type of the catalogue (a date is a `date`)."""

    name: str
    value: Any
    valid_from: date


@dataclass(frozen=True, slots=True)
class DepartmentEntry:
    key: str
    name: str
    aliases: tuple[str, ...]
    parent: str | None


@dataclass(frozen=True, slots=True)
class PostEntry:
    key: str
    name: str
    aliases: tuple[str, ...]
    department: str


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person; `posts` are the posts' own keys, never joined ones."""

    login: str
    name: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotApplicableEntry:
    """A 删减 that the profile declares; `approved_by` is the approver's name, `place` where it is written."""

    indicator: str
    justification: str
    approved_by: str
    decided_on: date
    place: Place = field(default=Place(), compare=False)  # frozen


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole profile. `name` is the legal name; values without a day of their own hold from `valid_from`."""

    code: str
    name: str
    valid_from: date
    time_zone: str
    number_pattern: str
    values: tuple[DatedValue, ...]
    departments: tuple[DepartmentEntry, ...]
    posts: tuple[PostEntry, ...]
    persons: tuple[PersonEntry, ...]
    not_applicable: tuple[NotApplicableEntry, ...]
    file: str = field(default="", compare=False)

    @property
    def fingerprint(self) -> str:
        """Of what the profile says, wherever it lies."""
        return fingerprint(self)


def read_profile(text: str, *, file: str, catalogue: Catalogue) -> Profile:
    """Parse and check a profile. InputError `bad_profile` names every fault with file and line, `bad_yaml` a fault of syntax."""
    source = read_yaml(text, file)
    refuse(source, profile_faults(source.value, catalogue), code="bad_profile")
    return _build(source, catalogue)


def _build(source: YamlFile, catalogue: Catalogue) -> Profile:
    raw = source.value
    values = tuple(_values(raw, catalogue))
    return Profile(
        code=raw["code"],
        name=next(value.value for value in reversed(values) if value.name == "company.legal_name"),
        valid_from=raw["valid_from"],
        time_zone=raw.get("time_zone", DEFAULT_TIME_ZONE),
        number_pattern=raw.get("number_pattern", DEFAULT_NUMBER_PATTERN),
        values=values,
        departments=_departments(raw),
        posts=_posts(raw),
        persons=_persons(raw),
        not_applicable=_not_applicable(source),
        file=source.file,
    )


def _values(raw: dict[str, Any], catalogue: Catalogue) -> Iterator[DatedValue]:
    """In the catalogue's order, a history in the order of its days; blanks are left out."""
    for name in (*catalogue, OUTLETS.name):
        group, _, key = name.partition(".")
        given = (raw.get(group) or {}).get(key) if key else raw.get(group)
        history = [(clean(value), day) for value, day in dated(given, raw["valid_from"])]
        yield from (DatedValue(name, value, day) for value, day in sorted(history, key=lambda pair: pair[1]) if value is not None)


def _departments(raw: dict[str, Any]) -> tuple[DepartmentEntry, ...]:
    own = _own_keys(raw["departments"])
    return tuple(
        DepartmentEntry(row["key"], clean(row["name"]), tuple(row.get("also") or ()), own[row["parent"]] if row.get("parent") else None)
        for row in raw["departments"]
    )


def _posts(raw: dict[str, Any]) -> tuple[PostEntry, ...]:
    return tuple(
        PostEntry(post["key"], clean(post["name"]), tuple(post.get("also") or ()), department["key"])
        for department in raw["departments"]
        for post in department.get("posts") or ()
    )


def _persons(raw: dict[str, Any]) -> tuple[PersonEntry, ...]:
    own = _own_keys([post for department in raw["departments"] for post in department.get("posts") or ()])
    return tuple(
        PersonEntry(row["login"], clean(row["name"]), tuple(dict.fromkeys(own[post] for post in row["posts"])))
        for row in raw.get("persons") or ()
    )


def _not_applicable(source: YamlFile) -> tuple[NotApplicableEntry, ...]:
    names = {row["login"]: row["name"] for row in source.value.get("persons") or ()}
    return tuple(
        NotApplicableEntry(
            indicator=row["indicator"],
            justification=clean(row["justification"]),
            approved_by=names.get(row["approved_by"], row["approved_by"]),
            decided_on=row["decided_on"],
            place=source.place(("not_applicable", index)),
        )
        for index, row in enumerate(source.value.get("not_applicable") or ())
    )


def _own_keys(rows: list[dict[str, Any]]) -> dict[str, str]:
    """{key or joined key: the key itself}."""
    return {key: row["key"] for row in rows for key in (row["key"], *(row.get("also") or ()))}
