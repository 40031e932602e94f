"""Notices, what fits them, and agreements of two firms."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.errors import Conflict, Forbidden, Invalid
from app.employers.errors import EmployerBarred
from app.employers.terms import EmployerState
from app.labour_sharing import queries, service
from app.labour_sharing.errors import AgreementClosed, NoticeNotFound, StillThere
from app.labour_sharing.schemas import FirmWord
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from tests.employers import factories as firms
from tests.labour_sharing.conftest import Sharing

HOME = FirmWord(side=SharingSide.OFFER)
HOST = FirmWord(side=SharingSide.NEED)


def test_what_fits_and_what_does_not(sharing: Sharing) -> None:
    today = sharing.clock.today()
    offer = sharing.notice(sharing.home, "offer")
    good = sharing.notice(sharing.host, "need", headcount=4)
    near = firms.verified_employer(sharing.session, sharing.clock, "同镇的厂")
    nearer = sharing.notice(near, "need", headcount=1)
    sharing.notice(sharing.host, "need", title="焊工")
    later = {"from_on": today + timedelta(days=61), "until_on": today + timedelta(days=90)}
    sharing.notice(sharing.host, "need", **later)
    sharing.notice(sharing.home, "need")
    closed = sharing.notice(near, "need", headcount=9)
    service.close_notice(sharing.session, sharing.county, closed.id, sharing.clock)
    sharing.session.flush()
    # A town of another name is farther than the same one, whatever the numbers.
    good.region_code = firms.OTHER_TOWN
    found = queries.list_fitting(sharing.session, sharing.county, offer, today, limit=9)
    assert [each.id for each in found] == [nearer.id, good.id]


def test_firms_see_their_own_notices_only(sharing: Sharing) -> None:
    notice = sharing.notice(sharing.home, "offer")
    member = firms.member_of(sharing.home)
    assert queries.get_notice(sharing.session, member, notice.id).id == notice.id
    for actor in (firms.member_of(sharing.host, 61), firms.county_officer(firms.OTHER_COUNTY)):
        with pytest.raises(NoticeNotFound):
            queries.get_notice(sharing.session, actor, notice.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"note": "每人交服装押金300元"}, "note"),
        ({"note": "身份证由厂里统一保管"}, "note"),
        ({"region_code": "999999"}, "region_code"),
        ({"until_on": "2027-11-22"}, "until_on"),
        ({"from_on": "2026-10-01", "until_on": "2026-11-01"}, "until_on"),
    ],
)
def test_bad_notices(sharing: Sharing, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        sharing.notice(sharing.home, "offer", **changes)
    assert [each.field for each in refused.value.fields] == [field]


def test_agencies_do_not_lend_and_barred_firms_do_nothing(sharing: Sharing) -> None:
    agency = firms.verified_employer(sharing.session, sharing.clock, "好劳务", kind="agency")
    with pytest.raises(Invalid, match="invalid"):
        sharing.notice(agency, "offer")
    sharing.notice(agency, "need")
    with pytest.raises(Invalid):
        sharing.proposal(home_employer_id=agency.id)
    sharing.host.state = EmployerState.BARRED
    sharing.session.flush()
    with pytest.raises(EmployerBarred):
        sharing.proposal()


def test_both_firms_have_to_say_yes(sharing: Sharing) -> None:
    agreement = sharing.proposal()
    home, host = firms.member_of(sharing.home), firms.member_of(sharing.host, 61)
    with pytest.raises(Forbidden):
        service.agree(sharing.session, home, agreement.id, HOST, sharing.clock)
    with pytest.raises(Invalid):  # an officer says how the firm said it
        service.agree(sharing.session, sharing.county, agreement.id, HOST, sharing.clock)
    one = service.agree(sharing.session, home, agreement.id, HOME, sharing.clock)
    assert (one.state, one.home_agreed_by) == (AgreementState.PROPOSED, "app")
    again = service.agree(sharing.session, home, agreement.id, HOME, sharing.clock)
    assert again.version == one.version
    both = service.agree(sharing.session, host, agreement.id, HOST, sharing.clock)
    assert both.state is AgreementState.AGREED
    assert both.host_agreed_by_id == host.user_id


def test_the_terms_must_have_been_read(sharing: Sharing) -> None:
    with pytest.raises(ValidationError):
        sharing.proposal(terms_read=False)
    with pytest.raises(ValidationError):
        sharing.proposal(host_employer_id=sharing.home.id)


def test_who_proposes_and_cancels(sharing: Sharing) -> None:
    agreement = sharing.deal()
    stay = sharing.name(agreement)
    with pytest.raises(Forbidden):
        member = firms.member_of(sharing.home)
        service.cancel_agreement(sharing.session, member, agreement.id, sharing.clock)
    over = service.cancel_agreement(sharing.session, sharing.county, agreement.id, sharing.clock)
    assert over.state is AgreementState.CANCELLED
    assert queries.get_stay(sharing.session, sharing.county, stay.id).state is StayState.DROPPED
    with pytest.raises(AgreementClosed):
        service.cancel_agreement(sharing.session, sharing.county, agreement.id, sharing.clock)
    fresh = sharing.proposal()
    service.cancel_agreement(sharing.session, sharing.county, fresh.id, sharing.clock)
    with pytest.raises(Conflict):
        word = FirmWord.model_validate({"side": "offer", "said_by": "phone"})
        service.agree(sharing.session, sharing.county, fresh.id, word, sharing.clock)


def test_nothing_is_cancelled_while_somebody_is_there(sharing: Sharing) -> None:
    stay = sharing.lent()
    with pytest.raises(StillThere):
        service.cancel_agreement(sharing.session, sharing.county, stay.agreement_id, sharing.clock)
