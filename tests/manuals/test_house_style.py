"""The look of an organisation's manual: who may choose it, what is recorded, and that everything printed follows it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from book.templates import template
from small_firm import Firm, moment
from small_manual import AFTER, with_manual
from sqlmodel import Session, select

from service.book.theme import FORMAL, MODERN
from service.errors import Forbidden, InputError, Refused
from service.kit import files as store
from service.manuals.actions import build_manual
from service.manuals.build import Format
from service.manuals.house_actions import OwnTheme, choose_theme, prepared_template, remove_template, use_template
from service.manuals.house_queries import house_styles, theme_of
from service.manuals.models import Build, HouseStyle
from service.manuals.workshop import Workshop, workshop_for
from service.settings import settings
from service.trail.queries import entries

READ = prepared_template(template(), "公司模板.docx")


@pytest.fixture
def firm(undone: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Firm:
    monkeypatch.setattr("service.manuals.house_actions.settings", lambda: settings().model_copy(update={"data": tmp_path}))
    monkeypatch.setattr("service.manuals.workshop.settings", lambda: settings().model_copy(update={"data": tmp_path}))
    return with_manual(undone)


def choose(session: Session, firm: Firm, theme: OwnTheme = OwnTheme.MODERN) -> HouseStyle:
    return choose_theme(session, firm.organisation, theme, by=firm.controller, at=moment(3, 1))


def use(session: Session, firm: Firm) -> HouseStyle:
    return use_template(session, firm.organisation, READ, by=firm.controller, at=moment(3, 2))


def built(session: Session, firm: Firm, *formats: Format) -> tuple[Build, Workshop]:
    workshop = workshop_for(session, firm.organisation)
    by = firm.controller
    return build_manual(session, firm.organisation, workshop, on=AFTER, formats=formats or [Format.DOCX], by=by, at=moment(3, 3)), workshop


def test_an_organisation_that_chose_nothing_prints_formally(undone: Session, firm: Firm) -> None:
    assert workshop_for(undone, firm.organisation).theme == FORMAL


def test_chosen_theme_is_used_and_leaves_its_entry(undone: Session, firm: Firm) -> None:
    before = len(entries(undone, firm.organisation.id))
    choose(undone, firm)
    assert workshop_for(undone, firm.organisation).theme == MODERN
    [entry] = entries(undone, firm.organisation.id)[before:]
    assert (entry.action, entry.by) == ("house_style:theme", firm.controller.login)
    assert (entry.details["theme"], entry.details["former_theme"]) == ("modern", "formal")


def test_choosing_the_same_again_changes_and_records_nothing(undone: Session, firm: Firm) -> None:
    choose(undone, firm)
    use(undone, firm)
    before = len(entries(undone, firm.organisation.id))
    choose(undone, firm)
    use(undone, firm)
    assert len(entries(undone, firm.organisation.id)) == before
    assert [row.version for row in house_styles(undone, firm.organisation.id)] == [2, 1]


def test_template_is_used_with_its_logo_from_the_file_store(undone: Session, firm: Firm, tmp_path: Path) -> None:
    row = use(undone, firm)
    assert (row.template, row.template_sha256) == ("公司模板.docx", READ.sha256)
    assert READ.house.logo is not None
    assert store.get(tmp_path, row.logo) == READ.house.logo.data
    theme = workshop_for(undone, firm.organisation).theme
    assert (theme.name, theme.body.hanzi) == ("house", "仿宋_GB2312")
    assert theme.logo == READ.house.logo


def test_lost_logo_is_left_out_and_the_manual_still_has_its_theme(undone: Session, firm: Firm, tmp_path: Path) -> None:
    row = use(undone, firm)
    (tmp_path / "files" / row.logo[:2] / row.logo).unlink()
    theme = theme_of(undone, firm.organisation.id, tmp_path)
    assert (theme.name, theme.logo) == ("house", None)


def test_removed_template_gives_way_to_the_theme_that_was_chosen(undone: Session, firm: Firm) -> None:
    choose(undone, firm)
    use(undone, firm)
    remove_template(undone, firm.organisation, by=firm.controller, at=moment(3, 3))
    assert workshop_for(undone, firm.organisation).theme == MODERN
    actions = [entry.action for entry in entries(undone, firm.organisation.id, firm.organisation.code)]
    assert actions[-3:] == ["house_style:theme", "house_style:template", "house_style:remove"]
    with pytest.raises(Refused, match="没有采用企业模板"):
        remove_template(undone, firm.organisation, by=firm.controller, at=moment(3, 4))


def test_only_who_may_configure_changes_the_look(undone: Session, firm: Firm) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: choose_theme(undone, firm.organisation, OwnTheme.MODERN, by=firm.reviewer, at=moment(3, 1)),
        lambda: use_template(undone, firm.organisation, READ, by=firm.reviewer, at=moment(3, 1)),
        lambda: remove_template(undone, firm.organisation, by=firm.reviewer, at=moment(3, 1)),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert undone.exec(select(HouseStyle).where(HouseStyle.organisation_id == firm.organisation.id)).all() == []


def test_every_look_is_another_build_that_names_it(undone: Session, firm: Firm) -> None:
    formal, _ = built(undone, firm)
    choose(undone, firm)
    modern, _ = built(undone, firm)
    use(undone, firm)
    house, workshop = built(undone, firm)
    assert [row.theme for row in (formal, modern, house)] == ["formal", "modern", "house"]
    assert len({row.fingerprint for row in (formal, modern, house)}) == 3
    data = store.get(workshop.data, str(house.files[0]["sha256"]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "仿宋_GB2312" in archive.read("word/styles.xml").decode()
        assert READ.house.logo is not None
        assert READ.house.logo.data in [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]


def test_another_organisation_keeps_its_own_look(undone: Session, firm: Firm) -> None:
    other = with_manual(undone, "YI")
    choose(undone, firm)
    assert workshop_for(undone, other.organisation).theme == FORMAL


def test_empty_file_is_refused() -> None:
    with pytest.raises(InputError, match="空的"):
        prepared_template(b"", "空.docx")
