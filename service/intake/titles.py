"""Recognising lines by their words: standard sections, letters, titles of documents, rules and articles."""

from __future__ import annotations

import re

from service.text.model import Part

# The names under which the six sections go.
SECTION_NAMES = {
    "目的": ("目的", "目的和意义", "编制目的"),
    "范围": ("范围", "适用范围"),
    "职责": ("职责", "职责权限", "职责与权限", "职责和权限", "部门职责", "管理职责"),
    "程序及要求": (
        "程序及要求",
        "程序",
        "工作程序",
        "程序要求",
        "程序和要求",
        "程序与要求",
        "控制程序",
        "程序内容",
        "管理要求",
        "工作流程",
        "工作内容",
    ),
    "相关文件": ("相关文件", "支持性文件", "引用文件", "相关支持文件", "相关支持性文件"),
    "相关记录": ("相关记录", "记录", "质量记录", "记录表单", "相关表单", "相关记录表单", "相关表格"),
}
_STANDARD = {name: standard for standard, names in SECTION_NAMES.items() for name in names}
_WITH_REST = re.compile(
    r"(目的|适用范围|范围|职责|相关文件|相关记录)(?:\s*[：:]\s*|\s+)(.+)|(目的|适用范围|范围)\s*((?:为了?|适用于|本程序|本制度|本办法|规定).+)"
)
_DECORATION = re.compile(r"[\s【】\[\]：:]")

_APPOINTMENT = re.compile(r"(?:特|兹|现)?(?:任命|委任).{0,20}?为.{0,30}?(?:代表|管理师|负责人|督查员|监督员)|(?:任命书)$")
_PROMULGATION = re.compile(r"(?:批准|予以|现)(?:颁布|发布)(?:实施|执行)?|(?:颁布令|发布令)$")
_TITLE = re.compile(
    r"^(?:《[^《》]+》|[^，。；：！？、]{2,28}(?:程序|制度|办法|规定|规范|细则|指导书|流程|规程)|[^，。；：！？、]{0,28}(?:任命书|颁布令|发布令))$"
)
_HEAD = re.compile(
    r"(?:文件)?(?:编号|版本号?|版次|修订状态|受控状态|分发号|页码|页次|共\s*\d*\s*页|第\s*\d*\s*页|编制|审核|批准|制定|(?:生效|实施|发布|修订|编制)日期)"
)
_ARTICLE = re.compile(r"企业|消费者|认证|例如|综上|评审|获证|星级|口碑|竞争")
_RULES = re.compile(r"我?公司|服务部|办公室|负责|部门|调度员|维修人员|不得|填写|《")


def standard_section(text: str) -> tuple[str, str] | None:
    """(standard name, words that follow on the same line) if a line, without its number, opens one of the six sections."""
    name = _STANDARD.get(_DECORATION.sub("", text))
    if name:
        return name, ""
    found = _WITH_REST.fullmatch(text)
    return (_STANDARD[found[1] or found[3]], found[2] or found[4]) if found else None


def letter_part(text: str) -> Part | None:
    """Which letter of the manual a line belongs to by its words."""
    if _APPOINTMENT.search(text):
        return Part.APPOINTMENT_LETTER
    return Part.PROMULGATION_ORDER if _PROMULGATION.search(text) and ("手册" in text or len(text) < 8) else None


def is_title(text: str) -> bool:
    """Whether a line may be the title of a document."""
    return _TITLE.match(text) is not None


def is_document_head(text: str) -> bool:
    """Whether a line is one of those that head a controlled document: number, edition, signers."""
    return _HEAD.match(text) is not None


def rules_something(text: str) -> bool:
    """Whether words say who does what here."""
    return _RULES.search(text) is not None or "应" in text or "须" in text


def reads_like_an_article(text: str) -> bool:
    """Whether words speak about companies and certification in general rather than rule what this company does."""
    return len(_ARTICLE.findall(text)) > 1.5 * len(_RULES.findall(text))
