"""就差一点: what a person could give or add, and how many postings that one thing would open.

A posting counts only when exactly one gate shuts it, so the promise holds: with that one thing it is
open. Limits of health, age, class and care of family are never put up for bargaining.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

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
LENGTH_WORDS: Final = {"long": "长期工也干", "season": "季节活也干", "day": "按天的零活也干"}
BARGAINED: Final = frozenset(
    {Gate.REACH, Gate.CERTIFICATE, Gate.EDUCATION, Gate.WAGE, Gate.HOURS, Gate.BOARD}
)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """就差一点: one thing (`kind`, with its `amount` or `code`), how many postings it opens, and the
    sentence."""

    kind: Supply
    count: int
    text: str
    amount: int | None = None
    """Kilometres, yuan in the floor's unit, or schooling step."""
    code: str | None = None
    """Certificate, reach, shift or profile."""
    pay_from: int | None = None
    """Lowest stated pay among them, fen a year."""
    ids: tuple[int, ...] = ()


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
    found = [
        _more_kilometres(person, single[Gate.REACH], farthest),
        _wider_reach(person, single[Gate.REACH]),
        *_certificates(person, single[Gate.CERTIFICATE], context),
        _schooling(person, single[Gate.EDUCATION]),
        _lower_floor(person, single[Gate.WAGE]),
        *_other_hours(person, single[Gate.HOURS], context),
        _without_board(person, single[Gate.BOARD]),
    ]
    misses = [miss for miss in found if miss is not None]
    misses.sort(key=lambda miss: (-miss.count, list(Supply).index(miss.kind), miss.code or ""))
    return misses


def choose_step(needs: Sequence[int], steps: Iterable[int]) -> int | None:
    """Return the smallest step that covers `WORTH_OFFERING` needs, else the smallest that covers any,
    else None."""
    smallest: int | None = None
    for step in steps:
        covered = sum(need <= step for need in needs)
        if covered >= WORTH_OFFERING:
            return step
        if covered and smallest is None:
            smallest = step
    return smallest


def _miss(
    kind: Supply,
    opened: Sequence[PostingFacts],
    give: str,
    amount: int | None = None,
    code: str | None = None,
) -> NearMiss:
    pays = [posting.pay_min for posting in opened if posting.pay_min is not None]
    ids = tuple(sorted(posting.id for posting in opened))
    text = f"{give}，多出 {len(opened)} 个"
    return NearMiss(kind, len(opened), text, amount, code, min(pays) if pays else None, ids)


def _more_kilometres(person: PersonFacts, shut: list[PostingFacts], farthest: int) -> NearMiss | None:
    """How much farther than the farthest open posting, up to a daily way."""
    needs: list[tuple[int, PostingFacts]] = []
    for posting in shut:
        metres = places.measured_m(person, posting)
        if metres is not None and metres <= places.COMMUTE_M:
            needs.append((max(metres - farthest, 0), posting))
    step = choose_step([need for need, _ in needs], [km * 1_000 for km in KILOMETRE_STEPS])
    if step is None:
        return None
    opened = [posting for need, posting in needs if need <= step]
    return _miss(Supply.DISTANCE, opened, f"再多走 {step // 1_000} 公里", amount=step // 1_000)


def _wider_reach(person: PersonFacts, shut: list[PostingFacts]) -> NearMiss | None:
    """The next wider reach in which anything opens."""
    for reach in places.REACHES[places.REACHES.index(person.reach) + 1 :]:
        opened = [posting for posting in shut if places.is_within_reach(person, posting, reach)]
        if opened:
            label = Reach(reach).label
            give = "走出省" if reach == Reach.ANYWHERE else f"愿意去{label}"
            return _miss(Supply.REACH, opened, give, code=reach)
    return None


def _certificates(person: PersonFacts, shut: list[PostingFacts], context: MatchContext) -> list[NearMiss]:
    """Every certificate that alone would do, the most useful first."""
    opened: dict[str, list[PostingFacts]] = {}
    for posting in shut:
        missing = gates.missing_certificates(person, posting, context)
        if len(missing) == 1:
            opened.setdefault(missing[0], []).append(posting)
    misses = [
        _miss(Supply.CERTIFICATE, found, f"有了{context.words.certificate_label(code)}", code=code)
        for code, found in opened.items()
    ]
    misses.sort(key=lambda miss: (-miss.count, miss.code or ""))
    return misses[:MOST_CERTIFICATES]


def _schooling(person: PersonFacts, shut: list[PostingFacts]) -> NearMiss | None:
    step = (person.education_step or 0) + 1
    opened = [posting for posting in shut if posting.education_step == step]
    if not opened:
        return None
    return _miss(Supply.EDUCATION, opened, f"要是有{reasons.SCHOOLING_WORDS[step]}文化", amount=step)


def _lower_floor(person: PersonFacts, shut: list[PostingFacts]) -> NearMiss | None:
    if person.pay_floor is None:
        return None
    unit = person.pay_floor_unit
    stride = PAY_STEPS.get(unit, 100)
    most = wages.in_unit(person.pay_floor * MOST_LOWERING_PERCENT // 100, unit)
    strides = [wages.to_year_fen(yuan * 100, unit) or 0 for yuan in range(stride, most + 1, stride)]
    needs = [(person.pay_floor - (posting.pay_max or 0), posting) for posting in shut]
    step = choose_step([need for need, _ in needs], strides)
    if step is None:
        return None
    yuan = wages.in_unit(step, unit)
    opened = [posting for need, posting in needs if need <= step]
    return _miss(
        Supply.WAGE, opened, f"工钱{reasons.UNIT_WORDS.get(unit, '一月')}少要 {yuan:,} 元", amount=yuan
    )


def _other_hours(person: PersonFacts, shut: list[PostingFacts], context: MatchContext) -> list[NearMiss]:
    """Another length of work, or nights; nights are never offered to someone who cares for family."""
    offers: list[tuple[str, str, PersonFacts]] = []
    if person.profiles:
        for profile, give in LENGTH_WORDS.items():
            offers.append((profile, give, replace(person, profiles=(*person.profiles, profile))))
    if person.shifts and not person.cares_for_family:
        offers.append(("night", "肯上夜班", replace(person, shifts=(*person.shifts, "day", "night"))))
    misses: list[NearMiss] = []
    for code, give, willing in offers:
        opened = [posting for posting in shut if not gates.is_time_unfit(willing, posting, context)]
        if opened:
            misses.append(_miss(Supply.HOURS, opened, give, code=code))
    return misses


def _without_board(person: PersonFacts, shut: list[PostingFacts]) -> NearMiss | None:
    if not shut:
        return None
    give = "自己吃住" if person.needs_board and person.needs_lodging else "自己解决吃饭"
    if person.needs_lodging and not person.needs_board:
        give = "自己找住处"
    return _miss(Supply.BOARD, shut, give)
