"""A small profile that tests change by single lines."""

from __future__ import annotations

from datetime import UTC, datetime

from service.organisations.profile import Profile, read_profile
from service.organisations.rules import Catalogue

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)

PROFILE = """\
code: AB
valid_from: 2026-01-05
time_zone: Asia/Shanghai
number_pattern: "{company}/SH-{kind}-{serial:02}"
company:
  legal_name: 示范甲公司
  hotline: 400-000-0001
  founded_on: 2015-03-01
  products: [水壶, 水杯]
targets:
  repair_days: 5
  return_repair_rate: [{value: 2, from: 2026-01-05}, {value: 1.5, from: 2026-07-01}]
choices:
  makes: false
departments:
  - key: management
    name: 公司管理层
    posts:
      - {key: general_manager, name: 总经理, also: [management_representative]}
  - key: service
    name: 服务部
    parent: management
    also: [technical]
    posts:
      - {key: service_manager, name: 服务部经理}
      - {key: technician, name: 维修工程师}
persons:
  - {login: jia, name: 贾一, posts: [general_manager]}
  - {login: yi, name: 易二, posts: [service_manager, technician]}
  - {login: bing, name: 邴三, posts: [technician]}
outlets:
  - {name: 甲站, area: 全市, address: 示范路 1 号, phone: 010-0000-0001, manager: 丁四, own: true}
not_applicable:
  - {indicator: 5.1.6.4, justification: 不参与标准制定, approved_by: jia, decided_on: 2026-01-06}
"""


def changed(*changes: tuple[str, str]) -> str:
    """The profile with each old text, which must be there, replaced by a new one."""
    text = PROFILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def read(text: str, catalogue: Catalogue) -> Profile:
    return read_profile(text, file="ab.yml", catalogue=catalogue)
