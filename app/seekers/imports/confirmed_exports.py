"""两人导出: a county's export takes another colleague's yes: asked for, then fetched while that runs."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target, require
from app.accounts.second_person import queries as confirmations
from app.accounts.second_person import service as second_person
from app.accounts.second_person.errors import ConfirmationNotFound
from app.accounts.second_person.models import Confirmation
from app.accounts.second_person.terms import ConfirmationKind
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.errors import Forbidden
from app.regions.scope import scope_prefix
from app.seekers.imports import queries
from app.seekers.imports.exporting import MASKED_ONLY, ExportOrder, export_people
from app.seekers.imports.queries import ImportNotFound
from app.seekers.imports.shapes import LedgerShape


def request_export(
    session: Session, actor: Actor, order: ExportOrder, *, cipher: FieldCipher, clock: Clock
) -> Confirmation:
    """Asks another colleague to agree to an export that takes two people (a county's); it is counted now, and
    no more people than that go out (`export_confirmed`).

    Raises ImportNotFound, Forbidden (the permission needs nobody else, or shows numbers masked), Invalid (no
    reason), UnknownRegion.
    """
    if order.region_code is None:
        raise ImportNotFound
    target = Target(region_code=order.region_code)
    permission = require(actor, Action.EXPORT, Resource.PEOPLE_FILE, target, missing=ImportNotFound)
    if not permission.needs_second_person:
        raise Forbidden("您导出不用别人点头，直接导就行。")
    if order.is_full and permission.is_masked:
        raise Forbidden(MASKED_ONLY)
    return second_person.ask(
        session,
        cipher,
        clock,
        actor,
        ConfirmationKind.PEOPLE_EXPORT,
        region_code=order.region_code,
        people=queries.count_people(session, (scope_prefix(order.region_code),)),
        reason=order.reason,
        detail={"shape": order.shape.value, "full": order.is_full},
    )


def export_confirmed(
    database: Database, actor: Actor, confirmation_id: int, path: Path, *, cipher: FieldCipher, clock: Clock
) -> int:
    """Writes what a colleague agreed to, as long as the agreement runs; every time is in the audit log.

    Raises as `export_people`, ConfirmationNotFound (another's), NotApproved, MorePeople.
    """
    with database.write() as session:
        asked = confirmations.get_confirmation(session, actor, confirmation_id)
        if asked.kind is not ConfirmationKind.PEOPLE_EXPORT:
            raise ConfirmationNotFound
        people = queries.count_people(session, (scope_prefix(asked.region_code),))
        agreed = second_person.take(session, clock, actor, asked.id, people=people)
        order = ExportOrder(
            agreed.region_code,
            LedgerShape(agreed.detail["shape"]),
            agreed.reason,
            is_full=bool(agreed.detail["full"]),
            confirmed_by_ids=(agreed.answered_by_id or 0,),
            most_people=agreed.people,
        )
    return export_people(database, actor, order, path, cipher=cipher, clock=clock)
