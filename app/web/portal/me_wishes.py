"""我的报名: what a villager asked for and was offered, and how each has gone; answered on its own page."""

from dataclasses import dataclass, replace
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.dependencies import SignedInActor
from app.core.clock import office_day
from app.core.http import CurrentClock, CurrentSettings, ReadSession
from app.referrals import silence
from app.referrals.clocks.running import answer_until
from app.referrals.letters import refusal_letter
from app.referrals.link_codes import link_code
from app.referrals.models import Referral
from app.referrals.queries import ReferralFilters, list_referrals
from app.referrals.rules import WITH_EMPLOYER
from app.referrals.terms import ReferralState
from app.referrals.wishes.queries import list_of_user
from app.referrals.wishes.terms import WishState
from app.seekers.access.own import get_own_person
from app.web.formats import day_words
from app.web.portal.apply_views import Step, referral_steps, wish_steps
from app.web.portal.me_views import me_page
from app.web.reader import Reader, read_reader

router = APIRouter(include_in_schema=False)
_MOST: Final = 20


@dataclass(frozen=True)
class Asked:
    """一条报名或推荐: `letter` why it did not work out; `href` where it is answered or taken back, empty when
    it is over; `may_tell_silence`: the firm has been silent for long enough to say so there."""

    title: str
    employer: str
    state: str
    steps: tuple[Step, ...] = ()
    letter: str = ""
    href: str = ""
    answer_by: str = ""
    may_tell_silence: bool = False
    told_silence: bool = False


@dataclass(frozen=True)
class MyWishes:
    """我的报名: those that wait for my word first."""

    id: int
    waiting: tuple[Asked, ...]
    others: tuple[Asked, ...]


@router.get("/me/{person_id:int}/wishes")
def show_wishes(
    request: Request,
    session: ReadSession,
    actor: SignedInActor,
    clock: CurrentClock,
    settings: CurrentSettings,
    person_id: int,
) -> Response:
    """Everything that was offered to or asked for by somebody, the newest first."""
    person = get_own_person(session, actor, person_id)
    reader = read_reader(request)
    key = settings.secret_key.get_secret_value()
    filters = ReferralFilters(person_id=person.id)
    rows, _ = list_referrals(session, actor, filters, clock.now(), limit=_MOST)
    waiting = [row for row in rows if row.state is ReferralState.OFFERED]
    others = [
        replace(
            _of_referral(row, reader, key),
            may_tell_silence=silence.may_tell_silence(session, row, clock.now()),
        )
        for row in rows
        if row.state is not ReferralState.OFFERED
    ]
    wishes = [
        Asked(
            wish.job.title,
            wish.job.employer.name,
            reader.language.gettext("报名"),
            wish_steps(reader.language, wish, None),
        )
        for wish in list_of_user(session, actor.user_id or 0, _MOST)
        if wish.state is WishState.WAITING and wish.name == person.name
    ]
    view = MyWishes(
        person.id,
        tuple(_of_offer(session, row, reader, key, clock) for row in waiting),
        (*wishes, *others),
    )
    return me_page(request, actor, "portal/me_wishes.html", view)


def _of_offer(session: ReadSession, row: Referral, reader: Reader, key: str, clock: CurrentClock) -> Asked:
    until = answer_until(session, row)
    by = day_words(reader.language, office_day(until), clock.today()) if until else ""
    return Asked(
        row.job.title,
        row.job.employer.name,
        "",
        href=reader.url(f"/a/{link_code(key, row.id)}"),
        answer_by=by,
    )


def _of_referral(row: Referral, reader: Reader, key: str) -> Asked:
    is_refused = row.state is ReferralState.REFUSED
    return Asked(
        row.job.title,
        row.job.employer.name,
        reader.language.gettext("没成，不是你的事") if is_refused else row.state.label,
        () if is_refused else referral_steps(reader.language, row),
        refusal_letter(row.reason_code, row.reason) if is_refused else "",
        reader.url(f"/a/{link_code(key, row.id)}") if row.is_live else "",
        told_silence=row.silence_told_at is not None and row.state in WITH_EMPLOYER,
    )
