"""Acts that fall due: telling people of periodic reviews and of checks of external documents, once for each stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.clock import local_date
from service.documents.due_list import DueItem, due_items, is_pending
from service.documents.external import CONTROLLER
from service.documents.review_rules import TASK_NAMES, Task, days_words, stage_of
from service.organisations.models import Organisation
from service.organisations.notify import notify
from service.organisations.queries import chart_on
from service.organisations.rules import Chart, PostNode, departments_of, posts_of

EVENTS: Mapping[Task, str] = {Task.REVIEW: "document:review_due", Task.CHECK: "external_document:check_due"}
Group = tuple[Task, str, date]
"""What people are told of together: the same task of one department, due on one day."""


def due(session: Session, organisation: Organisation, *, at: datetime) -> int:
    """Notices 30 days before, on the day, and every month that passes after it; how many are new. Telling again changes nothing.

    One notice for all that a department has due on one day: the first edition of a manual falls due with sixty documents at once.
    What joins a day that has been announced already is told of at the next stage.
    """
    on = local_date(at, organisation.time_zone)
    chart = chart_on(session, organisation.id, on)
    groups: dict[Group, list[DueItem]] = defaultdict(list)
    for item in due_items(session, organisation, on):
        if not is_pending(item):
            groups[item.task, item.department, item.due_on].append(item)
    return sum(_tell(session, organisation, chart, group, items, on, at) for group, items in groups.items())


def _tell(
    session: Session, organisation: Organisation, chart: Chart, group: Group, items: Sequence[DueItem], on: date, at: datetime
) -> int:
    task, department, due_on = group
    stage = stage_of(due_on, on)
    if stage is None:
        return 0
    reached, months = stage
    event, when = EVENTS[task], days_words((due_on - on).days)
    subject = _printable(f"{TASK_NAMES[task]}：{items[0].department_name or organisation.name} {len(items)} 份，{when}")
    lines = [_printable(f"{item.number}《{item.title}》{item.label}") for item in items]
    body = "\n".join((f"下列文件应在 {due_on} 前完成{TASK_NAMES[task]}（{when}）：", *lines))
    key = f"{event}:{department}:{due_on}:{reached.value}:{months}"
    return notify(session, organisation, recipients(chart, department), subject=subject, body=body, event=event, key=key, at=at)


def _printable(words: str) -> str:
    """A title may hold invisible characters that no notice takes."""
    return "".join(character for character in words if character.isprintable())


def recipients(chart: Chart, department: str) -> list[str]:
    """Logins of the 文控员 and of whoever holds the first post of the department."""
    controllers = [post for post in posts_of(chart) if CONTROLLER in (post.key, *post.aliases)]
    owners = [each for each in departments_of(chart) if department in (each.key, *each.aliases)]
    heads: list[PostNode] = [post for owner in owners for post in owner.posts[:1]]
    return list(dict.fromkeys(holder.login for post in (*controllers, *heads) for holder in post.holders))
