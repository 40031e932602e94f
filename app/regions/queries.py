"""查区划: looking up places in the table, villages included. Reference data: everybody may see all of it."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.pagination import SortKey, decode_cursor, encode_cursor, paginate
from app.regions import gazetteer
from app.regions.errors import UnknownRegion
from app.regions.models import Region
from app.regions.scope import scope_prefix
from app.regions.terms import Level

# Beyond this nobody reads on; a narrower word is quicker.
_MOST_FOUND = 500


def find_region(session: Session, code: str) -> Region | None:
    """The place of a code, retired ones too (old records still point to them)."""
    return session.get(Region, code)


def get_region(session: Session, code: str) -> Region:
    """As find_region. Raises UnknownRegion."""
    region = session.get(Region, code)
    if region is None:
        raise UnknownRegion()
    return region


def living_regions() -> Select[Region]:
    """The places that are offered for choosing."""
    return select(Region).where(Region.retired_on.is_(None))


def hold_living(session: Session, codes: Collection[str]) -> dict[str, Region]:
    """Those of the places that are offered, held until the caller's transaction ends: whoever writes a record
    under one of them asks here, and a change of the region (which locks the row) comes before or after.
    """
    held = select(Region).where(Region.code.in_(set(codes))).order_by(Region.code)
    rows = session.scalars(
        held.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    )
    return {region.code: region for region in rows if region.retired_on is None}


def list_children(
    session: Session, parent: str | None, *, limit: int, cursor: str | None = None
) -> tuple[list[Region], str | None]:
    """One page of what lies directly below, in code order; None asks for the provinces.

    Raises UnknownRegion for an unknown parent.
    """
    if parent is None:
        statement = living_regions().where(Region.parent_code.is_(None))
    else:
        get_region(session, parent)
        statement = living_regions().where(Region.parent_code == parent)
    return paginate(
        session,
        statement,
        [SortKey(Region.__table__.c.code)],
        limit=limit,
        cursor=cursor,
        sort_values=lambda region: (region.code,),
        parse=(str,),
    )


def villages_by_town(session: Session, prefix: str) -> dict[str, dict[str, str]]:
    """Town -> village name -> code, of the villages whose code begins with `prefix`.

    The name of a village that was merged away leads to where it went, unless a living one bears it.
    """
    kept = or_(Region.retired_on.is_(None), Region.moved_to.is_not(None))
    statement = (
        select(Region.parent_code, Region.name, Region.code)
        .where(Region.code.startswith(prefix), Region.level == Level.VILLAGE, kept)
        .order_by(Region.retired_on.is_(None))  # the living last: a name of theirs is theirs
    )
    found: dict[str, dict[str, str]] = {}
    for town, name, code in session.execute(statement):
        found.setdefault(town or "", {})[name] = gazetteer.moved_on(code)
    return found


def search_regions(
    session: Session, text: str, *, within: str | None = None, limit: int, cursor: str | None = None
) -> tuple[list[Region], str | None]:
    """One page of the places whose name holds the text, or whose pinyin or initials begin with it.

    Best first: the built-in divisions as gazetteer.search ranks them, then villages in code order. At
    most 500 of each. Raises UnknownRegion for an unknown `within`.
    """
    if within is not None:
        get_region(session, within)
    start = _read_offset(cursor)
    codes = [division.code for division in gazetteer.search(text, limit=_MOST_FOUND, within=within)]
    codes += session.scalars(_villages_called(text, within).with_only_columns(Region.code)).all()
    page = codes[start : start + limit]
    rows = session.scalars(living_regions().where(Region.code.in_(page)))
    found = {region.code: region for region in rows}
    following = encode_cursor([start + limit]) if start + limit < len(codes) else None
    return [found[code] for code in page if code in found], following


def _read_offset(cursor: str | None) -> int:
    """How many results were shown before. Raises Invalid for a cursor that was made up."""
    if not cursor:
        return 0
    (value,) = decode_cursor(cursor, 1)
    if not isinstance(value, int) or not 0 <= value <= 2 * _MOST_FOUND:
        raise Invalid("翻页的记号不对，请从第一页重新看。")
    return value


def _villages_called(text: str, within: str | None) -> Select[Region]:
    wanted = "".join(text.split()).lower()
    statement = living_regions().where(
        Region.level == Level.VILLAGE,
        or_(
            Region.name.contains(wanted, autoescape=True),
            Region.pinyin.startswith(wanted, autoescape=True),
            Region.initials.startswith(wanted, autoescape=True),
        ),
    )
    if within is not None:
        statement = statement.where(Region.code.startswith(scope_prefix(within)))
    return statement.order_by(Region.code).limit(_MOST_FOUND)


def count_children(session: Session, codes: Collection[str]) -> dict[str, int]:
    """How many living places lie directly below each of the codes; codes with none are left out."""
    counted: Sequence[tuple[str | None, int]] = [
        (row[0], row[1])
        for row in session.execute(
            select(Region.parent_code, func.count())
            .where(Region.parent_code.in_(codes), Region.retired_on.is_(None))
            .group_by(Region.parent_code)
        )
    ]
    return {parent: number for parent, number in counted if parent is not None}
