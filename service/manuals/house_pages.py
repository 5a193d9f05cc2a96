"""The page of the manual's look: our themes, the organisation's own Word template, what of it is used where, and how pages come out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.book.house_package import LARGEST
from service.book.house_reading import House
from service.book.house_theme import house_theme, mapping, page_of
from service.book.theme import MM, THEME_NAMES, THEMES, Theme
from service.errors import NotFound, ServiceError
from service.manuals.house_actions import OwnTheme, ReadTemplate, choose_theme, prepared_template, remove_template, use_template
from service.manuals.house_queries import house_of, house_styles, own_theme, theme_of
from service.manuals.house_sample import PAGES, sample_pages
from service.organisations.api import Member, allowed, allowed_to_write, allowed_to_write_later
from service.organisations.pages import organisation_page
from service.organisations.queries import names_of
from service.organisations.roles import Act
from service.settings import settings
from service.web.depends import Noting, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.heavy import Heavy
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/house-style", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Writer = Annotated[Member, allowed_to_write(Act.CONFIGURE)]
LaterWriter = Annotated[Member, allowed_to_write_later(Act.CONFIGURE)]


@router.get("")
def house_style_page(member: Viewer, session: Reading) -> HTMLResponse:
    return _page(session, member)


@router.post("/theme")
def theme(member: Writer, session: Writing, form: Form) -> Response:
    """Choose one of our themes."""
    owner, wanted = member.organisation, form.choice("theme", OwnTheme, required="请选择主题")
    by, at = member.actor(session), clock.now()
    made = attempt(session, form, lambda: choose_theme(session, owner, wanted or OwnTheme.FORMAL, by=by, at=at))
    if form.fault or made is None:
        return _page(session, member, form, status=422)
    return see(f"/organisations/{owner.code}/house-style", f"已选用“{THEME_NAMES[made.theme]}”主题，下次编制手册时使用")


@router.post("/template", dependencies=[Heavy])
def template(member: LaterWriter, session: Reading, note: Noting, form: Form) -> Response:
    """Read the uploaded Word template, which takes seconds, and use it from now on. The same file sent twice changes nothing the second time."""
    owner, read = member.organisation, _read(form)
    if read is None:
        return _page(session, member, form, status=422)
    by, at = member.actor(session), clock.now()
    with note() as noting:
        attempt(noting, form, lambda: use_template(noting, owner, read, by=by, at=at))
    if form.fault:
        return _page(session, member, form, status=422)
    return see(f"/organisations/{owner.code}/house-style", "已采用企业模板，请核对下面的样式对应")


@router.post("/remove")
def remove(member: Writer, session: Writing, form: Form) -> Response:
    """Use the template no more."""
    owner, by, at = member.organisation, member.actor(session), clock.now()
    attempt(session, form, lambda: remove_template(session, owner, by=by, at=at))
    if form.fault:
        return _page(session, member, form, status=422)
    return see(f"/organisations/{owner.code}/house-style", "已停用企业模板，改用所选的主题")


@router.get("/sample/{look}/{sheet}.png", dependencies=[Heavy])
def sample_page(
    look: Annotated[str, Path(pattern="^(formal|modern|house)$")],
    sheet: Annotated[int, Path(ge=1, le=PAGES)],
    member: Viewer,
    session: Reading,
) -> Response:
    """A page of the sample: in one of our themes, or in the house theme in use."""
    chosen = THEMES.get(look) or theme_of(session, member.organisation.id, settings().data)
    pages = sample_pages(member.organisation.name, chosen, settings().fonts)
    if sheet > len(pages):
        raise NotFound("样张没有这一页", code="page_not_found")
    return Response(pages[sheet - 1], media_type="image/png", headers={"Cache-Control": "private, no-cache"})


def _read(form: Filled) -> ReadTemplate | None:
    """The uploaded file; what is wrong with it stands beside its field."""
    files = form.files.get("template", ())
    if not files:
        form.faults["template"] = "请选择 Word 模板（.docx）"
        return None
    try:
        return prepared_template(files[0].file.read(LARGEST + 1), files[0].filename or "")
    except ServiceError as fault:
        form.faults["template"] = str(fault)
        return None


def _page(session: Session, member: Member, filled: Filled = NOTHING, *, status: int = 200) -> HTMLResponse:
    history = house_styles(session, member.organisation.id)
    row = history[0] if history else None
    own, house = own_theme(row), house_of(row, settings().data) if row else None
    return organisation_page(
        "manuals/house_style.html",
        member,
        "house-style",
        status=status,
        filled=filled,
        themes=THEME_NAMES,
        own=own.name,
        row=row,
        house=house,
        rows=mapping(own, house) if house else [],
        facts=_facts(own, house) if house else [],
        pages=range(1, PAGES + 1),
        history=history,
        people=names_of(session, member.organisation.id, [each.saved_by for each in history]),
    )


def _facts(own: Theme, house: House) -> list[tuple[str, str, bool]]:
    """What is found beside styles: (what, in words, whether it came from the template)."""
    theme = house_theme(own, house, house.logo)
    _, faults = page_of(own, house, theme.running)
    margins = "、".join(f"{side} {value / MM:.1f}" for side, value in zip("上下左右", _margins(theme), strict=True))
    logo = f"{house.logo.width} × {house.logo.height} 像素" if house.logo else "页眉中没有可用的图片"
    rule = {None: "模板没有规定", "": "无线"}.get(house.head_rule, f"有线，颜色 #{house.head_rule}")
    return [
        ("纸张", f"{theme.page_width / MM:.0f} × {theme.page_height / MM:.0f} 毫米", not faults),
        ("页边距", f"{margins} 毫米", not faults),
        *[("页面设置未采用", fault, False) for fault in faults],
        ("页眉标志", logo, house.logo is not None),
        ("页眉线", rule, house.head_rule is not None),
        ("表格线", f"表格样式“{house.table_style}”" if house.registers else "模板没有用到带线的表格样式", house.registers is not None),
        *[("说明", note, False) for note in house.notes],
    ]


def _margins(theme: Theme) -> tuple[float, float, float, float]:
    return theme.margin_top, theme.margin_bottom, theme.margin_left, theme.margin_right
