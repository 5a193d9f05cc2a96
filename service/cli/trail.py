"""Commands `trail verify`, `trail anchor` and `trail export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session

from service.approvals.verify import verify_signoffs
from service.changes.seals import verify_decisions
from service.cli.context import OrganisationOption, fail, guarded, moment, read_session, say, write_session
from service.errors import InputError, ServiceError
from service.kit.output import write_stream
from service.kit.reasons import reason
from service.organisations.models import Organisation
from service.organisations.queries import find_organisation, list_organisations
from service.settings import settings
from service.trail import keys
from service.trail.actions import anchor as make_anchor
from service.trail.anchors import Anchor, read_anchors, read_public_key, write_anchors
from service.trail.export import export_lines
from service.trail.offline import verify_export
from service.trail.queries import anchors_of, head_of, links
from service.trail.queries import verify as verify_trail

app = typer.Typer(no_args_is_help=True, help="审计追踪")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise InputError(f"无法读取文件 {file}：{reason(fault)}", code="file_not_readable") from fault


def _given_anchors(file: Path | None) -> tuple[Anchor, ...] | None:
    return None if file is None else read_anchors(_bytes(file).decode("utf-8", "replace"), str(file))


def _key(file: Path | None) -> Ed25519PublicKey | None:
    return keys.public_key(settings().data) if file is None else read_public_key(_bytes(file), str(file))


def _anchors_for(session: Session, owner: Organisation, given: tuple[Anchor, ...] | None, asked: bool) -> tuple[Anchor, ...]:
    """Those of the file that was given, else those of the database; a file without any for the organisation asked for proves nothing."""
    if given is None:
        return anchors_of(session, owner.id)
    own = tuple(anchor for anchor in given if anchor.organisation == owner.code)
    if asked and not own:
        raise InputError(f"锚点文件中没有企业 {owner.code} 的锚点", code="anchor_missing")
    return own


@app.command("verify")
@guarded
def verify(
    organisation: Annotated[str | None, typer.Option("--organisation", help="企业代号，默认全部")] = None,
    anchors: Annotated[Path | None, typer.Option("--anchors", help="锚点文件，默认使用数据库中的锚点")] = None,
    public_key: Annotated[Path | None, typer.Option("--public-key", help="公钥文件（PEM），默认使用数据文件夹中的公钥")] = None,
    export: Annotated[Path | None, typer.Option("--export", help="核对 trail export 导出的文件，不使用数据库")] = None,
) -> None:
    """核对审计追踪：哈希链、链头和已签名的锚点；再据此核对全部签署。"""
    given, key = _given_anchors(anchors), _key(public_key)
    broken: list[str] = []
    tampered: list[str] = []
    if export is not None:
        _verify_export(export, given, key)
        return
    with read_session() as session:
        for each in [find_organisation(session, organisation)] if organisation else list_organisations(session):
            verdict = verify_trail(session, each.id, _anchors_for(session, each, given, organisation is not None), key)
            say(f"{each.code}：{verdict}")
            broken += [] if verdict.holds else [f"{each.code} {verdict}"]
            faults = _faults(session, each) if verdict.holds else []  # a broken trail vouches for nothing
            for fault in faults:
                say(f"{each.code}：{fault}")
            tampered += [f"{each.code} {len(faults)} 处"] if faults else []
    if broken:
        fail(ServiceError(f"审计追踪不完整：{'、'.join(broken)}", code="trail_broken"))
    if tampered:
        fail(ServiceError(f"签署与审计追踪不符：{'、'.join(tampered)}", code="signoffs_broken"))


def _faults(session: Session, organisation: Organisation) -> list[str]:
    """Sign-offs and decisions on change requests that are not as the trail has them."""
    return [*map(str, verify_signoffs(session, organisation)), *verify_decisions(session, organisation)]


def _verify_export(file: Path, anchors: tuple[Anchor, ...] | None, key: Ed25519PublicKey | None) -> None:
    if anchors is None or key is None:
        raise InputError("离线核对需要锚点文件和公钥文件，请用 --anchors 和 --public-key 给出", code="anchor_missing")
    try:
        with file.open("rb") as lines:
            verdict = verify_export(lines, anchors, key, str(file))
    except OSError as fault:
        raise InputError(f"无法读取文件 {file}：{reason(fault)}", code="file_not_readable") from fault
    say(f"{file}：{verdict}")
    if not verdict.holds:
        fail(ServiceError(f"审计追踪不完整：{file} {verdict}", code="trail_broken"))


@app.command("anchor")
@guarded
def anchor(
    organisation: OrganisationOption,
    output: Annotated[Path | None, typer.Option("--output", help="输出文件，默认标准输出")] = None,
) -> None:
    """为审计追踪的当前链头签署锚点，输出该企业的全部锚点。"""
    with write_session() as session:
        owner = find_organisation(session, organisation)
        make_anchor(session, owner.id, owner.code, keys.signing_key(settings().data), at=moment())
        text = write_anchors(anchors_of(session, owner.id))
    if output is None:
        typer.echo(text, nl=False)
        return
    write_stream(output, [text.encode()])
    say(f"{output}  公钥 {settings().data / keys.PUBLIC}")


@app.command("export")
@guarded
def export(organisation: OrganisationOption, output: Annotated[Path, typer.Option("--output", help="输出文件（JSON 行）")]) -> None:
    """导出审计追踪，供离线核对。"""
    with read_session() as session:
        owner = find_organisation(session, organisation)
        head = head_of(session, owner.id)
        write_stream(output, export_lines(owner.code, owner.id, head, links(session, owner.id)))
    say(f"{output}  {head.position} 条")
