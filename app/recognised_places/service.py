"""认定、改、年审、记扶持: what a county office does in the register."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import Clock
from app.core.errors import FieldProblem, Forbidden, Invalid, NotFound, Stale
from app.employers import queries as employer_queries
from app.recognised_places import policies, queries, rules
from app.recognised_places.errors import PlaceExists, PlaceNotFound, PlaceWithdrawn
from app.recognised_places.models import PlaceReview, PlaceSupport, RecognisedPlace
from app.recognised_places.schemas import PlaceEdit, PlaceIn, ReviewIn, SupportIn
from app.recognised_places.support_kinds import support_kinds
from app.recognised_places.terms import ReviewOutcome


def recognise(session: Session, actor: Actor, data: PlaceIn, clock: Clock) -> RecognisedPlace:
    """Enters an employer's place in the register, due for its review a year on. Raises Invalid (no such firm
    or headquarters, a day to come), Forbidden, PlaceExists."""
    try:
        employer = employer_queries.get_visible_employer(session, actor, data.employer_id)
    except NotFound as error:
        raise Invalid(fields=[FieldProblem("employer_id", "没有这家单位，请先登记")]) from error
    if not policies.may_recognise(actor, employer):
        raise Forbidden("认定由县人社局来记。")
    _check(session, actor, data, None, clock)
    now = clock.now()
    place = RecognisedPlace(
        **data.model_dump(),
        review_due_on=rules.a_year_after(data.recognised_on),
        region_code=employer.region_code,
        office_code=employer.office_code,
        created_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        version=1,
    )
    try:
        with session.begin_nested():
            session.add(place)
            session.flush()
    except IntegrityError as error:
        raise PlaceExists from error
    return queries.get_place(session, actor, place.id)


def edit_place(
    session: Session,
    actor: Actor,
    place_id: int,
    data: PlaceEdit,
    clock: Clock,
    *,
    version: int | None = None,
) -> RecognisedPlace:
    """Corrects an entry. Raises PlaceNotFound, Forbidden, Stale, PlaceWithdrawn, Invalid."""
    place = _get_to_change(session, actor, place_id)
    if version is not None and version != place.version:
        raise Stale
    _check(session, actor, data, place, clock)
    return _update(session, actor, place, data.model_dump(), clock)


def review_place(
    session: Session, actor: Actor, place_id: int, data: ReviewIn, clock: Clock
) -> RecognisedPlace:
    """The yearly review; how many work there is counted at that moment. Raises PlaceNotFound, Forbidden,
    PlaceWithdrawn, Invalid (a day to come or before the recognition, a withdrawal without its reason)."""
    place = _get_to_change(session, actor, place_id)
    if not place.recognised_on <= data.reviewed_on <= clock.today():
        raise Invalid(fields=[FieldProblem("reviewed_on", "年审的日子要在认定以后、今天以前")])
    withdraws = data.outcome is ReviewOutcome.WITHDRAWN
    if withdraws and not data.note:
        raise Invalid(fields=[FieldProblem("note", "取消认定要写明原因")])
    workers = queries.count_workers(session, [place.employer_id])[place.employer_id].workers or 0
    review = PlaceReview(
        **data.model_dump(), place_id=place.id, workers=workers, actor_id=actor.user_id, at=clock.now()
    )
    session.add(review)
    change: dict[str, Any] = (
        {"withdrawn_on": data.reviewed_on, "withdrawn_reason": data.note}
        if withdraws
        else {"review_due_on": rules.next_review_on(data.outcome, data.reviewed_on)}
    )
    return _update(session, actor, place, change, clock)


def record_support(
    session: Session, actor: Actor, place_id: int, data: SupportIn, clock: Clock
) -> PlaceSupport:
    """Writes down support a place got. Raises PlaceNotFound, Forbidden, PlaceWithdrawn, Invalid."""
    place = _get_to_change(session, actor, place_id)
    if data.kind_code not in support_kinds():
        raise Invalid(fields=[FieldProblem("kind_code", "没有这种扶持，先在表里添上")])
    if data.received_on > clock.today():
        raise Invalid(fields=[FieldProblem("received_on", "还没到的日子，等到了再记")])
    support = PlaceSupport(**data.model_dump(), place_id=place.id, actor_id=actor.user_id, at=clock.now())
    session.add(support)
    session.flush()
    return support


def _get_to_change(session: Session, actor: Actor, place_id: int) -> RecognisedPlace:
    place = queries.get_place(session, actor, place_id)
    policies.require_edit(actor, place)
    if place.withdrawn_on is not None:
        raise PlaceWithdrawn
    return place


def _check(
    session: Session, actor: Actor, data: PlaceEdit, place: RecognisedPlace | None, clock: Clock
) -> None:
    if data.recognised_on > clock.today():
        raise Invalid(fields=[FieldProblem("recognised_on", "认定的日子不能在今天以后")])
    if data.headquarters_id is None:
        return
    words = "总部要选登记里另外一家，自己不是别家的点"
    try:
        head = queries.get_place(session, actor, data.headquarters_id)
    except PlaceNotFound as error:
        raise Invalid(fields=[FieldProblem("headquarters_id", words)]) from error
    is_itself = place is not None and head.id == place.id
    has_points = place is not None and bool(queries.list_points(session, place.id))
    if is_itself or has_points or head.headquarters_id is not None or head.withdrawn_on is not None:
        raise Invalid(fields=[FieldProblem("headquarters_id", words)])


def _update(
    session: Session, actor: Actor, place: RecognisedPlace, change: dict[str, Any], clock: Clock
) -> RecognisedPlace:
    """The guarded update: whoever read an older version changes nothing."""
    moved = session.scalar(
        update(RecognisedPlace)
        .where(RecognisedPlace.id == place.id, RecognisedPlace.version == place.version)
        .values(**change, updated_at=clock.now(), version=RecognisedPlace.version + 1)
        .returning(RecognisedPlace.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise Stale
    return queries.get_place(session, actor, place.id)
