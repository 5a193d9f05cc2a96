"""Commands `organisation create | list | show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from service.cli.context import JsonOption, guarded, moment, print_json, print_table, read_session, say, write_session
from service.clock import today
from service.errors import InputError
from service.kit.reasons import reason
from service.organisations.actions import create_organisation, update_profile
from service.organisations.models import Organisation
from service.organisations.profile import Profile, read_profile
from service.organisations.queries import find_organisation, list_organisations, values_on
from service.organisations.rules import SYSTEM
from service.organisations.shipped import catalogue
from service.standards.actions import record_profile_decisions
from service.standards.shipped import standard

app = typer.Typer(no_args_is_help=True, help="企业资料")


@app.command("create")
@guarded
def create(
    file: Annotated[Path, typer.Argument(help="企业资料 YAML 文件")],
    update: Annotated[bool, typer.Option("--update", help="企业已存在时按文件更新")] = False,
) -> None:
    """按企业资料文件建立企业。"""
    profile = load_profile(file)
    with write_session() as session:
        organisation = write_profile(session, profile, update=update)
    say(f"企业 {organisation.code} {organisation.name} 已建立")


def load_profile(file: Path) -> Profile:
    try:
        text = file.read_text("utf-8")
    except OSError as fault:
        raise InputError(f"无法读取企业资料 {file}：{reason(fault)}", code="profile_not_readable") from fault
    except UnicodeDecodeError as fault:
        raise InputError(f"企业资料 {file} 不是 UTF-8 编码的文本，请另存为 UTF-8", code="profile_not_readable") from fault
    return read_profile(text, file=file.name, catalogue=catalogue())


def write_profile(session: Session, profile: Profile, *, update: bool = False) -> Organisation:
    """Create the organisation with its not-applicable decisions, or bring it up to date with the file."""
    at = moment()
    known = {row.code: row for row in list_organisations(session)}
    if update and profile.code in known:
        organisation = known[profile.code]
        update_profile(session, organisation, profile, by=SYSTEM, at=at)
    else:
        organisation = create_organisation(session, profile, at=at)
    record_profile_decisions(session, organisation.id, standard(), profile.not_applicable, by=SYSTEM, at=at)
    return organisation


@app.command("list")
@guarded
def list_(json: JsonOption = False) -> None:
    """列出全部企业。"""
    with read_session() as session:
        rows = [{"code": row.code, "name": row.name, "number_pattern": row.number_pattern} for row in list_organisations(session)]
    if json:
        print_json(rows)
    else:
        print_table(["代号", "名称", "编号规则"], [list(row.values()) for row in rows])


@app.command("show")
@guarded
def show(code: Annotated[str, typer.Argument(help="企业代号")], json: JsonOption = False) -> None:
    """显示企业资料（今天有效的值）。"""
    with read_session() as session:
        organisation = find_organisation(session, code)
        values = values_on(session, organisation.id, today(organisation.time_zone), catalogue=catalogue())
    if json:
        print_json(values)
        return
    labels = {name: (spec.label, spec.unit) for name, spec in catalogue().items()}
    rows = []
    for name, (label, unit) in labels.items():
        group, _, key = name.partition(".")
        entries = values.get(group)
        value = entries.get(key) if isinstance(entries, dict) else None
        rows.append([name, label, "（未填）" if value is None else f"{value}{unit}"])
    print_table(["参数", "名称", "值"], rows, title=f"{organisation.code} {organisation.name}")
