"""Messages that need a person, and calls made instead: who sees them, what can be decided."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.audit.models import AuditEntry
from app.core.errors import Conflict
from app.notifications.models import Message, MessageDecision
from app.notifications.outbox import NewMessage, enqueue_message
from app.notifications.terms import Channel, DropReason, MessageState, TroubleDecision
from app.notifications.wording import templates
from app.referrals.mailing import calls, troubles
from app.referrals.mailing.troubles import MessageMissing
from app.seekers.models import Person
from tests.referrals.situations import BROKER, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given

WORDS = dict(templates()["arrived"].example)
S, D = MessageState, TroubleDecision
FAR = given.village_officer(given.FAR_VILLAGE, user_id=9)


@pytest.fixture(autouse=True)
def accounts(scene: Scene) -> None:
    given.plant_regions(scene.session)
    given.add_users(scene.session, scene.clock, VILLAGE, TOWNSHIP, FAR)


def message(scene: Scene, key: str, state: MessageState, **changes: object) -> Message:
    """One to somebody, which stands in `state` since just now."""
    new = NewMessage("arrived", WORDS, "13900009999", recipient_key=key)
    found = scene.session.get_one(Message, enqueue_message(scene.session, scene.clock, scene.cipher, new))
    found.state, found.settled_at, found.called_at, found.provider = (
        state,
        scene.clock.now(),
        scene.clock.now(),
        "x",
    )
    found.drop_reason = DropReason.TOO_LATE if state is S.DROPPED else None
    for name, value in changes.items():
        setattr(found, name, value)
    scene.session.flush()
    return found


def to(person: Person) -> str:
    return f"person:{person.id}"


def listed(scene: Scene, actor: object = VILLAGE) -> list[int]:
    now = scene.clock.now()
    found = [t.message.id for t in troubles.list_troubles(scene.session, actor, now, limit=20)]  # type: ignore[arg-type]
    assert troubles.count_troubles(scene.session, actor, now) == len(found)  # type: ignore[arg-type]
    return sorted(found)


def decide(scene: Scene, message_id: int, decision: TroubleDecision, actor: object = VILLAGE) -> None:
    scene.clock.move(timedelta(minutes=1))
    troubles.decide(
        scene.session,
        actor,
        message_id,
        decision,
        cipher=scene.cipher,
        clock=scene.clock,  # type: ignore[arg-type]
    )
    scene.session.flush()


def test_what_needs_a_person_and_who_sees_it(scene: Scene) -> None:
    person, far = scene.person, scene.neighbour(home=given.FAR_VILLAGE)
    mine = [message(scene, to(person), state).id for state in (S.UNKNOWN, S.FAILED, S.DROPPED)]
    for state in (S.DELIVERED, S.ACCEPTED, S.WAITING):
        message(scene, to(person), state)
    message(scene, to(person), S.DROPPED, drop_reason=DropReason.SETTLED)
    message(scene, to(person), S.FAILED, settled_at=scene.clock.now() - timedelta(days=60))
    elsewhere = message(scene, to(far), S.FAILED).id
    firm = message(scene, f"employer:{scene.employer.id}", S.UNKNOWN).id
    message(scene, "message:17", S.FAILED)
    assert listed(scene) == mine
    assert listed(scene, FAR) == [elsewhere]
    assert listed(scene, TOWNSHIP) == sorted([*mine, firm]), "firms are the township's"
    assert listed(scene, BROKER) == []
    with pytest.raises(MessageMissing):
        decide(scene, mine[0], D.LEFT, FAR)


@pytest.mark.parametrize("state", [S.UNKNOWN, S.FAILED, S.DROPPED])
def test_sent_again_and_in_trouble_again(scene: Scene, state: MessageState) -> None:
    found = message(scene, to(scene.person), state, tries=3, asks=7)
    old = found.reference
    decide(scene, found.id, D.AGAIN)
    assert (found.state, found.due_at) == (S.WAITING, scene.clock.now())
    assert found.expires_at > scene.clock.now()
    assert listed(scene) == []
    if state is not S.UNKNOWN:
        assert found.reference != old, "a late receipt of the try before says nothing about this one"
    found.state, found.settled_at = S.FAILED, scene.clock.now() + timedelta(minutes=5)
    scene.clock.move(timedelta(minutes=9))
    scene.session.flush()
    assert listed(scene) == [found.id]


def test_counts_as_sent_only_where_nobody_knows(scene: Scene) -> None:
    unknown, failed = (message(scene, to(scene.person), state) for state in (S.UNKNOWN, S.FAILED))
    decide(scene, unknown.id, D.COUNTS_AS_SENT)
    assert unknown.state is S.ACCEPTED
    with pytest.raises(Conflict):
        decide(scene, failed.id, D.COUNTS_AS_SENT)
    decide(scene, failed.id, D.LEFT)
    assert failed.state is S.FAILED
    assert listed(scene) == []
    with pytest.raises(MessageMissing):
        decide(scene, failed.id, D.AGAIN)
    noted = scene.session.scalars(select(MessageDecision).order_by(MessageDecision.id)).all()
    assert [(n.message_id, n.decision, n.decided_by) for n in noted] == [
        (unknown.id, D.COUNTS_AS_SENT, VILLAGE.user_id),
        (failed.id, D.LEFT, VILLAGE.user_id),
    ]


def test_called_instead(scene: Scene) -> None:
    failed = message(scene, to(scene.person), S.FAILED)
    decide(scene, failed.id, D.CALL_INSTEAD)
    (call,) = calls.list_calls(scene.session, VILLAGE, scene.clock.now(), scene.cipher, limit=9)
    assert call.person is not None
    assert call.person.id == scene.person.id
    assert WORDS["firm"] in call.words
    assert calls.list_calls(scene.session, FAR, scene.clock.now(), scene.cipher, limit=9) == []
    assert calls.count_calls(scene.session, FAR, scene.clock.now()) == 0
    by = {"cipher": scene.cipher, "clock": scene.clock}
    with pytest.raises(MessageMissing):
        calls.record_call(scene.session, FAR, call.message_id, reached=True, **by)
    calls.record_call(scene.session, VILLAGE, call.message_id, reached=False, **by)
    assert calls.count_calls(scene.session, VILLAGE, scene.clock.now()) == 0, "once more tomorrow"
    scene.clock.move(timedelta(days=1))
    assert calls.count_calls(scene.session, VILLAGE, scene.clock.now()) == 1
    calls.record_call(scene.session, VILLAGE, call.message_id, reached=True, **by)
    told = scene.session.get_one(Message, call.message_id)
    assert (told.channel, told.state) == (Channel.CALL, S.DELIVERED)
    with pytest.raises(Conflict):
        calls.record_call(scene.session, VILLAGE, call.message_id, reached=True, **by)
    scene.session.commit()
    logged = scene.session.scalars(select(AuditEntry).where(AuditEntry.resource == "phone")).all()
    assert len(logged) == 3
    assert all(entry.subject_id == scene.person.id for entry in logged)


def test_three_calls_without_anybody_there(scene: Scene) -> None:
    new = NewMessage("arrived", WORDS, channel=Channel.CALL, recipient_key=to(scene.person))
    message_id = enqueue_message(scene.session, scene.clock, scene.cipher, new)
    for _ in range(3):
        assert calls.count_calls(scene.session, VILLAGE, scene.clock.now()) == 1
        calls.record_call(
            scene.session, VILLAGE, message_id, reached=False, cipher=scene.cipher, clock=scene.clock
        )
        scene.clock.move(timedelta(days=1))
    assert scene.session.get_one(Message, message_id).state is S.FAILED
