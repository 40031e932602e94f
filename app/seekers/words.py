"""自己的话: what a person says about their skills, papers and wishes, read into codes. Pure.

A word nobody knows stays as it was said: it still meets a posting with the same word, and a better word list
can read it later.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from app.occupations.certificates import certificate_label, find_certificate, read_certificates
from app.occupations.classification import find_occupation, occupation_name
from app.occupations.reading import read_occupation
from app.occupations.skills import find_skill, read_skills

_SAID_BEFORE: Final = re.compile("^(?:我|也)?(?:会|能|懂|干过|做过|当过|学过)+")
_LICENCE_CLASS: Final = re.compile("[ABC][123]", re.IGNORECASE)
# Score under which a reading of an occupation is not used (as in matching).
_SURE_ENOUGH: Final = 0.3


def read_skill_words(words: Sequence[str]) -> list[str]:
    """Codes of skills given as codes, labels or own words, sorted. A trade (月嫂, 焊工) becomes the code of
    its occupation."""
    return _sorted(code for word in words for code in _skill_codes(word))


def read_certificate_words(words: Sequence[str]) -> list[str]:
    """As `read_skill_words`, for certificates; a bare C1 is a driving licence here."""
    return _sorted(code for word in words for code in _certificate_codes(word))


def read_occupation_words(words: Sequence[str]) -> list[str]:
    """As `read_skill_words`, for the work someone wishes for."""
    return _sorted(_occupation_code(word) or word for word in words)


def label_of_word(code: str) -> str:
    """The everyday word for the code of a skill, certificate or occupation; own words stay as they are."""
    skill = find_skill(code)
    if skill is not None:
        return skill.label
    return occupation_name(code) or certificate_label(code)


@lru_cache(maxsize=8192)
def _skill_codes(said: str) -> tuple[str, ...]:
    word = _SAID_BEFORE.sub("", said) or said
    known = find_skill(word)
    if known is not None:
        return (known.code,)
    found = tuple(reading.code for reading in read_skills(word))
    return found or (_occupation_code(word) or word,)


@lru_cache(maxsize=8192)
def _certificate_codes(said: str) -> tuple[str, ...]:
    if find_certificate(said):
        return (said,)
    text = f"{said}驾照" if _LICENCE_CLASS.fullmatch(said) else said
    return tuple(read_certificates(text)) or (said,)


@lru_cache(maxsize=8192)
def _occupation_code(said: str) -> str | None:
    if find_occupation(said):
        return said
    reading = read_occupation(said)
    return reading.code if reading.score >= _SURE_ENOUGH else None


def _sorted(codes: Iterable[str]) -> list[str]:
    return sorted(set(codes))
