"""等人点头的事, as rows: what was asked, by whom, why, how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.second_person import queries as confirmations
from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind, ConfirmationState
from app.core.clock import OFFICE_ZONE
from app.core.http import ReadSession
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk
from app.seekers.imports.shapes import LedgerShape
from app.web.staff.wording import day_words, place_name

_DUE = {ConfirmationState.WAITING: "now", ConfirmationState.APPROVED: "ok", ConfirmationState.DONE: "ok"}


@dataclass(frozen=True)
class Row:
    """一件要点头的事: `href` the person it is about, where the reader may see them."""

    id: int
    title: str
    lines: tuple[str, ...]
    reason: str
    state: str
    due: str
    answer: str
    href: str
    is_erasure: bool
    may_use: bool
    may_withdraw: bool


def rows_of(session: ReadSession, desk: Desk, found: Sequence[Confirmation]) -> tuple[Row, ...]:
    """Two statements for all of them, one more for places."""
    names = confirmations.names_of(session, found)
    subjects = [c.subject_id for c in found if c.kind is ConfirmationKind.ERASURE and c.subject_id]
    people = ledger.list_people_by_id(session, desk.actor, subjects) if subjects else {}
    known = {person.id: person.name for person in people.values()}
    villages = ledger.list_village_names(session, [c.region_code for c in found])
    return tuple(_row(one, desk, names, known, villages) for one in found)


def _row(
    one: Confirmation, desk: Desk, names: dict[int, str], people: dict[int, str], villages: dict[str, str]
) -> Row:
    today = desk.today
    is_over = one.expires_at <= desk.clock.now()
    is_erasure = one.kind is ConfirmationKind.ERASURE
    place = place_name(one.region_code, villages)
    name = people.get(one.subject_id or 0, "")
    title = f"删除{name or '一个人'}的资料" if is_erasure else f"{one.kind.label}：{place}"
    lines = [f"{names.get(one.asked_by_id, '一位同事')}，{day_words(one.asked_at, today)}提的"]
    if is_erasure:
        lines.append(place)
    else:
        shape = one.detail.get("shape")
        label = LedgerShape(shape).label if shape else ""
        full = "号码不遮" if one.detail.get("full") else "号码遮住"
        lines.append(f"{one.people} 人" + (f"，{label}，{full}" if label else ""))
    is_open = one.state in (ConfirmationState.WAITING, ConfirmationState.APPROVED)
    state = "过期了" if is_open and is_over else one.state.label
    if is_open and not is_over:
        until = one.expires_at.astimezone(OFFICE_ZONE)
        lines.append(f"到 {day_words(until, today)} {until:%H:%M} 为止有效")
    by = names.get(one.answered_by_id or 0, "")
    said = f"：{one.answer_reason}" if one.answer_reason else ""
    return Row(
        one.id,
        title,
        tuple(lines),
        one.reason,
        state,
        "" if is_open and is_over else _DUE.get(one.state, ""),
        f"{by}{said}" if by else "",
        f"/staff/people/{one.subject_id}" if name else "",
        is_erasure,
        one.kind is ConfirmationKind.PEOPLE_EXPORT
        and one.state is ConfirmationState.APPROVED
        and not is_over,
        is_open and not is_over,
    )
