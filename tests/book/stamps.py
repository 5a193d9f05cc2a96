"""Stamps that the tests of stamped copies share."""

from __future__ import annotations

from datetime import datetime

from service.book.mark import Stamp, StampKind

AT = datetime(2026, 3, 1, 9, 30)
UNCONTROLLED = Stamp(StampKind.UNCONTROLLED, None, "", AT, "张三（zhangsan）")
CONTROLLED = Stamp(StampKind.CONTROLLED, 3, "李四（lisi）", AT, "王五（wangwu）")
OBSOLETE = Stamp(StampKind.OBSOLETE, None, "", AT, "张三（zhangsan）")
RETAINED = Stamp(StampKind.RETAINED, 3, "李四（lisi）", AT, "李四（lisi）")
DRAFT = Stamp(StampKind.DRAFT, None, "", AT, "张三（zhangsan）")
EVERY_KIND = (UNCONTROLLED, CONTROLLED, OBSOLETE, RETAINED, DRAFT)
LONG = Stamp(StampKind.CONTROLLED, 1234, "欧阳" * 50, AT, "司马" * 50)
"""As long as a stamp's line can become."""
HOSTILE = Stamp(StampKind.UNCONTROLLED, None, "", AT, "</style><script>alert(1)</script>\n\x07\"'\\&{}")
