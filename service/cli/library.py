"""Commands `library list | check | clone`."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.context import (
    ByOption,
    JsonOption,
    OrganisationOption,
    acting,
    err,
    guarded,
    moment,
    print_json,
    print_table,
    say,
)
from service.library.actions import clone
from service.library.checks import check_set
from service.library.shipped import template_set, template_set_keys
from service.organisations.shipped import catalogue
from service.standards.shipped import register, standard
from service.text.model import Kind

app = typer.Typer(no_args_is_help=True, help="文件模板")


@app.command("list")
@guarded
def list_(json: JsonOption = False) -> None:
    """列出文件模板。"""
    sets = [template_set(key) for key in template_set_keys()]
    forms = {found.key: sum(t.front.kind is Kind.RECORD_FORM for t in found.templates) for found in sets}
    rows = [
        {"key": s.key, "name": s.name, "standard": s.standard, "documents": len(s.templates) - forms[s.key], "forms": forms[s.key]}
        for s in sets
    ]
    if json:
        print_json(rows)
    else:
        print_table(["模板", "名称", "标准", "文件", "表单"], [[str(value) for value in row.values()] for row in rows])


@app.command("check")
@guarded
def check(key: Annotated[str, typer.Argument(metavar="SET", help="文件模板")], json: JsonOption = False) -> None:
    """检查文件模板：变量、岗位、记录、文件、指标是否都存在。"""
    found = template_set(key)
    faults = check_set(found, catalogue(), standard(found.standard), {entry.title for entry in register()})
    if json:
        print_json([{"code": f.code, "file": f.place.file, "line": f.place.line, "message": f.message} for f in faults])
    else:
        for fault in faults:
            err.print(f"{fault.code} {fault}", markup=False, highlight=False, soft_wrap=True)
        say(f"{found.name}：{len(found.templates)} 份文件和表单，{len(faults)} 处问题")
    if faults:
        raise typer.Exit(1)


@app.command("clone")
@guarded
def clone_command(
    key: Annotated[str, typer.Argument(metavar="SET", help="文件模板")],
    organisation: OrganisationOption,
    by: ByOption,
    json: JsonOption = False,
) -> None:
    """套用：为企业生成带编号的草稿；重复运行不会重复生成。"""
    with acting(organisation, by) as (session, owner, person):
        result = clone(session, owner, template_set(key), catalogue=catalogue(), by=person, at=moment())
        created = [document.number for document in result.created]
    if json:
        print_json({"created": created, "present": result.present, "left_out": result.left_out})
    else:
        say(f"新建草稿 {len(created)} 份，已有 {len(result.present)} 份，不适用 {len(result.left_out)} 份")
