"""选单位: the firm an officer speaks for, by its full name, and the names to choose from."""

from collections.abc import Callable
from typing import Final

from app.accounts.actor import Actor
from app.core.http import ReadSession
from app.employers import queries
from app.employers.models import Employer
from app.employers.rules import name_key

_MOST: Final = 300
UNKNOWN: Final = "没有这家单位，照名单选"


def firm_names(session: ReadSession, actor: Actor) -> tuple[str, ...]:
    """Names of firms in the colleague's care, for a list of suggestions."""
    firms, _next = queries.list_managed_employers(session, actor, limit=_MOST)
    return tuple(each.name for each in firms)


def find_firm(session: ReadSession, name: str, may: Callable[[Employer], bool]) -> Employer | None:
    """The firm of that name for which `may` holds; None for none, an empty name, or somebody else's."""
    if not name.strip():
        return None
    found = queries.list_employers_by_name(session, [name_key(name)])
    return next((firm for firm in found if may(firm)), None)
