"""Saying what is wrong on the phone: no account, no scripts, cookies refused."""

import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.terms import CaseKind
from app.core.clock import FixedClock
from tests.cases.conftest import PHONE, STORY
from tests.employers.factories import VILLAGE
from tests.web.board import hang_board
from tests.web.markup import markup_faults

WAGES = f"/cases/new?kind=wages&at={VILLAGE}"


@pytest.fixture
def board(session: Session, clock: FixedClock) -> None:
    hang_board(session, clock)


def form_of(page: Response) -> dict[str, str]:
    assert page.status_code in (200, 422), page.text[:300]
    assert markup_faults(page.text) == []
    return dict(re.findall(r'<input type=hidden name="?(\w+)"? value="([^"]*)"', page.text))


def say(client: TestClient, **changes: str) -> Response:
    form = form_of(client.get(WAGES)) | {"story": STORY, "phone": PHONE, "firm_name": "老街工地"}
    return client.post(WAGES, data=form | changes)


@pytest.mark.usefixtures("board")
def test_from_the_help_page_to_the_number(client: TestClient, session: Session) -> None:
    shown = client.get(f"/help?at={VILLAGE}").text
    for kind in CaseKind:
        assert f"kind={kind.value}" in shown
    client.cookies.clear()
    answer = say(client)
    assert answer.status_code == 303
    receipt = client.get(answer.headers["location"])
    assert markup_faults(receipt.text) == []
    case = session.scalars(select(Case)).one()
    assert f"{case.number[:4]} {case.number[4:]}" in receipt.text
    for words in ("收到了", "11 月 27 日前", "耀州区"):
        assert words in receipt.text
    for secret in (PHONE, PHONE[-4:], STORY[:8]):
        assert secret not in receipt.text
        assert secret not in answer.headers["location"]


@pytest.mark.usefixtures("board")
def test_ten_taps_make_one_case_and_what_was_typed_stays(client: TestClient, session: Session) -> None:
    form = form_of(client.get(WAGES)) | {"story": STORY, "phone": PHONE}
    assert len({client.post(WAGES, data=form).headers["location"] for _ in range(10)}) == 1
    assert len(session.scalars(select(Case)).all()) == 1
    again = say(client, phone="138", name="张秀梅")
    assert again.status_code == 422
    for words in ("你填了 3 位", "张秀梅", STORY):
        assert words in again.text


@pytest.mark.usefixtures("board")
def test_without_a_place_it_is_chosen_first(client: TestClient) -> None:
    page = client.get("/cases/new?kind=wages")
    assert "先选你在哪个县" in page.text
    assert "<form class=mt method=post" not in page.text


@pytest.mark.usefixtures("board")
def test_it_is_looked_up_and_taken_back_with_four_digits(client: TestClient, session: Session) -> None:
    say(client)
    case = session.scalars(select(Case)).one()
    wrong = client.post("/cases", data={"number": case.number, "tail": "0000"})
    assert (wrong.status_code, "对不上" in wrong.text) == (422, True)
    told = client.get(f"/cases?n={case.number}").text
    assert (
        f'name=number inputmode=numeric maxlength=12 required autocomplete=off value="{case.number}"' in told
    )
    found = client.post("/cases", data={"number": case.number, "tail": PHONE[-4:]})
    address = found.headers["location"].partition("?")[0]
    assert client.post(address, data={"tail": "0000"}).status_code == 422
    assert client.post(address, data={"tail": PHONE[-4:]}).status_code == 303
    assert "撤好了" in client.get(address).text
    assert client.get("/cases/1-forged00").status_code == 404
