"""Which parts of a sentence are denied: 不会电焊, 无需叉车证, 没做过缝纫和锁边, 电焊不会."""

import re
from collections.abc import Callable

_CLAUSE = re.compile(r"[,。;!?\n,]|但是?|不过|可是|只会|就会|而是")
_DENIAL = re.compile(
    r"不会|不懂|不能|不想|不愿意?|不做|不干|不招|不考虑|不接受|不需要?|不用|不要求?|不限"
    r"|无需|无须|毋需|没有|没得|没(?:学|做|干|开|当|搞|用|办|考)过|没(?=[^,。]{0,6}[证照本])"
    r"|无(?=[^,。]{1,8}(?:证|照|经验))|未(?:持|取得|办)|想学|学不会"
)
_AFFIRM = re.compile(
    r"(?<![不需要])会|(?<!不)懂|(?<![没不用要])有(?!无)|做过|干过|开过|(?<![不无])需|(?<!未)持有?"
)
_ASKS = ("有没有", "会不会", "能不能", "要不要", "用不用", "需不需要")
_AFTER = re.compile(
    r"(?:证|照|本|的?活|我|都|也|这些|可|暂时|还|工种|\s){0,3}"
    r"(?:不会|不懂|不行|没有|没做过|没学过|不做|不干|不需要?|不要求|不限|不用|不要)"
)


def denied(text: str) -> Callable[[int, int], bool]:
    """Tell for a stretch of the text whether a denial reaches it.

    A denial reaches over 和 and 、 to the end of its clause or until the text affirms again
    (不会电焊会缝纫); one that follows at once also counts (电焊不会).
    """
    stretches = []
    for match in _DENIAL.finditer(text):
        if not _is_question(text, match.start()):
            stretches.append((match.end(), _reach(text, match.end())))

    def reaches(start: int, end: int) -> bool:
        if any(begin < end and start < stop for begin, stop in stretches):
            return True
        after = _AFTER.match(text, end)
        return after is not None and not _AFFIRM.match(text, after.end()) and _closes(text, after.end())

    return reaches


def _closes(text: str, place: int) -> bool:
    """A denial behind its word ends the clause there; otherwise it opens the next one (会缝纫不会电焊)."""
    return place >= len(text) or _CLAUSE.match(text, place) is not None or text[place] in " 、)]】"


def _is_question(text: str, start: int) -> bool:
    around = text[max(start - 1, 0) : start + 4]
    return any(ask in around for ask in _ASKS)


def _reach(text: str, end: int) -> int:
    clause = _CLAUSE.search(text, end)
    stop = clause.start() if clause is not None else len(text)
    again = _AFFIRM.search(text, end, stop)
    return again.start() if again is not None and again.start() > end else stop
