"""The pages of manuals: a build watched, called off and failing; the outline; the history; a manual in the browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from house import database_of, rows_in
from httpx import Response
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from service import clock
from service.app import create_app
from service.db import open_database, writing
from service.errors import InputError
from service.manuals import progress
from service.manuals.building import Builder, Cancelled, Limits
from service.manuals.making_actions import REMEMBERED
from service.manuals.making_queries import LOST, LOST_WORDS
from service.manuals.models import Making
from service.manuals.orders import Order
from service.manuals.progress import Run
from service.manuals.rules import Binding
from service.manuals.steps import Stage, Step
from service.organisations.rules import SYSTEM
from web.conftest import ADDRESS, log_in_as
from web.dom import actions_of, hire_reader, one, press, send, texts, tree, words

AT = "/organisations/JC/manuals"
OUTLINE = f"{AT}/outline"
REPAIR, COMPLAINT, RULES = "JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-ZD-01"


def start(client: TestClient, on: str = "2026-03-01", binding: str = "bound") -> Response:
    return send(client, tree(client.get(AT)), "build", on=on, binding=binding)


def events(client: TestClient, place: str) -> list[tuple[str, dict[str, Any]]]:
    """Every event until the stream ends."""
    answer = client.get(place.replace("/building/", "/progress/"))
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in answer.text.split("\n\n") if block.startswith("event:")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Builds are told no further than their first step, until this is set."""
    go = threading.Event()
    tell = Run.tell

    def slow(run: Run, step: Step) -> None:
        tell(run, step)
        assert go.wait(20)

    monkeypatch.setattr(Run, "tell", slow)
    yield go
    go.set()


# Building


def test_build_tells_its_steps_in_order_and_leads_to_its_row(client: TestClient) -> None:
    place = start(client).headers["location"]
    found = events(client, place)
    assert [name for name, _ in found] == ["progress"] * (len(found) - 1) + ["end"]
    percents = [data["percent"] for _, data in found]
    assert percents == sorted(percents)
    assert (percents[-1], found[-1][1]["stage"], found[-1][1]["words"], found[-1][1]["address"]) == (100, "done", "手册已编制完成", place)
    order = ["wait", "gather", "lay_out", "pdf", "docx", "html", "keep"]
    steps = [data["step"] for _, data in found]
    assert steps == sorted(steps, key=order.index)
    ended = client.get(place).headers["location"]
    page = tree(client.get(AT))
    section = one(page, f"//section[@id='{ended.split('#')[1]}']")
    assert "邴三编制于" in words(section)
    assert "通常的次序" in words(section)


def test_build_under_way_is_shown_with_its_share_and_survives_a_reload(client: TestClient, held: threading.Event) -> None:
    place = start(client).headers["location"]
    for _ in range(2):
        page = tree(client.get(place))
        bar = one(page, "//*[@role='progressbar']")
        assert 0 <= int(bar.get("aria-valuenow")) < 100
        assert one(page, "//*[@id='words']").get("aria-live") == "polite"
        assert one(page, "//noscript/meta").get("content") == "3"
    link = one(tree(client.get(AT)), "//main//a[text()='查看进度']")
    assert link.get("href") == place
    held.set()
    events(client, place)
    assert not tree(client.get(AT)).xpath("//main//a[text()='查看进度']")


def test_same_build_is_not_started_twice_and_another_one_waits(client: TestClient, held: threading.Event, home: Path) -> None:
    place = start(client).headers["location"]
    assert start(client).headers["location"] == place
    refused = start(client, on="2026-03-05", binding="volumes")
    page = tree(refused)
    assert refused.status_code == 422
    assert "邴三正在编制 2026-03-01 的手册" in words(one(page, "//*[@id='fault']"))
    assert one(page, "//input[@id='on']").get("value") == "2026-03-05"
    assert one(page, "//select[@id='binding']/option[@selected]").get("value") == "volumes"
    held.set()
    events(client, place)
    assert len(tree(client.get(AT)).xpath("//section[starts-with(@id,'build-')]")) == 1


def test_build_that_is_called_off_leaves_nothing(client: TestClient, held: threading.Event, home: Path) -> None:
    before = rows_in(home)
    place = start(client).headers["location"]
    answer = send(client, tree(client.get(place)), "cancel")
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    held.set()
    assert events(client, place)[-1][1]["stage"] == "cancelled"
    ended = client.get(place)
    assert (ended.status_code, ended.headers["location"]) == (303, AT)
    assert rows_in(home) == before
    assert "还没有编制过手册" in words(tree(client.get(AT)))


@pytest.mark.parametrize(
    ("fault", "said"), [(InputError("字体文件缺失"), "字体文件缺失"), (RuntimeError("/secret/path"), "编制时出错，已记录，请稍后再试")]
)
def test_build_that_fails_says_why(client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise fault

    monkeypatch.setattr(Builder, "prepare", fail)
    place = start(client).headers["location"]
    assert events(client, place)[-1][1]["stage"] == "failed"
    page = tree(client.get(place))
    assert words(one(page, "//*[@role='alert']")) == f"没有编制成功：{said}"
    assert "/secret" not in client.get(place).text


def test_build_is_seen_by_members_of_its_organisation_only(client: TestClient, held: threading.Event) -> None:
    place = start(client).headers["location"]
    for path in (place, place.replace("/building/", "/progress/")):
        assert client.get(path.replace("/JC/", "/YI/")).status_code == 404
    assert client.post(f"{place.replace('/JC/', '/YI/')}/cancel").status_code == 404
    hire_reader(client)
    log_in_as(client, "wu")
    for path in (place, place.replace("/building/", "/progress/"), AT, OUTLINE):
        assert client.get(path).status_code == 403
    log_in_as(client, "jia")  # approves, and does not build
    page = tree(client.get(place))
    assert not page.xpath("//form[@id='cancel']")
    assert client.post(f"{place}/cancel").status_code == 403


@pytest.fixture
def beside(client: TestClient) -> Iterator[TestClient]:
    """Another process of the same server, with the same person logged in."""
    with TestClient(create_app(), base_url=ADDRESS, follow_redirects=False) as other:
        log_in_as(other, "bing")
        yield other


def test_build_is_watched_and_called_off_through_every_process(
    client: TestClient, beside: TestClient, held: threading.Event, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(progress, "BEAT", 0.05)
    before = rows_in(home)
    place = start(client).headers["location"]
    assert one(tree(beside.get(AT)), "//main//a[text()='查看进度']").get("href") == place
    assert start(beside).headers["location"] == place
    assert start(beside, on="2026-03-05").status_code == 422
    send(beside, tree(beside.get(place)), "cancel")
    held.set()
    assert events(beside, place)[-1][1]["stage"] == "cancelled"
    assert rows_in(home) == before


def test_build_is_stopped_while_it_goes_on(client: TestClient, beside: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(_builder: Builder, _order: Order, *, stop: threading.Event, **_more: object) -> None:
        assert stop.wait(10)
        raise Cancelled

    monkeypatch.setattr(progress, "BEAT", 0.05)
    monkeypatch.setattr(Builder, "prepare", prepare)
    place = start(client).headers["location"]
    send(beside, tree(beside.get(place)), "cancel")
    assert events(client, place)[-1][1]["stage"] == "cancelled"


def test_build_whose_process_is_gone_says_so_and_another_one_may_begin(client: TestClient, held: threading.Event, home: Path) -> None:
    place = start(client).headers["location"]
    held.set()
    events(client, place)
    _changed(home, stage=Stage.RUNNING, seen_at=clock.now() - LOST - timedelta(seconds=1))
    assert words(one(tree(client.get(place)), "//*[@role='alert']")) == f"没有编制成功：{LOST_WORDS}"
    assert [name for name, _ in events(client, place)] == ["end"]
    assert not tree(client.get(AT)).xpath("//main//a[text()='查看进度']")
    other = start(client, on="2026-03-05").headers["location"]
    assert other != place
    assert events(client, other)[-1][1]["stage"] == "done"


def test_end_that_cannot_be_noted_stands_in_the_log(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(_run: Run) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(Run, "_row", gone)
    engine = client.app.state.engine  # type: ignore[attr-defined]  # the FastAPI application of this test
    Run(engine, Builder(Limits(1, 1)), uuid4(), uuid4(), date(2026, 3, 1), Binding.BOUND, SYSTEM).do()
    assert "noting how a build ended" in caplog.text


def test_build_that_ended_is_forgotten_after_an_hour(client: TestClient, home: Path) -> None:
    place = start(client).headers["location"]
    events(client, place)
    ago = clock.now() - REMEMBERED - timedelta(seconds=1)
    _changed(home, started_at=ago, seen_at=ago)
    events(client, start(client).headers["location"])
    assert client.get(place).status_code == 404


def _changed(home: Path, **values: object) -> None:
    """Every build's row, as if time had passed."""
    engine = open_database(database_of(home))
    with writing(engine) as session:
        session.execute(update(Making).values(**values))
    engine.dispose()


def test_build_that_nobody_knows_is_not_found(client: TestClient) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    for path in ("building", "progress"):
        assert client.get(f"{AT}/{path}/{nobody}").status_code == 404


@pytest.mark.parametrize(("on", "said"), [("", "请选择日期"), ("2026-02-30", "“2026-02-30”不是日期，请写成 YYYY-MM-DD")])
def test_wrong_day_is_told_beside_its_field(client: TestClient, on: str, said: str) -> None:
    answer = start(client, on=on)
    page = tree(answer)
    assert answer.status_code == 422
    assert words(one(page, "//*[@id='on-said']")) == said
    assert one(page, "//input[@id='on']").get("value") == on


# The outline


def outline_of(page: Any) -> dict[str, list[str]]:
    """Numbers by slot, in the order of the page."""
    lists = page.xpath("//ol[@data-outline]")
    return {each.get("aria-labelledby").removeprefix("slot-"): each.xpath(".//input[@name='order']/@value") for each in lists}


def test_outline_shows_every_document_in_its_slot(client: TestClient) -> None:
    found = outline_of(tree(client.get(OUTLINE)))
    assert list(found) == ["front", "opening", "chapters", "procedures", "forms"]
    assert found["procedures"] == [REPAIR, COMPLAINT, RULES]
    assert sum(map(len, found.values())) == 14


def test_button_moves_a_document_without_saving_it(client: TestClient, home: Path) -> None:
    before = rows_in(home)
    answer = press(client, tree(client.get(OUTLINE)), "outline", f"move=down:{REPAIR}")
    page = tree(answer)
    assert answer.status_code == 200
    assert outline_of(page)["procedures"] == [COMPLAINT, REPAIR, RULES]
    assert "有未保存的改动" in words(one(page, "//*[@id='outline-state']"))
    assert rows_in(home) == before
    again = tree(press(client, page, "outline", f"move=up:{RULES}"))
    assert outline_of(again)["procedures"] == [COMPLAINT, RULES, REPAIR]


def save(client: TestClient, page: Any, order: list[str] | None = None, out: tuple[str, ...] = ()) -> Response:
    form = one(page, "//form[@id='outline']")
    sent = order or form.xpath(".//input[@name='order']/@value")
    bound = [number for number in sent if number not in out]
    keys = {name: one(form, f".//input[@name='{name}']").get("value") for name in ("csrf", "once", "version")}
    answer: Response = client.post(form.get("action"), data={**keys, "order": sent, "bound": bound})
    return answer


def test_saved_outline_is_shown_recorded_and_used(client: TestClient) -> None:
    page = tree(press(client, tree(client.get(OUTLINE)), "outline", f"move=down:{REPAIR}"))
    assert save(client, page, out=(RULES,)).headers["location"] == OUTLINE
    page = tree(client.get(OUTLINE))
    assert outline_of(page)["procedures"] == [COMPLAINT, REPAIR, RULES]
    assert page.xpath("//input[@name='bound'][not(@checked)]/@value") == [RULES]
    assert actions_of(client, "JC").count("outline:save") == 1
    assert "正在使用第 1 版编排" in words(one(page, "//*[@id='outline-state']"))
    assert "第 1 版 邴三" in words(page)
    events(client, start(client).headers["location"])
    assert "第 1 版编排" in words(one(tree(client.get(AT)), "//section[starts-with(@id,'build-')]"))


def test_form_that_is_sent_twice_saves_once(client: TestClient) -> None:
    page = tree(client.get(OUTLINE))
    for _ in range(2):
        assert save(client, page, out=(RULES,)).status_code == 303
    assert actions_of(client, "JC").count("outline:save") == 1


def test_usual_order_is_taken_up_again(client: TestClient) -> None:
    save(client, tree(client.get(OUTLINE)), out=(RULES,))
    answer = press(client, tree(client.get(OUTLINE)), "outline", "usual=1")
    assert answer.status_code == 303
    page = tree(client.get(OUTLINE))
    assert not page.xpath("//input[@name='bound'][not(@checked)]")
    assert "第 2 版，通常的次序" in words(page)


def test_outline_made_from_an_older_one_is_refused_and_kept_on_the_page(client: TestClient) -> None:
    first, second = tree(client.get(OUTLINE)), tree(press(client, tree(client.get(OUTLINE)), "outline", f"move=down:{REPAIR}"))
    save(client, first, out=(RULES,))
    answer = save(client, second)
    page = tree(answer)
    assert answer.status_code == 422
    assert "被他人修改过" in words(one(page, "//*[@id='fault']"))
    assert outline_of(page)["procedures"] == [COMPLAINT, REPAIR, RULES]


def test_outline_without_any_document_is_refused(client: TestClient) -> None:
    page = tree(client.get(OUTLINE))
    numbers = tuple(number for slot in outline_of(page).values() for number in slot)
    answer = save(client, page, out=numbers)
    assert answer.status_code == 422
    assert "至少要有一份文件编入手册" in words(one(tree(answer), "//*[@id='fault']"))


def test_who_may_not_build_sees_the_outline_without_buttons(client: TestClient) -> None:
    log_in_as(client, "jia")
    page = tree(client.get(OUTLINE))
    assert not page.xpath("//main//button")
    assert client.post(OUTLINE, data={"version": "0"}).status_code == 403


def test_hostile_titles_are_text_in_the_outline(client: TestClient) -> None:
    page = tree(client.get("/organisations/HX/manuals/outline"))
    assert not page.xpath("//main//i")
    assert "维修<i>服务</i>&程序" in texts(page, "//ol//a")


# In the browser


def built(client: TestClient, binding: str = "bound") -> str:
    place = start(client, binding=binding).headers["location"]
    events(client, place)
    return str(client.get(place).headers["location"].split("#build-")[1])


def test_manual_is_shown_in_a_frame_where_its_own_script_alone_may_run(client: TestClient) -> None:
    build = built(client)
    page = tree(client.get(f"{AT}/{build}/preview"))
    frame = one(page, "//iframe")
    assert (frame.get("src"), frame.get("sandbox")) == (f"{AT}/{build}/preview/manual.html", "allow-scripts")
    answer = client.get(frame.get("src"))
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (policy["frame-ancestors"], policy["default-src"], policy["sandbox"]) == ("'self'", "'none'", "allow-scripts")
    [allowed] = policy["script-src"].split()  # the reading script and no other
    assert allowed.startswith("'sha256-")
    assert "非受控 · 下载人 邴三（bing）" in answer.text
    assert actions_of(client, build) == ["manual:preview"]
    assert "frame-ancestors 'none'" in client.get(f"{AT}/{build}/preview").headers["content-security-policy"]


def test_volumes_are_shown_one_at_a_time(client: TestClient) -> None:
    build = built(client, "volumes")
    page = tree(client.get(f"{AT}/{build}/preview?file=manual-2.html"))
    assert one(page, "//iframe").get("src").endswith("/preview/manual-2.html")
    assert texts(page, "//nav[@aria-label='分册']/a") == ["第一分册 管理手册", "第二分册 程序文件与管理制度", "第三分册 记录表单"]
    assert one(tree(client.get(f"{AT}/{build}/preview?file=../x.html")), "//iframe").get("src").endswith("/preview/manual-1.html")


def test_only_web_pages_of_ones_own_builds_are_framed(client: TestClient) -> None:
    build = built(client)
    assert client.get(f"{AT}/{build}/preview/manual.pdf").status_code in (404, 422)
    assert client.get(f"{AT}/{build}/preview/manual-9.html").status_code == 404
    for path in ("preview", "preview/manual.html"):
        assert client.get(f"{AT.replace('JC', 'YI')}/{build}/{path}").status_code == 404


def test_history_tells_pages_size_and_fingerprint_of_every_file(client: TestClient) -> None:
    build = built(client)
    cells = one(tree(client.get(AT)), f"//section[@id='build-{build}']").xpath(".//tbody/tr")
    lines = [[words(cell) for cell in row.xpath("./td")] for row in cells]
    assert [line[0] for line in lines] == ["manual.docx", "manual.pdf", "manual.html"]
    assert all(int(line[1]) > 20 and line[2].endswith(("KB", "MB")) and len(line[3].split()[0]) == 64 for line in lines)
