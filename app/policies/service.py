"""政策库用例: writing, handing in, publishing by another colleague, sending back, taking off."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.audit.recording import record_audit
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Permission, Target, may, require
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.errors import Invalid
from app.policies import queries
from app.policies.content import SLUG, Content
from app.policies.errors import GuideChanged, GuideNotFound, OwnWords, SlugTaken
from app.policies.models import GuideEntry, GuideVersion
from app.policies.terms import GuideKind, GuideState
from app.regions import queries as region_queries

_UNDECIDED = (GuideState.DRAFT, GuideState.SUBMITTED, GuideState.SENT_BACK)


def create_entry(
    session: Session,
    actor: Actor,
    kind: GuideKind,
    slug: str,
    region_code: str,
    content: Content,
    *,
    clock: Clock,
) -> GuideEntry:
    """A new entry of an office, as a draft. Raises Forbidden, GuideNotFound (another's area), Invalid,
    SlugTaken."""
    target = Target(region_code=region_code)
    require(actor, Action.CREATE, Resource.GUIDE, target, missing=GuideNotFound)
    if actor.user_id is None or region_queries.find_region(session, region_code) is None:
        raise Invalid("这个地方不在名册里。")
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise Invalid("网址用小写英文字母、数字和短横，比如 bus-ticket。")
    taken = select(GuideEntry.id).where(GuideEntry.slug == slug, GuideEntry.region_code == region_code)
    if session.scalar(taken) is not None:
        raise SlugTaken
    entry = GuideEntry(
        slug=slug, kind=kind, region_code=region_code, created_by_id=actor.user_id, created_at=clock.now()
    )
    session.add(entry)
    session.flush()
    _add_version(session, actor, entry, content, clock)
    return entry


def write_version(
    session: Session, actor: Actor, entry_id: int, content: Content, *, after: int, clock: Clock
) -> GuideVersion:
    """A new version on top of number `after`; what is published stays until the new one is. Raises
    GuideNotFound, Forbidden, GuideChanged (somebody wrote meanwhile)."""
    entry = queries.get_entry(session, actor, entry_id)
    require(actor, Action.EDIT, Resource.GUIDE, Target(region_code=entry.region_code), missing=GuideNotFound)
    newest = queries.list_versions(session, entry.id)[0]
    if newest.number != after:
        raise GuideChanged
    if newest.state in _UNDECIDED:
        _move(session, newest, GuideState.REPLACED)
    return _add_version(session, actor, entry, content, clock)


def _add_version(
    session: Session, actor: Actor, entry: GuideEntry, content: Content, clock: Clock
) -> GuideVersion:
    numbers = [version.number for version in queries.list_versions(session, entry.id)]
    version = GuideVersion(
        entry_id=entry.id,
        number=max(numbers, default=0) + 1,
        content=content.model_dump(mode="json"),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version


def hand_in(session: Session, actor: Actor, version_id: int) -> GuideVersion:
    """交上去: another colleague reads it next. Raises GuideNotFound, Forbidden, GuideChanged."""
    version, entry = _get_version(session, actor, version_id)
    require(actor, Action.EDIT, Resource.GUIDE, Target(region_code=entry.region_code), missing=GuideNotFound)
    if version.state not in (GuideState.DRAFT, GuideState.SENT_BACK):
        raise GuideChanged
    return _move(session, version, GuideState.SUBMITTED)


def may_publish(actor: Actor, entry: GuideEntry, version: GuideVersion) -> bool:
    """Whether the colleague may publish or send back what another wrote."""
    return _right_to_decide(actor, entry, version) is not None


def _right_to_decide(actor: Actor, entry: GuideEntry, version: GuideVersion) -> Permission | None:
    target = Target(region_code=entry.region_code, submitted_by_ids=frozenset({version.made_by_id}))
    return may(actor, Action.DECIDE, Resource.GUIDE, target)


def publish(
    session: Session, actor: Actor, version_id: int, *, cipher: FieldCipher, clock: Clock
) -> GuideVersion:
    """发布 what another wrote and handed in; the version before it is followed.

    Raises OwnWords, GuideNotFound, Forbidden, GuideChanged.
    """
    version, entry, right = _to_decide(session, actor, version_id)
    shown = select(GuideVersion).where(
        GuideVersion.entry_id == entry.id, GuideVersion.state == GuideState.PUBLISHED
    )
    for before in session.scalars(shown).all():
        _move(session, before, GuideState.REPLACED)
    _decide(session, actor, version, GuideState.PUBLISHED, clock)
    _note(session, actor, entry, right, cipher, clock, version)
    return version


def send_back(
    session: Session, actor: Actor, version_id: int, note: str, *, cipher: FieldCipher, clock: Clock
) -> GuideVersion:
    """退回 with what to change. Raises as `publish`, and Invalid without a note."""
    version, entry, right = _to_decide(session, actor, version_id)
    if len(note.strip()) < 2:
        raise Invalid("写一句要改哪里。")
    _decide(session, actor, version, GuideState.SENT_BACK, clock, note.strip()[:200])
    _note(session, actor, entry, right, cipher, clock, version)
    return version


def take_off(
    session: Session, actor: Actor, version_id: int, *, cipher: FieldCipher, clock: Clock
) -> GuideVersion:
    """撤下 what is shown. Raises GuideNotFound, Forbidden, GuideChanged."""
    version, entry = _get_version(session, actor, version_id)
    target = Target(region_code=entry.region_code)
    right = require(actor, Action.EDIT, Resource.GUIDE, target, missing=GuideNotFound)
    if version.state is not GuideState.PUBLISHED:
        raise GuideChanged
    _move(session, version, GuideState.WITHDRAWN)
    _note(session, actor, entry, right, cipher, clock, version)
    return version


def _get_version(session: Session, actor: Actor, version_id: int) -> tuple[GuideVersion, GuideEntry]:
    version = session.get(GuideVersion, version_id)
    if version is None:
        raise GuideNotFound
    return version, queries.get_entry(session, actor, version.entry_id)


def _to_decide(
    session: Session, actor: Actor, version_id: int
) -> tuple[GuideVersion, GuideEntry, Permission]:
    version, entry = _get_version(session, actor, version_id)
    if version.made_by_id == actor.user_id:
        raise OwnWords
    target = Target(region_code=entry.region_code, submitted_by_ids=frozenset({version.made_by_id}))
    right = require(actor, Action.DECIDE, Resource.GUIDE, target, missing=GuideNotFound)
    if version.state is not GuideState.SUBMITTED:
        raise GuideChanged
    return version, entry, right


def _decide(
    session: Session, actor: Actor, version: GuideVersion, state: GuideState, clock: Clock, note: str = ""
) -> None:
    _move(
        session,
        version,
        state,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
        decision_note=note,
    )


def _move(session: Session, version: GuideVersion, state: GuideState, **values: Any) -> GuideVersion:
    """A guarded UPDATE: of two who decide at once, one is told. Raises GuideChanged."""
    moved = session.scalar(
        update(GuideVersion)
        .where(GuideVersion.id == version.id, GuideVersion.state == version.state)
        .values(state=state, **values)
        .returning(GuideVersion.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise GuideChanged
    session.refresh(version)
    return version


def _note(
    session: Session,
    actor: Actor,
    entry: GuideEntry,
    right: Permission,
    cipher: FieldCipher,
    clock: Clock,
    version: GuideVersion,
) -> None:
    record_audit(
        session,
        cipher,
        clock,
        actor,
        right.action,
        Resource.GUIDE,
        region_code=entry.region_code,
        permission=right,
        detail={"entry": entry.id, "version": version.number, "state": version.state.value},
    )
