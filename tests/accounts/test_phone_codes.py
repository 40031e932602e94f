"""Signing in by a code sent to the phone: five minutes, five tries, once, this browser only, not too many."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import models
from app.accounts import queries, rules, signing_in
from app.accounts.actor import SYSTEM
from app.accounts.code_sender import ConsoleSender, NoSender, make_code_sender
from app.accounts.errors import CodeRefused
from app.accounts.models import User
from app.accounts.schemas import SignedIn, Visit
from app.accounts.service import disable_user
from app.accounts.terms import UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Invalid, TooMany, Unavailable
from app.core.ratelimit import Limit
from app.core.settings import Environment, Settings
from tests.accounts.situations import HOME, PHONE, Outbox, officer_who_can_sign_in

Ask = Callable[..., None]
Enter = Callable[..., SignedIn]


@pytest.fixture
def ask(places: Database, clock: FixedClock, cipher: FieldCipher, outbox: Outbox) -> Ask:
    def request(phone: str = PHONE, asker: str = "browser", address: str = HOME.address) -> None:
        signing_in.request_phone_code(places, clock, cipher, outbox, Visit(address), phone=phone, asker=asker)

    return request


@pytest.fixture
def enter(places: Database, clock: FixedClock, cipher: FieldCipher) -> Enter:
    def attempt(code: str, asker: str = "browser") -> SignedIn:
        return signing_in.sign_in_with_phone_code(places, clock, cipher, HOME, code=code, asker=asker)

    return attempt


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_signs_in_and_the_same_phone_is_the_same_user(
    ask: Ask, enter: Enter, outbox: Outbox, clock: FixedClock, places: Database
) -> None:
    ask("+86 139 0000 2041")
    assert outbox.sent[0][0] == PHONE
    assert len(outbox.last_code) == 6
    first = enter(f" {outbox.last_code[:3]} {outbox.last_code[3:]}")
    assert first.kind is UserKind.PERSON
    clock.move(timedelta(minutes=2))
    ask()
    assert enter(outbox.last_code).user_id == first.user_id
    with places.read() as session:
        user = session.get_one(User, first.user_id)
        assert queries.actor_of(session, user, clock.now()).grants == ()


def test_it_lives_five_minutes(ask: Ask, enter: Enter, outbox: Outbox, clock: FixedClock) -> None:
    ask()
    clock.move(timedelta(minutes=5))
    with pytest.raises(CodeRefused):
        enter(outbox.last_code)
    ask()
    clock.move(timedelta(minutes=5) - timedelta(seconds=1))
    enter(outbox.last_code)


def test_a_clock_that_jumps_back_revives_no_code(
    ask: Ask, enter: Enter, outbox: Outbox, clock: FixedClock
) -> None:
    ask()
    clock.move(timedelta(minutes=-1))
    with pytest.raises(CodeRefused):
        enter(outbox.last_code)


def test_it_works_once(ask: Ask, enter: Enter, outbox: Outbox) -> None:
    ask()
    enter(outbox.last_code)
    with pytest.raises(CodeRefused):
        enter(outbox.last_code)


def test_taken_by_two_at_once_it_signs_in_one(
    own_places: Database, clock: FixedClock, cipher: FieldCipher, outbox: Outbox
) -> None:
    signing_in.request_phone_code(own_places, clock, cipher, outbox, HOME, phone=PHONE, asker="browser")

    def attempt(_: int) -> bool:
        try:
            signing_in.sign_in_with_phone_code(
                own_places, clock, cipher, HOME, code=outbox.last_code, asker="browser"
            )
        except CodeRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_five_wrong_tries_spend_it(ask: Ask, enter: Enter, outbox: Outbox) -> None:
    ask()
    for _ in range(5):
        with pytest.raises(CodeRefused):
            enter(wrong(outbox.last_code))
    with pytest.raises(CodeRefused):
        enter(outbox.last_code)


def test_four_wrong_tries_do_not(ask: Ask, enter: Enter, outbox: Outbox) -> None:
    ask()
    for _ in range(4):
        with pytest.raises(CodeRefused):
            enter(wrong(outbox.last_code))
    enter(outbox.last_code)


def test_another_browser_cannot_use_it(ask: Ask, enter: Enter, outbox: Outbox) -> None:
    ask(asker="mine")
    with pytest.raises(CodeRefused):
        enter(outbox.last_code, asker="theirs")
    enter(outbox.last_code, asker="mine")


def test_a_new_code_makes_the_old_one_void(ask: Ask, enter: Enter, outbox: Outbox, clock: FixedClock) -> None:
    ask()
    old = outbox.last_code
    clock.move(timedelta(minutes=1, seconds=1))
    ask()
    if old != outbox.last_code:
        with pytest.raises(CodeRefused):
            enter(old)
    enter(outbox.last_code)


def test_a_void_code_does_not_come_back_when_the_new_one_is_spent(
    ask: Ask, enter: Enter, outbox: Outbox, clock: FixedClock
) -> None:
    ask()
    old = outbox.last_code
    clock.move(timedelta(minutes=1))
    ask()
    enter(outbox.last_code)
    with pytest.raises(CodeRefused):
        enter(old)


def test_one_a_minute_five_an_hour_ten_a_day(ask: Ask, outbox: Outbox, clock: FixedClock) -> None:
    """Asked for again and again for 25 hours, by another browser and address each time."""
    sent_at = []
    start = clock.now()
    while clock.now() - start < timedelta(hours=25):
        try:
            ask(asker=f"browser {clock.now()}", address=str(clock.now()))
            sent_at.append(clock.now())
            clock.move(timedelta(seconds=1))
        except TooMany as error:
            clock.move(timedelta(seconds=error.retry_after_s))
    for limit in rules.CODES_PER_PHONE:
        for i, moment in enumerate(sent_at):
            within = [m for m in sent_at[i:] if m - moment < limit.window]
            assert len(within) <= limit.times
    assert len(sent_at) == len(outbox.sent) == 15  # 10 on the first day, 5 in the hour after it


def test_the_waiting_time_it_names_is_right(ask: Ask, clock: FixedClock) -> None:
    ask()
    with pytest.raises(TooMany) as caught:
        ask()
    assert caught.value.retry_after_s == 60
    clock.move(timedelta(seconds=59))
    with pytest.raises(TooMany):
        ask()
    clock.move(timedelta(seconds=1))
    ask()


def test_one_phone_at_its_limit_leaves_the_others_alone(ask: Ask, outbox: Outbox) -> None:
    ask()
    for _ in range(320):
        with pytest.raises(TooMany):
            ask()
    ask("13900002042", asker="other")
    assert len(outbox.sent) == 2


def test_the_budget_of_all_phones_breaks(ask: Ask, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "CODES_FOR_ALL", (Limit(3, timedelta(minutes=10)),))
    for n in range(3):
        ask(f"1390000300{n}", asker=str(n), address=str(n))
    with pytest.raises(TooMany):
        ask("13900003009", asker="9", address="9")
    assert len(outbox.sent) == 3


def test_known_and_unknown_phones_get_the_same_answer(
    ask: Ask, enter: Enter, outbox: Outbox, places: Database, clock: FixedClock
) -> None:
    ask()
    known = enter(outbox.last_code)
    with places.write() as session:
        disable_user(session, clock, SYSTEM, known.user_id)
    clock.move(timedelta(minutes=2))
    answers = []
    for phone, asker in ((PHONE, "a"), ("13900002042", "b")):
        ask(phone, asker=asker)
        with pytest.raises(CodeRefused) as caught:
            enter(outbox.last_code if phone == PHONE else wrong(outbox.last_code), asker=asker)
        answers.append((caught.value.status, caught.value.code, caught.value.title))
    assert answers[0] == answers[1], "a closed account answers like a wrong code"
    assert len(outbox.sent) == 3


def test_a_phone_never_opens_a_staff_account(
    ask: Ask, enter: Enter, outbox: Outbox, places: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    staff_id = officer_who_can_sign_in(places, clock)
    with places.write() as session:
        session.get_one(User, staff_id).phone_index = cipher.blind_index("phone", PHONE)
    ask()
    assert enter(outbox.last_code).user_id != staff_id


@pytest.mark.parametrize("typed", ["", "12333", "1390000204", "029-88888888", "王桂兰"])
def test_what_is_no_phone_is_told_kindly_and_costs_nothing(ask: Ask, outbox: Outbox, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        ask(typed)
    assert caught.value.fields[0].field == "phone"
    assert not typed or typed not in caught.value.title
    ask()
    assert len(outbox.sent) == 1


def stored_rows(places: Database) -> set[tuple[str, str]]:
    """Every row of every table, with its table's name."""
    with places.read() as session:
        return {
            (table.name, repr(tuple(row)))
            for table in models.metadata.sorted_tables
            for row in session.execute(select(table)).all()
        }


def test_neither_phone_nor_code_can_be_read_in_the_database(
    ask: Ask, enter: Enter, outbox: Outbox, places: Database
) -> None:
    before = stored_rows(places)  # the code of a county can be the very code that was sent
    ask()
    enter(outbox.last_code)
    written = stored_rows(places) - before
    assert "phone_codes" in {table for table, _ in written}
    for table, row in written:
        assert PHONE not in row, table
        assert f"'{outbox.last_code}'" not in row, table


def test_a_provider_that_fails_leaves_nothing_open(
    places: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    with pytest.raises(Unavailable):
        signing_in.request_phone_code(places, clock, cipher, NoSender(), HOME, phone=PHONE, asker="browser")


def test_the_console_shows_codes_outside_production_only(capfd: pytest.CaptureFixture[str]) -> None:
    sender = make_code_sender(Settings(env=Environment.DEVELOPMENT))
    assert isinstance(sender, ConsoleSender)
    sender.send_code(PHONE, "123456")
    shown = capfd.readouterr()
    assert "123456" in shown.err
    assert PHONE not in shown.err
    assert shown.out == ""
    production = Settings(env=Environment.PRODUCTION, secret_key="s" * 40, data_key="d" * 40)  # type: ignore[arg-type]
    assert isinstance(make_code_sender(production), NoSender)
