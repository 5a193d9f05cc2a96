"""A generated organisation: N procedures of about 1,500 characters with tables, lists and references, in force in a database of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from service.db import open_database, writing
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.migrations import migrate
from service.organisations.actions import create_organisation
from service.organisations.models import Organisation
from service.organisations.profile import read_profile
from service.organisations.shipped import catalogue
from service.settings import settings
from service.text.fingerprints import procedure_fingerprint
from service.text.model import Kind
from service.text.parse import parse_procedure

NOW = datetime(2026, 1, 6, 1, 30, tzinfo=UTC)
POSTS = ("调度员", "维修工程师", "回访员", "备件仓管员", "服务监督员", "检验员", "网点管理专员")


def title(position: int) -> str:
    return f"第 {position} 号服务过程控制程序"


def body(position: int, count: int) -> str:
    """Markdown without front matter: six sections, a wide table, lists, references to neighbours."""
    other = title(position % count + 1)
    clauses = "\n\n".join(_clause(number, other) for number in range(1, 8))
    duties = "\n".join(f"| {post} | 在第 {position} 号过程中负责第 {n} 项工作，当日完成记录并交接 |" for n, post in enumerate(POSTS, 1))
    records = "\n".join(f"| 第 {position} 号过程记录之{n} | {n + 2} 年 | 售后服务部 |" for n in range(1, 4))
    return (
        f"## 目的\n\n规定第 {position} 号服务过程的做法，使每一次服务有人负责、有据可查。\n\n"
        "## 范围\n\n适用于本公司全部商品在保修期内和保修期外的服务，也适用于受托网点。\n\n"
        f"## 职责\n\n| 岗位 | 职责 |\n|---|---|\n{duties}\n\n## 程序及要求\n\n{clauses}\n\n"
        f"## 相关文件\n\n《{other}》《{title((position + 4) % count + 1)}》\n\n"
        f"## 相关记录\n\n| 记录 | 保存期限 | 保存部门 |\n|---|---|---|\n{records}\n"
    )


def _clause(number: int, other: str) -> str:
    return (
        f"### 第 {number} 步的要求\n\n"
        f"{POSTS[number % len(POSTS)]}在接到任务后 {number * 2} 小时内与顾客联系，说明服务内容、预计时间和收费标准；不能按时完成的，"
        f"在原定时间前 {number} 小时告知顾客并约定新的时间，原因写入记录。超过 {number + 3} 个工作日仍未完成的，由部门经理在 1 个工作日内决定处理方式，"
        f"并按《{other}》办理。\n\n"
        "1. 出发前核对工具、备件和顾客信息；\n2. 到达后出示证件，说明要做的工作；\n3. 完成后清理现场，请顾客签字确认。"
    )


def markdown(count: int) -> str:
    """The same texts as one Markdown file for the peers."""
    return "\n\n".join(f"# {title(position)}\n\n{body(position, count)}" for position in range(1, count + 1))


def prepare(folder: Path, count: int) -> str:
    """A database below `folder` with `count` procedures in force; returns its address."""
    url = f"sqlite:///{folder / 'service-manual.sqlite'}"
    engine = open_database(url)
    migrate(engine)
    profile = (settings().content / "demo" / "manufacturer.yml").read_text("utf-8")
    with writing(engine) as session:
        organisation = create_organisation(session, read_profile(profile, file="manufacturer.yml", catalogue=catalogue()), at=NOW)
        for position in range(1, count + 1):
            _add(session, organisation, position, count)
    engine.dispose()
    return url


def _add(session: Session, organisation: Organisation, position: int, count: int) -> None:
    front = f"---\nkey: process-{position}\ntitle: {title(position)}\nkind: procedure\ndepartment: service\n---\n\n"
    text = front + body(position, count)
    document = Document(
        organisation_id=organisation.id,
        number=f"HC/SH-CX-{position:03}",
        kind=Kind.PROCEDURE,
        serial=position,
        key=f"process-{position}",
        department="service",
        created_at=NOW,
    )
    session.add(document)
    session.flush()
    session.add(
        Revision(
            organisation_id=organisation.id,
            document_id=document.id,
            edition="A",
            revision_number=0,
            status=Status.RELEASED,
            title=title(position),
            source=text,
            text=text,
            fingerprint=procedure_fingerprint(parse_procedure(text)),
            change_summary="首次发布",
            created_at=NOW,
            created_by="bench",
            approved_at=NOW,
            released_at=NOW,
            released_on=date(2026, 1, 6),
            effective_on=date(2026, 2, 1),
        )
    )
