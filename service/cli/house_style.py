"""Command `manual theme`: the look of an organisation's manual."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from service.book.house_package import LARGEST
from service.book.house_theme import mapping
from service.book.theme import THEME_NAMES
from service.cli.context import ByOption, JsonOption, OrganisationOption, acting, guarded, moment, print_json, print_table, say
from service.errors import InputError
from service.manuals.house_actions import OwnTheme, choose_theme, prepared_template, remove_template, use_template
from service.manuals.house_queries import house_of, house_style, own_theme
from service.organisations.models import Organisation
from service.settings import settings


@guarded
def theme(
    organisation: OrganisationOption,
    by: ByOption,
    chosen: Annotated[OwnTheme | None, typer.Option("--theme", help="formal 正式，modern 现代")] = None,
    template: Annotated[Path | None, typer.Option("--template", help="采用这份企业 Word 模板（.docx）")] = None,
    remove: Annotated[bool, typer.Option("--remove-template", help="停用企业模板")] = False,
    json: JsonOption = False,
) -> None:
    """选用手册的主题、采用或停用企业 Word 模板；不带选项时只列出现在的版式。"""
    if template and remove:
        raise InputError("--template 与 --remove-template 只能用一个", code="options_conflict")
    read = prepared_template(_bytes(template), template.name) if template else None
    with acting(organisation, by) as (session, owner, person):
        at = moment()
        if chosen:
            choose_theme(session, owner, chosen, by=person, at=at)
        if read:
            use_template(session, owner, read, by=person, at=at)
        if remove:
            remove_template(session, owner, by=person, at=at)
        _show(session, owner, json)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as fault:
        raise InputError(f"不能读取文件 {file}", code="file_unreadable") from fault


def _show(session: Session, owner: Organisation, json: bool) -> None:
    """The theme, the template and, of that, which block takes which style."""
    row = house_style(session, owner.id)
    own, house = own_theme(row), house_of(row, settings().data) if row else None
    rows = mapping(own, house) if house else []
    if json:
        styles = [{"block": each.block, "style": each.style, "fell_back": each.kept, "unverified": each.unverified} for each in rows]
        print_json({"theme": own.name, "template": row.template if row else "", "styles": styles})
        return
    say(f"主题：{THEME_NAMES[own.name]}；企业模板：{row.template if row and row.template else '未采用'}")
    if rows:
        lines = [[each.block, each.style or "无", "；".join(each.kept) or "无", "、".join(each.unverified) or "无"] for each in rows]
        print_table(["手册中的内容", "模板样式", "用主题补足的", "未经验证的字体"], lines)
