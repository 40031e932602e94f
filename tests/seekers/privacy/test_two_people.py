"""Erasing takes two people; the county says what must be kept, and for how long."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import User
from app.accounts.second_person.errors import AskedBefore, NotWaiting, OwnRequest
from app.accounts.second_person.terms import ConfirmationState
from app.accounts.terms import UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.errors import Forbidden, Invalid
from app.seekers import queries
from app.seekers.access.models import PersonLink
from app.seekers.access.terms import LinkProof
from app.seekers.errors import PersonNotFound
from app.seekers.models import Person
from app.seekers.privacy import erasure, holds
from app.seekers.privacy.errors import HoldOver
from app.seekers.privacy.models import Erasure
from app.seekers.privacy.terms import ErasureOutcome, HoldReason
from tests.seekers import factories as given
from tests.seekers.privacy.test_erasure import ASKED, COUNTY, NAME, OFFICER, TOWNSHIP, ask, person

__all__ = ["person"]


def test_erasing_takes_two(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    given.add_users(session, clock, OFFICER, TOWNSHIP, COUNTY)

    def carry_out(actor: Actor) -> Erasure:
        return erasure.carry_out_erasure(
            session, actor, person.id, cipher=cipher, clock=clock, list_path=list_path
        )

    with pytest.raises(NotWaiting):  # nobody asked yet
        carry_out(TOWNSHIP)
    asked = erasure.request_erasure(session, OFFICER, person.id, ASKED, cipher=cipher, clock=clock)
    with pytest.raises(OwnRequest):
        carry_out(OFFICER)
    with pytest.raises(AskedBefore):
        erasure.request_erasure(session, COUNTY, person.id, ASKED, cipher=cipher, clock=clock)
    assert queries.get_person(session, OFFICER, person.id).name == NAME
    erasure.refuse_erasure(session, COUNTY, person.id, "本人说没有要删", cipher=cipher, clock=clock)
    assert asked.state is ConfirmationState.REFUSED
    with pytest.raises(NotWaiting):
        carry_out(TOWNSHIP)
    erasure.request_erasure(session, OFFICER, person.id, ASKED, cipher=cipher, clock=clock)
    clock.move(timedelta(days=7))
    with pytest.raises(NotWaiting):  # too long ago: ask the person again
        carry_out(TOWNSHIP)
    assert not list_path.exists()
    again = erasure.request_erasure(session, TOWNSHIP, person.id, ASKED, cipher=cipher, clock=clock)
    done = carry_out(OFFICER)
    assert (done.requested_by_id, done.carried_out_by_id) == (TOWNSHIP.user_id, OFFICER.user_id)
    session.refresh(again)
    assert (again.state, again.reason, again.answered_by_id) == (ConfirmationState.DONE, "", OFFICER.user_id)


def test_what_the_person_asks_by_their_own_account_counts_as_the_first(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    given.add_users(session, clock, OFFICER)
    user = User(
        kind=UserKind.PERSON, display_name="尾号", phone_index=person.phone_index, created_at=clock.now()
    )
    session.add(user)
    session.flush()
    stranger = Actor(user.id, "尾号")
    with pytest.raises(PersonNotFound):
        erasure.request_erasure(session, stranger, person.id, ASKED, cipher=cipher, clock=clock)
    link = PersonLink(user_id=user.id, person_id=person.id, proof=LinkProof.ID_TAIL, made_at=clock.now())
    session.add(link)
    session.flush()
    erasure.request_erasure(session, stranger, person.id, ASKED, cipher=cipher, clock=clock)
    with pytest.raises((OwnRequest, PersonNotFound, Forbidden)):
        erasure.carry_out_erasure(
            session, stranger, person.id, cipher=cipher, clock=clock, list_path=list_path
        )
    done = erasure.carry_out_erasure(
        session, OFFICER, person.id, cipher=cipher, clock=clock, list_path=list_path
    )
    assert done.outcome is ErasureOutcome.ERASED


def test_a_hold_is_lifted_by_the_county_with_a_reason_on_a_sealed_record_too(
    session: Session, cipher: FieldCipher, clock: FixedClock, person: Person, list_path: Path
) -> None:
    by = {"cipher": cipher, "clock": clock}
    hold = holds.place_hold(session, COUNTY, person.id, HoldReason.CASE_OPEN, None, **by)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        yesterday = clock.today() - timedelta(days=1)
        holds.place_hold(session, COUNTY, person.id, HoldReason.MONEY_PAID, yesterday, **by)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        holds.lift_hold(session, OFFICER, person.id, hold.id, "案子办完了", **by)  # type: ignore[arg-type]
    assert [held.name for held in holds.list_held(session, COUNTY, clock)] == [NAME]
    ask(session, person, cipher, clock, list_path)
    (held,) = holds.list_held(session, COUNTY, clock)
    assert (held.name, held.is_sealed) == ("", True)
    assert holds.list_held(session, given.county_officer(given.OTHER_COUNTY), clock) == []
    assert holds.list_holds(session, COUNTY, person.id, clock) == [hold]
    for actor in (OFFICER, TOWNSHIP, given.county_officer(given.OTHER_COUNTY)):
        with pytest.raises(PersonNotFound):  # a sealed record is there for the county only
            holds.lift_hold(session, actor, person.id, hold.id, "案子办完了", **by)  # type: ignore[arg-type]
    holds.lift_hold(session, COUNTY, person.id, hold.id, "仲裁结案", **by)  # type: ignore[arg-type]
    with pytest.raises(HoldOver):
        holds.lift_hold(session, COUNTY, person.id, hold.id, "仲裁结案", **by)  # type: ignore[arg-type]
    assert erasure.erase_due(session, cipher=cipher, clock=clock, list_path=list_path) == 1
