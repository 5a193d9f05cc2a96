"""Opening somebody's Word template: only what is a whole, plain .docx gets in; everything else is refused in words. Nothing is fetched."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from lxml import etree

from service.errors import InputError, Place, TooLarge

LARGEST = 10 * 2**20
"""Bytes of the uploaded file."""
MOST_ENTRIES = 2000
MOST_UNPACKED = 60 * 2**20
MOST_RATIO = 150  # of what is unpacked to what was packed; Word's own files reach about 25
SMALL = 2**20  # bytes: below this no ratio is a danger
MOST_MARKS = 500_000  # "<" in all parts: each may become an element, which takes 120 bytes of memory
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FETCHED = ("/image", "/oleObject", "/frame", "/subDocument", "/externalLink", "/video", "/audio")
_DOCTYPE = re.compile(
    b"|".join(re.escape(sign.encode(code)) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be"))
)


def open_template(data: bytes, name: str) -> Mapping[str, bytes]:
    """Name of a part → its bytes. `name` is only for the words of a refusal, the content decides.

    TooLarge over 10 MB; InputError for what is no .docx, is broken, encrypted, an old .doc, carries macros, unpacks beyond bounds, holds
    a DTD or entities, or more elements than a template needs, or would load pictures from elsewhere.
    """
    if len(data) > LARGEST:
        raise TooLarge(f"模板超过 {LARGEST // 2**20} MB，请删去其中的图片和正文后再上传", code="template_too_large", place=Place(name))
    if data.startswith(_OLE):
        raise _refused("文件已加密，或是旧版 .doc 格式，请取消密码并另存为 .docx 后再上传", "template_encrypted", name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = dict(_unpacked(archive, name))
    # Beside BadZipFile, zipfile lets through what its readers raise on broken, encrypted and unknown entries.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise _refused("文件不是完整的 Word 文档（.docx），可能已经损坏", "template_broken", name) from fault
    _check(entries, name)
    return entries


def parsed(data: bytes, name: str) -> etree._Element:
    """An XML part as a tree; entities stay unresolved, nothing is loaded. InputError if it is not XML or has a DTD."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise _refused("文件内容已损坏，Word 文档的某一部分不能读取", "template_broken", name) from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise _with_entities(name)
    return root


def relations(entries: Mapping[str, bytes], part: str, name: str) -> dict[str, tuple[str, str]]:
    """Of a part: id of a relationship → (last word of its type, name of the part it leads to). Those that lead outside are left out."""
    folder, base = posixpath.split(part)
    found = entries.get(posixpath.join(folder, "_rels", f"{base}.rels"))
    rows = parsed(found, name) if found else ()
    return {
        row.get("Id", ""): (row.get("Type", "").rsplit("/", 1)[-1], _target(folder, row.get("Target", "")))
        for row in rows
        if row.get("TargetMode") != "External"
    }


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _unpacked(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, bytes]]:
    """What a file claims is not believed: each part is read up to the bound and no further."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _bomb(name)
    left = MOST_UNPACKED
    for entry in entries:
        if entry.flag_bits & 1:
            raise _refused("文件已加密，请取消密码后再上传", "template_encrypted", name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # no program that writes .docx files packs otherwise
            raise _refused("文件不是完整的 Word 文档（.docx），可能已经损坏", "template_broken", name)
        with archive.open(entry) as part:
            content = part.read(left + 1)
        left -= len(content)
        if left < 0 or (len(content) > SMALL and len(content) > MOST_RATIO * max(1, entry.compress_size)):
            raise _bomb(name)
        yield entry.filename, content


def _check(entries: Mapping[str, bytes], name: str) -> None:
    types = entries.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or b"vbaProject" in types or any("vbaproject" in each.lower() for each in entries):
        raise _refused("文件带有宏，请另存为不带宏的 .docx 后再上传", "template_macros", name)
    if "word/document.xml" not in entries or "word/styles.xml" not in entries or not types:
        raise _refused("文件不是 Word 文档（.docx），请用 Word 或 WPS 另存为 .docx 后再上传", "template_not_word", name)
    for part, data in entries.items():
        if part.lower().endswith((".xml", ".rels")) and _DOCTYPE.search(data):
            raise _with_entities(name)
    if sum(data.count(b"<") for data in entries.values()) > MOST_MARKS:
        raise _refused("文件内容过多，不能作为模板，请删去正文、只留样式后再上传", "template_too_dense", name)
    for part, data in entries.items():
        if part.lower().endswith(".rels"):
            _check_relations(parsed(data, name), name)


def _check_relations(rows: etree._Element, name: str) -> None:
    for row in rows:
        if row.get("TargetMode") == "External" and row.get("Type", "").endswith(_FETCHED):
            words = "文件引用了外部的图片或对象，请把图片嵌入文档后再上传"
            raise _refused(words, "template_external", name)


def _with_entities(name: str) -> InputError:
    return _refused("文件含有外部实体或文档类型声明，不是 Word 保存的正常文档，不能使用", "template_entities", name)


def _bomb(name: str) -> InputError:
    return _refused("文件解压后过大，不是正常的 Word 文档，不能使用", "template_bomb", name)


def _refused(words: str, code: str, name: str) -> InputError:
    return InputError(words, code=code, place=Place(name))
