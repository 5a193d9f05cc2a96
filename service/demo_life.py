"""What goes on in the demo manufacturer after its manual took force: changes under way, copies handed out, texts to be read, a review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from service.accounts.queries import find_user
from service.approvals import actions as approvals
from service.changes import actions as changes
from service.changes import decisions
from service.changes.models import ChangeRequest
from service.changes.queries import requests
from service.changes.rules import ChangeKind, Wanted
from service.distribution.acknowledging import acknowledge
from service.distribution.actions import receive
from service.distribution.asking import Asked, ask
from service.distribution.issue import issue_to_recipients
from service.distribution.queries import find_copy
from service.distribution.rows import AskedPerson
from service.documents import queries as documents
from service.documents.actions import draft_next, edit
from service.documents.external import Finding, adopt_cited, check_external
from service.documents.models import Document, Revision
from service.documents.review_rules import Verdict
from service.documents.reviews import record_review
from service.organisations.models import Organisation
from service.organisations.queries import member_actor
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.standards.shipped import register, standard
from service.text.source_sections import find_section, section_bodies, with_section

UNCHECKED = 3
"""External documents that nobody has looked up yet."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The organisation on the day that the demo is made."""

    session: Session
    owner: Organisation
    today: date

    def at(self, days_ago: int) -> datetime:
        """10:00 in the organisation, so many days ago."""
        return datetime.combine(self.today - timedelta(days_ago), time(10), ZoneInfo(self.owner.time_zone))

    def by(self, login: str) -> Actor:
        return member_actor(self.session, self.owner, find_user(self.session, login), self.today)

    def text(self, key: str) -> tuple[Document, Revision]:
        """The document of this template and its revision in force."""
        pair = next(pair for pair in documents.in_force(self.session, self.owner.id, self.today) if pair.document.key == key)
        return pair.document, pair.revision

    def draft(self, document: Document) -> Revision:
        return documents.revisions(self.session, document)[-1]


def live(session: Session, owner: Organisation, today: date) -> None:
    """All scenes, once: a second run finds them played."""
    if requests(session, owner.id):
        return
    scene = Scene(session, owner, today)
    for play in SCENES:
        play(scene)


def change_in_review(scene: Scene) -> None:
    """An approved change of the repair procedure, drafted and submitted: it waits for the reviewer."""
    document, _ = scene.text("repair-service")
    wanted = Wanted(ChangeKind.REVISE, document.number, "4.1", "受理后向报修人发送短信，写明受理编号和预约时间。")
    request = _request(scene, "报修受理后发送短信", "顾客反映不清楚报修是否已受理。", wanted, "sun", 9)
    decisions.approve(scene.session, scene.owner, request, by=scene.by("zhao"), at=scene.at(7), comment="同意，先在本市试行。")
    draft = scene.draft(document)
    _add(scene, document, draft, wanted.proposed, "sun", 5)
    _submit(scene, document, draft, "sun", 4)


def change_to_decide(scene: Scene) -> None:
    document, _ = scene.text("complaint-handling")
    wanted = Wanted(ChangeKind.REVISE, document.number, "4.2", "投诉受理当日由投诉专员回电确认。")
    _request(scene, "投诉受理当日回电", "回访发现部分顾客当日未接到回电。", wanted, "yang", 3)


def returned_draft(scene: Scene) -> None:
    document, draft = _next(scene, "training", "han", 8, "明确新入职服务人员的培训学时。")
    _submit(scene, document, draft, "han", 7)
    reason = "培训学时与《服务人员配置与管理程序》不一致，请核对后再提交。"
    approvals.return_(scene.session, document, draft, by=scene.by("qian"), at=scene.at(6), reason=reason)


def waiting_for_approval(scene: Scene) -> None:
    document, draft = _next(scene, "installation", "sun", 6, "补充安装前的水质检测要求。")
    _add(scene, document, draft, "安装前用便携式检测仪测量进水水质，结果记入安装记录。", "sun", 5)
    _submit(scene, document, draft, "sun", 4)
    approvals.review(scene.session, document, draft, standard=standard(), by=scene.by("qian"), at=scene.at(2))


def copies(scene: Scene) -> None:
    for key in ("repair-service", "document-control"):
        document, revision = scene.text(key)
        made = issue_to_recipients(scene.session, scene.owner, document, revision, by=scene.by("li"), at=scene.at(30))
        for copy in made[: len(made) // 2]:
            if copy.holder_login:
                held = find_copy(scene.session, scene.owner.id, copy.id)
                receive(scene.session, scene.owner, held, by=scene.by(copy.holder_login), at=scene.at(29))


def reading(scene: Scene) -> None:
    document, revision = scene.text("complaint-handling")
    whom = Asked(logins=frozenset({"yang", "sun", "han", "wu"}))
    asked = ask(scene.session, scene.owner, document, revision, whom, due_on=scene.today + timedelta(7), by=scene.by("li"), at=scene.at(5))
    for row in asked:
        if row.login in {"yang", "sun"}:
            acknowledge(scene.session, scene.owner, AskedPerson(row, document, revision), by=scene.by(row.login), at=scene.at(3))


def registers(scene: Scene) -> None:
    adopted = adopt_cited(scene.session, scene.owner, register(), by=scene.by("li"), at=scene.at(20))
    for row in adopted[:-UNCHECKED]:
        finding = Finding(row.status, scene.today - timedelta(18), "国家标准、法律法规公开数据库（演示）", row.edition, row.replaced_by)
        check_external(scene.session, scene.owner, row, finding, by=scene.by("li"), at=scene.at(18))
    document, _ = scene.text("document-control")
    comment = "抽查三个部门，文件均为现行版本，无需修订。"
    record_review(scene.session, scene.owner, document, Verdict.KEEP, comment=comment, by=scene.by("qian"), at=scene.at(10))


SCENES: tuple[Callable[[Scene], None], ...] = (
    copies,
    registers,
    change_in_review,
    returned_draft,
    waiting_for_approval,
    reading,
    change_to_decide,
)


def _request(scene: Scene, title: str, reason: str, wanted: Wanted, login: str, days_ago: int) -> ChangeRequest:
    """A change request, submitted on the day it was written."""
    by, at = scene.by(login), scene.at(days_ago)
    request = changes.open_request(scene.session, scene.owner, title=title, reason=reason, items=[wanted], by=by, at=at)
    changes.submit(scene.session, scene.owner, request, standard=standard(), catalogue=catalogue(), by=by, at=at)
    return request


def _next(scene: Scene, key: str, login: str, days_ago: int, summary: str) -> tuple[Document, Revision]:
    document, _ = scene.text(key)
    return document, draft_next(scene.session, document, by=scene.by(login), at=scene.at(days_ago), change_summary=summary)


def _add(scene: Scene, document: Document, draft: Revision, words: str, login: str, days_ago: int) -> None:
    """One paragraph more at the end of the first section under 程序及要求."""
    section = next(each for each in section_bodies(draft.source) if each.clause.startswith("4.") and each.body.strip())
    body = find_section(section_bodies(draft.source), section.anchor).body.rstrip("\n")
    source = with_section(draft.source, section.anchor, f"{body}\n\n{words}\n\n")
    edit(scene.session, document, draft, source, by=scene.by(login), at=scene.at(days_ago))


def _submit(scene: Scene, document: Document, draft: Revision, login: str, days_ago: int) -> None:
    approvals.submit(
        scene.session, scene.owner, document, draft, standard=standard(), catalogue=catalogue(), by=scene.by(login), at=scene.at(days_ago)
    )
