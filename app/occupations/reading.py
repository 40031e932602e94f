"""Free text -> occupation and skills: a person's own words, a posting's title, a posting's description."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.occupations.classification import classification, everyday_names, occupation_name
from app.occupations.lexicon import Lexicon
from app.occupations.normalise import clean_title, plain
from app.occupations.skills import SkillReading, read_skills
from app.occupations.title_model import Floats, title_model

__all__ = ["OccupationReading", "SkillReading", "read_occupation", "read_skills"]

# A title that is a known word and nothing else, or holds one, speaks for that word's occupation: added to the
# logarithm of the learnt chance. Set by cross-validation (scripts/train_titles.py --folds).
WHOLE_WORD = 1.5
PART_WORD = 0.5
# Below this chance the text does not settle it (measured: fewer than one in ten of such readings is right).
FLOOR = 0.05


@dataclass(frozen=True, slots=True)
class OccupationReading:
    """读出的职业: `code` None when not settled; `score` 0..1, roughly the chance of being right."""

    code: str | None
    name: str | None
    score: float


NOTHING = OccupationReading(None, None, 0.0)


@cache
def occupation_words() -> Lexicon:
    """Everyday, official and recruiting-site names -> occupation code."""
    words = [(plain(word), code) for word, code in everyday_names().items()]
    words += [(plain(entry.name), entry.code) for entry in classification().values()]
    for entry in classification().values():
        words += [(plain(alias), entry.code) for alias in entry.aliases if len(alias) > 1]
    return Lexicon(words)


def known_word_bonus(text: str) -> tuple[str, float] | None:
    """The occupation a known word stands for, and what that adds to its logarithm of chance."""
    title = clean_title(text)
    code = occupation_words().find(title)
    if code is not None:
        return code, WHOLE_WORD
    hits = occupation_words().read(title)
    if not hits:
        return None
    best = max(hits, key=lambda hit: (len(hit.word), hit.end))
    return best.value, PART_WORD


def settle(logs: Floats, codes: list[str], text: str) -> tuple[str, float]:
    """The likeliest code and its chance, the learnt chances and the known words taken together."""
    bonus = known_word_bonus(text)
    if bonus is not None and bonus[0] in _numbers(tuple(codes)):
        logs = logs.copy()
        logs[_numbers(tuple(codes))[bonus[0]]] += bonus[1]
    best = int(logs.argmax())
    return codes[best], float(math.exp(logs[best]) / np.exp(logs).sum())


@cache
def _numbers(codes: tuple[str, ...]) -> dict[str, int]:
    return {code: at for at, code in enumerate(codes)}


def read_occupation(text: str) -> OccupationReading:
    """The occupation a title or a person's own words speak of; any text is accepted.

    `code` is one of the 2022 classification, mostly a fine one; a title that only says 普工 gives a coarse
    entry. None for an empty text or one that settles nothing.
    """
    model = title_model()
    logs = model.logs(text)
    if logs is None:
        return NOTHING
    code, chance = settle(logs, model.codes, text)
    if chance < FLOOR:
        return NOTHING
    return OccupationReading(code, occupation_name(code), round(chance, 3))
