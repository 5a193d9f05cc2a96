"""Choosing the look of an organisation's manual: a theme of ours, its own Word template, or that template no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from service.book.house_json import to_json
from service.book.house_reading import House, read_template
from service.documents.picture_rules import plain_file_name
from service.errors import InputError, Refused
from service.kit import files as store
from service.kit.fingerprint import file_fingerprint
from service.manuals.house_queries import house_style, own_theme
from service.manuals.models import HouseStyle
from service.organisations.actions import lock
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.settings import settings
from service.trail.actions import record


class OwnTheme(StrEnum):
    """The themes of ours (service.book.theme.THEMES)."""

    FORMAL = "formal"
    MODERN = "modern"


@dataclass(frozen=True, slots=True)
class ReadTemplate:
    """A template that was read, with its file's plain name and fingerprint."""

    house: House
    name: str
    sha256: str


def prepared_template(data: bytes, file_name: str) -> ReadTemplate:
    """The uploaded file read, without a database. Refusals are those of `open_template`; InputError for one that says nothing we can use."""
    name = plain_file_name(file_name)
    if not data:
        raise InputError("文件是空的，请重新选择 Word 模板", code="template_empty")
    house = read_template(data, name)
    if not house.types and not house.page:
        raise InputError("文件中没有可用的样式和页面设置，请上传企业的 Word 模板", code="template_without_styles")
    return ReadTemplate(house, name, file_fingerprint(data))


def choose_theme(session: Session, organisation: Organisation, theme: OwnTheme, *, by: Actor, at: datetime) -> HouseStyle:
    """The theme of ours from now on; with a template, the one that stands in where the template says nothing. No change is not saved."""
    require(by, Act.CONFIGURE)
    lock(session, organisation)
    former = house_style(session, organisation.id)
    if former is not None and former.theme == theme:
        return former
    return _saved(session, organisation, former, "theme", {"theme": theme.value}, by, at)


def use_template(session: Session, organisation: Organisation, read: ReadTemplate, *, by: Actor, at: datetime) -> HouseStyle:
    """The organisation's own template from now on. The same file again changes nothing."""
    require(by, Act.CONFIGURE)
    lock(session, organisation)
    former = house_style(session, organisation.id)
    logo = store.put(settings().data, read.house.logo.data) if read.house.logo else ""
    wanted = {"template": read.name, "template_sha256": read.sha256, "style": to_json(read.house), "logo": logo}
    if former is not None and former.style == wanted["style"] and former.template_sha256 == read.sha256:
        return former
    return _saved(session, organisation, former, "template", wanted, by, at)


def remove_template(session: Session, organisation: Organisation, *, by: Actor, at: datetime) -> HouseStyle:
    """A theme of ours alone from now on. Refused if no template is used."""
    require(by, Act.CONFIGURE)
    lock(session, organisation)
    former = house_style(session, organisation.id)
    if former is None or not former.style:
        raise Refused("没有采用企业模板，无需停用", code="no_template")
    nothing: dict[str, Any] = {"template": "", "template_sha256": "", "style": {}, "logo": ""}
    return _saved(session, organisation, former, "remove", nothing, by, at)


def _saved(
    session: Session, organisation: Organisation, former: HouseStyle | None, deed: str, wanted: Mapping[str, Any], by: Actor, at: datetime
) -> HouseStyle:
    """The next version: the former one with what is wanted, and the trail's entry."""
    kept = {name: getattr(former, name) for name in ("template", "template_sha256", "style", "logo")} if former else {}
    facts = {"theme": own_theme(former).name, **kept, **wanted}
    version = former.version + 1 if former else 1
    row = HouseStyle(organisation_id=organisation.id, version=version, saved_at=at, saved_by=by.login, **facts)
    session.add(row)
    session.flush()
    details = {"version": version, "theme": row.theme, "template": row.template, "template_sha256": row.template_sha256, "logo": row.logo}
    details |= {"former_theme": own_theme(former).name, "former_template": former.template if former else ""}
    record(
        session,
        organisation.id,
        at=at,
        by=by.login,
        action=f"house_style:{deed}",
        subject="house_style",
        subject_id=organisation.code,
        details=details,
    )
    return row
