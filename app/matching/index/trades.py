"""手艺表: what a person's skills and wishes are worth against every skill word and occupation of an index.

Worked out with the word knowledge of the rules once for each skill or trade somebody names, then kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from app.matching.facts import PersonFacts, Vocabulary, WordKnowledge
from app.matching.index.columns import Floats, Ints
from app.matching.rules import scoring

KEPT: Final = 4_000
"""Different sets of skills and wishes whose grades are kept."""


@dataclass(frozen=True)
class TradeGrades:
    """手艺分: one person's grades, by number of the skill word or of the occupation."""

    known: Floats
    """How far each skill word is known; one 0 more at the end, which stands for no word."""
    occupation: Floats
    """Grade of the trade."""
    unasked: Floats
    """Skill grade where the posting names no skill."""
    best: Floats
    """Upper bound of the weighted skill and occupation parts, by trade (`cells.trade_of`)."""


class SkillSets:
    """技能组: the different sets of skills that postings ask for, as numbers of words.

    `words` has one line for each place in a set, padded with the number past the last word.
    """

    def __init__(self, sets: Sequence[tuple[str, ...]]) -> None:
        self.names: tuple[str, ...] = tuple(sorted({word for skills in sets for word in skills}))
        number = {word: place for place, word in enumerate(self.names)}
        longest = max((len(skills) for skills in sets), default=0)
        self.words = np.full((longest, len(sets)), len(self.names), np.int32)
        for column, skills in enumerate(sets):
            for line, word in enumerate(skills):
                self.words[line, column] = number[word]

    def weigh(self, vocabulary: Vocabulary) -> tuple[Floats, Floats]:
        """The weight of each word (0 for the padding) and the sum of each set's weights (1 for no word).

        The same steps as `scoring.word_weight` and `scoring.skill_fit`.
        """
        seen = np.array([vocabulary.counts.get(word, 0) for word in self.names], np.float64)
        weights = np.append(np.sqrt(np.sqrt((vocabulary.size + 1) / (seen + 1))), 0.0)
        asked = np.zeros(self.words.shape[1])
        for line in self.words:
            asked = asked + weights[line]
        return weights, np.where(asked == 0.0, 1.0, asked)


class TradeTable:
    """手艺对照: grades every person's words against one index's words and occupations.

    `pairs` are the occupations (by number, rising) and the words asked under each.
    """

    def __init__(
        self,
        names: Sequence[str],
        occupations: Sequence[str | None],
        pairs: tuple[Ints, Ints],
        knowledge: WordKnowledge,
    ) -> None:
        self._names = names
        self.occupations = tuple(occupations)
        self.knowledge = knowledge
        by_occupation, self._pair_words = pairs
        self._with_words, self._pair_starts = np.unique(by_occupation, return_index=True)
        elementary = [scoring.SHOWN_ONCE if knowledge.is_elementary(name) else 0.0 for name in names]
        self._elementary = np.array([*elementary, 0.0])
        self._kinship = self._kept(self._over_words(knowledge.skill_kinship, 1.0))
        self._uses = self._kept(self._over_words(knowledge.occupation_uses_skill, scoring.WISHED_TRADE))
        self._relation = self._kept(self._over_occupations(knowledge.occupation_kinship))
        self._serves = self._kept(self._over_occupations(knowledge.skill_serves_occupation))
        self.grade_words = lru_cache(maxsize=KEPT)(self._grade)

    def grade(self, person: PersonFacts) -> TradeGrades:
        """The grades of a person's skills and wishes."""
        return self.grade_words(person.skills, person.occupations, person.names_a_wish)

    def _grade(self, skills: tuple[str, ...], occupations: tuple[str, ...], wish: bool) -> TradeGrades:
        known = self._elementary
        for held in skills:
            known = np.maximum(known, self._kinship(held))
        for wanted in occupations:
            known = np.maximum(known, self._uses(wanted))
        served = np.zeros(len(self.occupations))
        for held in skills:
            served = np.maximum(served, self._serves(held))
        if skills or occupations:
            trade = (scoring.BESIDE_A_WISH if wish else 1.0) * served
            for wanted in occupations:
                trade = np.maximum(trade, self._relation(wanted))
        else:
            trade = np.full(len(self.occupations), scoring.NO_OPINION)
        unasked = np.maximum(served, scoring.NOTHING_ASKED)
        asked = np.zeros(len(self.occupations))
        if len(self._pair_words):
            asked[self._with_words] = np.maximum.reduceat(known[self._pair_words], self._pair_starts)
        open_to_all = np.maximum(np.maximum(asked, unasked), scoring.BEGINNERS_WELCOME)
        skill = np.vstack([asked, open_to_all]).T
        best = scoring.WEIGHTS["skill"] * skill + (scoring.WEIGHTS["occupation"] * trade).reshape(-1, 1)
        best = best.reshape(-1)
        return TradeGrades(known, trade, unasked, best)

    @staticmethod
    def _kept(work_out: Callable[[str], Floats]) -> Callable[[str], Floats]:
        return lru_cache(maxsize=KEPT)(work_out)

    def _over_words(self, measure: Callable[[str, str], float], share: float) -> Callable[[str], Floats]:
        def work_out(word: str) -> Floats:
            return np.array([*(share * measure(word, name) for name in self._names), 0.0])

        return work_out

    def _over_occupations(self, measure: Callable[[str, str], float]) -> Callable[[str], Floats]:
        def work_out(word: str) -> Floats:
            return np.array([measure(word, code) if code is not None else 0.0 for code in self.occupations])

        return work_out
