"""The reference engine: order, pages, counts, reasons, near misses."""

from hypothesis import given
from hypothesis import strategies as st

from app.matching.facts import HouseholdFacts, PersonFacts, PostingFacts
from app.matching.near_misses import choose_step, find_near_misses
from app.matching.reference import rank_people, rank_postings, turn_of_day
from app.matching.rules import gates, places
from app.matching.terms import Gate, Supply, Verdict
from tests.matching.samples import HOME, TODAY, TOWN, context, month, person, posting
from tests.matching.strategies import people, postings


@given(
    people(),
    st.lists(postings(), max_size=12, unique_by=lambda offer: offer.id),
    st.integers(0, 5),
    st.integers(1, 5),
)
def test_every_posting_is_ranked_or_counted(
    who: PersonFacts, offers: list[PostingFacts], offset: int, limit: int
) -> None:
    market = context(*offers)
    ranking = rank_postings(who, offers, market)
    assert {match.id for match in ranking.matches} | set(ranking.excluded_by_id) == {
        offer.id for offer in offers
    }
    assert ranking.total + sum(ranking.excluded.values()) == len(offers)
    scores = [match.score for match in ranking.matches]
    assert scores == sorted(scores, reverse=True)
    assert all(1 <= len(match.reasons) <= 3 for match in ranking.matches)
    last = ranking.matches[offset - 1].key if 0 < offset <= ranking.total else None
    page = rank_postings(who, offers, market, limit, after=last)
    start = offset if last else 0
    assert page.matches == ranking.matches[start : start + limit]
    assert page.total == ranking.total
    assert rank_postings(who, offers[::-1], market).matches == ranking.matches


@given(people(), st.lists(postings(), max_size=12, unique_by=lambda offer: offer.id))
def test_near_misses_keep_their_promise(who: PersonFacts, offers: list[PostingFacts]) -> None:
    market = context(*offers)
    by_id = {offer.id: offer for offer in offers}
    for miss in find_near_misses(who, offers, market):
        assert miss.count == len(miss.ids) > 0
        for identity in miss.ids:
            failed = gates.failed_gates(who, by_id[identity], market)
            assert len(failed) == 1
            assert failed[0] in {
                Gate.REACH,
                Gate.CERTIFICATE,
                Gate.EDUCATION,
                Gate.WAGE,
                Gate.HOURS,
                Gate.BOARD,
            }


def test_equals_turn_daily_and_stand_still_within_the_day() -> None:
    offers = [posting(id=identity) for identity in range(1, 9)]
    today = [match.id for match in rank_postings(person(), offers, context()).matches]
    tomorrow_context = context()
    assert today == [match.id for match in rank_postings(person(), offers, tomorrow_context).matches]
    assert sorted(today) == list(range(1, 9))
    firsts = {
        min(range(1, 9), key=lambda identity: turn_of_day(day, identity)) for day in range(TODAY, TODAY + 60)
    }
    assert len(firsts) == 8


def test_reasons_read_like_the_screens() -> None:
    who = person(skills=("sewing",), cares_for_family=True)
    match = rank_postings(who, [posting()], context()).matches[0]
    assert [reason.text for reason in match.reasons] == ["你会缝纫", "离家 6 公里", "白班，不上夜班"]
    assert match.verdict is Verdict.STRONG
    assert match.distance_m == 6_000


def test_related_trade_wish_and_beginner_are_told_apart() -> None:
    def first(who: PersonFacts, what: PostingFacts) -> str:
        return rank_postings(who, [what], context()).matches[0].reasons[0].text

    assert first(person(skills=("ironing",)), posting()) == "熨烫和缝纫是一路活"
    assert first(person(occupations=("6-05-01-03",)), posting(skills=())) == "你想干的缝纫工"
    assert first(person(), posting(trains_beginners=True)) == "没干过有人教"
    assert first(person(), posting(skills=())) == "没要求手艺"
    held = person(certificates=("forklift",))
    assert first(held, posting(skills=(), certificates=("forklift",))) == "你的叉车证用得上"


def test_places_are_told_as_well_as_they_are_known() -> None:
    def told(who: PersonFacts, what: PostingFacts) -> str:
        reasons = rank_postings(who, [what], context()).matches[0].reasons
        return next(reason.text for reason in reasons if reason.code in ("place", "bus"))

    assert told(person(), posting(region_scope=HOME)) == "就在本村"
    assert told(person(), posting(region_scope=TOWN, blur_m=2_500, x=0)) == "就在本镇"
    assert told(person(), posting(blur_m=2_500, x=9_400)) == "离家大约 9 公里"
    assert told(person(), posting(region_scope="610204", blur_m=15_000, place_name="耀州区")) == "在耀州区"
    assert told(person(), posting(x=400)) == "离家不到 1 公里"
    assert told(person(), posting(pickup=(HOME,))) == "离家 6 公里，班车到村里"
    assert told(person(home_scope="610204", blur_m=15_000), posting()) == "在石柱镇"


def test_gaps_say_what_to_ask_first() -> None:
    def gaps(who: PersonFacts, what: PostingFacts) -> list[str]:
        return [gap.text for gap in rank_postings(who, [what], context()).matches[0].gaps]

    sewing = person(skills=("sewing",))
    assert gaps(sewing, posting()) == []
    assert gaps(person(), posting()) == ["要会缝纫"]
    unknown = person(skills=("sewing",), education_step=None, age=None)
    assert gaps(unknown, posting(education_step=3)) == ["要高中或中专文化"]
    assert gaps(unknown, posting(age_min=18, age_max=45)) == ["要18 到 45 岁"]
    piece = posting(pay_min=None, pay_max=None, pay_by_piece=True)
    assert gaps(sewing, piece) == ["按件算钱，一月能挣多少先问清"]
    floor = person(skills=("sewing",), pay_floor=month(3_000))
    assert gaps(floor, posting()) == ["最低一月 2,800 元"]
    lifter = person(skills=("sewing",), limits=("heavy_lifting",))
    assert gaps(lifter, posting(likely_demands=("heavy_lifting",))) == ["这活多半要搬重东西，先问清"]


def test_a_little_more_reach_opens_counted_postings() -> None:
    offers = [posting(id=1, region_scope=TOWN, x=2_000)]
    offers += [posting(id=10 + n, x=4_000 + n * 500) for n in range(7)]
    misses = find_near_misses(person(reach="township"), offers, context())
    assert [(miss.kind, miss.count, miss.text) for miss in misses] == [
        (Supply.DISTANCE, 7, "再多走 5 公里，多出 7 个"),
        (Supply.REACH, 7, "愿意去本县，多出 7 个"),
    ]


def test_one_certificate_one_step_and_a_lower_floor_open_postings() -> None:
    offers = [posting(id=n, certificates=("forklift",), pay_min=month(4_200)) for n in range(1, 9)]
    offers += [posting(id=20, education_step=3), posting(id=21, certificates=("forklift", "C1"))]
    misses = {miss.kind: miss for miss in find_near_misses(person(), offers, context())}
    assert misses[Supply.CERTIFICATE].text == "有了叉车证，多出 8 个"
    assert misses[Supply.CERTIFICATE].pay_from == month(4_200)
    assert misses[Supply.EDUCATION].text == "要是有高中或中专文化，多出 1 个"
    offers = [posting(id=n, pay_max=month(3_850)) for n in range(1, 4)]
    assert [miss.text for miss in find_near_misses(person(pay_floor=month(4_000)), offers, context())] == [
        "工钱一月少要 200 元，多出 3 个"
    ]


def test_nights_are_not_put_up_to_a_carer() -> None:
    offers = [posting(shifts=("night",))]
    assert find_near_misses(person(shifts=("day",)), offers, context())[0].text == "肯上夜班，多出 1 个"
    assert find_near_misses(person(shifts=("day",), cares_for_family=True), offers, context()) == []


def test_steps_are_as_small_as_they_can_be() -> None:
    assert choose_step([1, 2, 2, 3, 3, 9], [3, 5, 10]) == 3
    assert choose_step([4, 9], [3, 5, 10]) == 5
    assert choose_step([40], [3, 5, 10]) is None


def test_people_without_work_at_home_rise_on_the_officer_s_list() -> None:
    same = person(id=1, skills=("sewing",)), person(id=2, skills=("sewing",)), person(id=3, reach="village")
    households = HouseholdFacts(), HouseholdFacts(anyone_employed=False), HouseholdFacts()
    ranking = rank_people(posting(), list(zip(same, households, strict=True)), context())
    assert [match.id for match in ranking.matches] == [2, 1]
    assert ranking.excluded == {Gate.REACH: 1}


@given(people(), postings())
def test_what_may_be_shown_as_distance_is_measured(who: PersonFacts, what: PostingFacts) -> None:
    matches = rank_postings(who, [what], context()).matches
    if matches and matches[0].distance_m is not None:
        assert matches[0].distance_m == places.measured_m(who, what)
