"""GET /seekers/{id}/supplements: for whom it is, and what it says of whom."""

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from tests.employers.factories import SignIn
from tests.referrals.supplements.test_scenes import SCENES, plant
from tests.seekers import factories as given


def test_an_officer_of_the_place_reads_it_and_nobody_else(
    client: TestClient, session: Session, cipher: FieldCipher, clock: FixedClock, sign_in: SignIn
) -> None:
    person = plant(session, cipher, clock, SCENES[0])
    session.commit()
    address = f"/api/v1/seekers/{person.id}/supplements"
    assert client.get(address).status_code == 401
    sign_in(given.village_officer())
    told = client.get(address).json()
    assert told["items"][0]["kind"] == "away"
    assert told["items"][0]["jobs"][0]["job"]["title"] == "县里缝纫"
    assert told["items"][0]["changed"][0] == {"text": "只看本县的活", "text_en": "Only work in the county"}
    for actor in (given.village_officer(given.OTHER_VILLAGE), given.county_officer(given.OTHER_COUNTY)):
        sign_in(actor)
        assert client.get(address).status_code == 404
