"""A barred firm does not come back: ten kinds, by code, phone or account, under another name."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.queries import actor_of
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers import rules, service
from app.employers.errors import EmployerBarred
from app.employers.membership import KINDS_WITH_CODE, register_own_firm
from app.employers.models import BarEntry, Employer
from app.employers.schemas import EmployerIn
from app.employers.service import EmployerDraft
from app.employers.terms import EmployerAction, EmployerKind, EmployerState
from tests.employers import factories as given
from tests.employers import papers_given as people

PHONE, OTHER_PHONE = "13900005511", "13900006622"
CONTACT, OTHER_CONTACT = "0919-6181111", "0919-6182222"


def code(serial: int) -> str:
    first = f"91610204MA6Y{serial:05d}"
    return first + rules.credit_check_sign(first)


CODE, OTHER_CODE = code(1), code(2)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


Register = Callable[..., Employer]


@pytest.fixture
def register(session: Session, clock: FixedClock, cipher: FieldCipher) -> Register:
    """Somebody signed in by phone registers a firm as the page does."""
    given.plant_regions(session)

    def registered(
        kind: EmployerKind, name: str, *, phone: str, contact: str, credit_code: str | None
    ) -> Employer:
        user = people.user(session, clock, cipher, phone)
        actor = actor_of(session, user, clock.now())
        data = EmployerIn.model_validate(
            {
                "name": name,
                "kind": kind,
                "region_code": given.TOWN,
                "credit_code": credit_code,
                "contact_name": "老板",
                "contact_phone": contact,
            }
        )
        firm, _token = register_own_firm(session, actor, data, cipher=cipher, clock=clock)
        return firm

    return registered


@pytest.mark.parametrize("kind", list(EmployerKind))
def test_by_code_phone_or_account(
    session: Session, clock: FixedClock, cipher: FieldCipher, register: Register, kind: EmployerKind
) -> None:
    has_code = kind in KINDS_WITH_CODE
    firm = register(kind, "黑心厂", phone=PHONE, contact=CONTACT, credit_code=CODE if has_code else None)
    county = given.county_officer(user_id=901)
    service.act_on_employer(
        session, county, firm.id, EmployerAction.BAR, clock, reason="收押金", cipher=cipher
    )
    fresh = {
        "phone": OTHER_PHONE,
        "contact": OTHER_CONTACT,
        "credit_code": OTHER_CODE if has_code else None,
    }
    again = [
        {"phone": PHONE},
        {"contact": CONTACT},
        {"contact": PHONE},
    ]  # account, phone, the account's phone
    if has_code:
        again.append({"credit_code": CODE})
    for number, same in enumerate(again):
        with pytest.raises(EmployerBarred), session.begin_nested():
            register(kind, f"新名字{number}号", **(fresh | same))
        if "phone" in same:
            continue
        form = given.employer_form(
            name=f"代办的{number}号",
            kind=kind.value,
            contact_phone=same.get("contact"),
            credit_code=same.get("credit_code"),
        )
        with pytest.raises(EmployerBarred), session.begin_nested():  # at the counter too
            service.register_employer(session, county, form, clock, cipher=cipher)
        if "contact" in same:  # in an office's list: taken in, and held
            saved = service.save_employers(session, [EmployerDraft(form)], clock, cipher=cipher)
            assert session.get_one(Employer, saved.ids[0]).state is EmployerState.BARRED
    register(kind, "清白的厂", **fresh)  # somebody else may


def test_lifted_it_is_over(
    session: Session, clock: FixedClock, cipher: FieldCipher, register: Register
) -> None:
    firm = register(EmployerKind.FAMILY_FARM, "黑心农场", phone=PHONE, contact=CONTACT, credit_code=None)
    county = given.county_officer(user_id=901)
    for action in (EmployerAction.BAR, EmployerAction.UNBAR):
        service.act_on_employer(session, county, firm.id, action, clock, reason="查过了", cipher=cipher)
    register(EmployerKind.FAMILY_FARM, "新农场", phone=PHONE, contact=OTHER_CONTACT, credit_code=None)


def test_the_list_holds_no_number_in_the_clear(
    session: Session, clock: FixedClock, cipher: FieldCipher, register: Register
) -> None:
    firm = register(EmployerKind.FAMILY_FARM, "黑心农场", phone=PHONE, contact=CONTACT, credit_code=None)
    assert firm.contact_phone is not None
    assert CONTACT.encode() not in firm.contact_phone
    county = given.county_officer(user_id=901)
    service.act_on_employer(
        session, county, firm.id, EmployerAction.BAR, clock, reason="收押金", cipher=cipher
    )
    for entry in session.scalars(select(BarEntry)):
        for column in BarEntry.__table__.columns:
            assert PHONE not in str(getattr(entry, column.name))
            assert rules.phone_key(CONTACT) not in str(getattr(entry, column.name))
