"""Why the operating system refused a file, in Chinese."""

from __future__ import annotations

import errno
from collections.abc import Mapping

_REASONS: Mapping[int | None, str] = {
    errno.ENOENT: "路径不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EISDIR: "那里是文件夹，不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "名称太长",
}


def reason(fault: OSError) -> str:
    """One short phrase; what has none keeps the system's own words."""
    return _REASONS.get(fault.errno, fault.strerror or str(fault))
