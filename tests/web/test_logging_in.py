"""Pages for getting in and for one's own account: forms are filled in and sent, and lead where they say, on this site only."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pyotp
import pytest
from accounts.people import OTHER, with_second_factor
from accounts.served import NOW, Served, cookie_of, log_in, person, with_cookie
from accounts.served import served as served
from accounts.served import two_firms as two_firms
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import PASSWORD
from sqlmodel import select

from service.accounts.actions import set_password
from service.accounts.forms import local_path
from service.accounts.identity import COOKIE
from service.accounts.mails import send_invitation
from service.accounts.queries import find_user
from service.db import reading, writing
from service.notices.models import Notice
from web.reading import Page, read


def fields(answer: Response, action: str) -> dict[str, str]:
    """The fields of the page's own form with this action, as the browser would send them untouched."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}[^"]*"[^>]*>(.*?)</form>', answer.text, re.S)
    assert form, action
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def send(client: TestClient, shown: Response, action: str, **typed: str) -> Response:
    """Fill in the form of a page and send it."""
    filled = fields(shown, action)
    assert set(typed) <= set(filled) | {"scope", "days"}, (typed, filled)
    answer: Response = client.post(action, data=filled | typed)
    return answer


def enter(client: TestClient, login: str = "bing", password: str = PASSWORD, path: str = "/login") -> Response:
    return send(client, client.get(path), "/login", login=login, password=password)


def faults(answer: Response) -> str:
    """The words of the page's alert."""
    found = re.search(r'role="alert"[^>]*>([^<]*)<', answer.text)
    return found[1] if found else ""


def account_of(served: Served, login: str = "bing") -> TestClient:
    client = served.browser()
    assert enter(client, login).status_code == 303
    return client


def secret_of(served: Served) -> str:
    with reading(served.engine) as session:
        return str(re.findall(r"token=(sml_[\w-]+)", list(session.exec(select(Notice)))[-1].body)[0])


# log-in and log-out


def test_log_in_leads_to_the_first_page(served: Served) -> None:
    client = served.browser()
    answer = enter(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")
    page = read(client.get("/organisations"))
    assert "邴三" in page.words
    assert "退出" in page.words


def test_who_wanted_a_page_gets_there_after_the_log_in(served: Served) -> None:
    client, wanted = served.browser(), "/organisations/JC/documents?as_of=2026-03-01"
    sent = client.get(wanted)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/login?next={quote(wanted, safe='')}")
    answer = enter(client, path=sent.headers["location"])
    assert answer.headers["location"] == wanted
    assert client.get(wanted).status_code == 200


def test_wish_for_a_page_outlives_a_wrong_password(served: Served) -> None:
    client = served.browser()
    wrong = enter(client, password="guess", path="/login?next=/account")
    assert (wrong.status_code, faults(wrong)) == (401, "登录名或密码不正确")
    assert fields(wrong, "/login")["login"] == "bing"
    assert "guess" not in wrong.text
    assert send(client, wrong, "/login", password=PASSWORD).headers["location"] == "/account"


ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%0d%0aset-cookie:x",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/\t/evil.example",
    "/a\nb",
    " //evil.example",
    "/路",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(served: Served, wanted: str) -> None:
    client = served.browser()
    answer = enter(client, path=f"/login?next={quote(wanted, safe='')}")
    assert answer.headers["location"] in {"/organisations", "/%0d%0aset-cookie:x"}
    assert client.get(f"/login?next={quote(wanted, safe='')}").headers["location"] == answer.headers["location"]


@pytest.mark.parametrize("path", ["/", "/organisations/JC?as_of=2026-01-01", "/account#tokens"])
def test_path_of_this_site_is_kept(path: str) -> None:
    assert local_path(path) == path


def test_who_is_logged_in_needs_no_form(served: Served) -> None:
    answer = account_of(served).get("/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")


def test_second_step_asks_for_the_code_and_not_for_the_password_again(served: Served) -> None:
    with writing(served.engine) as session:
        phone = with_second_factor(session, find_user(session, "bing"), NOW)
    served.clock.move(minutes=2)
    client = served.browser()
    second = enter(client, path="/login?next=/account")
    assert second.status_code == 200
    assert set(fields(second, "/login")) == {"next", "step", "login", "code"}
    assert PASSWORD not in second.text
    wrong = send(client, second, "/login", code="000000")
    assert wrong.status_code == 401
    assert faults(wrong).startswith("动态验证码不正确")
    done = send(client, wrong, "/login", code=phone.at(served.clock.moment))
    assert (done.status_code, done.headers["location"]) == (303, "/account")


def second_step(served: Served, client: TestClient) -> tuple[Response, pyotp.TOTP]:
    with writing(served.engine) as session:
        phone = with_second_factor(session, find_user(session, "bing"), NOW)
    served.clock.move(minutes=2)
    return enter(client), phone


def test_second_step_is_refused_after_its_time(served: Served) -> None:
    client = served.browser()
    shown, phone = second_step(served, client)
    served.clock.move(minutes=5)
    late = send(client, shown, "/login", code=phone.at(served.clock.moment))
    assert (late.status_code, faults(late)) == (401, "登录已失效，请重新登录")
    assert "password" in fields(late, "/login")


@pytest.mark.parametrize("change", [{"login": "jia"}, {"step": "9999999999.00"}, {"step": "x"}, {"step": "٣.é"}, {"step": "9" * 900}])
def test_second_step_holds_for_nobody_else_and_cannot_be_made_up(served: Served, change: dict[str, str]) -> None:
    client = served.browser()
    shown, phone = second_step(served, client)
    answer = client.post("/login", data=fields(shown, "/login") | {"code": phone.at(served.clock.moment)} | change)
    assert answer.status_code == 401
    assert COOKIE not in client.cookies


def test_second_step_falls_with_the_password(served: Served) -> None:
    client = served.browser()
    shown, phone = second_step(served, client)
    with writing(served.engine) as session:
        set_password(session, find_user(session, "bing"), OTHER, by="admin", at=served.clock.moment)
    assert send(client, shown, "/login", code=phone.at(served.clock.moment)).status_code == 401


def test_codes_cannot_be_guessed_in_the_second_step(served: Served) -> None:
    client = served.browser()
    shown, phone = second_step(served, client)
    for _ in range(5):
        assert send(client, shown, "/login", code="000000").status_code == 401
    locked = send(client, shown, "/login", code=phone.at(served.clock.moment))
    assert (locked.status_code, faults(locked)) == (429, "失败次数过多，请在 1 分钟后再试")


def test_log_out_ends_the_session_and_says_so(served: Served) -> None:
    client = account_of(served)
    token = cookie_of(client)
    answer = send(client, client.get("/account"), "/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=logout")
    assert COOKIE not in client.cookies
    assert "已退出登录" in read(client.get(answer.headers["location"])).words
    assert with_cookie(client, token).get("/account").status_code == 303


def test_log_out_needs_the_sessions_own_token(served: Served) -> None:
    client = account_of(served)
    assert client.post("/logout", data={"csrf": "guess"}).status_code == 403
    assert client.get("/account").status_code == 200


def test_log_out_of_a_session_that_is_over_is_no_fault(served: Served) -> None:
    client = account_of(served)
    shown = client.get("/account")
    served.clock.move(hours=12)
    assert send(client, shown, "/logout").headers["location"] == "/login?done=logout"


# links by e-mail


def test_invited_person_sets_a_password_on_the_page_and_logs_in(served: Served) -> None:
    with writing(served.engine) as session:
        send_invitation(session, person(session, "neu", "新来", None), "示范甲公司", by="bing", at=NOW)
    client, path = served.browser(), f"/invitation?token={secret_of(served)}"
    shown = client.get(path)
    assert "新来" in read(shown).words
    differing = send(client, shown, "/invitation", password=OTHER, again=PASSWORD)
    assert (differing.status_code, faults(differing)) == (422, "两次输入的密码不一致")
    weak = send(client, differing, "/invitation", password="short", again="short")
    assert (weak.status_code, faults(weak)) == (422, "密码至少要有 10 个字符")
    done = send(client, weak, "/invitation", password=OTHER, again=OTHER)
    assert (done.status_code, done.headers["location"]) == (303, "/login?done=invitation")
    assert "密码已设置" in read(client.get(done.headers["location"])).words
    assert enter(client, "neu", OTHER).status_code == 303
    assert served.browser().get(path).status_code == 404


def test_forgotten_password_is_set_anew_by_a_link(served: Served) -> None:
    client = served.browser()
    asked = send(client, client.get("/reset"), "/reset", login="bing")
    nobody = send(client, client.get("/reset"), "/reset", login="nobody")
    assert (asked.status_code, asked.text) == (nobody.status_code, nobody.text)
    assert "邮件几分钟内就会送到" in read(asked).words
    shown = client.get(f"/reset?token={secret_of(served)}")
    done = send(client, shown, "/reset/use", password=OTHER, again=OTHER)
    assert done.headers["location"] == "/login?done=reset"
    assert enter(client, password=OTHER).status_code == 303
    again = client.post("/reset/use", data=fields(shown, "/reset/use") | {"password": PASSWORD, "again": PASSWORD})
    assert (again.status_code, faults(again)) == (409, "链接无效、已过期或已使用，请重新申请")


@pytest.mark.parametrize("path", ["/invitation", "/invitation?token=sml_x", "/reset?token=sml_x"])
def test_link_that_is_none_is_told_so(served: Served, path: str) -> None:
    answer = served.browser().get(path)
    assert answer.status_code == 404
    assert "链接无效、已过期或已使用" in read(answer).words


# one's own account


def test_account_shows_who_one_is_and_where_one_is_logged_in(served: Served) -> None:
    account_of(served)
    words = read(account_of(served).get("/account")).words
    assert all(each in words for each in ("邴三", "bing@jc.example", "未启用", "本次登录", "今天 10:00"))


def test_password_is_changed_on_the_page(served: Served) -> None:
    client = account_of(served)
    wrong = send(client, client.get("/account"), "/account/password", old="guess", password=OTHER, again=OTHER)
    assert (wrong.status_code, faults(wrong)) == (422, "密码不正确")
    differing = send(client, wrong, "/account/password", old=PASSWORD, password=OTHER, again=PASSWORD)
    assert faults(differing) == "两次输入的密码不一致"
    weak = send(client, wrong, "/account/password", old=PASSWORD, password="short", again="short")
    assert faults(weak) == "密码至少要有 10 个字符"
    done = send(client, wrong, "/account/password", old=PASSWORD, password=OTHER, again=OTHER)
    assert done.headers["location"] == "/account?done=password"
    assert "密码已更换" in read(client.get(done.headers["location"])).words
    assert log_in(served.browser(), "bing", OTHER).status_code == 200


def test_guessing_the_password_on_the_page_closes_the_log_in(served: Served) -> None:
    client = account_of(served)
    for _ in range(5):
        send(client, client.get("/account"), "/account/password", old="guess", password=OTHER, again=OTHER)
    locked = send(client, client.get("/account"), "/account/password", old=PASSWORD, password=OTHER, again=OTHER)
    assert (locked.status_code, faults(locked)) == (429, "失败次数过多，请在 1 分钟后再试")


def test_second_factor_is_enabled_and_disabled_on_the_page(served: Served) -> None:
    client, start, confirm = account_of(served), "/account/second-factor/start", "/account/second-factor/confirm"
    refused = send(client, client.get("/account"), start, password="guess")
    assert faults(refused) == "密码不正确"
    shown = send(client, refused, start, password=PASSWORD)
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", shown.text)
    assert found
    assert all(len(group) <= 4 for group in found[1].split(" "))
    assert any(link.startswith("otpauth://totp/") for link in read(shown).links)
    [picture] = [each for each in read(shown).all("img") if each["src"].startswith("data:image/svg+xml")]
    assert "二维码" in picture["alt"]
    wrong = send(client, shown, confirm, code="000000")
    assert faults(wrong).startswith("动态验证码不正确")
    assert found[1] not in wrong.text + client.get("/account").text  # shown once
    phone = pyotp.TOTP(found[1].replace(" ", ""))
    done = send(client, wrong, confirm, code=phone.at(served.clock.moment))
    assert done.headers["location"] == "/account?done=second_factor"
    shown = client.get("/account")
    assert "已启用" in read(shown).words
    gone = send(client, shown, "/account/second-factor/disable", password=PASSWORD)
    assert gone.headers["location"] == "/account?done=no_second_factor"
    assert "未启用" in read(client.get("/account")).words


def test_other_log_ins_are_ended_on_the_page(served: Served) -> None:
    first, second, client = (account_of(served) for _ in range(3))
    shown = client.get("/account")
    one = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', shown.text)
    assert len(one) == 2
    assert send(client, shown, one[0]).headers["location"] == "/account?done=session"
    assert sorted(each.get("/account").status_code for each in (first, second)) == [200, 303]
    send(client, client.get("/account"), one[1])
    other = account_of(served)
    assert send(client, client.get("/account"), "/account/sessions/end-others").status_code == 303
    assert (other.get("/account").status_code, client.get("/account").status_code) == (303, 200)


def test_token_is_made_shown_once_and_revoked_on_the_page(served: Served) -> None:
    client = account_of(served)
    made = send(client, client.get("/account"), "/account/tokens", name="每日导出", scope="read", days="30", password=PASSWORD)
    [secret] = re.findall(r"smt_[\w-]+", made.text)
    program = served.browser()
    program.headers["authorization"] = f"Bearer {secret}"
    assert program.get("/api/v1/session").status_code == 200
    shown = client.get("/account")
    assert secret not in shown.text
    assert "每日导出" in read(shown).words
    [revoke] = re.findall(r'action="(/account/tokens/[0-9a-f-]{36}/revoke)"', shown.text)
    assert send(client, shown, revoke).headers["location"] == "/account?done=token"
    assert program.get("/api/v1/session").status_code == 401
    assert "每日导出" not in read(client.get("/account")).words


def test_token_without_the_right_password_is_not_made_and_what_was_typed_is_kept(served: Served) -> None:
    client = account_of(served)
    answer = send(client, client.get("/account"), "/account/tokens", name="每日导出", scope="write", days="180", password="guess")
    assert (answer.status_code, faults(answer)) == (422, "密码不正确")
    assert "smt_" not in answer.text
    assert fields(answer, "/account/tokens")["name"] == "每日导出"
    chosen = re.findall(r'<option value="(\w+)" selected>', answer.text)
    assert {"write", "180"} <= set(chosen)
    assert read(client.get("/account")).all("table")[1:] == []  # sessions only: no token


@pytest.mark.parametrize("typed", [{"name": " "}, {"name": "a\u202eb"}, {"name": "x", "days": "0"}])
def test_token_that_cannot_be_is_refused_on_the_page(served: Served, typed: dict[str, str]) -> None:
    client = account_of(served)
    answer = send(client, client.get("/account"), "/account/tokens", **{"scope": "read", "days": "30", "password": PASSWORD, **typed})
    assert answer.status_code == 422
    assert faults(answer).startswith("API 令牌")


def test_hostile_name_of_a_token_stands_there_as_words(served: Served) -> None:
    client = account_of(served)
    send(client, client.get("/account"), "/account/tokens", name="<script>alert(1)</script>", scope="read", days="30", password=PASSWORD)
    page = read(client.get("/account"))
    assert "<script>alert(1)</script>" in page.words
    assert [each for each in page.all("script") if "src" not in each] == []


WRITES = ["password", "second-factor/start", "second-factor/confirm", "second-factor/disable", "sessions/end-others", "tokens"]


@pytest.mark.parametrize("path", WRITES)
def test_account_is_not_changed_without_the_sessions_token(served: Served, path: str) -> None:
    client = account_of(served)
    data = {"csrf": "", "old": PASSWORD, "password": PASSWORD, "again": PASSWORD, "name": "x", "scope": "read", "days": "30"}
    assert client.post(f"/account/{path}", data=data).status_code == 403
    assert served.browser().post(f"/account/{path}", data=data).status_code == 401


def test_program_has_no_page_of_its_own(served: Served) -> None:
    assert served.program("bing", "manage").get("/account").status_code == 403


# how the pages are made


def pages(served: Served) -> dict[str, Page]:
    client = account_of(served)
    stranger = served.browser()
    found = {path: read(stranger.get(path)) for path in ("/login", "/reset", "/invitation")}
    return found | {"/account": read(client.get("/account")), "wrong": read(enter(stranger, password="guess"))}


def test_pages_have_no_script_of_their_own_and_every_field_has_its_label(served: Served) -> None:
    for page in pages(served).values():
        assert [each for each in page.all("script") if "src" not in each] == page.all("style") == []
        labelled = {label["for"] for label in page.all("label")}
        typed = [field for field in (*page.all("input"), *page.all("select")) if field.get("type") != "hidden"]
        assert {field["id"] for field in typed} == labelled
        assert len(page.ids) == len([1 for _ in page.values("id")])
        assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []


def test_passwords_may_be_filled_in_by_a_password_manager(served: Served) -> None:
    hints = {
        path: {field["autocomplete"] for field in page.all("input") if field.get("type") == "password"}
        for path, page in pages(served).items()
    }
    assert hints["/login"] == {"current-password"}
    assert hints["/account"] == {"current-password", "new-password"}


def test_pages_are_not_kept_by_the_browser(served: Served) -> None:
    assert account_of(served).get("/account").headers["cache-control"] == "no-store"
    assert served.browser().get("/login").headers["cache-control"] == "no-store"
