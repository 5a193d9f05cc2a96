"""Links by e-mail over HTTP: the mail goes out with the secret, and nothing tells whether a name has an account."""

from __future__ import annotations

import re

import pytest
from httpx import Response
from small_firm import PASSWORD
from sqlalchemy import event
from sqlmodel import select

from accounts.people import OTHER
from accounts.served import API, NOW, Served, log_in, person, refused
from service.accounts.actions import disable_user
from service.accounts.mails import send_invitation, send_reset
from service.accounts.models import AccountEvent, AccountLink
from service.accounts.queries import find_user
from service.db import reading, writing
from service.errors import Refused
from service.notices.models import Notice

LINK = re.compile(r"http://127\.0\.0\.1:8000/(invitation|reset)\?token=(sml_[\w-]+)\n")


def mails(served: Served) -> list[Notice]:
    with reading(served.engine) as session:
        return list(session.exec(select(Notice)))


def secret_in(mail: Notice, purpose: str) -> str:
    found = LINK.search(mail.body)
    assert found is not None, mail.body
    assert found[1] == purpose
    return found[2]


def invited(served: Served, login: str = "neu") -> str:
    with writing(served.engine) as session:
        send_invitation(session, person(session, login, "新来", None), "示范甲公司", by="bing", at=served.clock.moment)
    return secret_in(mails(served)[-1], "invitation")


def ask(served: Served, login: str) -> Response:
    answer: Response = served.browser().post(f"{API}/resets", json={"login": login})
    return answer


def reset_sent(served: Served, login: str = "bing") -> str:
    assert ask(served, login).status_code == 202
    return secret_in(mails(served)[-1], "reset")


def test_invited_person_chooses_a_password_and_logs_in(served: Served) -> None:
    token = invited(served)
    answer = served.browser().post(f"{API}/invitations/accept", json={"token": token, "password": OTHER})
    assert (answer.status_code, answer.json()) == (200, {"login": "neu", "name": "新来"})
    assert log_in(served.browser(), "neu", OTHER).status_code == 200
    again = served.browser().post(f"{API}/invitations/accept", json={"token": token, "password": PASSWORD})
    refused(again, 409, "link_invalid")


def test_invitation_says_who_invites_under_which_name_and_for_how_long(served: Served) -> None:
    invited(served)
    [mail] = mails(served)
    assert (mail.recipient, mail.subject, mail.event) == ("neu@mail.example", "示范甲公司邀请您使用售后服务管理手册系统", "invitation:send")
    assert all(words in mail.body for words in ("新来，您好：", "登录名是：neu", "7 天内有效"))


def test_invitation_without_an_address_is_refused(served: Served) -> None:
    with writing(served.engine) as session:
        user = person(session, "neu", "新来", None)
        user.email = ""
        with pytest.raises(Refused) as caught:
            send_invitation(session, user, "示范甲公司", by="bing", at=NOW)
    assert caught.value.code == "email_missing"
    assert mails(served) == []


def test_reset_ends_the_old_password_and_its_sessions(served: Served) -> None:
    client = served.logged_in("bing")
    token = reset_sent(served)
    assert served.browser().post(f"{API}/resets/use", json={"token": token, "password": OTHER}).status_code == 200
    refused(client.get(f"{API}/session"), 401, "session_invalid")
    refused(log_in(served.browser(), "bing"), 401, "login_wrong")
    assert log_in(served.browser(), "bing", OTHER).status_code == 200


def test_request_for_a_reset_is_answered_the_same_whoever_is_named(served: Served) -> None:
    with writing(served.engine) as session:
        person(session, "invited", "未到", None)
        disable_user(session, person(session, "gone", "离职"), by="admin", at=NOW)
        find_user(session, "jia").email = ""
    names = ("bing", "nobody", "invited", "gone", "jia", "", "\x00", "x" * 200)
    answers = [ask(served, login) for login in names]
    assert len({(each.status_code, each.text, *sorted(each.headers.items())) for each in answers}) == 1
    assert answers[0].status_code == 202
    assert [mail.recipient for mail in mails(served)] == ["bing@jc.example"]


def test_reset_of_somebody_without_an_address_is_no_fault(served: Served) -> None:
    with writing(served.engine) as session:
        find_user(session, "jia").email = ""
        send_reset(session, "jia", at=NOW)
    assert mails(served) == []


def test_request_for_a_reset_asks_the_database_nothing_before_its_answer(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the time of the answer says nothing: what depends on the name comes after it."""
    later, statements = list[str](), list[str]()
    monkeypatch.setattr("service.accounts.links_api.reset_later", lambda _, login: later.append(login))

    def listen(*words: object) -> None:
        statements.append(str(words[2]))

    event.listen(served.engine, "before_cursor_execute", listen)
    assert ask(served, "bing").status_code == 202
    assert (later, statements) == (["bing"], [])


def test_secret_of_a_link_stands_in_the_mail_and_nowhere_else(served: Served) -> None:
    token = reset_sent(served)
    with reading(served.engine) as session:
        rows = [*session.exec(select(AccountLink)), *session.exec(select(AccountEvent))]
        assert rows
        assert all(token not in repr(row.model_dump()) for row in rows)
        [mail] = session.exec(select(Notice))
        assert token not in f"{mail.subject}{mail.recipient}{mail.key}{mail.event}"
        assert mail.organisation_id is None  # such a text is forgotten once it is sent


def test_reset_is_not_sent_twice_in_two_minutes(served: Served) -> None:
    first, second = ask(served, "bing"), ask(served, "bing")
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert len(mails(served)) == 1
    served.clock.move(minutes=2)
    ask(served, "bing")
    assert len(mails(served)) == 2


@pytest.mark.parametrize("path", ["invitations/accept", "resets/use"])
def test_link_that_is_none_is_refused(served: Served, path: str) -> None:
    for token in ("", "sml_unknown", "\x00", "é"):
        refused(served.browser().post(f"{API}/{path}", json={"token": token, "password": OTHER}), 409, "link_invalid")


def test_link_is_refused_after_its_time(served: Served) -> None:
    token = reset_sent(served)
    served.clock.move(hours=1)
    refused(served.browser().post(f"{API}/resets/use", json={"token": token, "password": OTHER}), 409, "link_invalid")


def test_weak_password_leaves_the_link_as_it_was(served: Served) -> None:
    token = invited(served)
    refused(served.browser().post(f"{API}/invitations/accept", json={"token": token, "password": "short"}), 422, "weak_password")
    assert served.browser().post(f"{API}/invitations/accept", json={"token": token, "password": OTHER}).status_code == 200
