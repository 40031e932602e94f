"""Any person and any posting, for property tests."""

from datetime import date

from hypothesis import strategies as st

from app.matching.facts import PersonFacts, PostingFacts
from tests.matching.samples import HOME, TODAY, TOWN, month

REGIONS = [HOME, "610204101208", TOWN, "610204102", "610204", "610202", "610102", "440305"]
CERTIFICATES = st.sampled_from([(), (), (), ("A2",), ("C1",), ("forklift",), ("C1", "forklift")])
SKILLS = st.lists(st.sampled_from(["sewing", "ironing", "overlock", "welding"]), unique=True, max_size=3)

REFUSED = st.sampled_from([[], [], []]) | st.lists(
    st.sampled_from(["61", "6102", "610204", TOWN, HOME, "610202", "44"]), max_size=3, unique=True
)
"""Places people won't go to: their own ones too, and one inside another."""

LEAP_DAY = date(2008, 2, 29).toordinal()


def sorted_tuple(values: list[str]) -> tuple[str, ...]:
    return tuple(sorted(values))


@st.composite
def postings(draw: st.DrawFn, identity: int | None = None) -> PostingFacts:
    pay = sorted([draw(st.integers(0, month(12_000))), draw(st.integers(0, month(12_000)))])
    openings = draw(st.integers(1, 30))
    return PostingFacts(
        id=identity if identity is not None else draw(st.integers(1, 1_000)),
        region_scope=draw(st.sampled_from(REGIONS)),
        employer_id=draw(st.integers(1, 5)),
        employer_kind=draw(st.sampled_from(["enterprise", "workshop", "public_welfare"])),
        employer_verified=draw(st.sampled_from([True, True, True, False])),
        employer_muted=draw(st.sampled_from([False, False, False, True])),
        is_open=draw(st.booleans() | st.just(True)),
        valid_until=draw(st.none() | st.integers(TODAY - 2, TODAY + 40)),
        starts_on=draw(st.none() | st.integers(TODAY - 5, TODAY + 500)),
        confirmed_on=draw(st.none() | st.integers(TODAY - 90, TODAY + 1)),
        openings=openings,
        filled=draw(st.integers(0, openings)),
        applicants=draw(st.integers(0, 50)),
        occupation_code=draw(st.sampled_from([None, "6-05-01-03", "6-05-01-04", "4-09-08-01"])),
        skills=draw(SKILLS.map(sorted_tuple)),
        certificates=draw(CERTIFICATES),
        demands=draw(st.sampled_from([(), ("night",), ("heights",), ("heavy_lifting", "outdoor")])),
        likely_demands=draw(st.sampled_from([(), ("heavy_lifting",), ("night",)])),
        suits=draw(st.sampled_from([(), ("care_hours",), ("semi",), ("semi", "weak"), ("home_work",)])),
        pickup=draw(st.sampled_from([(), (), (TOWN,), (HOME,), ("610204",), ("610202001",)])),
        age_min=draw(st.none() | st.integers(16, 30)),
        age_max=draw(st.none() | st.integers(30, 65)),
        education_step=draw(st.integers(0, 3)),
        profile=draw(st.sampled_from(["long", "long", "season", "day"])),
        shifts=draw(st.sampled_from([(), ("day",), ("night",), ("day", "rotating"), ("flexible",)])),
        board=draw(st.booleans()),
        lodging=draw(st.booleans()),
        barred_to_minors=draw(st.booleans()),
        trains_beginners=draw(st.booleans()),
        x=draw(st.none() | st.integers(-90_000, 90_000)),
        y=draw(st.integers(-90_000, 90_000)),
        blur_m=draw(st.sampled_from([0, 500, 2_500, 15_000])),
        pay_min=draw(st.sampled_from([None, pay[0]])),
        pay_max=draw(st.sampled_from([None, pay[1]])),
        answer_permille=draw(st.none() | st.integers(0, 1_000)),
        answer_days=draw(st.none() | st.integers(0, 20)),
    )


@st.composite
def people(draw: st.DrawFn) -> PersonFacts:
    return PersonFacts(
        home_scope=draw(st.sampled_from(REGIONS)),
        reach=draw(st.sampled_from(["village", "township", "county", "city", "province", "anywhere"])),
        refused=draw(REFUSED.map(sorted_tuple)),
        id=draw(st.integers(1, 1_000)),
        reach_is_said=draw(st.booleans()),
        born_on=draw(st.none() | st.integers(TODAY - 75 * 365, TODAY - 14 * 365) | st.just(LEAP_DAY)),
        age=draw(st.none() | st.integers(14, 75)),
        education_step=draw(st.none() | st.integers(0, 4)),
        labour_class=draw(st.sampled_from(["ordinary", "skilled", "semi", "weak"])),
        class_from_age=draw(st.booleans()),
        certificates=draw(CERTIFICATES),
        names_a_wish=draw(st.booleans()),
        skills=draw(SKILLS.map(sorted_tuple)),
        occupations=draw(st.sampled_from([(), ("6-05-01-03",), ("4-09-08-01",)])),
        pay_floor=draw(st.none() | st.integers(0, month(8_000))),
        shifts=draw(st.sampled_from([(), ("day",), ("day", "night"), ("night",), ("flexible",)])),
        profiles=draw(st.sampled_from([(), (), ("long",), ("day", "season")])),
        needs_board=draw(st.booleans()),
        needs_lodging=draw(st.sampled_from([False, False, True])),
        cares_for_family=draw(st.booleans()),
        limits=draw(st.sampled_from([(), ("night",), ("heavy_lifting",), ("heights", "night")])),
        welfare_eligible=draw(st.booleans()),
        x=draw(st.none() | st.integers(-50_000, 50_000)),
        y=0,
        blur_m=draw(st.sampled_from([0, 2_500, 15_000])),
    )
