"""What an organisation may have beside its documents: members, copies, requests, registers, rules, channels; one of each."""

from __future__ import annotations

from small_firm import COMPLAINT, Firm, day, found, moment
from sqlmodel import Session

from service.approvals.exception_actions import grant_exception
from service.approvals.models import Comment
from service.approvals.rule_actions import propose_rule
from service.approvals.rules import Meaning
from service.changes.actions import open_request
from service.changes.rules import ChangeKind, Wanted
from service.distribution.asking import Asked, ask
from service.distribution.issue import issue
from service.distribution.rules import CopyHolder, Medium
from service.documents.external import NewExternal, add_external
from service.documents.external_rules import ExternalKind
from service.documents.models import Picture
from service.documents.recipients import Addressees, set_recipients
from service.manuals.models import Build
from service.notices.actions import send_mail
from service.notices.rules import ChannelKind
from service.organisations.channels import add_channel
from service.organisations.rules import SYSTEM
from service.trail.actions import record_reading

AT = moment(4, 2)


def give_belongings(session: Session, firm: Firm) -> None:
    """Each kind once; 投诉处理程序 is in force and goes to 丁四."""
    owner, (document, _) = firm.organisation, found(session, firm, COMPLAINT)
    revision = found(session, firm, COMPLAINT)[1]
    set_recipients(session, owner, document, Addressees(True, (), ()), by=firm.controller, at=AT)
    issue(session, owner, document, revision, [CopyHolder("ding")], medium=Medium.PAPER, by=firm.controller, at=AT)
    ask(session, owner, document, revision, Asked(logins=frozenset({"ding"})), due_on=day(4, 20), by=firm.controller, at=AT)
    wanted = Wanted(ChangeKind.REVISE, number=found(session, firm, COMPLAINT)[0].number, section="1", proposed="缩短时限")
    open_request(session, owner, title="缩短时限", reason="顾客意见", items=[wanted], by=firm.preparer, at=AT)
    add_external(session, owner, NewExternal("GB/T 19012-2019", "投诉处理指南", ExternalKind.STANDARD), by=firm.controller, at=AT)
    propose_rule(session, owner, approvers=["general_manager"], valid_from=day(5, 1), by=firm.controller, at=AT)
    grant_exception(
        session,
        owner,
        login="ding",
        meanings=[Meaning.PREPARE, Meaning.REVIEW],
        reason="人员不足",
        valid_from=day(4, 2),
        valid_until=day(9, 30),
        by=firm.approver,
        at=AT,
    )
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
    add_channel(session, owner, ChannelKind.WECOM, "群", url, anywhere=True, by=SYSTEM, at=AT)
    send_mail(session, owner.id, ["ding@jc.example"], "通知", "正文", event="test", key="k", at=AT)
    record_reading(session, owner.id, "trail", owner.code, by="shen", at=AT, since=moment(4, 1))
    session.add(
        Comment(
            organisation_id=owner.id, document_id=document.id, revision_id=revision.id, text="请补充岗位", at=AT, login="yi", name="易二"
        )
    )
    files = [{"name": "manual.pdf", "sha256": "0" * 64, "bytes": 1, "pages": 1}]
    same = "f" * 64
    session.add(
        Build(
            organisation_id=owner.id,
            files=files,
            on=day(4, 2),
            binding="bound",
            theme="formal",
            fingerprint=same,
            built_at=AT,
            built_by="bing",
        )
    )
    session.add(
        Picture(
            organisation_id=owner.id,
            sha256="0" * 64,
            media="image/png",
            width=4,
            height=3,
            bytes=70,
            file_name="现场.png",
            uploaded_at=AT,
            uploaded_by="ding",
        )
    )
    session.flush()
