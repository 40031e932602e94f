"""打分: how well an open posting fits a person, 0..100.

Every part is 0..1 and uses only + - * / sqrt on float64 over integer inputs, in the order written
here, so that any faster engine gives the same bits. The total is 100 x (sum of weight x part) x fit.

Sources: MATCHING "Score". The weights live here and nowhere else; changing one means a new
`FORMULA_VERSION` and an ADR with evidence.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

from app.matching.facts import HouseholdFacts, MatchContext, PersonFacts, PostingFacts, Vocabulary
from app.matching.rules import gates, places, wages

FORMULA_VERSION: Final = "2026-11-2"

WEIGHTS: Final[dict[str, float]] = {
    "skill": 0.35,
    "place": 0.25,
    "wage": 0.15,
    "occupation": 0.10,
    "answers": 0.05,
    "freshness": 0.05,
    "fair_share": 0.05,
}

PEOPLE_WEIGHTS: Final[dict[str, float]] = {"pair": 0.85, "household": 0.10, "waiting": 0.05}
"""People for a posting: the pair's own score, then the household's need and the time waiting."""

NOTHING_ASKED: Final = 0.4
"""Skill grade of work that asks for no skill: open to anyone, so between knowing the trade (1) and not
(0)."""
BEGINNERS_WELCOME: Final = 0.4
"""Lowest skill grade where the firm teaches beginners."""
SHOWN_ONCE: Final = NOTHING_ASKED
"""How far anyone knows an elementary skill: alone it grades like work that asks for nothing."""
WISHED_TRADE: Final = 0.8
"""How far wanting or having done a trade counts as knowing its skills."""
BESIDE_A_WISH: Final = 0.5
"""What a skill is used for counts by this share where the person said which trade they want."""
NO_OPINION: Final = 0.5
"""Grade where nothing is known: the same for every posting, so it moves nobody."""
FRESH_DAYS: Final = 30.0
"""A posting must be confirmed again after 30 days (REFERRALS, clocks): there its freshness has halved."""
WAITING_DAYS: Final = 30.0
"""Waiting this long gives half of the waiting grade."""

CARE_PLAIN_DAY: Final = 0.9
CARE_UNKNOWN_HOURS: Final = 0.85
CARE_FAR_AWAY: Final = 0.6
LIKELY_CONFLICT: Final = 0.6
CLASS_NOT_MARKED: Final = 0.9
SHIFT_NOT_NAMED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Score:
    """分数: the parts (each 0..1) and the total 0..100."""

    skill: float
    place: float
    wage: float
    occupation: float
    answers: float
    freshness: float
    fair_share: float
    fit: float
    total: float

    def parts(self) -> dict[str, float]:
        """Return the parts by name, in the order in which they are added."""
        return {name: getattr(self, name) for name in (*WEIGHTS, "fit")}


def word_weight(vocabulary: Vocabulary, word: str) -> float:
    """Return how much a skill word tells: fourth root of (N + 1) / (n + 1)."""
    return sqrt(sqrt((vocabulary.size + 1) / (vocabulary.counts.get(word, 0) + 1)))


def known_share(person: PersonFacts, asked: str, context: MatchContext) -> float:
    """Return how far the person knows one asked skill: the best of their skills, or of the trades they
    want."""
    best = SHOWN_ONCE if context.words.is_elementary(asked) else 0.0
    for held in person.skills:
        kinship = context.words.skill_kinship(held, asked)
        if kinship > best:
            best = kinship
    for wanted in person.occupations:
        share = WISHED_TRADE * context.words.occupation_uses_skill(wanted, asked)
        if share > best:
            best = share
    return best


def skill_fit(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> float:
    """Grade skills: the root of the weighted mean of squares of how far each asked word is known.

    The root because knowing the main word of three is worth more than a third, the squares because a distant
    kinship stays distant. Where the posting names no skill, its trade stands for it; where it names none and
    the person's skills don't serve the trade: `NOTHING_ASKED`.
    """
    if not posting.skills:
        best = NOTHING_ASKED
        if posting.occupation_code is not None:
            for held in person.skills:
                served = context.words.skill_serves_occupation(held, posting.occupation_code)
                if served > best:
                    best = served
        return best
    asked_sum = 0.0
    known_sum = 0.0
    for asked in posting.skills:
        weight = word_weight(context.vocabulary, asked)
        asked_sum = asked_sum + weight
        known = known_share(person, asked, context)
        known_sum = known_sum + weight * known * known
    grade = sqrt(known_sum / asked_sum)
    return max(grade, BEGINNERS_WELCOME) if posting.trains_beginners else grade


def occupation_fit(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> float:
    """Grade the trade against the trades the person wants, and what their skills are used for."""
    if not person.occupations and not person.skills:
        return NO_OPINION
    best = 0.0
    if posting.occupation_code is None:
        return best
    for wanted in person.occupations:
        kinship = context.words.occupation_kinship(wanted, posting.occupation_code)
        if kinship > best:
            best = kinship
    trust = BESIDE_A_WISH if person.names_a_wish else 1.0
    for held in person.skills:
        served = trust * context.words.skill_serves_occupation(held, posting.occupation_code)
        if served > best:
            best = served
    return best


def circumstances_fit(person: PersonFacts, posting: PostingFacts) -> float:
    """Grade what isn't shut out but sits less well: hours beside a family, likely burdens, an unmarked
    class."""
    fit = 1.0
    if person.cares_for_family:
        if not gates.has_care_hours(posting):
            fit = fit * (CARE_PLAIN_DAY if "day" in posting.shifts else CARE_UNKNOWN_HOURS)
        if places.travel_m(person, posting) > places.COMMUTE_M:
            fit = fit * CARE_FAR_AWAY
    burdens = (*person.limits, "night") if person.cares_for_family else person.limits
    if any(demand in burdens for demand in posting.likely_demands):
        fit = fit * LIKELY_CONFLICT
    if person.shifts and set(person.shifts).isdisjoint(posting.shifts):
        fit = fit * SHIFT_NOT_NAMED
    if person.labour_class in gates.CLASSES_WITH_OWN_WORK and person.labour_class not in posting.suits:
        fit = fit * CLASS_NOT_MARKED
    return fit


def freshness(posting: PostingFacts, today: int) -> float:
    """Grade how lately the posting was confirmed: 1 / (1 + days / 30)."""
    if posting.confirmed_on is None:
        return NO_OPINION
    days = today - posting.confirmed_on
    return 1.0 / (1.0 + (days if days > 0 else 0) / FRESH_DAYS)


def fair_share(posting: PostingFacts) -> float:
    """Grade how uncrowded the posting is: places left / (places left + applicants)."""
    left = posting.openings - posting.filled
    return left / (left + posting.applicants) if left > 0 else 0.0


def score_pair(person: PersonFacts, posting: PostingFacts, context: MatchContext) -> Score:
    """Score one posting for one person. Gates are not asked here."""
    skill = skill_fit(person, posting, context)
    place = places.place_fit(person, posting)
    wage = wages.wage_fit(posting.pay_min, posting.pay_max, person.pay_floor, context.vocabulary.usual_pay)
    if posting.employer_kind == "public_welfare" and wage < NO_OPINION:
        # The state fixes this pay, under the minimum wage (G2): it says nothing about the work.
        wage = NO_OPINION
    occupation = occupation_fit(person, posting, context)
    answers = NO_OPINION if posting.answer_permille is None else posting.answer_permille / 1000.0
    fresh = freshness(posting, context.today)
    fair = fair_share(posting)
    fit = circumstances_fit(person, posting)
    total = WEIGHTS["skill"] * skill
    total = total + WEIGHTS["place"] * place
    total = total + WEIGHTS["wage"] * wage
    total = total + WEIGHTS["occupation"] * occupation
    total = total + WEIGHTS["answers"] * answers
    total = total + WEIGHTS["freshness"] * fresh
    total = total + WEIGHTS["fair_share"] * fair
    return Score(skill, place, wage, occupation, answers, fresh, fair, fit, 100.0 * total * fit)


def score_for_officer(pair: Score, household: HouseholdFacts) -> float:
    """Score one person for a posting, 0..100: the pair's score lifted by the household's need and the
    time waiting.

    Need: half for a monitored household (三类人员), half for one where nobody is employed (D3).
    """
    need = (0.5 if household.monitored else 0.0) + (0.0 if household.anyone_employed else 0.5)
    days = household.waiting_days if household.waiting_days > 0 else 0
    waiting = days / (days + WAITING_DAYS)
    total = PEOPLE_WEIGHTS["pair"] * pair.total
    total = total + 100.0 * PEOPLE_WEIGHTS["household"] * need
    return total + 100.0 * PEOPLE_WEIGHTS["waiting"] * waiting
