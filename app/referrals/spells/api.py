"""回访与务工接口. Checks: `GET /checks?due=today|overdue|日期`, `POST /checks/{id}/answers`."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query

from app.accounts.dependencies import CurrentCipher, SignedInActor, StaffActor
from app.core.clock import OFFICE_ZONE
from app.core.http import CurrentClock, ReadSession, Route, WriteSession
from app.core.idempotency import MAX_KEY_LENGTH
from app.core.pagination import Page
from app.referrals.spells import answering, queries, service
from app.referrals.spells.queries import CheckFilters
from app.referrals.spells.rules import COUNTY_AFTER, TOWNSHIP_AFTER
from app.referrals.spells.schemas import AnswerIn, AnswerOut, CheckOut, SpellIn, SpellOut

router = APIRouter(tags=["checks"], route_class=Route)
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=400)]
Region = Annotated[str | None, Query(max_length=12)]
IdempotencyKey = Annotated[str | None, Header(max_length=MAX_KEY_LENGTH)]
# overdue: past the window, for the township; long_overdue: for the county.
Due = Literal["today", "overdue", "long_overdue"] | date


@router.get("/checks")
def list_checks(
    session: ReadSession,
    actor: SignedInActor,
    clock: CurrentClock,
    due: Due = "today",
    region: Region = None,
    spell: int | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[CheckOut]:
    """该做的回访，先到期的在前；due 是日期就列到那天为止的，overdue 给镇里，long_overdue 给县里；
    spell 列一段务工的全部回访。"""
    today = clock.today()
    until, overdue_by = None, None
    if spell is not None:
        pass
    elif due in ("overdue", "long_overdue"):
        overdue_by = (TOWNSHIP_AFTER if due == "overdue" else COUNTY_AFTER).days
    else:
        day = due if isinstance(due, date) else today
        until = datetime.combine(day + timedelta(days=1), time.min, OFFICE_ZONE)
    filters = CheckFilters(until, overdue_by, region or None, spell)
    rows, following = queries.list_checks(session, actor, filters, today, limit=limit, cursor=cursor)
    return Page(items=[CheckOut.of(row) for row in rows], next=following)


@router.post("/checks/{check_id}/answers")
def answer_check(
    check_id: int,
    data: AnswerIn,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> CheckOut:
    """记下一次回访：还在岗、换厂、离岗、联系不上、不愿联系、说法不一。"""
    check = answering.answer_check(
        session, actor, check_id, _keyed(data, idempotency_key), cipher=cipher, clock=clock
    )
    return CheckOut.of(check, queries.find_answer_by_id(session, check.answer_id))


@router.post("/spells", status_code=201)
def add_spell(
    data: SpellIn, session: WriteSession, actor: StaffActor, cipher: CurrentCipher, clock: CurrentClock
) -> SpellOut:
    """记一段自己找的活。"""
    return SpellOut.of(service.add_told_spell(session, actor, data, cipher=cipher, clock=clock))


@router.get("/spells/{spell_id}")
def show_spell(spell_id: int, session: ReadSession, actor: SignedInActor) -> SpellOut:
    """看一段务工。"""
    return SpellOut.of(queries.get_spell(session, actor, spell_id))


@router.post("/spells/{spell_id}/answers", status_code=201)
def answer_month(
    spell_id: int,
    data: AnswerIn,
    session: WriteSession,
    actor: SignedInActor,
    cipher: CurrentCipher,
    clock: CurrentClock,
    idempotency_key: IdempotencyKey = None,
) -> AnswerOut:
    """月核实：这个月还在不在、发了多少。够用的话，当期的回访就不再问。"""
    answer = answering.answer_month(
        session, actor, spell_id, _keyed(data, idempotency_key), cipher=cipher, clock=clock
    )
    return AnswerOut.of(answer)


def _keyed(data: AnswerIn, key: str | None) -> AnswerIn:
    return data if data.idempotency_key else data.model_copy(update={"idempotency_key": key})
