"""Free text -> occupation and skills: a person's own words, a posting's title, a posting's description."""

from dataclasses import dataclass
from functools import cache

from app.occupations.classification import classification, everyday_names, occupation_name
from app.occupations.lexicon import Lexicon
from app.occupations.normalise import clean_title, plain
from app.occupations.skills import SkillReading, read_skills

__all__ = ["OccupationReading", "SkillReading", "read_occupation", "read_skills"]


@dataclass(frozen=True, slots=True)
class OccupationReading:
    """读出的职业: `code` None when not settled; `score` 0..1, roughly the chance of being right."""

    code: str | None
    name: str | None
    score: float


NOTHING = OccupationReading(None, None, 0.0)


@cache
def _occupation_words() -> Lexicon:
    words = [(plain(word), code) for word, code in everyday_names().items()]
    words += [(plain(entry.name), entry.code) for entry in classification().values()]
    for entry in classification().values():
        words += [(plain(alias), entry.code) for alias in entry.aliases if len(alias) > 1]
    return Lexicon(words)


def read_occupation(text: str) -> OccupationReading:
    """The occupation a title or a person's own words speak of."""
    title = clean_title(text)
    if not title:
        return NOTHING
    words = _occupation_words()
    code = words.find(title)
    if code is not None:
        return OccupationReading(code, occupation_name(code), 0.9)
    hits = words.read(title)
    if not hits:
        return NOTHING
    best = max(hits, key=lambda hit: (len(hit.word), hit.end))
    return OccupationReading(best.value, occupation_name(best.value), 0.6)
