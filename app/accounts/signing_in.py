"""登录与退出: by password and one-time code (staff), or by a code sent to the phone (everyone else).

Hashing a password and sending a message are slow, so they happen between two short transactions, never
inside one. What is counted against a limit is committed before anyone is refused.
"""

from functools import cache

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import events, queries, sessions
from app.accounts.actor import Actor
from app.accounts.code_sender import CodeSender
from app.accounts.credentials import get_subordinate, take_totp
from app.accounts.errors import CodeRefused, SignInRefused
from app.accounts.models import PhoneCode, User
from app.accounts.rules import (
    CODE_LIVES,
    CODE_TRIES,
    CODES_FOR_ALL,
    CODES_PER_ADDRESS,
    CODES_PER_PHONE,
    TRIES_PER_ACCOUNT,
    TRIES_PER_ADDRESS,
    new_phone_code,
    normalise_phone,
    normalise_username,
)
from app.accounts.schemas import SignedIn, Visit
from app.accounts.terms import AccountEventKind, UserKind
from app.core import ratelimit
from app.core.clock import Clock
from app.core.crypto import FieldCipher, Place
from app.core.db import Database
from app.core.errors import FieldProblem, Invalid, TooMany
from app.core.security import hash_password, hash_token, new_token, same_text, verify_password


def sign_in_with_password(
    database: Database,
    clock: Clock,
    cipher: FieldCipher,
    visit: Visit,
    *,
    username: str,
    password: str,
    totp_code: str = "",
) -> SignedIn:
    """Signs a colleague in. Raises `TooMany`, or `SignInRefused`: one answer for every cause, in one time."""
    name = normalise_username(username)
    account = "sign_in:" + cipher.blind_index("username", name)
    with database.write() as session:
        _count_try(session, clock, cipher, visit, account)
        user = queries.find_staff(session, name)
        stored = user.password_hash if user is not None else None
    # An unknown name costs as much time as a wrong password.
    decoy = _decoy_hash()
    matches = verify_password(password, stored or decoy) and stored is not None
    with database.write() as session:
        user = queries.find_staff(session, name, locked=True)
        signed_in = None
        if user is not None and matches and stored == user.password_hash:
            signed_in = _finish(session, clock, cipher, visit, user, totp_code)
        if signed_in is None:
            user_id = user.id if user is not None else None
            events.record(session, clock, AccountEventKind.SIGN_IN_REFUSED, user_id=user_id)
        else:
            ratelimit.forgive(session, account)
    if signed_in is None:
        raise SignInRefused
    return signed_in


def _count_try(session: Session, clock: Clock, cipher: FieldCipher, visit: Visit, account: str) -> None:
    """Before the password is looked at: parallel guesses count too. Whether the name exists plays no part."""
    address = "sign_in_from:" + cipher.blind_index("address", visit.address)
    wait_s = ratelimit.hit(session, address, TRIES_PER_ADDRESS, clock.now())
    wait_s = wait_s or ratelimit.hit(session, account, TRIES_PER_ACCOUNT, clock.now())
    if wait_s:
        raise TooMany("试得太多了，先歇一会儿，别急着换密码。", retry_after_s=wait_s)


def _finish(
    session: Session, clock: Clock, cipher: FieldCipher, visit: Visit, user: User, totp_code: str
) -> SignedIn | None:
    if user.disabled_at is not None:
        return None
    if user.totp_confirmed_at is not None and not take_totp(user, clock, cipher, totp_code):
        return None
    return _sign_in(session, clock, visit, user, "password")


def _sign_in(session: Session, clock: Clock, visit: Visit, user: User, how: str) -> SignedIn:
    token = sessions.open_session(session, clock, user, replaces=visit.token)
    events.record(session, clock, AccountEventKind.SIGNED_IN, user_id=user.id, by=user.id, detail=how)
    return SignedIn(token, user.id, user.kind)


@cache
def _decoy_hash() -> str:
    return hash_password(new_token())


def request_phone_code(
    database: Database,
    clock: Clock,
    cipher: FieldCipher,
    sender: CodeSender,
    visit: Visit,
    *,
    phone: str,
    asker: str,
) -> None:
    """Sends a sign-in code to `phone`, good for five minutes in the browser that holds the token `asker`.

    Known and unknown phones are not told apart: nobody is looked up before the code comes back. An earlier
    code of this browser is void. Raises `Invalid` for what is no phone number, `TooMany`, and what the sender
    raises.
    """
    number = normalise_phone(phone)
    if number is None:
        message = "手机号要 11 位数字，请再看看。"
        raise Invalid(message, fields=[FieldProblem("phone", message)])
    code = new_phone_code()
    with database.write() as session:
        _count_code(session, clock, cipher, visit, number)
        _store_code(session, clock, cipher, number, code, hash_token(asker))
        events.record(session, clock, AccountEventKind.CODE_REQUESTED, user_id=None)
    sender.send_code(number, code)


def _count_code(session: Session, clock: Clock, cipher: FieldCipher, visit: Visit, phone: str) -> None:
    """Raising here undoes the hits of the limits that still had room: a refused request costs nothing."""
    address = "codes_from:" + cipher.blind_index("address", visit.address)
    to_phone = "codes_to:" + cipher.blind_index("phone", phone)
    for subject, limits in (
        (address, CODES_PER_ADDRESS),
        (to_phone, CODES_PER_PHONE),
        ("codes_for_all", CODES_FOR_ALL),
    ):
        wait_s = ratelimit.hit(session, subject, limits, clock.now())
        if wait_s:
            raise TooMany("短信发得太勤了，请过一会儿再要。", retry_after_s=wait_s)


def _store_code(
    session: Session, clock: Clock, cipher: FieldCipher, phone: str, code: str, asker_hash: str
) -> None:
    now = clock.now()
    session.execute(
        update(PhoneCode)
        .where(PhoneCode.asker_hash == asker_hash, PhoneCode.spent_at.is_(None))
        .values(spent_at=now)
    )
    row = PhoneCode(
        asker_hash=asker_hash,
        phone=b"",
        phone_index=cipher.blind_index("phone", phone),
        code_digest="",
        created_at=now,
        expires_at=now + CODE_LIVES,
        tries=0,
    )
    session.add(row)
    session.flush()  # both are bound to the row's id
    row.phone = cipher.seal(phone, Place("phone_codes", "phone", row.id))
    row.code_digest = _code_digest(cipher, row.id, code)


def _code_digest(cipher: FieldCipher, row_id: int, code: str) -> str:
    return cipher.blind_index("phone_code", f"{row_id}:{code}")


def sign_in_with_phone_code(
    database: Database, clock: Clock, cipher: FieldCipher, visit: Visit, *, code: str, asker: str
) -> SignedIn:
    """Signs in whoever holds the phone the code went to; a phone seen for the first time gets an account
    without any role. Raises `CodeRefused` (the same for every cause).
    """
    typed = "".join(code.split())
    with database.write() as session:
        row = queries.find_phone_code(session, hash_token(asker), clock.now())
        signed_in = None
        if row is not None:
            row.tries += 1
            if same_text(row.code_digest, _code_digest(cipher, row.id, typed)):
                row.spent_at = clock.now()
                user = _holder(session, clock, cipher, row)
                if user.disabled_at is None:
                    signed_in = _sign_in(session, clock, visit, user, "phone")
            elif row.tries >= CODE_TRIES:
                row.spent_at = clock.now()
        if signed_in is None:
            events.record(session, clock, AccountEventKind.SIGN_IN_REFUSED, user_id=None, detail="phone")
    if signed_in is None:
        raise CodeRefused
    return signed_in


def _holder(session: Session, clock: Clock, cipher: FieldCipher, row: PhoneCode) -> User:
    phone = cipher.open(row.phone, Place("phone_codes", "phone", row.id))
    user = queries.find_by_phone(session, cipher.blind_indexes("phone", phone))
    if user is not None:
        return user
    user = User(
        kind=UserKind.PERSON,
        display_name=f"尾号 {phone[-4:]}",
        phone_index=cipher.blind_index("phone", phone),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    user.phone = cipher.seal(phone, Place("users", "phone", user.id))
    events.record(session, clock, AccountEventKind.USER_CREATED, user_id=user.id, detail="phone")
    return user


def sign_out(session: Session, clock: Clock, token: str) -> None:
    """Ends the session of this token; does nothing when it had ended already."""
    user_id = sessions.end_session(session, clock, token)
    if user_id is not None:
        events.record(session, clock, AccountEventKind.SIGNED_OUT, user_id=user_id, by=user_id)


def end_all_sessions(session: Session, clock: Clock, actor: Actor, user_id: int) -> None:
    """Signs a user out everywhere: oneself, or a lost phone's owner by a superior. Raises `NotFound`."""
    if user_id != actor.user_id:
        get_subordinate(session, clock, actor, user_id)
    sessions.end_sessions_of(session, clock, user_id)
    events.record(session, clock, AccountEventKind.SESSIONS_ENDED, user_id=user_id, by=actor)
