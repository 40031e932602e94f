"""报余缺、拟协议、两家点头: what firms and offices do before any worker is named."""

from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound
from app.employers import queries as employer_queries
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.terms import EmployerState
from app.jobs import queries as job_queries
from app.labour_sharing import policies, queries, rules, staying
from app.labour_sharing.errors import AgreementClosed, StillThere
from app.labour_sharing.models import SharingAgreement, SharingNotice
from app.labour_sharing.schemas import AgreementIn, FirmWord, NoticeIn
from app.labour_sharing.terms import AgreementState, SharingSide, StayState
from app.occupations.reading import read_occupation
from app.referrals.terms import Channel
from app.vetting.judging import Vetted, vet
from app.vetting.terms import TAKES_MONEY_OR_PAPERS


def post_notice(
    session: Session, actor: Actor, employer_id: int, data: NoticeIn, clock: Clock
) -> SharingNotice:
    """A firm says that it has idle workers, or needs some. Raises Invalid (no such firm or place, days that
    have passed or are too many, a note that asks for money), EmployerBarred, Forbidden."""
    employer = _get_firm(session, actor, employer_id, "employer_id")
    if not policies.may_speak_for(actor, employer):
        raise Forbidden("您只能给自己的单位，或自己管的地方的单位报余缺。")
    _check_firm(employer, lends=data.side is SharingSide.OFFER, field="employer_id")
    _check_days(data.from_on, data.until_on, clock.today(), "until_on")
    _check_note(data.note, data.title, clock)
    if not job_queries.list_places(session, [data.region_code]):
        raise Invalid(fields=[FieldProblem("region_code", "没有这个地区，请重新选")])
    notice = SharingNotice(
        **data.model_dump(),
        employer_id=employer_id,
        occupation_code=read_occupation(data.title).code,
        office_code=employer.office_code,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    session.add(notice)
    session.flush()
    return queries.get_notice(session, actor, notice.id)


def close_notice(session: Session, actor: Actor, notice_id: int, clock: Clock) -> SharingNotice:
    """It is settled, or over; closed again nothing changes. Raises NoticeNotFound, Forbidden."""
    notice = queries.get_notice(session, actor, notice_id)
    if not policies.may_speak_for(actor, notice.employer):
        raise Forbidden
    notice.closed_at = notice.closed_at or clock.now()
    session.flush()
    return notice


def propose_agreement(session: Session, actor: Actor, data: AgreementIn, clock: Clock) -> SharingAgreement:
    """An office of either firm's place writes what the two are to agree to. Raises Invalid (unknown firm, one
    that may not lend, days, a note that asks for money), EmployerBarred, Forbidden."""
    home = _get_firm(session, actor, data.home_employer_id, "home_employer_id")
    host = _get_firm(session, actor, data.host_employer_id, "host_employer_id")
    if not policies.may_deal(actor, home, host):
        raise Forbidden("协议由镇、县的同事来办。")
    _check_firm(home, lends=True, field="home_employer_id")
    _check_firm(host, lends=False, field="host_employer_id")
    _check_days(data.starts_on, data.ends_on, clock.today(), "ends_on")
    _check_note(data.note, data.title, clock)
    _check_notice(session, actor, data.offer_id, SharingSide.OFFER, home)
    _check_notice(session, actor, data.need_id, SharingSide.NEED, host)
    now = clock.now()
    agreement = SharingAgreement(
        **data.model_dump(exclude={"terms_read"}),
        state=AgreementState.PROPOSED,
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(agreement)
    session.flush()
    return queries.get_agreement(session, actor, agreement.id)


def _check_notice(
    session: Session, actor: Actor, notice_id: int | None, side: SharingSide, firm: Employer
) -> None:
    if notice_id is None:
        return
    notice = queries.get_notice(session, actor, notice_id)
    if notice.side is not side or notice.employer_id != firm.id:
        raise Invalid("余缺信息和单位对不上，请回到配对那一页重新点。")


def agree(
    session: Session, actor: Actor, agreement_id: int, word: FirmWord, clock: Clock
) -> SharingAgreement:
    """One of the firms says yes: by its own people, or as an officer of its place was told (`said_by`). With
    both it is agreed. Said again nothing changes. Raises AgreementNotFound, Forbidden, Invalid, Conflict."""
    agreement = queries.get_agreement(session, actor, agreement_id, to_change=True)
    is_home = word.side is SharingSide.OFFER
    firm = agreement.home if is_home else agreement.host
    if not policies.may_speak_for(actor, firm):
        raise Forbidden("点头要这家单位自己的人，或者它当地的同事按单位说的记。")
    own = policies.is_member(actor, firm)
    if not own and word.said_by is None:
        raise Invalid("要写明单位是怎么说的。", fields=[FieldProblem("said_by", "电话、当面还是纸上？")])
    party = "home" if is_home else "host"
    if getattr(agreement, f"{party}_agreed_at") is not None:
        return agreement
    if agreement.state is not AgreementState.PROPOSED:
        raise Conflict("这份协议已经不在商量了。")
    change: dict[str, Any] = {
        f"{party}_agreed_at": clock.now(),
        f"{party}_agreed_by_id": actor.user_id,
        f"{party}_agreed_by": (Channel.APP if own or word.said_by is None else word.said_by).value,
    }
    other = agreement.host_agreed_at if is_home else agreement.home_agreed_at
    if other is not None:
        change["state"] = AgreementState.AGREED
    return _update(session, actor, agreement, change, clock)


def cancel_agreement(
    session: Session, actor: Actor, agreement_id: int, clock: Clock, *, version: int | None = None
) -> SharingAgreement:
    """It comes to nothing; who was named is told so and stays where they are. Raises AgreementNotFound,
    Forbidden, StillThere, AgreementClosed, Conflict."""
    agreement = queries.get_agreement(session, actor, agreement_id, to_change=True)
    policies.require_deal(actor, agreement)
    if version is not None and version != agreement.version:
        raise Conflict
    if agreement.state not in (AgreementState.PROPOSED, AgreementState.AGREED):
        raise AgreementClosed("这份协议已经结束了。")
    if queries.count_by_state(session, [agreement.id])[agreement.id].get(StayState.THERE):
        raise StillThere
    staying.drop_waiting(session, actor, agreement, clock)
    return _update(session, actor, agreement, {"state": AgreementState.CANCELLED}, clock)


def _update(
    session: Session, actor: Actor, agreement: SharingAgreement, change: dict[str, Any], clock: Clock
) -> SharingAgreement:
    """The guarded update: whoever read an older version changes nothing."""
    moved = session.scalar(
        update(SharingAgreement)
        .where(SharingAgreement.id == agreement.id, SharingAgreement.version == agreement.version)
        .values(**change, updated_at=clock.now(), version=SharingAgreement.version + 1)
        .returning(SharingAgreement.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise Conflict
    return queries.get_agreement(session, actor, agreement.id)


def _get_firm(session: Session, actor: Actor, employer_id: int, field: str) -> Employer:
    try:
        return employer_queries.get_visible_employer(session, actor, employer_id)
    except NotFound as error:
        raise Invalid(fields=[FieldProblem(field, "没有这家单位，请重新选")]) from error


def _check_firm(employer: Employer, *, lends: bool, field: str) -> None:
    if employer.state is EmployerState.BARRED:
        raise EmployerBarred
    if lends and employer.kind in rules.MAY_NOT_LEND:
        words = "劳务机构不能当借出单位：调剂是给有淡季的厂子用的，不能拿来转手用工。"
        raise Invalid(words, fields=[FieldProblem(field, words)])


def _check_days(starts_on: date, ends_on: date, today: date, field: str) -> None:
    if ends_on < today:
        raise Invalid(fields=[FieldProblem(field, "日子已经过了，请填今天以后的")])
    if ends_on - starts_on > rules.LONGEST:
        raise Invalid(fields=[FieldProblem(field, "调剂最长半年，再长就请本人和那家单位另签合同")])


def _check_note(note: str, title: str, clock: Clock) -> None:
    """Nobody takes money or papers from workers: the same vetting as of postings."""
    found = vet(Vetted({"title": title, "note": note}), clock.today())
    if any(each.rule in TAKES_MONEY_OR_PAPERS for each in found):
        words = "不许收本人的钱、押金，也不许扣证件。请把这句话删掉。"
        raise Invalid(words, fields=[FieldProblem("note", words)])
