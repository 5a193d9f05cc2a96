"""What every page of an organisation shows around its content: whose it is, who looks at it, and where he may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from service.accounts.identity import csrf_token
from service.organisations.api import Member
from service.organisations.roles import Act, may
from service.web.templating import page


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu: its path below the organisation, its name and icon, and what a member must be allowed to do to see it."""

    key: str
    name: str
    icon: str
    act: Act = Act.READ


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together."""

    name: str
    entries: tuple[Entry, ...]


MENU = (
    Group("", (Entry("", "工作台", "layout-dashboard"),)),
    Group(
        "文件控制",
        (
            Entry("documents", "受控文件", "files"),
            Entry("signing", "审核与签署", "signature", Act.READ_ALL),
            Entry("changes", "文件更改", "replace"),
            Entry("copies", "发放与回收", "send"),
            Entry("acknowledgements", "阅读确认", "eye-check", Act.READ),
            Entry("reviews", "定期评审", "calendar-check", Act.READ_ALL),
            Entry("external-documents", "外来文件", "file-import", Act.READ_ALL),
            Entry("record-forms", "记录表单", "forms"),
            Entry("lists", "文件清单", "list-details", Act.READ_ALL),
        ),
    ),
    Group(
        "手册与指标",
        (
            Entry("manuals", "手册", "book", Act.READ_ALL),
            Entry("coverage", "指标对照", "table-shortcut", Act.READ_ALL),
            Entry("checks", "问题项", "alert-triangle", Act.READ_ALL),
        ),
    ),
    Group(
        "企业",
        (
            Entry("first-steps", "首次使用", "rocket", Act.CONFIGURE),
            Entry("profile", "企业档案", "building-community", Act.READ_ALL),
            Entry("chart", "组织机构", "hierarchy-2", Act.READ_ALL),
            Entry("house-style", "手册版式", "palette", Act.READ_ALL),
            Entry("approval-rules", "审批规则", "route", Act.READ_ALL),
            Entry("members", "成员", "users", Act.MANAGE),
            Entry("channels", "通知渠道", "bell", Act.MANAGE),
            Entry("trail", "审计追踪", "timeline-event", Act.READ_TRAIL),
        ),
    ),
)


def organisation_page(template: str, member: Member, tab: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The page with the organisation's frame. `tab`: the entry of the menu it stands below.

    A page that shows a past day too passes `as_of` (None: today); the top bar then lets one choose the day, and the menu keeps it.
    Templates ask `may("draft")` what this member may do; moments are shown in the organisation's time zone.
    """
    session = member.caller.session
    as_of = context.get("as_of")
    return page(
        template,
        status=status,
        organisation=member.organisation,
        base=f"/organisations/{member.organisation.code}",
        caller=member.caller.user,
        csrf=csrf_token(session) if session else "",
        tab=tab,
        today=member.today,
        zone=member.organisation.time_zone,
        dated=f"?as_of={as_of}" if as_of else "",
        menu=menu_of(member),
        may=lambda act: may(member.roles, Act(act)),
        **context,
    )


def menu_of(member: Member) -> list[Group]:
    """The menu with the pages that this member may open; a group without any is left out."""
    groups = [Group(group.name, tuple(entry for entry in group.entries if may(member.roles, entry.act))) for group in MENU]
    return [group for group in groups if group.entries]
