"""印纸的地方: the villages and towns whose papers a colleague prints and whose codes they keep."""

from app.accounts.actor import Actor
from app.codes import service
from app.core.http import ReadSession
from app.regions import gazetteer
from app.regions import queries as region_queries

_MOST = 100
_TOWN, _VILLAGE = 9, 12


def place_choices(session: ReadSession, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Codes and names: of a county its towns, of a town all of it and each village, of a village itself."""
    found: dict[str, str] = {}
    for code in sorted(actor.officer_regions(), key=lambda code: (len(code), code)):
        if len(code) == _VILLAGE:
            region = region_queries.find_region(session, code)
            found[code] = region.name if region else code
            continue
        below, _next = region_queries.list_children(session, code, limit=_MOST)
        name = gazetteer.get(code).name
        if len(code) == _TOWN:
            found[code] = f"{name}，全部村"
            found |= {region.code: region.name for region in below}
        else:
            found |= {region.code: f"{region.name}，全部村" for region in below}
    return tuple((code, name) for code, name in found.items() if service.may_issue(actor, code))
