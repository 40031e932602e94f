"""Saying that people are idle or missing, and agreeing, on the firm's phone."""

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from tests.employers import factories as firms
from tests.labour_sharing.conftest import Sharing
from tests.referrals.situations import Scene
from tests.web.employer.firms import Boss, hidden, sign_in
from tests.web.markup import markup_faults

SHARING = "/employer/sharing"


def test_a_notice_and_a_yes(
    client: TestClient, session: Session, cipher: FieldCipher, own: Boss, scene: Scene, clock: FixedClock
) -> None:
    sign_in(client, own)
    assert SHARING in client.get("/employer").text
    form = client.get(f"{SHARING}/new")
    assert markup_faults(form.text) == []
    secret = hidden(form, f"{SHARING}/new")
    typed = {"side": "offer", "title": "缝纫工", "headcount": "8", "from_on": str(clock.today())}
    typed |= {"until_on": "2027-02-01", "region_code": firms.TOWN, "note": ""}
    refused = client.post(f"{SHARING}/new", data=secret | typed | {"headcount": "", "until_on": ""})
    assert "写上几个人" in refused.text
    sent = client.post(f"{SHARING}/new", data=secret | typed)
    assert client.post(f"{SHARING}/new", data=secret | typed).headers == sent.headers
    listed = client.get(sent.headers["location"])
    assert listed.text.count("8 个，11 月 22 日 到 2 月 1 日") == 1
    host = firms.verified_employer(session, clock, "忙得很服饰")
    agreement = Sharing(session, clock, cipher, scene, host, firms.county_officer(user_id=9)).proposal()
    page = client.get(f"{SHARING}/{agreement.id}")
    assert markup_faults(page.text) == []
    assert "谁也不许收本人的钱" in page.text
    address = f"{SHARING}/{agreement.id}"
    agreed = client.post(address, data=hidden(page, address))
    shown = client.get(agreed.headers["location"]).text
    assert "小丘针织：点头了" in shown
    assert "条件看过了，同意" not in shown
    closing = listed.text.split('action="/employer/sharing/notices/')[1].split('"')[0]
    token = {"csrf_token": hidden(listed)["csrf_token"]}
    gone = client.post(f"{SHARING}/notices/{closing}", data=token)
    assert "没有挂着的" in client.get(gone.headers["location"]).text
