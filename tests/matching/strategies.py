"""Any person and any posting, for property tests."""

from hypothesis import strategies as st

from app.matching.facts import PersonFacts, PostingFacts
from tests.matching.samples import HOME, TODAY, TOWN, month

REGIONS = [HOME, "610204101208", TOWN, "610204102", "610204", "610202", "610102", "440305"]
SKILLS = st.lists(st.sampled_from(["sewing", "ironing", "overlock", "welding"]), unique=True, max_size=3)


def sorted_tuple(values: list[str]) -> tuple[str, ...]:
    return tuple(sorted(values))


@st.composite
def postings(draw: st.DrawFn, identity: int | None = None) -> PostingFacts:
    pay = sorted([draw(st.integers(0, month(12_000))), draw(st.integers(0, month(12_000)))])
    openings = draw(st.integers(1, 30))
    return PostingFacts(
        id=identity if identity is not None else draw(st.integers(1, 1_000)),
        region_scope=draw(st.sampled_from(REGIONS)),
        employer_kind=draw(st.sampled_from(["enterprise", "workshop", "public_welfare"])),
        is_open=draw(st.booleans() | st.just(True)),
        valid_until=TODAY + draw(st.integers(-2, 40)),
        confirmed_on=draw(st.none() | st.integers(TODAY - 90, TODAY + 1)),
        openings=openings,
        filled=draw(st.integers(0, openings)),
        applicants=draw(st.integers(0, 50)),
        occupation_code=draw(st.sampled_from([None, "6-05-01-03", "6-05-01-04", "4-09-08-01"])),
        skills=draw(SKILLS.map(sorted_tuple)),
        demands=draw(st.sampled_from([(), ("night",), ("heavy_lifting", "outdoor")])),
        likely_demands=draw(st.sampled_from([(), ("heavy_lifting",)])),
        suits=draw(st.sampled_from([(), ("care_hours",), ("semi",), ("home_work",)])),
        pickup=draw(st.sampled_from([(), (TOWN,)])),
        age_max=draw(st.none() | st.integers(30, 65)),
        education_step=draw(st.integers(0, 3)),
        shifts=draw(st.sampled_from([(), ("day",), ("night",), ("day", "rotating")])),
        board=draw(st.booleans()),
        lodging=draw(st.booleans()),
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
        id=draw(st.integers(1, 1_000)),
        age=draw(st.none() | st.integers(14, 75)),
        education_step=draw(st.none() | st.integers(0, 4)),
        labour_class=draw(st.sampled_from(["ordinary", "skilled", "semi", "weak"])),
        skills=draw(SKILLS.map(sorted_tuple)),
        occupations=draw(st.sampled_from([(), ("6-05-01-03",), ("4-09-08-01",)])),
        pay_floor=draw(st.none() | st.integers(1, month(8_000))),
        shifts=draw(st.sampled_from([(), ("day",), ("day", "night")])),
        needs_board=draw(st.booleans()),
        cares_for_family=draw(st.booleans()),
        limits=draw(st.sampled_from([(), ("night",), ("heavy_lifting",)])),
        welfare_eligible=draw(st.booleans()),
        x=draw(st.none() | st.just(0)),
        y=0,
        blur_m=draw(st.sampled_from([0, 2_500, 15_000])),
    )
