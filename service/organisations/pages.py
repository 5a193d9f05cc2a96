"""What every page of an organisation shows around its content: whose it is, who looks at it, and the tabs he may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse

from service.accounts.identity import csrf_token
from service.organisations.api import Member
from service.organisations.roles import Act, may
from service.web.templating import page

TABS: Mapping[str, tuple[str, Act]] = {
    "documents": ("文件", Act.READ),
    "coverage": ("指标对照", Act.READ_ALL),
    "checks": ("问题项", Act.READ_ALL),
    "manuals": ("手册", Act.READ_ALL),
}
"""Path below the organisation → its name and what a member must be allowed to do to see it."""


def organisation_page(template: str, member: Member, tab: str, **context: Any) -> HTMLResponse:
    """The page with the organisation's frame; `may(act)` tells the template what this member may do."""
    session = member.caller.session
    return page(
        template,
        organisation=member.organisation,
        caller=member.caller.user,
        csrf=csrf_token(session) if session else "",
        tab=tab,
        tabs=[(key, name) for key, (name, act) in TABS.items() if may(member.roles, act)],
        may=lambda act: may(member.roles, Act(act)),
        **context,
    )
