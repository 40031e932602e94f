"""Who wants no messages: told to a colleague, taken back on their word, or said by themselves."""

import pytest
from sqlalchemy import select

from app.accounts.audit.models import AuditEntry
from app.core.errors import Conflict, Forbidden, Invalid
from app.notifications.opt_outs import has_opted_out
from app.notifications.terms import Purpose
from app.referrals.mailing import opting
from app.referrals.mailing.opting import MessageChoice
from app.seekers.privacy.consents import is_allowed, record_consent
from app.seekers.privacy.schemas import ConsentIn
from app.seekers.privacy.terms import ConsentMethod, ConsentPurpose
from tests.referrals.situations import BROKER, VILLAGE, Scene
from tests.seekers import factories as given

PHONE = "13900000001"
C = MessageChoice


@pytest.fixture(autouse=True)
def accounts(scene: Scene) -> None:
    given.plant_regions(scene.session)
    given.add_users(scene.session, scene.clock, VILLAGE)


def record(
    scene: Scene,
    choice: MessageChoice,
    phone: str = PHONE,
    told_by: str = "本人来电话",
    actor: object = VILLAGE,
) -> None:
    opting.record_choice(
        scene.session,
        actor,
        phone,
        choice,
        told_by,
        cipher=scene.cipher,
        clock=scene.clock,  # type: ignore[arg-type]
    )


def wants(scene: Scene, phone: str = PHONE) -> tuple[bool, bool]:
    """Mass messages, and those about oneself."""
    return tuple(  # type: ignore[return-value]
        not has_opted_out(scene.session, scene.cipher, phone, purpose)
        for purpose in (Purpose.CAMPAIGN, Purpose.SERVICE)
    )


def test_told_to_a_colleague(scene: Scene) -> None:
    person = scene.neighbour(phone=PHONE)
    known = opting.look_up(scene.session, VILLAGE, "139 0000 0001", cipher=scene.cipher)
    assert (known.choice, [p.id for p in known.people]) == (C.ALL, [person.id])
    record(scene, C.OWN)
    assert wants(scene) == (False, True)
    record(scene, C.NONE)
    assert wants(scene) == (False, False)
    record(scene, C.OWN)
    assert wants(scene) == (False, True), "less is refused than before"
    record(scene, C.ALL)
    assert wants(scene) == (True, True)
    scene.session.commit()
    logged = scene.session.scalars(select(AuditEntry).where(AuditEntry.action == "opt_out")).all()
    assert [entry.reason for entry in logged] == ["本人来电话"] * 4
    assert {entry.subject_id for entry in logged} == {person.id}


def test_a_no_is_taken_for_any_number_a_yes_only_from_one_s_own_people(scene: Scene) -> None:
    record(scene, C.NONE, "13811112222")
    assert wants(scene, "13811112222") == (False, False)
    for more in (C.ALL, C.OWN):
        with pytest.raises(Conflict):
            record(scene, more, "13811112222")
    scene.neighbour(home=given.FAR_VILLAGE, phone=PHONE)
    record(scene, C.OWN)
    with pytest.raises(Conflict):
        record(scene, C.ALL)


def test_what_is_refused(scene: Scene) -> None:
    scene.neighbour(phone=PHONE)
    with pytest.raises(Invalid):
        record(scene, C.OWN, told_by=" ")
    with pytest.raises(Invalid):
        record(scene, C.OWN, phone="0919-1234567")
    with pytest.raises(Forbidden):
        record(scene, C.OWN, actor=BROKER)
    assert wants(scene) == (True, True)


def test_one_s_own_word(scene: Scene) -> None:
    person = scene.neighbour(phone=PHONE)
    own = scene.own(person)
    by = {"cipher": scene.cipher, "clock": scene.clock}

    def choose(choice: MessageChoice) -> MessageChoice | None:
        opting.choose_own(scene.session, own, person, choice, **by)
        return opting.own_choice(scene.session, person, scene.cipher)[1]

    assert opting.own_choice(scene.session, person, scene.cipher) == (PHONE, C.ALL)
    assert choose(C.NONE) is C.NONE
    assert wants(scene) == (False, False)
    assert choose(C.OWN) is C.OWN
    no = ConsentIn(purpose=ConsentPurpose.MESSAGES, is_given=False, method=ConsentMethod.SELF)
    record_consent(scene.session, own, person.id, no, **by)
    assert opting.own_choice(scene.session, person, scene.cipher)[1] is C.NONE
    assert choose(C.ALL) is C.ALL
    assert wants(scene) == (True, True)
    assert is_allowed(scene.session, person.id, ConsentPurpose.MESSAGES), "wanting them again is an agreement"


def test_without_a_number_there_is_nothing_to_choose(scene: Scene) -> None:
    person = scene.neighbour(phone=None)
    own = scene.own(person)
    assert opting.own_choice(scene.session, person, scene.cipher) == ("", None)
    with pytest.raises(Conflict):
        opting.choose_own(scene.session, own, person, C.OWN, cipher=scene.cipher, clock=scene.clock)
