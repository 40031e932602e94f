"""Free text -> occupation and skills: a person's own words, a posting's title, a posting's description."""

from dataclasses import dataclass
from functools import cache

from app.occupations.classification import classification, everyday_names, occupation_name
from app.occupations.lexicon import Lexicon
from app.occupations.normalise import clean_title, plain
from app.occupations.skills import SkillReading, read_skills
from app.occupations.title_model import Floats, title_model

__all__ = ["OccupationReading", "SkillReading", "read_occupation", "read_skills"]

# A known word and nothing else stands for its occupation unless the learnt chance of another is higher than
# this: as a person's whole text, and as what is left of a posting's decorated title. The model knows what
# postings mean by a word, the tables what people mean. Set by cross-validation (scripts/train_titles.py).
SURE_OF_OWN_WORDS = 0.9
SURE_OF_TITLE = 0.35
# Chance given to an occupation that was read off a known word against the model: measured 0.6 to 0.7.
KNOWN_WORD = 0.65
# The same for a known word that is only part of a text that the model cannot place.
PART_WORD = 0.3
# Below this chance the text does not settle it (measured: one in seven of such readings would be right).
FLOOR = 0.04


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


def settle(likely: Floats | None, codes: list[str], text: str) -> tuple[str | None, float]:
    """The likeliest code and its chance, the learnt chances and the known words taken together."""
    best = int(likely.argmax()) if likely is not None else 0
    chance = float(likely[best]) if likely is not None else 0.0
    title = clean_title(text)
    known = occupation_words().find(title)
    sure = SURE_OF_OWN_WORDS if title == plain(text) else SURE_OF_TITLE
    if known is not None and chance < sure:
        return known, max(chance, KNOWN_WORD) if known == codes[best] else KNOWN_WORD
    if chance >= FLOOR:
        return codes[best], chance
    hits = occupation_words().read(title)
    longest = max(hits, key=lambda hit: (len(hit.word), hit.end), default=None)
    return (longest.value, PART_WORD) if longest is not None and len(longest.word) > 1 else (None, chance)


def read_occupation(text: str) -> OccupationReading:
    """The occupation a title or a person's own words speak of; any text is accepted.

    `code` is one of the 2022 classification, mostly a fine one; a title that only says 普工 gives a coarse
    entry. None for an empty text or one that settles nothing.
    """
    model = title_model()
    code, chance = settle(model.chances(text), model.codes, text)
    return OccupationReading(code, occupation_name(code), round(chance, 3)) if code is not None else NOTHING
