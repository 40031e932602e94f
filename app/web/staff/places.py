"""我管的地方: the places of a colleague, and the villages they choose from in forms."""

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.core.http import ReadSession
from app.regions import gazetteer
from app.regions import queries as region_queries
from app.seekers import policies

_MOST = 100
_VILLAGE, _TOWN = 12, 9


def own_places(actor: Actor) -> tuple[str, ...]:
    """Codes of the places whose people this colleague may see, the widest first; none inside another."""
    found: list[str] = []
    for code in sorted(set(actor.officer_regions(to_read=True)), key=lambda code: (len(code), code)):
        if not any(code.startswith(wider) for wider in found if len(wider) >= _TOWN):
            found.append(code)
    return tuple(found)


def counted_places(actor: Actor) -> tuple[str, ...]:
    """Codes of the places of which only sums may be seen (city and province offices)."""
    viewers = (Role.CITY_VIEWER, Role.PROVINCE_VIEWER)
    return tuple(sorted({g.region_code for g in actor.grants if g.region_code and g.role in viewers}))


def village_choices(session: ReadSession, actor: Actor, *, to_create: bool = False) -> list[tuple[str, str]]:
    """Villages (and towns without one) the colleague may put a household in, as code and name."""
    found: dict[str, str] = {}
    for code in actor.officer_regions():
        if len(code) == _VILLAGE:
            region = region_queries.find_region(session, code)
            found[code] = region.name if region else code
        elif len(code) == _TOWN:
            below, _ = region_queries.list_children(session, code, limit=_MOST)
            found |= {region.code: region.name for region in below}
            found[code] = gazetteer.get(code).name
    may = policies.may_create_household if to_create else policies.may_edit_household_in
    return [(code, name) for code, name in found.items() if may(actor, code)]
