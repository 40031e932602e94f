"""就差一点: what a person could give or add, and how many postings that one thing would open.

A posting counts only when exactly one gate shuts it, so the promise holds: with that one thing it is
open. Limits of health, age, class and care of family are never put up for bargaining.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from app.core.sentences import Sentence, say
from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.rules import gates, places, reasons, wages
from app.matching.terms import Gate, Supply
from app.regions.terms import Reach

KILOMETRE_STEPS: Final = (3, 5, 10, 20, 30)
PAY_STEPS: Final = {"month": 100, "day": 10, "hour": 1, "week": 50, "year": 1_000}
"""Yuan by which a floor is lowered in conversation."""
MOST_LOWERING_PERCENT: Final = 30
WORTH_OFFERING: Final = 5
"""The smallest step that opens so many is offered; else the smallest that opens any."""
MOST_CERTIFICATES: Final = 3
MOST_IDS: Final = 200
LENGTH_WORDS: Final = {"long": say("长期工也干"), "season": say("季节活也干"), "day": say("按天的零活也干")}
WIDER_WORDS: Final = {
    Reach.TOWNSHIP: say("愿意去本镇"),
    Reach.COUNTY: say("愿意去本县"),
    Reach.CITY: say("愿意去本市"),
    Reach.PROVINCE: say("愿意去省内"),
    Reach.ANYWHERE: say("走出省"),
}
BARGAINED: Final = frozenset(
    {Gate.REACH, Gate.CERTIFICATE, Gate.EDUCATION, Gate.WAGE, Gate.HOURS, Gate.BOARD}
)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """就差一点: one thing (`kind`, with its `amount` or `code`), how many postings it opens, and the
    sentence."""

    kind: Supply
    count: int
    sentence: Sentence
    amount: int | None = None
    """Kilometres, yuan in the floor's unit, or schooling step."""
    code: str | None = None
    """Certificate, reach, shift or profile."""
    pay_from: int | None = None
    """Lowest stated pay among them, fen a year."""
    ids: tuple[int, ...] = ()
    """The lowest ids among them, at most `MOST_IDS`."""

    @property
    def text(self) -> str:
        """The sentence in Chinese."""
        return str(self.sentence)


@dataclass(frozen=True)
class Shut:
    """只差一样的岗位: postings one gate alone shuts: ids, lowest pay (NaN = not stated), and by how much each
    is missed (metres beyond the farthest open one, fen a year under the floor)."""

    ids: npt.NDArray[np.int64]
    pay_min: npt.NDArray[np.float64]
    need: npt.NDArray[np.float64]

    @classmethod
    def of(cls, postings: Sequence[PostingFacts], need: Sequence[float] = ()) -> "Shut":
        """From facts."""
        pays = [np.nan if posting.pay_min is None else posting.pay_min for posting in postings]
        ids = np.array([posting.id for posting in postings], np.int64)
        return cls(ids, np.array(pays, np.float64), np.array(need or np.zeros(len(ids)), np.float64))

    def within(self, step: int) -> "Shut":
        """Those missed by at most a step."""
        kept = self.need <= step
        return Shut(self.ids[kept], self.pay_min[kept], self.need[kept])

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class AllShut:
    """只差一样的全部: what a list of near misses is made of."""

    near: Shut
    """Out of reach, but within a daily way."""
    wider: tuple[str, Shut] | None
    """The next wider reach in which anything opens, and what does."""
    certificates: Mapping[str, Shut]
    """By the only certificate that is missing."""
    schooling: Shut
    """Asking for just one step more."""
    wage: Shut
    hours: Mapping[str, Shut]
    """By the code of what the person would have to take (see `list_offers`)."""
    board: Shut


def find_near_misses(
    person: PersonFacts, postings: Iterable[PostingFacts], context: MatchContext
) -> list[NearMiss]:
    """List near misses for a person, the ones that open most first."""
    single: dict[Gate, list[PostingFacts]] = {gate: [] for gate in BARGAINED}
    farthest = 0
    for posting in postings:
        first = gates.first_failed_gate(person, posting, context)
        if first is None:
            farthest = max(farthest, places.measured_m(person, posting) or 0)
        elif first in BARGAINED and len(gates.failed_gates(person, posting, context)) == 1:
            single[first].append(posting)
    next_step = (person.education_step or 0) + 1
    return list_near_misses(
        person,
        AllShut(
            _near(person, single[Gate.REACH], farthest),
            _wider(person, single[Gate.REACH]),
            _by_certificate(person, single[Gate.CERTIFICATE], context),
            Shut.of([posting for posting in single[Gate.EDUCATION] if posting.education_step == next_step]),
            _underpaid(person, single[Gate.WAGE]),
            {
                code: Shut.of(
                    [
                        posting
                        for posting in single[Gate.HOURS]
                        if not gates.is_time_unfit(willing, posting, context)
                    ]
                )
                for code, _, willing in list_offers(person)
            },
            Shut.of(single[Gate.BOARD]),
        ),
        context,
    )


def _near(person: PersonFacts, shut: list[PostingFacts], farthest: int) -> Shut:
    willing = [posting for posting in shut if not places.is_refused(person, posting)]
    found = [(places.measured_m(person, posting), posting) for posting in willing]
    near = [(metres, posting) for metres, posting in found if metres is not None]
    near = [(metres, posting) for metres, posting in near if metres <= places.COMMUTE_M]
    return Shut.of([posting for _, posting in near], [max(metres - farthest, 0) for metres, _ in near])


def _wider(person: PersonFacts, shut: list[PostingFacts]) -> tuple[str, Shut] | None:
    for reach in wider_reaches(person):
        opened = [posting for posting in shut if places.is_within_reach(person, posting, reach)]
        if opened:
            return reach, Shut.of(opened)
    return None


def _by_certificate(person: PersonFacts, shut: list[PostingFacts], context: MatchContext) -> dict[str, Shut]:
    opened: dict[str, list[PostingFacts]] = {}
    for posting in shut:
        missing = gates.missing_certificates(person, posting, context)
        if len(missing) == 1:
            opened.setdefault(missing[0], []).append(posting)
    return {code: Shut.of(found) for code, found in opened.items()}


def _underpaid(person: PersonFacts, shut: list[PostingFacts]) -> Shut:
    return Shut.of(shut, [(person.pay_floor or 0) - (posting.pay_max or 0) for posting in shut])


def wider_reaches(person: PersonFacts) -> tuple[str, ...]:
    """The reaches beyond the person's own, the next one first."""
    return places.REACHES[places.REACHES.index(person.reach) + 1 :]


def list_offers(person: PersonFacts) -> list[tuple[str, Sentence, PersonFacts]]:
    """Another length of work, or nights: its code, how it is said, and the person who would take it. Nights
    are never offered to someone who cares for family."""
    offers: list[tuple[str, Sentence, PersonFacts]] = []
    if person.profiles:
        for profile, give in LENGTH_WORDS.items():
            offers.append((profile, give, replace(person, profiles=(*person.profiles, profile))))
    if person.shifts and not person.cares_for_family:
        offers.append(("night", say("肯上夜班"), replace(person, shifts=(*person.shifts, "day", "night"))))
    return offers


def list_near_misses(person: PersonFacts, shut: AllShut, context: MatchContext) -> list[NearMiss]:
    """Word what is shut by one gate alone, the ones that open most first."""
    misses = list(_word(person, shut, context))
    misses.sort(key=lambda miss: (-miss.count, list(Supply).index(miss.kind), miss.code or ""))
    return misses


def _word(person: PersonFacts, shut: AllShut, context: MatchContext) -> Iterator[NearMiss]:
    step = choose_step(shut.near.need, [km * 1_000 for km in KILOMETRE_STEPS])
    if step is not None:
        give = say("再多走 {km} 公里", km=step // 1_000)
        yield _miss(Supply.DISTANCE, shut.near.within(step), give, amount=step // 1_000)
    if shut.wider is not None:
        reach, opened = shut.wider
        yield _miss(Supply.REACH, opened, WIDER_WORDS[Reach(reach)], code=reach)
    certificates = [
        _miss(
            Supply.CERTIFICATE,
            opened,
            say("有了{certificate}", certificate=context.words.certificate_label(code)),
            code=code,
        )
        for code, opened in shut.certificates.items()
    ]
    certificates.sort(key=lambda miss: (-miss.count, miss.code or ""))
    yield from certificates[:MOST_CERTIFICATES]
    if len(shut.schooling):
        amount = (person.education_step or 0) + 1
        give = say("要是有{step}文化", step=reasons.SCHOOLING_WORDS[amount])
        yield _miss(Supply.EDUCATION, shut.schooling, give, amount=amount)
    yield from _lower_floor(person, shut.wage)
    for code, give, _ in list_offers(person):
        if len(shut.hours[code]):
            yield _miss(Supply.HOURS, shut.hours[code], give, code=code)
    if len(shut.board):
        give = say("自己吃住") if person.needs_board and person.needs_lodging else say("自己解决吃饭")
        if person.needs_lodging and not person.needs_board:
            give = say("自己找住处")
        yield _miss(Supply.BOARD, shut.board, give)


def _lower_floor(person: PersonFacts, shut: Shut) -> Iterator[NearMiss]:
    if person.pay_floor is None or not len(shut):
        return
    unit = person.pay_floor_unit
    stride = PAY_STEPS.get(unit, 100)
    most = wages.in_unit(person.pay_floor * MOST_LOWERING_PERCENT // 100, unit)
    strides = [wages.to_year_fen(yuan * 100, unit) or 0 for yuan in range(stride, most + 1, stride)]
    step = choose_step(shut.need, strides)
    if step is not None:
        yuan = wages.in_unit(step, unit)
        give = say("工钱{unit}少要 {yuan:,} 元", unit=reasons.tell_unit(unit), yuan=yuan)
        yield _miss(Supply.WAGE, shut.within(step), give, amount=yuan)


def choose_step(needs: Sequence[float] | npt.NDArray[np.float64], steps: Iterable[int]) -> int | None:
    """Return the smallest step that covers `WORTH_OFFERING` needs, else the smallest that covers any,
    else None."""
    smallest: int | None = None
    sorted_needs = np.sort(np.asarray(needs, np.float64))
    for step in steps:
        covered = int(sorted_needs.searchsorted(step, "right"))
        if covered >= WORTH_OFFERING:
            return step
        if covered and smallest is None:
            smallest = step
    return smallest


def _miss(
    kind: Supply, opened: Shut, give: Sentence, amount: int | None = None, code: str | None = None
) -> NearMiss:
    pays = opened.pay_min[~np.isnan(opened.pay_min)]
    few = opened.ids if len(opened) <= MOST_IDS else np.partition(opened.ids, MOST_IDS)[:MOST_IDS]
    ids = tuple(np.sort(few).tolist())
    sentence = say("{give}，多出 {count} 个", give=give, count=len(opened))
    return NearMiss(kind, len(opened), sentence, amount, code, int(pays.min()) if len(pays) else None, ids)
