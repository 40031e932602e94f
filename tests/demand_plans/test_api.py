"""Demand plans over HTTP."""

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.employers.models import Employer
from tests.demand_plans.conftest import plan_form
from tests.employers import factories as given
from tests.employers.factories import SignIn

PLANS = "/api/v1/demand-plans"


def test_the_life_of_a_plan(
    client: TestClient, session: Session, clock: FixedClock, firm: Employer, sign_in: SignIn
) -> None:
    form = plan_form(clock.today()).model_dump(mode="json")
    assert client.post(PLANS, json=form | {"employer_id": firm.id}).status_code == 401
    sign_in(given.member_of(firm))
    made = client.post(PLANS, json=form | {"employer_id": firm.id})
    assert made.status_code == 201
    plan, address = made.json(), made.headers["location"]
    assert (plan["employer_name"], plan["state"], plan["headcount"]) == ("耀州红星制衣", "stated", 30)
    tag = {"If-Match": made.headers["etag"]}
    changed = client.put(address, json=form | {"headcount": 40}, headers=tag)
    assert changed.json()["headcount"] == 40
    assert client.put(address, json=form, headers=tag).status_code == 412
    posted = client.post(f"{address}/posting")
    assert posted.status_code == 201
    assert client.get(posted.headers["location"]).json()["openings"] == 40
    assert [each["action"] for each in client.get(f"{address}/versions").json()["items"]] == [
        *("post", "edit", "state")
    ]
    assert client.post(f"{address}/withdraw").json()["state"] == "withdrawn"
    assert client.put(address, json=form).status_code == 409
    assert [each["id"] for each in client.get(PLANS).json()["items"]] == [plan["id"]]


def test_the_balance_and_who_may_not_see_it(
    client: TestClient, session: Session, clock: FixedClock, firm: Employer, sign_in: SignIn
) -> None:
    form = plan_form(clock.today()).model_dump(mode="json") | {"employer_id": firm.id}
    sign_in(given.county_officer())
    assert client.post(PLANS, json=form).status_code == 201
    (row,) = client.get(f"{PLANS}/balance?region={given.COUNTY}").json()["items"]
    month = (clock.today() + timedelta(days=40)).replace(day=1)
    cell = next(each for each in row["cells"] if each["month_on"] == str(month))
    assert (cell["needed"], cell["free_by_then"], cell["short"]) == (30, 0, 30)
    sign_in(given.member_of(firm))
    assert client.get(f"{PLANS}/balance?region={given.COUNTY}").status_code == 403
    sign_in(given.county_officer(given.OTHER_COUNTY))
    assert client.get(f"{PLANS}/balance?region={given.COUNTY}").json()["items"] == []
    assert client.get(f"{PLANS}/1").status_code == 404
    assert client.post(PLANS, json=form | {"headcount": 0}).status_code == 422
