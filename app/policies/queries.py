"""政策库查询: what is shown at a place, and what colleagues write."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from opencc import OpenCC
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import reading_prefixes
from app.accounts.queries import names_of_users
from app.policies.content import Content
from app.policies.errors import GuideNotFound
from app.policies.library import library
from app.policies.models import GuideEntry, GuideVersion
from app.policies.terms import GuideKind, GuideState
from app.regions import gazetteer
from app.seekers.queries import lies_in_any

MOST_SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """显示的条目: what a reader sees. `region_code` is None for what ships with the product."""

    slug: str
    kind: GuideKind
    content: Content
    region_code: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether each county decides about it and none has filled it in here."""
        return self.content.is_local and self.region_code is None


@dataclass(frozen=True)
class Managed:
    """管着的条目: an entry with its newest version and who wrote it."""

    entry: GuideEntry
    newest: GuideVersion
    content: Content
    author: str


def list_shown(session: Session, place_code: str | None, today: date) -> list[Shown]:
    """What holds at a place: the nearest office's own of each address first, then what ships. One
    statement."""
    found: dict[str, Shown] = {}
    for entry, version in session.execute(_published(place_code)):
        content = Content.model_validate(version.content)
        if entry.slug not in found and content.is_valid_on(today):
            found[entry.slug] = Shown(entry.slug, entry.kind, content, entry.region_code)
    for slug, content in library().items():
        if slug not in found and content.is_valid_on(today):
            found[slug] = Shown(slug, GuideKind.POLICY, content)
    return [*found.values()][:MOST_SHOWN]


def filter_shown(shown: Sequence[Shown], *, kind: GuideKind | None = None, words: str = "") -> list[Shown]:
    """Those of one kind in which all of `words` occur, in simplified or traditional letters."""
    wanted = [_simplified().convert(word).casefold() for word in words.split()]
    return [
        each
        for each in shown
        if (kind is None or each.kind is kind) and all(word in each.content.search_text() for word in wanted)
    ]


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def get_shown(session: Session, place_code: str | None, slug: str, today: date) -> Shown:
    """One entry as it holds at a place. Raises GuideNotFound."""
    for entry, version in session.execute(_published(place_code).where(GuideEntry.slug == slug)):
        content = Content.model_validate(version.content)
        if content.is_valid_on(today):
            return Shown(entry.slug, entry.kind, content, entry.region_code)
    shipped = library().get(slug)
    if shipped is None or not shipped.is_valid_on(today):
        raise GuideNotFound
    return Shown(slug, GuideKind.POLICY, shipped)


def _published(place_code: str | None) -> Select[GuideEntry, GuideVersion]:
    """Published versions for the place and all it lies in, the nearest office first, the newest first."""
    codes = [] if place_code is None else [step.code for step in gazetteer.ancestors(place_code)]
    if place_code is not None and len(place_code) == 12:
        codes.append(place_code)
    return (
        select(GuideEntry, GuideVersion)
        .join(GuideVersion, GuideVersion.entry_id == GuideEntry.id)
        .where(GuideVersion.state == GuideState.PUBLISHED, GuideEntry.region_code.in_(codes))
        .order_by(GuideEntry.region_code.desc(), GuideVersion.decided_at.desc(), GuideEntry.id)
        .limit(MOST_SHOWN * 2)
    )


def visible_entries(actor: Actor) -> Select[GuideEntry]:
    """Entries of the offices in `actor`'s area."""
    return select(GuideEntry).where(
        lies_in_any(GuideEntry.region_code, reading_prefixes(actor, Resource.GUIDE))
    )


def may_write_anywhere(actor: Actor) -> bool:
    """Whether the colleague writes entries of any place."""
    return bool(reading_prefixes(actor, Resource.GUIDE, Action.CREATE))


def may_look_anywhere(actor: Actor) -> bool:
    """Whether the colleague sees what is being written."""
    return bool(reading_prefixes(actor, Resource.GUIDE))


def list_managed(session: Session, actor: Actor) -> list[Managed]:
    """Entries of the colleague's area with their newest versions, what waits for a reader first."""
    entries = session.scalars(visible_entries(actor).order_by(GuideEntry.id.desc()).limit(MOST_SHOWN)).all()
    newest: dict[int, GuideVersion] = {}
    versions = select(GuideVersion).where(GuideVersion.entry_id.in_([entry.id for entry in entries]))
    for version in session.scalars(versions.order_by(GuideVersion.number)):
        newest[version.entry_id] = version
    names = names_of_users(session, [version.made_by_id for version in newest.values()])
    found = [
        Managed(
            entry,
            newest[entry.id],
            Content.model_validate(newest[entry.id].content),
            names.get(newest[entry.id].made_by_id, ""),
        )
        for entry in entries
        if entry.id in newest
    ]
    return sorted(found, key=lambda each: each.newest.state is not GuideState.SUBMITTED)


def get_entry(session: Session, actor: Actor, entry_id: int) -> GuideEntry:
    """One entry of the colleague's area. Raises GuideNotFound."""
    found = session.scalar(visible_entries(actor).where(GuideEntry.id == entry_id))
    if found is None:
        raise GuideNotFound
    return found


def list_versions(session: Session, entry_id: int) -> Sequence[GuideVersion]:
    """All versions of an entry, the newest first."""
    statement = select(GuideVersion).where(GuideVersion.entry_id == entry_id)
    return session.scalars(statement.order_by(GuideVersion.number.desc())).all()


def names_of(session: Session, versions: Sequence[GuideVersion]) -> dict[int, str]:
    """What those who wrote and decided are called."""
    return names_of_users(session, [v.made_by_id for v in versions] + [v.decided_by_id for v in versions])
