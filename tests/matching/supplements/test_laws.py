"""What holds of every supplement, for anybody and any market: nothing shut shown, nothing untrue said."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.index.market import PostingMarket
from app.matching.rules import gates
from app.matching.supplements.facts import HouseholdWork, MinimumPay, WorkFacts
from app.matching.supplements.income import judge_income
from app.matching.supplements.rules import SUPPLEMENTS, Situation, judge_all
from app.matching.supplements.searching import Offer, find_supplements, tell_more
from app.matching.supplements.terms import IncomeState, PaySource, SupplementKind, WorkKind
from tests.matching import strategies
from tests.matching.samples import TODAY, WORDS, month, person, posting

OFFERS = st.lists(strategies.postings(), max_size=25, unique_by=lambda offer: offer.id)
MINIMUM = MinimumPay(195_000, "三类地区", date(2026, 1, 1), True, "铜川市耀州区")


@st.composite
def works(draw: st.DrawFn) -> WorkFacts:
    pay = draw(st.none() | st.integers(50_000, 900_000))
    return WorkFacts(
        kind=draw(st.sampled_from(WorkKind)),
        title="装配工",
        employer_kind=draw(st.sampled_from([None, "park", "enterprise", "public_welfare"])),
        place=draw(st.sampled_from([None, "6102", "610204101", "610204", "44", "440305"])),
        place_name="某地",
        profile=draw(st.sampled_from([None, "long", "day"])),
        line=draw(st.sampled_from([None, "6-05", "farm", "own"])),
        is_general=draw(st.sampled_from([None, True, False])),
        pay=pay,
        pay_source=None if pay is None else PaySource.GOT,
        pay_month_on=date(2026, 11, 1),
        promised=draw(st.none() | st.integers(50_000, 900_000)),
    )


def situation(who: PersonFacts, work: WorkFacts, household: HouseholdWork | None = None) -> Situation:
    return Situation(who, work, household or HouseholdWork(), judge_income(who, work, MINIMUM))


def check_offer(offer: Offer, now: Situation, facts: PostingFacts, context: MatchContext) -> None:
    """Pushable exactly where the person's own wishes shut nothing; more pay only where it is more."""
    is_open = gates.first_failed_gate(now.person, facts, context) is None
    assert (offer.ask_first == "") is is_open
    if tell_more(offer):
        assert now.work.pay is not None
        assert facts.pay_min is not None
        assert facts.pay_min >= (now.work.pay + offer.more_than_now) * 12


@settings(max_examples=40)
@given(strategies.people(), works(), OFFERS)
def test_no_gate_of_the_changed_question_shuts_what_is_shown(
    who: PersonFacts, work: WorkFacts, offers: list[PostingFacts]
) -> None:
    market = PostingMarket.over(offers, TODAY, WORDS)
    by_id = {offer.id: offer for offer in offers}
    now = situation(who, work)
    found, others = find_supplements(
        market, now, lambda ids: {identity: by_id[identity] for identity in ids if identity in by_id}
    )
    assert len(found) + len(others) == len(SUPPLEMENTS)
    told: list[int] = []
    for each in found:
        asked = each.question.person
        for offer in each.offers:
            facts = by_id[offer.match.id]
            assert gates.first_failed_gate(asked, facts, market.context) is None
            assert each.question.keeps(facts, market.context)
            check_offer(offer, now, facts, market.context)
            told.append(facts.id)
        for step in each.certificates:
            holder = replace(asked, certificates=tuple(sorted({*asked.certificates, step.code})))
            for offer in step.offers:
                facts = by_id[offer.match.id]
                assert gates.first_failed_gate(holder, facts, market.context) is None
                assert gates.first_failed_gate(who, facts, market.context) is not None
                assert offer.ask_first
    assert len(told) == len(set(told)), "a posting is told once"


@settings(max_examples=100)
@given(strategies.people(), works())
def test_what_changed_is_said(who: PersonFacts, work: WorkFacts) -> None:
    """Every wish that the question changes has its words, and no other."""
    now = situation(who, work)
    for row, judgement in judge_all(now):
        if not judgement.applies:
            continue
        question = row.ask(now)
        said = "；".join(words.zh for words in question.changed)
        asked = question.person
        assert asked == replace(
            who,
            reach=asked.reach,
            reach_is_said=asked.reach_is_said,
            pay_floor=asked.pay_floor,
            profiles=asked.profiles,
        ), "health, age, class, certificates and care are never bargained with"
        assert ("不比现在少" in said) is ((asked.pay_floor or 0) > (who.pay_floor or 0))
        assert ("不拿本人要的工钱卡" in said) is (who.pay_floor is not None and asked.pay_floor is None)
        if row.kind is SupplementKind.AWAY:
            assert asked.reach in ("village", "township", "county")
        else:
            assert asked.reach == who.reach
        if row.kind not in (SupplementKind.SHORT, SupplementKind.JOB):
            assert asked.profiles == who.profiles


@settings(max_examples=100)
@given(strategies.people(), works())
def test_none_applies_to_who_earns_enough_or_has_no_work(who: PersonFacts, work: WorkFacts) -> None:
    now = situation(who, work)
    applying = [row.kind for row, judgement in judge_all(now) if judgement.applies]
    if work.kind is WorkKind.NONE or now.income.state is IncomeState.ENOUGH:
        assert applying == []
    if now.income.state is IncomeState.UNKNOWN:
        said = [judgement.words.zh for _, judgement in judge_all(now) if judgement.applies]
        assert not [words for words in said if "不够" in words], "what is not known is not claimed"


def test_a_measure_is_exact_to_the_fen() -> None:
    work = WorkFacts(WorkKind.JOB, pay=300_000, pay_source=PaySource.PROMISED)
    assert judge_income(person(pay_floor=month(3_000)), work, None).state is IncomeState.ENOUGH
    assert judge_income(person(pay_floor=month(3_000) + 1), work, None).state is IncomeState.SHORT
    assert judge_income(person(), work, None).state is IncomeState.UNKNOWN
    assert judge_income(person(), work, MINIMUM).state is IncomeState.ENOUGH
    welfare = replace(work, employer_kind="public_welfare", pay=100_000)
    assert judge_income(person(), welfare, MINIMUM).state is IncomeState.UNKNOWN, "set by policy (G2)"


def test_a_place_known_only_as_the_own_city_is_no_place_outside_the_county() -> None:
    away = SUPPLEMENTS[0]
    work = WorkFacts(WorkKind.JOB, place="6102", place_name="铜川市", pay=100_000)
    assert not away.judge(situation(person(), work)).applies
    assert away.judge(situation(person(), replace(work, place="6101"))).applies
    assert not away.judge(situation(person(), replace(work, place="610204103"))).applies


def test_night_work_is_never_put_on_top_of_a_day_s_work() -> None:
    night = posting(profile="day", shifts=("night",))
    for kind in (WorkKind.JOB, WorkKind.FARM):
        work = WorkFacts(kind, profile="long", line="6-05", pay=100_000)
        for kind_of in (SupplementKind.SECOND, SupplementKind.SHORT):
            row = next(row for row in SUPPLEMENTS if row.kind is kind_of)
            market = PostingMarket.over([night], TODAY, WORDS)
            assert not row.ask(situation(person(), work)).keeps(night, market.context)
