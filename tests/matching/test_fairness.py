"""The laws of fairness, through the stored ledger and the market: what must not count counts for nothing, one
employer does not fill every list, equals take turns by the day."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.matching import service
from app.matching.facts import PostingFacts
from app.matching.index.market import PostingMarket
from app.matching.rules import scoring
from app.matching.schemas import SeekerProfile
from tests.employers.conftest import sign_in
from tests.employers.factories import OTHER_COUNTY, OTHER_TOWN, VILLAGE, SignIn, verified_employer
from tests.jobs.factories import open_job
from tests.matching.samples import TODAY, WORDS, month, person, posting
from tests.seekers import factories as given

__all__ = ["sign_in"]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


def offer_much(session: Session, clock: FixedClock) -> None:
    """Postings of every sort, some shut by a gate, some only just."""
    firm = verified_employer(session, clock)
    welfare = verified_employer(session, clock, "耀州公益岗", kind="public_welfare")
    shop = verified_employer(session, clock, "耀州车间", kind="workshop")
    open_job(session, clock, firm, title="平车工", skills=["平车"])
    open_job(session, clock, shop, title="计件缝纫", skills=["缝纫"], suits=["semi", "weak"])
    open_job(session, clock, firm, title="电焊工", certificates=["焊工证"])
    open_job(session, clock, firm, title="搬运工", demands=["heavy_lifting"])
    open_job(session, clock, firm, title="夜班保安", shifts=["night"])
    open_job(session, clock, firm, title="远处缝纫", skills=["缝纫"], region_code=OTHER_COUNTY)
    open_job(session, clock, firm, title="隔壁镇缝纫", skills=["缝纫"], region_code=OTHER_TOWN)
    open_job(session, clock, welfare, title="护林员")


FORM: dict[str, Any] = {
    "name": "赵小燕",
    "skills": ["平车"],
    "travel": "county",
    "limits": ["heavy_lifting"],
    "class": "ordinary",
    "class_reason": "镇上评过",
}
"""The class is stated: a class derived from a disability is DOMAIN C3's own rule, and asked as a class."""
FLIPS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("sex", {"id_number": given.id_number(sequence=41)}, []),
    ("ethnicity", {"ledger": {"民族": "回族"}}, []),
    ("disability", {"health": {"健康状况": "残疾", "残疾类别": "肢体"}}, []),
    ("poor household", {}, ["sudden"]),
    ("every label", {"ledger": {"民族": "藏族", "是否低保": "是"}}, ["lifted", "low_income", "relocated"]),
]


@pytest.mark.parametrize(("form", "kinds"), [flip[1:] for flip in FLIPS], ids=[flip[0] for flip in FLIPS])
def test_flipping_what_must_not_count_changes_no_list(
    client: TestClient,
    session: Session,
    cipher: FieldCipher,
    clock: FixedClock,
    sign_in: SignIn,
    form: dict[str, Any],
    kinds: list[str],
) -> None:
    offer_much(session, clock)
    plain = given.seeker(session, cipher, clock, **FORM, id_number=given.id_number(sequence=40))
    home = given.household(session, cipher, clock, kinds=kinds)
    other = given.seeker(
        session, cipher, clock, home, **({"id_number": given.id_number(sequence=42)} | FORM | form)
    )
    session.commit()
    sign_in(given.village_officer())
    for what in ("matches", "supplements"):
        lists = [
            client.get(f"/api/v1/seekers/{one.id}/{what}").json() | {"seeker_id": 0} for one in (plain, other)
        ]
        assert lists[0] == lists[1]
        assert lists[0]["formula"]
    matches = client.get(f"/api/v1/seekers/{plain.id}/matches").json()
    assert matches["total"] > 1
    assert len(matches["excluded"]) > 2
    assert matches["near_misses"]


def share_of_the_large_one(lists: list[list[int]], large: set[int]) -> float:
    """Which part of all places in the lists belongs to it."""
    shown = Counter(identity in large for found in lists for identity in found)
    return shown[True] / sum(shown.values())


def send_sixty(offers: list[PostingFacts]) -> list[list[int]]:
    """One after another sixty people see a list of five and ask for the first two."""
    market = PostingMarket.over(offers, TODAY, WORDS)
    lists: list[list[int]] = []
    facts = {offer.id: offer for offer in offers}
    for identity in range(60):
        who = person(id=identity, skills=("sewing",))
        found = [key[2] for key in market.rank(who, 5)]
        lists.append(found)
        for asked in found[:2]:
            facts[asked] = replace(facts[asked], applicants=facts[asked].applicants + 1)
        market = market.changed({asked: facts[asked] for asked in found[:2]})
    return lists


def test_fair_share_keeps_one_employer_from_filling_every_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """One employer has 30 % of the postings and pays a hair more than the others: without fair share every
    list is full of it, with it its postings make room as people ask for them."""
    offers = [
        posting(
            id=number,
            employer_id=1 if number <= 30 else number,
            openings=3,
            applicants=0,
            pay_min=month(3_000) + (month(20) if number <= 30 else 0),
        )
        for number in range(1, 101)
    ]
    large = set(range(1, 31))
    lists = send_sixty(offers)
    share = share_of_the_large_one(lists, large)
    assert share < 0.6
    assert share_of_the_large_one(lists[30:], large) < 0.45, "once people have asked, the others are shown"
    assert not all(large.issuperset(found) for found in lists[20:])
    monkeypatch.setitem(scoring.WEIGHTS, "fair_share", 0.0)
    assert share_of_the_large_one(send_sixty(offers), large) == 1.0


def test_equals_take_turns_by_the_day_and_every_page_of_a_day_agrees(
    session: Session, clock: FixedClock
) -> None:
    firm = verified_employer(session, clock)
    for number in range(8):
        open_job(session, clock, firm, title=f"缝纫工{number}号")
    profile = SeekerProfile.model_validate({"region_code": VILLAGE, "travel": "county"})

    def whole(limit: int) -> list[int]:
        seen: list[int] = []
        cursor: str | None = None
        while True:
            page = service.match_profile(session, profile, clock.today(), limit=limit, cursor=cursor)
            seen += [match.job.id for match in page.items]
            cursor = page.next
            if cursor is None:
                return seen

    days = []
    for _ in range(5):
        one_page = whole(20)
        assert whole(3) == whole(1) == one_page, "the same order however the day's list is cut"
        assert len(one_page) == 8
        days.append(one_page)
        clock.move(timedelta(days=1))
    assert all(sorted(day) == sorted(days[0]) for day in days)
    assert len({tuple(day) for day in days}) == len(days), "another order every day"
    assert len({day[0] for day in days}) > 1, "nobody stands first for ever"
