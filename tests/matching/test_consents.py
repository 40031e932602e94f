"""Who said no to being helped to find work is in no list of candidates, from then on, at no extra cost."""

from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.matching.candidates import list_candidates
from app.seekers.privacy import consents
from app.seekers.privacy.schemas import ConsentIn
from tests.seekers import factories as given
from tests.seekers.conftest import cipher
from tests.seekers.privacy.situations import add_person

__all__ = ["cipher"]
OFFICER = given.village_officer()


def candidates(session: Session, clock: FixedClock) -> list[int]:
    return [facts.id or 0 for facts, _ in list_candidates(session, OFFICER, clock.today())]


def say(
    session: Session, person_id: int, cipher: FieldCipher, clock: FixedClock, purpose: str, *, yes: bool
) -> None:
    word = ConsentIn(purpose=purpose, is_given=yes, method="phone")
    consents.record_consent(session, OFFICER, person_id, word, cipher=cipher, clock=clock)


def test_a_no_takes_the_person_out_and_a_yes_brings_them_back(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    home = given.household(session, cipher, clock)
    first, second = (add_person(session, cipher, clock, home, number).id for number in (1, 2))
    assert candidates(session, clock) == [first, second]
    say(session, first, cipher, clock, "ledger", yes=False)
    say(session, second, cipher, clock, "messages", yes=False)  # no messages, but still helped
    assert candidates(session, clock) == [second]
    clock.move(timedelta(days=1))
    say(session, first, cipher, clock, "ledger", yes=True)
    assert candidates(session, clock) == [first, second]


def test_consents_cost_no_statement_of_their_own(
    session: Session, cipher: FieldCipher, clock: FixedClock
) -> None:
    home = given.household(session, cipher, clock)
    seen: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *a: seen.append(a[2]))
    for number in range(1, 6):
        person_id = add_person(session, cipher, clock, home, number).id
        say(session, person_id, cipher, clock, "ledger", yes=bool(number % 2))
    session.flush()
    seen.clear()
    assert len(candidates(session, clock)) == 3
    assert len(seen) == 2, seen  # people, and the points of their villages
