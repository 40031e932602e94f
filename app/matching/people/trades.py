"""手艺表: what every set of skills and wishes that people have is worth for one posting.

Some thousand different sets stand for a million people, so a posting grades sets, not people, with the word
knowledge of the rules; grades for one asked word or one occupation are kept.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from app.matching.facts import MatchContext, PostingFacts, WordKnowledge
from app.matching.index.columns import Floats
from app.matching.people.columns import Trade
from app.matching.rules import scoring

KEPT_BYTES: Final = 16_000_000
"""For what is kept of one kind: grades of asked words, of occupations; one takes 8 bytes a set of skills."""


class Members:
    """The words of every set, one run a set; each run begins with word 0, which stands for no word."""

    def __init__(self, sets: Sequence[tuple[str, ...]]) -> None:
        self.names = sorted({word for words in sets for word in words})
        number = {word: place for place, word in enumerate(self.names, start=1)}
        flat: list[int] = []
        starts: list[int] = []
        for words in sets:
            starts.append(len(flat))
            flat.append(0)
            flat += [number[word] for word in words]
        self._flat, self._starts = np.array(flat, np.int64), np.array(starts, np.int64)
        self.is_empty = np.array([not words for words in sets], np.bool_)

    def best(self, measure: Callable[[str], float]) -> Floats:
        """For each set the best of its words, 0 for none."""
        worth = np.array([0.0, *(measure(name) for name in self.names)])
        if not len(self._starts):
            return np.zeros(0)
        best: Floats = np.maximum.reduceat(worth.take(self._flat), self._starts)
        return best


class TradeTable:
    """手艺对照: grades of all sets of skills and wishes that a dictionary holds."""

    def __init__(self, trades: Sequence[Trade], knowledge: WordKnowledge) -> None:
        self._knowledge = knowledge
        self._held = Members([trade.skills for trade in trades])
        self._wanted = Members([trade.occupations for trade in trades])
        wishes = np.array([trade.names_a_wish for trade in trades], np.bool_)
        self._trust = np.where(wishes, scoring.BESIDE_A_WISH, 1.0)
        self._is_silent = self._held.is_empty & self._wanted.is_empty
        self.size = len(trades)
        kept = KEPT_BYTES // (8 * max(len(trades), 1)) + 1
        self._known = lru_cache(maxsize=kept)(self._work_out_known)
        self._served = lru_cache(maxsize=kept)(self._work_out_served)
        self._trade = lru_cache(maxsize=kept)(self._work_out_trade)

    def grade(self, posting: PostingFacts, context: MatchContext) -> tuple[Floats, Floats]:
        """`scoring.skill_fit` and `scoring.occupation_fit` of every set."""
        return self._skill(posting, context), self._trade(posting.occupation_code)

    def _skill(self, posting: PostingFacts, context: MatchContext) -> Floats:
        if not posting.skills:
            if posting.occupation_code is None:
                return np.full(self.size, scoring.NOTHING_ASKED)
            return np.maximum(self._served(posting.occupation_code), scoring.NOTHING_ASKED)
        asked_sum = 0.0
        known_sum: Floats = np.zeros(self.size)
        for asked in posting.skills:
            weight = scoring.word_weight(context.vocabulary, asked)
            asked_sum = asked_sum + weight
            known = self._known(asked)
            known_sum = known_sum + weight * known * known
        grade: Floats = np.sqrt(known_sum / asked_sum)
        return np.maximum(grade, scoring.BEGINNERS_WELCOME) if posting.trains_beginners else grade

    def _work_out_known(self, asked: str) -> Floats:
        """`scoring.known_share` of one asked word."""
        words = self._knowledge
        least = scoring.SHOWN_ONCE if words.is_elementary(asked) else 0.0
        held = self._held.best(lambda word: words.skill_kinship(word, asked))
        wanted = self._wanted.best(
            lambda code: scoring.WISHED_TRADE * words.occupation_uses_skill(code, asked)
        )
        return np.maximum(np.maximum(held, wanted), least)

    def _work_out_served(self, occupation: str) -> Floats:
        return self._held.best(lambda word: self._knowledge.skill_serves_occupation(word, occupation))

    def _work_out_trade(self, occupation: str | None) -> Floats:
        if occupation is None:
            best: Floats = np.zeros(self.size)
        else:
            kin = self._wanted.best(lambda code: self._knowledge.occupation_kinship(code, occupation))
            best = np.maximum(kin, self._trust * self._served(occupation))
        return np.where(self._is_silent, scoring.NO_OPINION, best)
