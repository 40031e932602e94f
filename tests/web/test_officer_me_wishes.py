"""我的报名: what officers sent and firms answered, as the villager sees it on the family's phone."""

from fastapi.testclient import TestClient

from app.core.clock import FixedClock
from app.core.crypto import cipher_of
from app.core.settings import Settings
from app.referrals import moving, offering
from app.referrals.schemas import Move, ReferralIn
from app.seekers.models import Person
from tests.accounts.situations import VILLAGE
from tests.databases import RolledBackDatabase
from tests.employers import factories as employers
from tests.jobs.factories import open_job
from tests.seekers import factories as given
from tests.web.portal_family import MOTHER, settle_family
from tests.web.test_me import Phone

OFFICER = given.township_officer()
BY_PHONE = {"method": "phone", "consent": True}


def test_my_referrals_with_their_steps_and_what_waits_for_me(
    client: TestClient, database: RolledBackDatabase, clock: FixedClock, shared_settings: Settings
) -> None:
    cipher = cipher_of(shared_settings)
    with database.write() as session:
        family = settle_family(session, clock, cipher)
        session.get_one(Person, family.mother).limits = []
        firm = employers.verified_employer(session, clock)
        titles = ("香菇分拣工", "平车工", "熨烫工")
        for title, actions in zip(titles, ((), ("yes", "submit"), ("yes", "submit", "refuse")), strict=True):
            job = open_job(session, clock, firm, title=title, region_code=VILLAGE[:9])
            data = ReferralIn(job_id=job.id, seeker_id=family.mother)
            referral = offering.push_referral(session, OFFICER, data, cipher=cipher, clock=clock)
            forms = {
                "yes": {"action": "interested", "on_behalf": BY_PHONE},
                "submit": {"action": "submit"},
                "refuse": {"action": "refuse", "reason": "skill", "told_by": "phone"},
            }
            for name in actions:
                move = Move.model_validate(forms[name])
                moving.move_referral(session, OFFICER, referral.id, move, cipher=cipher, clock=clock)
    phone = Phone(client, family.phone)
    assert client.get(f"/me/{family.mother}/wishes").status_code == 404, "not yet shown to be theirs"
    assert phone.prove(MOTHER).status_code == 303
    assert f"/me/{family.mother}/wishes" in phone.see(f"/me/{family.mother}")
    html = phone.see(f"/me/{family.mother}/wishes")
    for words in (*titles, "不愿意", "愿意", "已送企业", "厂里给你回话", "免费的培训"):
        assert words in html, words
    assert html.count("/a/") == 3, "yes and no of the offer; the one under way"
    answer = html.partition('class="btn go" href="')[2].partition('"')[0]
    assert "你愿意去吗" in client.get(answer).text
    assert "没成" not in client.get(f"/me/{family.daughter}/wishes").text
