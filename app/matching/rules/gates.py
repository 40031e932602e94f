"""门槛: what no score can outweigh. Each gate is one small test; `failed_gates` asks them in the order
of `Gate`.

A fact the person did not give never shuts them out; it is asked about instead (see `reasons.list_gaps`).
Sources: MATCHING "Hard gates" and "Readings that settle doubts"; DOMAIN C3 (classes), G2
(public-welfare posts).
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.rules import places, wages
from app.matching.terms import Gate

LOWEST_AGE: Final = 16
"""劳动法 第十五条: nobody under 16 is employed."""
ADULT_AGE: Final = 18
"""未成年工特殊保护规定: under 18 no heights, underground, poisons."""
CLASSES_WITH_OWN_WORK: Final = frozenset({"semi", "weak"})
KINDS_FOR_EVERY_CLASS: Final = frozenset({"workshop", "public_welfare"})
NIGHT_SHIFTS: Final = frozenset({"night", "rotating"})


def age_on(person: PersonFacts, day: int) -> int | None:
    """Return full years on a day (ordinal), None where unknown. An age without birthday is taken as it
    was given."""
    return person.age if person.born_on is None else years_on(person.born_on, day)


def years_on(born_on: int, day: int) -> int:
    """Return full years on a day; both days as ordinals."""
    born, then = date.fromordinal(born_on), date.fromordinal(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def start_day(posting: PostingFacts, today: int) -> int:
    """Return the day the work would start: the posting's own, at the earliest today."""
    return posting.starts_on if posting.starts_on is not None and posting.starts_on > today else today


def is_night_work(posting: PostingFacts) -> bool:
    """Tell whether nights cannot be avoided: demanded, or no shift but night and rotating ones."""
    return "night" in posting.demands or (bool(posting.shifts) and NIGHT_SHIFTS.issuperset(posting.shifts))


def has_care_hours(posting: PostingFacts) -> bool:
    """Tell whether the work bends around a family: care hours, own hours, or taken home."""
    return "care_hours" in posting.suits or "home_work" in posting.suits or "flexible" in posting.shifts


def is_under_16(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> bool:
    """Nobody under 16 on the day the work starts."""
    age = age_on(person, start_day(posting, context.today))
    return age is not None and age < LOWEST_AGE


def is_closed(_: PersonFacts, posting: PostingFacts, __: MatchContext) -> bool:
    """Only open postings are offered."""
    return not posting.is_open


def is_employer_unfit(_: PersonFacts, posting: PostingFacts, __: MatchContext) -> bool:
    """The employer must be verified and must not be muted for leaving people without an answer."""
    return not posting.employer_verified or posting.employer_muted


def is_expired(_: PersonFacts, posting: PostingFacts, context: MatchContext) -> bool:
    """The last day still counts."""
    return posting.valid_until is not None and posting.valid_until < context.today


def is_full(_: PersonFacts, posting: PostingFacts, __: MatchContext) -> bool:
    """Somebody must still be wanted."""
    return posting.filled >= posting.openings


def is_age_outside(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> bool:
    """The posting's own age range, and no dangerous work under 18."""
    age = age_on(person, start_day(posting, context.today))
    if age is None:
        return False
    if posting.age_min is not None and age < posting.age_min:
        return True
    if posting.age_max is not None and age > posting.age_max:
        return True
    return age < ADULT_AGE and (posting.barred_to_minors or "heights" in posting.demands)


def is_schooling_short(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Schooling stands on the asked step or above."""
    return person.education_step is not None and person.education_step < posting.education_step


def is_certificate_missing(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> bool:
    """Every asked certificate is held, or one that includes it."""
    return bool(missing_certificates(person, posting, context))


def missing_certificates(
    person: PersonFacts, posting: PostingFacts, context: MatchContext
) -> tuple[str, ...]:
    """Return the asked certificates that nothing the person holds covers."""
    return tuple(
        asked for asked in posting.certificates if not context.words.covers(person.certificates, asked)
    )


def is_against_limits(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Nothing is demanded that the person cannot do; a night shift demands nights even where it
    doesn't say so."""
    return bool(conflicting_demands(person, posting))


def conflicting_demands(person: PersonFacts, posting: PostingFacts) -> tuple[str, ...]:
    """Return the demands that meet a limit of the person."""
    clash = [demand for demand in posting.demands if demand in person.limits]
    if "night" in person.limits and "night" not in clash and is_night_work(posting):
        clash.append("night")
    return tuple(clash)


def is_paid_too_little(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Under the floor only when the upper figure is."""
    return wages.is_below_floor(posting.pay_max, person.pay_floor)


def is_too_far(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """The posting's region lies inside the person's reach, or its bus comes to the township; and in no place
    the person refuses."""
    return not places.is_within_reach(person, posting, person.reach)


def is_wrong_class(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Semi and weak labour go to workshops, home work, public-welfare posts and work marked suitable.

    Work marked for weak labour suits semi labour too. Someone who counts as weak only through age may
    also take a posting that itself asks for people of that age.
    """
    if person.labour_class not in CLASSES_WITH_OWN_WORK:
        return False
    if posting.employer_kind in KINDS_FOR_EVERY_CLASS or "home_work" in posting.suits:
        return False
    if "weak" in posting.suits or (person.labour_class == "semi" and "semi" in posting.suits):
        return False
    return not (person.class_from_age and posting.age_max is not None)


def is_welfare_closed(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Public-welfare posts go only to people who were found to qualify (G2)."""
    return posting.employer_kind == "public_welfare" and not person.welfare_eligible


def is_time_unfit(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Shifts and length of work the person would take; care of family closes nights without care hours."""
    if person.profiles and posting.profile not in person.profiles:
        return True
    if person.cares_for_family and is_night_work(posting) and not has_care_hours(posting):
        return True
    taken = accepted_shifts(person)
    if not taken or has_care_hours(posting):
        return False
    if is_night_work(posting) and taken.isdisjoint(NIGHT_SHIFTS):
        return True
    return bool(posting.shifts) and taken.isdisjoint(posting.shifts)


def accepted_shifts(person: PersonFacts) -> frozenset[str]:
    """Return the shifts a person takes, empty = any. Taking turns means days and nights, and the other
    way round."""
    if "rotating" in person.shifts or {"day", "night"}.issubset(person.shifts):
        return frozenset({"day", "night", "rotating"}.union(person.shifts))
    return frozenset(person.shifts)


def is_board_missing(person: PersonFacts, posting: PostingFacts, _: MatchContext) -> bool:
    """Board and lodging the person cannot do without."""
    return (person.needs_board and not posting.board) or (person.needs_lodging and not posting.lodging)


GateTest = Callable[[PersonFacts, PostingFacts, MatchContext], bool]

GATES: Final[tuple[tuple[Gate, GateTest], ...]] = (
    (Gate.UNDER_16, is_under_16),
    (Gate.CLOSED, is_closed),
    (Gate.EMPLOYER, is_employer_unfit),
    (Gate.EXPIRED, is_expired),
    (Gate.FULL, is_full),
    (Gate.AGE, is_age_outside),
    (Gate.EDUCATION, is_schooling_short),
    (Gate.CERTIFICATE, is_certificate_missing),
    (Gate.LIMITS, is_against_limits),
    (Gate.WAGE, is_paid_too_little),
    (Gate.REACH, is_too_far),
    (Gate.CLASS, is_wrong_class),
    (Gate.WELFARE, is_welfare_closed),
    (Gate.HOURS, is_time_unfit),
    (Gate.BOARD, is_board_missing),
)


def first_failed_gate(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> Gate | None:
    """Return the first gate that shuts the posting, None when all are open."""
    for gate, shuts in GATES:
        if shuts(person, posting, context):
            return gate
    return None


def failed_gates(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> tuple[Gate, ...]:
    """Return every gate that shuts the posting, in order."""
    return tuple(gate for gate, shuts in GATES if shuts(person, posting, context))
