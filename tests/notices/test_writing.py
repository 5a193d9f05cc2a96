"""Writing notices: each once, nothing that could be taken for another header or address."""

from __future__ import annotations

import threading

import pytest
from small_firm import founded
from sqlalchemy import Engine
from sqlmodel import Session, select

from notices.outbox import BODY, NOW, SUBJECT, after, mail_to, notices, sent, written
from notices.post_office import MailServer
from service.db import writing
from service.errors import InputError
from service.notices.actions import send_mail
from service.notices.models import Notice


def test_same_key_reaches_the_same_address_once(undone: Session) -> None:
    assert mail_to(undone, "a@jc.example", "b@jc.example", "a@jc.example") == 2
    assert mail_to(undone, "A@jc.example", "c@jc.example", subject="又一次", at=after(days=1)) == 1
    assert mail_to(undone, "a@jc.example", key="read A/2") == 1


def test_same_key_of_two_organisations_means_two_notices(undone: Session) -> None:
    for code in ("ONE", "TWO"):
        owner = founded(undone, code).organisation.id
        assert send_mail(undone, owner, ["a@jc.example"], SUBJECT, BODY, event="x:y", key="k", at=NOW) == 1


def test_two_that_write_the_same_notice_at_once_write_it_once(outbox: Engine) -> None:
    both, new = threading.Barrier(2), []

    def write() -> None:
        both.wait(10)
        with writing(outbox) as session:
            new.append(mail_to(session, "a@jc.example", "b@jc.example"))

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(new) == len(notices(outbox)) == 2


def test_several_workers_send_each_notice_once(outbox: Engine, mail: MailServer) -> None:
    addresses = [f"p{number:02}@jc.example" for number in range(45)]
    written(outbox, *addresses)
    both = threading.Barrier(2)

    def work() -> None:
        both.wait(10)
        while not sent(outbox, mail.url).is_empty:
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(mail.receivers) == addresses
    assert {row.state.value for row in notices(outbox)} == {"sent"}


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\ud800", "\x00"])
def test_subject_with_a_line_break_is_refused(undone: Session, end: str) -> None:
    with pytest.raises(InputError) as caught:
        mail_to(undone, "a@jc.example", subject=f"待阅{end}Bcc: b@jc.example")
    assert caught.value.code == "bad_subject"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a b@jc.example",
        "a@jc.example\nBcc: b@jc.example",
        "a@jc.example\r\n",
        "a,b@jc.example",
        "<a@jc.example>",
        '"a"@jc.example',
        "a@jc.example>",
        "a@b@jc.example",
        "甲@jc.example",
        "a@" + "j" * 200 + ".example",
    ],
)
def test_what_is_no_plain_address_is_refused(undone: Session, address: str) -> None:
    with pytest.raises(InputError) as caught:
        mail_to(undone, "good@jc.example", address)
    assert caught.value.code == "bad_address"
    assert undone.exec(select(Notice)).all() == []


@pytest.mark.parametrize("body", ["", " \n", "a\x00b", "a\x1bb", "\ud800"])
def test_text_that_says_nothing_or_holds_control_characters_is_refused(undone: Session, body: str) -> None:
    with pytest.raises(InputError) as caught:
        mail_to(undone, "a@jc.example", body=body)
    assert caught.value.code == "bad_body"


def test_what_is_too_long_is_shortened(undone: Session) -> None:
    mail_to(undone, "a@jc.example", subject="题" * 300, body="文" * 30_000)
    row = undone.exec(select(Notice)).one()
    assert (len(row.subject), row.subject[-1], len(row.body), row.body[-1]) == (200, "…", 20_000, "…")
