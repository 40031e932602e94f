"""The law of lending people: by consent, for a time, and back again."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.core.errors import Invalid
from app.core.tasks import TaskContext
from app.labour_sharing import queries, staying
from app.labour_sharing.errors import (
    AgreementClosed,
    AgreementFull,
    HomeWorkOver,
    NoConsent,
    StayMoveNotAllowed,
    StayNotFound,
)
from app.labour_sharing.models import SharedStay
from app.labour_sharing.schemas import NameIn, StayCheck, StayStep
from app.labour_sharing.tasks import watch
from app.labour_sharing.terms import AgreementState, StayState
from app.referrals import today
from app.referrals.spells import queries as spell_queries
from app.referrals.spells import service as spells
from app.referrals.terms import CallBackCause, EndReason, LeaveReason
from app.seekers.terms import SeekerStatus
from tests.employers import factories as firms
from tests.labour_sharing.conftest import Sharing
from tests.referrals.situations import COUNTY, TOWNSHIP, VILLAGE
from tests.seekers.factories import OTHER_VILLAGE, village_officer


def run_watch(sharing: Sharing) -> None:
    watch(TaskContext(sharing.session, sharing.clock), {"day": str(sharing.clock.today())})
    sharing.session.expire_all()


def causes(sharing: Sharing) -> list[CallBackCause | None]:
    items = today.list_today(sharing.session, VILLAGE, sharing.clock)
    return [item.cause for item in items if item.cause in (CallBackCause.NOT_BACK, CallBackCause.BACK)]


def test_named_asked_moved_back_and_asked_again(sharing: Sharing) -> None:
    agreement = sharing.deal()
    spell = sharing.worker()
    stay = sharing.name(agreement, spell)
    with pytest.raises(NoConsent):
        sharing.step(stay, "move")
    stay = sharing.step(stay, "consent")
    assert (stay.consent_by, stay.consent_noted_by_id) == ("visit", VILLAGE.user_id)
    assert stay.consent_at == sharing.clock.now()
    stay = sharing.step(stay, "move")
    assert stay.state is StayState.THERE
    # The home spell, its checks and the card are as they were.
    spell = spell_queries.get_spell(sharing.session, VILLAGE, spell.id)
    assert (spell.ends_on, spell.employer_id) == (None, sharing.home.id)
    assert spell.person.status is SeekerStatus.EMPLOYED
    assert len(spell_queries.list_open_checks(sharing.session, spell.id)) == 4
    sharing.scene.wait(days=20)
    stay = sharing.step(stay, "bring_back")
    assert stay.check_due_on == sharing.clock.today() + timedelta(days=7)
    sharing.scene.wait(days=7)
    run_watch(sharing)
    assert causes(sharing) == [CallBackCause.BACK]
    answer = StayCheck.model_validate({"outcome": "in_post", "method": "phone"})
    stay = staying.check_after_return(
        sharing.session, VILLAGE, stay.id, answer, cipher=sharing.cipher, clock=sharing.clock
    )
    assert stay.check_answer_id is not None
    assert causes(sharing) == []
    month = spell_queries.latest_answer(sharing.session, spell.id, sharing.clock.today().replace(day=1))
    assert month is not None
    assert month.id == stay.check_answer_id
    steps = [event.action.value for event in queries.list_events(sharing.session, [stay.id])]
    assert steps == ["name", "consent", "move", "bring_back"]


def test_nobody_is_moved_without_consent_whatever_the_code_does(sharing: Sharing) -> None:
    stay = sharing.name(sharing.deal())
    with pytest.raises(IntegrityError), sharing.session.begin_nested():
        sharing.session.execute(
            update(SharedStay)
            .where(SharedStay.id == stay.id)
            .values(state=StayState.THERE, moved_on=sharing.clock.today())
        )


def test_no_is_an_answer_and_stays_one(sharing: Sharing) -> None:
    agreement = sharing.deal()
    spell = sharing.worker()
    stay = sharing.step(sharing.name(agreement, spell), "decline")
    assert stay.state is StayState.DECLINED
    for action in ("consent", "move", "bring_back"):
        with pytest.raises(StayMoveNotAllowed):
            sharing.step(stay, action)
    with pytest.raises(StayMoveNotAllowed):  # not asked twice for the same
        sharing.name(agreement, spell)
    assert spell_queries.get_spell(sharing.session, VILLAGE, spell.id).ends_on is None


def test_consent_may_be_taken_back_before_the_day(sharing: Sharing) -> None:
    stay = sharing.step(sharing.step(sharing.name(sharing.deal()), "consent"), "decline")
    assert stay.state is StayState.DECLINED


def test_how_it_was_said_is_asked_for(sharing: Sharing) -> None:
    stay = sharing.name(sharing.deal())
    with pytest.raises(Invalid):
        staying.step_stay(sharing.session, VILLAGE, stay.id, StayStep(action="consent"), sharing.clock)


def test_only_workers_of_the_home_firm_and_no_more_than_agreed(sharing: Sharing) -> None:
    agreement = sharing.deal(headcount=1)
    elsewhere = sharing.scene.posting(employer=sharing.host)
    other = sharing.scene.at("onboard", person=sharing.scene.neighbour(), job=elsewhere)
    assert other.spell_id is not None
    lendable = sharing.worker()
    found = queries.list_lendable(sharing.session, VILLAGE, agreement)
    assert [spell.id for spell in found] == [lendable.id]
    with pytest.raises(HomeWorkOver):
        data = NameIn(spell_id=other.spell_id)
        staying.name_worker(sharing.session, VILLAGE, agreement.id, data, sharing.clock)
    first = sharing.name(agreement, lendable)
    with pytest.raises(AgreementFull):
        sharing.name(agreement)
    sharing.step(first, "decline")
    sharing.name(agreement)


def test_before_both_agreed_and_after_the_end_nothing_moves(sharing: Sharing) -> None:
    with pytest.raises(AgreementClosed):
        sharing.name(sharing.proposal())
    agreement = sharing.deal()
    stay = sharing.step(sharing.name(agreement), "consent")
    with pytest.raises(Invalid):
        sharing.step(stay, "move", on=str(sharing.clock.today() + timedelta(days=1)))
    sharing.scene.wait(days=31)
    with pytest.raises(AgreementClosed):
        sharing.step(stay, "move")


def test_at_one_place_at_a_time(sharing: Sharing) -> None:
    spell = sharing.worker()
    stays = [sharing.step(sharing.name(sharing.deal(), spell), "consent") for _ in range(2)]
    sharing.step(stays[0], "move")
    with pytest.raises(StayMoveNotAllowed):
        sharing.step(stays[1], "move")
    sharing.step(stays[0], "bring_back")
    assert sharing.step(stays[1], "move").state is StayState.THERE


def test_who_writes_it_down(sharing: Sharing) -> None:
    stay = sharing.name(sharing.deal())
    for stranger in (village_officer(OTHER_VILLAGE, 77), firms.county_officer(firms.OTHER_COUNTY)):
        with pytest.raises(StayNotFound):
            sharing.step(stay, "consent", stranger)
    # Their own word is written down by an officer: they have no page for it yet.
    for actor in (firms.member_of(sharing.home), sharing.scene.own(stay.home_spell.person)):
        with pytest.raises(StayNotFound):
            sharing.step(stay, "consent", actor)
    sharing.step(sharing.step(stay, "consent", TOWNSHIP), "move", COUNTY)


def test_late_and_back_again(sharing: Sharing) -> None:
    stay = sharing.lent()
    run_watch(sharing)
    assert causes(sharing) == []
    sharing.scene.wait(days=31)
    run_watch(sharing)
    run_watch(sharing)
    assert causes(sharing) == [CallBackCause.NOT_BACK]
    (out,) = queries.list_out(sharing.session, VILLAGE)
    assert out.id == stay.id
    agreement = queries.get_agreement(sharing.session, sharing.county, stay.agreement_id)
    assert agreement.state is AgreementState.AGREED  # somebody is there still
    with pytest.raises(Invalid):
        sharing.step(stay, "bring_back", on=str(sharing.clock.today() + timedelta(days=1)))
    sharing.step(stay, "bring_back", on=str(sharing.clock.today()))
    assert causes(sharing) == []
    run_watch(sharing)
    ended = queries.get_agreement(sharing.session, sharing.county, stay.agreement_id)
    assert ended.state is AgreementState.ENDED


def test_what_is_known_already_is_not_asked_again(sharing: Sharing) -> None:
    stay = sharing.step(sharing.lent(), "bring_back")
    sharing.scene.wait(days=7)
    (check,) = [each for each in _checks(sharing, stay) if each.day == 7]
    sharing.scene.answer(check)
    assert queries.list_to_check(sharing.session, VILLAGE, sharing.clock.today()) == []
    run_watch(sharing)
    assert causes(sharing) == []


def _checks(sharing: Sharing, stay: SharedStay) -> list[spells.FollowUpCheck]:
    return spell_queries.list_open_checks(sharing.session, stay.home_spell_id)


def test_who_left_work_is_lent_no_longer(sharing: Sharing) -> None:
    there, waiting = sharing.lent(), sharing.name(sharing.deal())
    for stay in (there, waiting):
        spell = spell_queries.get_spell(sharing.session, VILLAGE, stay.home_spell_id)
        spells.end_spell(
            sharing.session,
            VILLAGE,
            spell,
            spell.person,
            EndReason.LEFT,
            ends_on=sharing.clock.today(),
            leave_reason=LeaveReason.PAY,
            cipher=sharing.cipher,
            clock=sharing.clock,
        )
    run_watch(sharing)
    found = [queries.get_stay(sharing.session, VILLAGE, stay.id).state for stay in (there, waiting)]
    assert found == [StayState.LEFT, StayState.DROPPED]


def test_left_after_the_return_ends_the_work(sharing: Sharing) -> None:
    stay = sharing.step(sharing.lent(), "bring_back")
    answer = StayCheck.model_validate({"outcome": "left", "method": "phone", "leave_reason": "pay"})
    staying.check_after_return(
        sharing.session, VILLAGE, stay.id, answer, cipher=sharing.cipher, clock=sharing.clock
    )
    spell = spell_queries.get_spell(sharing.session, VILLAGE, stay.home_spell_id)
    assert (spell.end_reason, spell.person.status) == (EndReason.LEFT, SeekerStatus.SEEKING)


def test_firms_see_numbers_without_names(sharing: Sharing) -> None:
    stay = sharing.lent()
    member = firms.member_of(sharing.host, 61)
    assert queries.list_stays(sharing.session, member, stay.agreement_id) == []
    counts = queries.count_by_state(sharing.session, [stay.agreement_id])
    assert counts == {stay.agreement_id: {StayState.THERE: 1}}
