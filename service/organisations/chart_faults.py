"""What can be wrong in a profile's organisation chart: departments, posts and who holds them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from service.kit.yamlfile import Fault, Path
from service.organisations.values import is_text

KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
Rows: TypeAlias = list[tuple[Path, Any]]


def keyed_rows(rows: Any) -> list[dict[str, Any]]:
    """The rows that are mappings at all; the others have a fault of their own."""
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def chart_faults(departments: Any) -> Iterator[Fault]:
    """Faults of `departments:`: shape, keys used twice, unknown parents, circles."""
    if not isinstance(departments, list) or not departments:
        yield Fault(("departments",), "部门 departments 必填，至少一个")
        return
    rows: Rows = [(("departments", index), row) for index, row in enumerate(departments)]
    posts: Rows = [((*path, "posts", index), post) for path, row in rows for index, post in enumerate(_list_of(row, "posts"))]
    for path, row in rows:
        yield from _row_faults(row, path, "部门", {"key", "name", "also", "parent", "posts"})
    for path, post in posts:
        yield from _row_faults(post, path, "岗位", {"key", "name", "also"})
    yield from _repeated(rows, "部门")
    yield from _repeated(posts, "岗位")
    yield from _repeated_names(rows)
    yield from _parent_faults([(path, row) for path, row in rows if isinstance(row, dict)])


def person_faults(persons: Any, departments: Any) -> Iterator[Fault]:
    """Faults of `persons:`: shape, log-in used twice, a post that is not on the chart."""
    if persons is not None and not isinstance(persons, list):
        yield Fault(("persons",), "人员 persons 须为列表")
        return
    posts = {key for row in keyed_rows(departments) for post in keyed_rows(row.get("posts")) for key in _keys(post)}
    logins: set[str] = set()
    for index, row in enumerate(persons or ()):
        yield from _one_person(row, ("persons", index), posts, logins)


def _one_person(row: Any, path: Path, posts: set[str], logins: set[str]) -> Iterator[Fault]:
    if not isinstance(row, dict) or set(row) != {"login", "name", "posts"}:
        yield Fault(path, "每个人员须写明且只写明 login、name、posts")
        return
    login, held = row["login"], row["posts"]
    if not isinstance(login, str) or not LOGIN.fullmatch(login):
        yield Fault((*path, "login"), f"登录名“{login}”须由小写字母、数字、点和短横组成")
    elif login in logins:
        yield Fault((*path, "login"), f"登录名“{login}”重复出现")
    else:
        logins.add(login)
    if not is_text(row["name"]):
        yield Fault((*path, "name"), f"人员“{login}”没有姓名")
    if not isinstance(held, list) or not held:
        yield Fault((*path, "posts"), f"人员“{login}”须至少担任一个岗位")
        return
    for index, post in enumerate(held):
        if not isinstance(post, str) or post not in posts:
            yield Fault((*path, "posts", index), f"人员“{login}”的岗位“{post}”不在组织机构中")


def _row_faults(row: Any, path: Path, word: str, allowed: set[str]) -> Iterator[Fault]:
    if not isinstance(row, dict):
        yield Fault(path, f"{word}须写明 key 和 name")
        return
    keys = [((*path, "key"), row.get("key")), *(((*path, "also", i), key) for i, key in enumerate(_list_of(row, "also")))]
    for where, key in keys:
        if not isinstance(key, str) or not KEY.fullmatch(key):
            yield Fault(where, f"{word}键“{key}”须由小写字母、数字和下划线组成")
    if not is_text(row.get("name")):
        yield Fault((*path, "name"), f"{word}“{row.get('key')}”没有名称 name")
    for field in {"also", "posts"} & allowed:
        if row.get(field) is not None and not isinstance(row[field], list):
            yield Fault((*path, field), f"{word}“{row.get('key')}”的 {field} 须为列表")
    yield from (Fault((*path, field), f"{word}“{row.get('key')}”有不认识的项目“{field}”") for field in row if field not in allowed)


def _list_of(row: Any, field: str) -> list[Any]:
    found = row.get(field) if isinstance(row, dict) else None
    return found if isinstance(found, list) else []


def _keys(row: dict[str, Any]) -> list[str]:
    return [key for key in (row.get("key"), *_list_of(row, "also")) if isinstance(key, str)]


def _repeated(rows: Rows, word: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, row in rows:
        for key in _keys(row) if isinstance(row, dict) else ():
            if key in seen:
                yield Fault((*path, "key" if key == row.get("key") else "also"), f"{word}键“{key}”重复出现")
            seen.add(key)


def _repeated_names(rows: Rows) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, row in rows:
        name = row.get("name") if isinstance(row, dict) else None
        if isinstance(name, str) and name in seen:
            yield Fault((*path, "name"), f"部门名称“{name}”重复出现")
        if isinstance(name, str):
            seen.add(name)


def _parent_faults(rows: Rows) -> Iterator[Fault]:
    own: dict[str, str] = {}
    for _, row in rows:
        for key in _keys(row) if isinstance(row.get("key"), str) else ():
            own.setdefault(key, row["key"])
    parents: dict[str, str] = {}
    for path, row in rows:
        key, parent = row.get("key"), row.get("parent")
        if parent is not None and (not isinstance(parent, str) or parent not in own):
            yield Fault((*path, "parent"), f"部门“{key}”的上级部门“{parent}”不存在")
        elif parent is not None and isinstance(key, str):
            parents[key] = own[parent]
    places = {row.get("key"): path for path, row in rows if isinstance(row.get("key"), str)}
    for circle in _circles(parents):
        yield Fault((*places[circle[0]], "parent"), f"部门的上下级关系成环：{' → '.join((*circle, circle[0]))}")


def _circles(parents: dict[str, str]) -> Iterator[list[str]]:
    """Every circle of the parent relation once, from its first department in the file on."""
    done: set[str] = set()
    for start in parents:
        path: list[str] = []
        key: str | None = start
        while key is not None and key not in done and key not in path:
            path.append(key)
            key = parents.get(key)
        if key in path:
            yield path[path.index(key) :]
        done.update(path)
