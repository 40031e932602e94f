"""One box finds by name, sound, number, tail and place, and never beyond one's area."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Invalid
from app.seekers.finding import find_people, read_sought
from app.seekers.models import Person
from app.seekers.queries import PeopleFilters
from app.seekers.terms import SeekerStatus
from tests.seekers import factories as given


@pytest.fixture
def ledger(session: Session, cipher: FieldCipher, clock: FixedClock) -> dict[str, Person]:
    here = given.household(session, cipher, clock, household_number="61020410100017")
    far = given.household(session, cipher, clock, region_code=given.FAR_VILLAGE)
    rows = [
        (here, "王桂兰", "13900002041"),
        (here, "王桂兰英", "13900005512"),
        (here, "曾小平", "13700001234"),
        (far, "王桂兰", "13600002041"),
        (far, "石柱", "13500000000"),
    ]
    people = [
        given.seeker(
            session, cipher, clock, home, name=name, phone=phone, id_number=given.id_number(sequence=100 + n)
        )
        for n, (home, name, phone) in enumerate(rows)
    ]
    return dict(zip(("lan", "ying", "zeng", "far", "shi"), people, strict=True))


def find(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    ledger: dict[str, Person],
    text: str,
    actor: Actor = SYSTEM,
    filters: PeopleFilters | None = None,
) -> list[str]:
    rows, _ = find_people(session, actor, text, clock.today(), cipher=cipher, limit=20, filters=filters)
    return [next(name for name, person in ledger.items() if person is row) for row in rows]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("王", ["lan", "ying", "far"]),
        ("王桂兰", ["lan", "far", "ying"]),
        ("桂兰", ["lan", "ying", "far"]),
        ("wgl", ["lan", "ying", "far"]),
        ("WangGuiLan", ["lan", "ying", "far"]),
        ("wang guilan", ["lan", "ying", "far"]),
        ("guilanying", ["ying"]),
        ("zxp", ["zeng"]),
        ("cengxiaoping", ["zeng"]),
        ("2041", ["lan", "far"]),
        ("王桂兰2041", ["lan", "far"]),
        ("王 5512", ["ying"]),
        ("13700001234", ["zeng"]),
        ("137-0000-1234", []),
        (given.id_number(sequence=102), ["zeng"]),
        (given.id_number(sequence=102)[-4:], ["zeng"]),
        ("61020410100017", ["lan", "ying", "zeng"]),
        ("北塬", []),
        ("柳树塬", ["lan", "ying", "zeng"]),
        ("liushuyuan", ["lan", "ying", "zeng"]),
        ("柳树塬 王", ["lan", "ying"]),
        ("石柱", ["shi"]),
        ("石柱村", ["far", "shi"]),
        ("", []),
        ("  ", []),
        ("???", []),
        ("'; DROP TABLE people; --", []),
        ('" OR 1', []),
        ("没有这个人", []),
    ],
)
def test_what_is_typed_finds(
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    ledger: dict[str, Person],
    typed: str,
    expected: list[str],
) -> None:
    assert find(session, cipher, clock, ledger, typed) == expected


def test_never_beyond_ones_area(
    session: Session, cipher: FieldCipher, clock: FixedClock, ledger: dict[str, Person]
) -> None:
    here = given.village_officer()
    for typed in ("王", "wgl", "2041", "13600002041", given.id_number(sequence=103), "石柱", "石柱村"):
        assert set(find(session, cipher, clock, ledger, typed, here)) <= {"lan", "ying", "zeng"}
    assert find(session, cipher, clock, ledger, "2041", given.township_officer(given.OTHER_TOWN)) == ["far"]
    assert find(session, cipher, clock, ledger, "王", given.county_officer()) == ["lan", "ying", "far"]
    for nobody in (
        Actor(9, "路人"),
        given.holding(Role.CITY_VIEWER, "610200"),
        given.holding(Role.AUDITOR, None),
    ):
        assert find(session, cipher, clock, ledger, "王", nobody) == []


def test_filters_narrow(
    session: Session, cipher: FieldCipher, clock: FixedClock, ledger: dict[str, Person]
) -> None:
    ledger["lan"].status = SeekerStatus.EMPLOYED
    session.flush()
    employed = PeopleFilters(status=SeekerStatus.EMPLOYED)
    assert find(session, cipher, clock, ledger, "王", filters=employed) == ["lan"]
    there = PeopleFilters(region_code=given.OTHER_TOWN)
    assert find(session, cipher, clock, ledger, "王", filters=there) == ["far"]


@pytest.mark.parametrize("typed", ["王", "王桂兰", "wgl", "2041", "柳树塬", "柳树塬 王"])
def test_pages_join_without_gap_or_repeat(
    session: Session, cipher: FieldCipher, clock: FixedClock, ledger: dict[str, Person], typed: str
) -> None:
    whole, _ = find_people(session, SYSTEM, typed, clock.today(), cipher=cipher, limit=20)
    pieces: list[Person] = []
    cursor = None
    for _ in range(10):
        page, cursor = find_people(
            session, SYSTEM, typed, clock.today(), cipher=cipher, limit=1, cursor=cursor
        )
        pieces += page
        if cursor is None:
            break
    assert pieces == whole


def test_a_made_up_cursor_is_refused(
    session: Session, cipher: FieldCipher, clock: FixedClock, ledger: dict[str, Person]
) -> None:
    for cursor in ("x", "px", "pW1tdXQ", "W1tdXQ", "WzFdfQ"):
        with pytest.raises(Invalid):
            find_people(session, SYSTEM, "柳树塬", clock.today(), cipher=cipher, limit=5, cursor=cursor)


@for_all(st.text(max_size=60))
def test_any_line_is_read(text: str) -> None:
    sought = read_sought(text)
    assert len(sought.words) + len(sought.numbers) <= 6
    assert "numbers" not in repr(sought), "a number must not get into a log"
