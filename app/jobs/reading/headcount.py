"""招聘人数解读: how many people a posting wants."""

import re

from app.jobs.reading.normal import arabic_numerals, normalise

MOST = 100_000
"""A larger figure is a typing mistake: no employer of a province takes on more at once."""

_ONE_DIGIT = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"两": "2"}
_HAN = re.compile(r"([一二两三四五六七八九])(?=\s*(?:人|名|位|个))")
_TEN = re.compile(
    r"([一二三四五六七八九]?)十([一二三四五六七八九]?)(?=\s*(?:余|多|几|来)?\s*(?:人|名|位|个))"
)
_COUNT = re.compile(
    r"(?<![\d.])(\d{1,6})(?:\.0+)?\s*(?:余|多|来)?\s*(?:人|名|位|个)?\s*(?:(?:-|到|至)\s*(\d{1,6}))?\s*(?P<unit>人|名|位|个(?!月|小时))?"
)
_WHOLE = re.compile(
    r"(?:招聘?|需|需求|共|约|大约|男|女)?(?:人数)?:?\s*(\d{1,6})(?:\.0+)?\s*(?:人|名|位|个)?\s*(?:(?:-|到|至)\s*(\d{1,6}))?\s*(?:余|多|来)?\s*(?:人|名|位|个)?\s*(?:左右|以上|以内|以下|余)?\W*"
)


def read_headcount(text: str | None) -> int | None:
    """How many people at most: `10-20名` is 20, `若干`, `数名人`, `人`, `0` and `不限` are None."""
    clean = normalise(text or "")
    clean = _TEN.sub(lambda m: f"{_ONE_DIGIT.get(m.group(1), '1')}{_ONE_DIGIT.get(m.group(2), '0')}", clean)
    clean = arabic_numerals(_HAN.sub(lambda m: _ONE_DIGIT[m.group(1)], clean))
    whole = _WHOLE.fullmatch(clean)
    if whole:
        return _people(whole.group(2) or whole.group(1))
    for match in _COUNT.finditer(clean):
        if match.group("unit") or re.search(r"[人名位]$", match.group().strip()):
            return _people(match.group(2) or match.group(1))
    return None


def _people(number: str) -> int | None:
    return int(number) if 1 <= int(number) <= MOST else None
