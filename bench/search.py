"""Search at size: 1,000 documents of about 1,500 characters. `python -m bench.search`.

The texts are made of the sentences of the shipped set, so that words are as common and as rare as they are in real manuals. A search is
all that a request does: it looks whether the index agrees with the database, asks what the caller may find, finds, ranks and cuts snippets.
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bench.generate import NOW
from service.db import open_database, reading, writing
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.library.shipped import template_set
from service.migrations import migrate
from service.organisations.actions import create_organisation
from service.organisations.models import Organisation
from service.organisations.profile import read_profile
from service.organisations.queries import values_on
from service.organisations.roles import ALL_ROLES, HeldRole, Role
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.search.catching_up import catch_up, reindex
from service.search.finding import hits, search
from service.search.rules import Filters
from service.search.whoosh_index import WhooshIndex
from service.settings import settings
from service.text.fill import fill
from service.text.fingerprints import procedure_fingerprint
from service.text.model import SIX_SECTIONS, Kind
from service.text.parse import parse_procedure
from service.text.plain import section_text, sentences
from service.trail.actions import record

HOME = Path(__file__).resolve().parent.parent / "build" / "bench" / "search"
DOCUMENTS, CHARACTERS, PARTS = 1_000, 1_500, 4
SEARCH_SECONDS, CHANGE_SECONDS, DOCUMENTS_A_SECOND = 0.060, 0.150, 40.0
CHANGES, PAGE = 40, 20
ON = date(2026, 6, 1)
STAFF = Actor("wenkong", "文控员", (), "", ALL_ROLES)
READER = Actor("yuangong", "员工", ("hotline_agent",), "热线客服", (HeldRole(Role.READER),), ("service",))
QUERIES = (
    "投诉处理", "投诉", "服务", "顾客", "售后服务", "服务质量", "召回计划", "维修工程师", "一次修复率", "保修期", "回访", "培训",
    "顾客 投诉 记录", "备件 库存", "总经理 批准", "满意度 调查", "服务 -投诉", "“30 分钟内”", "5个工作日", "24小时", "返修率不高于",
    "GB/T 27922", "HQ/SH-CX-007", "CX-0123", "标题:投诉", "章节:职责 回访", "编号:88", "单", "险", "务", "的", "1",
    "怎么处理顾客投诉", "维修服务部经理", "投诉处埋程序", "热线客服在接到报修后", "每月 统计", "安装调试 收费", "废弃商品回收", "质量部经理",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Seconds of the 95th percentile of searches of staff and of a reader, of putting in one changed document (median and 95th
    percentile), and documents per second of a full build."""

    search: float
    search_of_reader: float
    change: float
    slow_change: float
    build: float


def prepare(folder: Path) -> tuple[Engine, UUID]:
    """The filled database, and the organisation."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    engine = open_database(f"sqlite:///{folder / 'service-manual.sqlite'}")
    migrate(engine)
    profile = (settings().content / "demo" / "manufacturer.yml").read_text("utf-8")
    with writing(engine) as session:
        owner = create_organisation(session, read_profile(profile, file="manufacturer.yml", catalogue=catalogue()), at=NOW)
        titles, said = _words(session, owner)
        chance = random.Random(27922)  # the same texts each time
        for serial in range(1, DOCUMENTS + 1):
            _add(session, owner, serial, f"{chance.choice(titles)}（{serial}）", _body(chance, said))
    return engine, owner.id


def _words(session: Session, owner: Organisation) -> tuple[list[str], list[str]]:
    """Titles and sentences of the shipped set, filled for this organisation."""
    values, titles, said = values_on(session, owner.id, ON, catalogue=catalogue()), [], []
    for template in template_set("gbt27922-general").templates:
        titles.append(template.front.title)
        text = section_text(parse_procedure(fill(template.source, values, blank="mark")), "")
        said += [words for line in text.split("\n") for words in sentences(line) if re.fullmatch(r"[^|#*`{}\[\]<>]{5,}", words)]
    return titles, said


def _body(chance: random.Random, said: list[str]) -> str:
    """Six sections, the fourth with parts of its own."""
    share = CHARACTERS // (len(SIX_SECTIONS) + PARTS)
    parts = []
    for title in SIX_SECTIONS:
        parts.append(f"## {title}\n\n{_passage(chance, said, share)}")
        if title == SIX_SECTIONS[3]:
            parts += [f"### 第 {number} 步\n\n{_passage(chance, said, share)}" for number in range(1, PARTS + 1)]
    return "\n\n".join(parts) + "\n"


def _passage(chance: random.Random, said: list[str], length: int) -> str:
    words = ""
    while len(words) < length:
        words += chance.choice(said)
    return words[:length]


def _add(session: Session, owner: Organisation, serial: int, title: str, body: str) -> None:
    text = f"---\nkey: d{serial}\ntitle: {title}\nkind: procedure\ndepartment: service\n---\n\n{body}"
    number = f"{owner.code}/SH-CX-{serial:03}"
    document = Document(
        organisation_id=owner.id, number=number, kind=Kind.PROCEDURE, serial=serial, key=f"d{serial}", department="service", created_at=NOW
    )
    session.add(document)
    session.flush()
    session.add(
        Revision(
            organisation_id=owner.id,
            document_id=document.id,
            edition="A",
            revision_number=0,
            status=Status.RELEASED,
            title=title,
            source=text,
            text=text,
            fingerprint=procedure_fingerprint(parse_procedure(text)),
            created_at=NOW,
            created_by="bench",
            released_at=NOW,
            released_on=ON,
            effective_on=ON,
        )
    )


def _change(engine: Engine, owner_id: UUID, serial: int) -> None:
    """The text of one document becomes another, as if it had been withdrawn, edited and submitted; the trail says so."""
    with writing(engine) as session:
        query = select(Revision).join(Document, col(Document.id) == Revision.document_id)
        revision = session.exec(query.where(Document.organisation_id == owner_id, Document.serial == serial)).one()
        revision.text = revision.text.replace("## 范围\n\n", "## 范围\n\n本次修改。")
        revision.fingerprint = procedure_fingerprint(parse_procedure(revision.text))
        record(session, owner_id, at=NOW, by="bench", action="revision:edit", subject="document", subject_id=str(serial))


def measured(folder: Path = HOME) -> Found:
    """Everything; the generated database and index are removed afterwards."""
    engine, owner_id = prepare(folder)
    index = WhooshIndex(folder / "index")
    with reading(engine) as session:
        owner = session.exec(select(Organisation).where(Organisation.id == owner_id)).one()
        built = _seconds(lambda: reindex(session, owner, index, on=ON))
    searches = [_seconds(partial(_search, engine, owner, index, text, STAFF)) for _ in range(3) for text in QUERIES]
    read = [_seconds(partial(_search, engine, owner, index, text, READER)) for _ in range(2) for text in QUERIES]
    changes = []
    for serial in range(1, CHANGES + 1):
        _change(engine, owner_id, serial * 7)
        changes.append(_seconds(lambda: _catch_up(engine, owner, index)))
    engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)
    return Found(_slowest(searches), _slowest(read), statistics.median(changes), _slowest(changes), DOCUMENTS / built)


def _search(engine: Engine, owner: Organisation, index: WhooshIndex, text: str, by: Actor) -> None:
    with reading(engine) as session:
        results = search(session, owner, index, text, Filters(ON), by=by, today=ON)
        hits(session, owner, results, results.found.matches[:PAGE])


def _catch_up(engine: Engine, owner: Organisation, index: WhooshIndex) -> None:
    with reading(engine) as session:
        assert not catch_up(session, owner, index, on=ON)


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _slowest(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    found = measured()
    sys.stdout.write(
        f"{DOCUMENTS} documents of {CHARACTERS} characters\n"
        f"search with snippets, p95: {found.search * 1000:.1f} ms of {SEARCH_SECONDS * 1000:.0f} ms, of a reader {found.search_of_reader * 1000:.1f} ms\n"
        f"one changed document: {found.change * 1000:.1f} ms of {CHANGE_SECONDS * 1000:.0f} ms, p95 {found.slow_change * 1000:.1f} ms\n"
        f"full build: {found.build:.0f} documents/s of at least {DOCUMENTS_A_SECOND:.0f}\n"
    )


if __name__ == "__main__":
    main()
