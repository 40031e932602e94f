"""报名: a name and a phone, a receipt, and a personal link to answer an offer. No account, no script, and it
works where cookies are refused."""

import secrets
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from app.accounts import queries as account_queries
from app.accounts.actor import PUBLIC
from app.accounts.dependencies import CurrentActor, CurrentCipher
from app.core.clock import Clock, office_day
from app.core.errors import Forbidden, Gone
from app.core.http import CurrentClock, CurrentSettings, ReadSession, WriteSession
from app.core.security import keyed_digest, read_signed_number, sign_number
from app.core.settings import Settings
from app.jobs import queries as job_queries
from app.jobs.errors import JobGone
from app.jobs.models import JobPosting
from app.referrals import by_link, silence
from app.referrals.clocks.running import answer_until
from app.referrals.errors import ReferralMoveNotAllowed
from app.referrals.letters import refusal_letter
from app.referrals.link_codes import read_link_code
from app.referrals.models import Referral
from app.referrals.rules import WITH_EMPLOYER, may_person
from app.referrals.schemas import Move
from app.referrals.terms import DeclineReason, Evidence, ReferralAction, ReferralState
from app.referrals.wishes import service as wishes
from app.referrals.wishes.errors import WishNotFound
from app.referrals.wishes.models import JobWish
from app.referrals.wishes.schemas import WishIn
from app.referrals.wishes.terms import WishState, WishWay
from app.web import sessions
from app.web.csrf import check_public_form, issue_form_token, issue_page_token, read_form_token
from app.web.formats import day_words
from app.web.portal import check_ins, posting
from app.web.portal.apply_views import (
    NOTHING_TYPED,
    AnswerPage,
    ApplyPage,
    ReceiptPage,
    Typing,
    referral_steps,
    similar_cards,
    wish_steps,
)
from app.web.portal.cards import job_card
from app.web.portal.places import find_place
from app.web.portal.routes import portal_page
from app.web.portal.views import Officer
from app.web.reader import Reader, read_reader

router = APIRouter(dependencies=[Depends(check_public_form)], include_in_schema=False)
_RECEIPT = "wish receipt"
_WRONG_TAIL = "手机号后四位对不上，再看看。"
Typed = Annotated[str, Form(max_length=60)]


@router.get("/jobs/{job_id}/apply")
def show_form(
    job_id: int, request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """我想去: the form. 410 with what is near for a posting that has ended."""
    reader = read_reader(request)
    try:
        job = job_queries.get_visible_job(session, PUBLIC, job_id, clock.today())
    except JobGone:
        return _gone(request, session, clock, settings, reader)
    return _form(request, session, clock, settings, reader, job)


@router.post("/jobs/{job_id}/apply")
def apply(
    job_id: int,
    request: Request,
    session: WriteSession,
    actor: CurrentActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    name: Typed = "",
    phone: Typed = "",
    who: Typed = "me",
    way: Typed = WishWay.WANT.value,
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Takes the form; tapped ten times, it is one wish. Leads to its receipt."""
    reader = read_reader(request)
    place = find_place(session, reader.place, clock.now())
    try:
        job = job_queries.get_visible_job(session, PUBLIC, job_id, clock.today())
    except JobGone:
        return _gone(request, session, clock, settings, reader)
    for_family = who == "kin"
    asked_way = WishWay.ASK if way == WishWay.ASK.value else WishWay.WANT
    try:
        data = WishIn(name=name, phone=phone, way=asked_way, is_for_family=for_family)
    except ValidationError as error:
        problems = tuple((str(each["loc"][0]), str(each["msg"])) for each in error.errors())
        typed = Typing(name, phone, for_family, problems)
        return _form(request, session, clock, settings, reader, job, typed)
    asked = wishes.Asked(
        form_key=_wish_key(request, settings, clock, form_token, data),
        visitor=cipher.blind_index("visitor", sessions.client_address(request)),
        region_code=place.code if place else None,
        actor=actor,
    )
    wish = wishes.take_wish(session, job_id, data, asked, cipher=cipher, clock=clock)
    code = sign_number(settings.secret_key.get_secret_value(), _RECEIPT, wish.id)
    return RedirectResponse(reader.url(f"/w/{code}"), 303)


def _wish_key(request: Request, settings: Settings, clock: Clock, token: str, data: WishIn) -> str:
    """What names this filling-in: the form, and what was typed into it (the form's token is of an hour)."""
    form = _form_key(request, settings, clock, token)
    secret = settings.secret_key.get_secret_value()
    return keyed_digest(secret, f"wish {form}", f"{data.way} {data.name} {data.phone}").hex()


def _form_key(request: Request, settings: Settings, clock: Clock, token: str) -> str:
    """What names this filling-in. A page that lay open overnight, or lost its token, is taken all the same:
    the form has nobody's authority, and the same wish is recognised by name and phone."""
    try:
        return read_form_token(settings, clock, request.url.path, token).key
    except (Forbidden, Gone):
        return secrets.token_hex(12)


@router.get("/w/{code}")
def show_receipt(
    code: str, request: Request, session: ReadSession, clock: CurrentClock, settings: CurrentSettings
) -> Response:
    """报名回执: how it stands. The address shows no name and no number of anybody."""
    wish = wishes.see_receipt(session, _wish_id(settings, code), clock)
    return _receipt(request, session, clock, settings, wish, code)


@router.post("/w/{code}")
def withdraw(
    code: str,
    request: Request,
    session: WriteSession,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    tail: Typed = "",
) -> Response:
    """Takes the wish back, with the last four digits of the phone it was made with."""
    wish_id = _wish_id(settings, code)
    if wishes.withdraw_wish(session, wish_id, tail, cipher=cipher, clock=clock) is not None:
        return RedirectResponse(read_reader(request).url(f"/w/{code}"), 303)
    wish = wishes.see_receipt(session, wish_id, clock)
    return _receipt(request, session, clock, settings, wish, code, problem=_WRONG_TAIL)


@router.get("/a/{code}")
def show_offer(
    code: str,
    request: Request,
    session: ReadSession,
    clock: CurrentClock,
    settings: CurrentSettings,
    no: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """回个话: the offer behind a personal link, or how it stands by now."""
    referral = by_link.see_by_link(session, _referral_id(settings, code), clock)
    return _offer(request, session, clock, settings, referral, code, asks_why=no == "1")


@router.post("/a/{code}")
def answer_offer(
    code: str,
    request: Request,
    session: WriteSession,
    cipher: CurrentCipher,
    clock: CurrentClock,
    settings: CurrentSettings,
    action: Typed = "",
    reason: Typed = "",
    tail: Typed = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """愿意, 不愿意, 撤回, 我到了, 他们一直没打电话 or how the work goes. Tapped twice, it is one answer."""
    referral_id = _referral_id(settings, code)
    if action in check_ins.ANSWERS:
        problem = check_ins.take_answer(session, referral_id, action, reason, tail, cipher, clock)
        if not problem:
            return RedirectResponse(read_reader(request).url(f"/a/{code}"), 303)
        referral = by_link.see_by_link(session, referral_id, clock)
        return _offer(request, session, clock, settings, referral, code, asks_why=True, problem=problem)
    if action == silence.SILENCE:
        # Said again, or after the firm has answered: the page shows how it stands.
        with suppress(ReferralMoveNotAllowed), session.begin_nested():
            silence.tell_silence(session, referral_id, clock)
    chosen = {each.value: each for each in _ANSWERS}.get(action)
    if chosen is None:
        return RedirectResponse(read_reader(request).url(f"/a/{code}"), 303)
    known_reason = reason if reason in {each.value for each in DeclineReason} else None
    move = Move(
        action=chosen,
        reason=known_reason,
        evidence=Evidence.SELF if chosen is ReferralAction.ARRIVE else None,
        idempotency_key=f"link:{_form_key(request, settings, clock, form_token)}",
    )
    moved = by_link.move_by_link(session, referral_id, move, tail, cipher=cipher, clock=clock)
    if moved is not None:
        return RedirectResponse(read_reader(request).url(f"/a/{code}"), 303)
    referral = by_link.see_by_link(session, referral_id, clock)
    return _offer(request, session, clock, settings, referral, code, problem=_WRONG_TAIL, tried=chosen.value)


_ANSWERS = (
    ReferralAction.INTERESTED,
    ReferralAction.DECLINE,
    ReferralAction.WITHDRAW,
    ReferralAction.ARRIVE,
)


def _wish_id(settings: Settings, code: str) -> int:
    number = read_signed_number(settings.secret_key.get_secret_value(), _RECEIPT, code)
    if number is None:
        raise WishNotFound
    return number


def _referral_id(settings: Settings, code: str) -> int:
    return read_link_code(settings.secret_key.get_secret_value(), code)


def _gone(
    request: Request, session: ReadSession, clock: Clock, settings: Settings, reader: Reader
) -> Response:
    place = find_place(session, reader.place, clock.now())
    view = posting.build_gone(session, reader, place, clock.today())
    return portal_page(request, settings, reader, "portal/gone.html", view, status=410)


def _form(
    request: Request,
    session: ReadSession,
    clock: Clock,
    settings: Settings,
    reader: Reader,
    job: JobPosting,
    typed: Typing = NOTHING_TYPED,
) -> Response:
    place = find_place(session, reader.place, clock.now())
    view = ApplyPage(
        card=job_card(job, reader, place),
        place=place.view() if place else None,
        token=issue_page_token(settings, clock, request.url.path),
        action=reader.url(f"/jobs/{job.id}/apply"),
        back_href=reader.url(f"/jobs/{job.id}"),
        call_href=reader.url(f"/jobs/{job.id}/ask"),
        typed=typed,
    )
    status = 422 if typed.problems else 200
    return portal_page(request, settings, reader, "portal/apply.html", view, status=status)


def _receipt(
    request: Request,
    session: ReadSession,
    clock: Clock,
    settings: Settings,
    wish: JobWish,
    code: str,
    problem: str = "",
) -> Response:
    reader = read_reader(request)
    _ = reader.language.gettext
    place = find_place(session, reader.place or wish.region_code, clock.now())
    referral = by_link.see_by_link(session, wish.referral_id, clock) if wish.referral_id else None
    is_over = wish.state in (WishState.WITHDRAWN, WishState.CLOSED) or (
        referral is not None and referral.ended_at is not None
    )
    titles = {WishState.WITHDRAWN: _("撤好了"), WishState.CLOSED: _("这回没办成")}
    by = day_words(reader.language, office_day(wish.due_at), clock.today())
    view = ReceiptPage(
        title=titles.get(wish.state, _("报上名了")),
        number=wish.id,
        card=job_card(wish.job, reader, place),
        steps=wish_steps(reader.language, wish, referral),
        promise="" if is_over or referral else _("到 %(day)s没人打，你就打下面这个电话。") % {"day": by},
        officer=_officer(session, wish.region_code, clock),
        is_over=is_over,
        may_withdraw=not is_over,
        action=reader.url(f"/w/{code}"),
        job_href=reader.url(f"/jobs/{wish.job_id}"),
        similar=similar_cards(session, reader, place, wish.job, clock.now()),
        problem=_(problem) if problem else "",
    )
    status = 422 if problem else 200
    return portal_page(request, settings, reader, "portal/receipt.html", view, status=status)


def _offer(
    request: Request,
    session: ReadSession,
    clock: Clock,
    settings: Settings,
    referral: Referral,
    code: str,
    *,
    asks_why: bool = False,
    problem: str = "",
    tried: str = "",
) -> Response:
    reader = read_reader(request)
    _ = reader.language.gettext
    place = find_place(session, reader.place or referral.person.region_code, clock.now())
    waiting = referral.state is ReferralState.OFFERED
    referrer = (
        account_queries.find_user(session, referral.referrer_id) if referral.referrer_id is not None else None
    )
    until = answer_until(session, referral)
    is_refused = referral.state is ReferralState.REFUSED
    greeting = _("%(surname)s家的，你好") % {"surname": referral.person.name[:1]}
    view = AnswerPage(
        greeting=greeting,
        referrer=referrer.display_name if referrer else "",
        card=job_card(referral.job, reader, place),
        answer_by=day_words(reader.language, office_day(until), clock.today()) if until else "",
        officer=_officer(session, referral.person.region_code, clock),
        action=reader.url(f"/a/{code}"),
        token=issue_form_token(settings, clock, request.url.path),
        is_waiting=waiting,
        title=_answer_title(reader, referral.state),
        steps=() if waiting or is_refused else referral_steps(reader.language, referral),
        letter=refusal_letter(referral.reason_code, referral.reason) if is_refused else "",
        jobs_href="" if referral.is_live or referral.state is ReferralState.ONBOARD else reader.url("/"),
        may_withdraw=not waiting and may_person(referral.state, ReferralAction.WITHDRAW),
        may_arrive=may_person(referral.state, ReferralAction.ARRIVE),
        may_tell_silence=silence.may_tell_silence(session, referral, clock.now()),
        told_silence=referral.silence_told_at is not None and referral.state in WITH_EMPLOYER,
        problem=_(problem) if problem else "",
        tried=tried,
        asks_why=asks_why and waiting,
        check_in=check_ins.build_check_in(session, reader, referral, clock, asks_why=asks_why),
    )
    status = 422 if problem else 200
    return portal_page(request, settings, reader, "portal/answer.html", view, status=status)


def _answer_title(reader: Reader, state: ReferralState) -> str:
    _ = reader.language.gettext
    titles = {ReferralState.OFFERED: _("你愿意去吗？"), ReferralState.REFUSED: _("没成，不是你的事")}
    return titles.get(state, _("办到哪一步了"))


def _officer(session: ReadSession, region_code: str, clock: Clock) -> Officer | None:
    duty = account_queries.find_duty_officer(session, region_code, clock.now())
    return Officer(duty.name, duty.phone) if duty else None
