"""学历解读: the least schooling a posting asks for."""

import re

from app.jobs.reading.normal import normalise
from app.occupations.terms import Education

_WORDS: tuple[tuple[Education, str], ...] = (
    (Education.MASTER, r"硕士|博士|研究生|mba"),
    (Education.BACHELOR, r"本科|学士|统招本|全日制本"),
    (Education.COLLEGE, r"大专|专科|高职|大学专|统招专|大学(?!城|生村|路|英语|附)"),
    (Education.VOCATIONAL, r"中专|中技|技校|中职|职高|职中|技工学校|技师学院"),
    (Education.SENIOR, r"高中"),
    (Education.JUNIOR, r"初中|初级中学|九年(?:制)?义务"),
    (Education.PRIMARY, r"小学"),
    (Education.NONE, r"文盲|识字|没上过学"),
)
_NONE = re.compile(
    r"(?:学历|文化(?:程度|水平)?|文凭|^\W*)[^,。;\n]{0,4}(?:不限|无要求|没要求|不作要求)|不限学历|无学历要求|文不限"
)
_PREFERRED = re.compile(
    r"^(?:及?以上)?\s*(?:学历|文化|毕业|文凭)?\s*(?:者|的)?\s*(?:优先|为佳|最佳|更佳|最好)"
)
_AT_MOST = re.compile(r"^(?:学历|文化|程度)*\s*(?:及其?)?(?:以下|以内)")


def read_education(text: str | None) -> Education | None:
    """The lowest step a text accepts, None when it sets none (不限, 初中以下, only 优先)."""
    clean = normalise(text or "")
    found: list[Education] = []
    for level, words in _WORDS:
        for match in re.finditer(words, clean):
            rest = clean[match.end() : match.end() + 12]
            if _AT_MOST.match(rest):
                return None
            if not _PREFERRED.match(rest):
                found.append(level)
    if not found or _NONE.search(clean):
        return None
    return min(found, key=lambda level: (level.step, level.value))


def format_education(level: Education | None) -> str:
    """Write a step so that `read_education` reads it again."""
    return level.label if level else "不限"
