"""Signing in by password: one answer for every cause, limits, one-time codes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import argon2
import pyotp
import pytest
from sqlalchemy import select

from app.accounts import credentials, queries, signing_in
from app.accounts.actor import SYSTEM
from app.accounts.errors import SignInRefused, TotpAlreadyOn
from app.accounts.models import AccountEvent, User, UserSession
from app.accounts.schemas import SignedIn, Visit
from app.accounts.service import disable_user
from app.accounts.terms import AccountEventKind, UserKind
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Invalid, TooMany
from app.core.security import hash_password
from tests.accounts.situations import HOME, PASSWORD, officer_who_can_sign_in

SignIn = Callable[..., SignedIn]


@pytest.fixture
def sign_in(places: Database, clock: FixedClock, cipher: FieldCipher) -> SignIn:
    def attempt(
        username: str = "wangguilan", password: str = PASSWORD, code: str = "", visit: Visit = HOME
    ) -> SignedIn:
        return signing_in.sign_in_with_password(
            places, clock, cipher, visit, username=username, password=password, totp_code=code
        )

    return attempt


@pytest.fixture
def officer(places: Database, clock: FixedClock) -> int:
    return officer_who_can_sign_in(places, clock)


@pytest.fixture
def authenticator(places: Database, clock: FixedClock, cipher: FieldCipher, officer: int) -> pyotp.TOTP:
    """The officer's phone, bound; half a minute later."""
    with places.write() as session:
        user = queries.find_user(session, officer)
        assert user is not None
        actor = queries.actor_of(session, user, clock.now())
        invite = credentials.enrol_totp(session, cipher, actor)
        totp = pyotp.TOTP(invite.secret)
        credentials.confirm_totp(session, clock, cipher, actor, totp.at(clock.now()))
    clock.move(timedelta(seconds=30))
    return totp


def refusal(attempt: Callable[[], object]) -> tuple[int, str, str]:
    with pytest.raises(SignInRefused) as caught:
        attempt()
    return caught.value.status, caught.value.code, caught.value.title


def test_the_right_password_signs_in(sign_in: SignIn, places: Database, officer: int) -> None:
    signed_in = sign_in(" WangGuilan ")
    assert (signed_in.user_id, signed_in.kind) == (officer, UserKind.STAFF)
    with places.read() as session:
        row = session.scalars(select(UserSession)).one()
        assert signed_in.token not in (row.token_hash, "")


def test_every_refusal_is_the_same(
    sign_in: SignIn, places: Database, clock: FixedClock, officer: int, authenticator: pyotp.TOTP
) -> None:
    answers = {
        refusal(lambda: sign_in("nobody-here")),
        refusal(lambda: sign_in(password="错的密码错的密码")),
        refusal(lambda: sign_in(code="")),
        refusal(lambda: sign_in(code="000000")),
        refusal(lambda: sign_in("", "")),
    }
    with places.write() as session:
        disable_user(session, clock, SYSTEM, officer)
    answers.add(refusal(lambda: sign_in(code=authenticator.at(clock.now()))))
    assert len(answers) == 1


def test_every_refusal_costs_one_hash(sign_in: SignIn, officer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time tells as much as words: an unknown name must not be answered faster."""
    checked: list[str] = []

    def verify(password: str, stored: str) -> bool:
        checked.append(stored)
        return False

    monkeypatch.setattr(signing_in, "verify_password", verify)
    for name in ("wangguilan", "nobody-here"):
        refusal(lambda name=name: sign_in(name))  # type: ignore[misc]
    known, unknown = (argon2.extract_parameters(stored) for stored in checked)
    assert known == unknown == argon2.extract_parameters(hash_password("x"))


def test_passwords_are_hashed_slowly_enough(real_hasher: argon2.PasswordHasher) -> None:
    """SAFETY "Secrets": argon2id, 19 MiB, t=2, p=1."""
    assert real_hasher.type is argon2.Type.ID
    assert (real_hasher.memory_cost, real_hasher.time_cost, real_hasher.parallelism) == (19 * 1024, 2, 1)


def test_ten_tries_then_a_rest_and_another_address_does_not_help(
    sign_in: SignIn, clock: FixedClock, officer: int
) -> None:
    for n in range(10):
        refusal(lambda n=n: sign_in(password="猜一个密码看看", visit=Visit(f"198.51.100.{n}")))  # type: ignore[misc]
    with pytest.raises(TooMany) as caught:
        sign_in()
    assert 0 < caught.value.retry_after_s <= 15 * 60
    clock.move(timedelta(minutes=15, seconds=1))
    assert sign_in().user_id == officer


def test_an_unknown_name_is_limited_in_the_same_way(sign_in: SignIn) -> None:
    for _ in range(10):
        refusal(lambda: sign_in("nobody-here"))
    with pytest.raises(TooMany):
        sign_in("nobody-here")


def test_a_right_password_clears_the_count(sign_in: SignIn, officer: int) -> None:
    for _ in range(2):
        for _ in range(9):
            refusal(lambda: sign_in(password="猜一个密码看看"))
        assert sign_in().user_id == officer


def test_a_village_behind_one_address_is_not_locked_out_by_one_who_forgets(
    sign_in: SignIn, officer: int
) -> None:
    for n in range(2):
        for _ in range(10):
            refusal(lambda n=n: sign_in(f"somebody-{n}"))  # type: ignore[misc]
    assert sign_in().user_id == officer


def test_parallel_guesses_are_counted(own_places: Database, clock: FixedClock, cipher: FieldCipher) -> None:
    officer_who_can_sign_in(own_places, clock)

    def guess(n: int) -> str:
        try:
            signing_in.sign_in_with_password(
                own_places, clock, cipher, HOME, username="wangguilan", password=f"猜猜猜猜猜 {n}"
            )
        except TooMany:
            return "limited"
        except SignInRefused:
            return "refused"
        return "in"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(guess, range(16)))
    assert sorted(set(answers)) == ["limited", "refused"]
    assert answers.count("refused") == 10


def test_a_bound_authenticator_is_asked_for(
    sign_in: SignIn, clock: FixedClock, officer: int, authenticator: pyotp.TOTP
) -> None:
    refusal(sign_in)
    assert sign_in(code=authenticator.at(clock.now())).user_id == officer


def test_a_one_time_code_works_once(
    sign_in: SignIn, clock: FixedClock, officer: int, authenticator: pyotp.TOTP
) -> None:
    code = authenticator.at(clock.now())
    sign_in(code=code)
    refusal(lambda: sign_in(code=code))
    clock.move(timedelta(seconds=30))
    refusal(lambda: sign_in(code=code))


def test_a_one_time_code_taken_by_two_at_once_signs_in_one(
    own_places: Database, clock: FixedClock, cipher: FieldCipher
) -> None:
    officer = officer_who_can_sign_in(own_places, clock)
    with own_places.write() as session:
        user = session.get_one(User, officer)
        actor = queries.actor_of(session, user, clock.now())
        totp = pyotp.TOTP(credentials.enrol_totp(session, cipher, actor).secret)
        credentials.confirm_totp(session, clock, cipher, actor, totp.at(clock.now()))
    clock.move(timedelta(seconds=30))
    code = totp.at(clock.now())

    def attempt(_: int) -> bool:
        try:
            signing_in.sign_in_with_password(
                own_places, clock, cipher, HOME, username="wangguilan", password=PASSWORD, totp_code=code
            )
        except SignInRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


@pytest.mark.parametrize(("seconds", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phone_clock_may_be_half_a_minute_off(
    sign_in: SignIn,
    clock: FixedClock,
    officer: int,
    authenticator: pyotp.TOTP,
    seconds: int,
    accepted: bool,
) -> None:
    clock.move(timedelta(minutes=5))
    code = authenticator.at(clock.now() + timedelta(seconds=seconds))
    if accepted:
        assert sign_in(code=code).user_id == officer
    else:
        refusal(lambda: sign_in(code=code))


def test_a_wrong_first_code_binds_nothing(
    sign_in: SignIn, places: Database, clock: FixedClock, cipher: FieldCipher, officer: int
) -> None:
    with places.write() as session:
        actor = queries.actor_of(session, session.get_one(User, officer), clock.now())
        credentials.enrol_totp(session, cipher, actor)
        with pytest.raises(Invalid):
            credentials.confirm_totp(session, clock, cipher, actor, "000000")
    assert sign_in().user_id == officer


def test_a_bound_authenticator_is_not_replaced_by_whoever_sits_down(
    places: Database, clock: FixedClock, cipher: FieldCipher, officer: int, authenticator: pyotp.TOTP
) -> None:
    with places.write() as session:
        actor = queries.actor_of(session, session.get_one(User, officer), clock.now())
        with pytest.raises(TotpAlreadyOn):
            credentials.enrol_totp(session, cipher, actor)


def test_the_secret_is_sealed(places: Database, officer: int, authenticator: pyotp.TOTP) -> None:
    with places.read() as session:
        sealed = session.get_one(User, officer).totp_secret
    assert sealed is not None
    assert authenticator.secret.encode() not in sealed


def test_what_happens_is_written_down_without_names(sign_in: SignIn, places: Database, officer: int) -> None:
    refusal(lambda: sign_in(password="猜一个密码看看"))
    sign_in()
    with places.read() as session:
        events = session.scalars(select(AccountEvent).order_by(AccountEvent.id)).all()
    assert [event.kind for event in events][-2:] == [
        AccountEventKind.SIGN_IN_REFUSED,
        AccountEventKind.SIGNED_IN,
    ]
    assert all(event.user_id == officer for event in events)
    assert not any("wangguilan" in event.detail for event in events)
