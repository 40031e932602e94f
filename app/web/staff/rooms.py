"""别的事: rooms of the console that are not in the menu, with their links on 今天 and on the home page."""

from dataclasses import dataclass

from app.accounts.actor import Actor
from app.cases import queries as cases


@dataclass(frozen=True)
class Room:
    """一个去处."""

    href: str
    icon: str
    words: str
    soft: str


def rooms_of(actor: Actor) -> tuple[Room, ...]:
    """The rooms this colleague has."""
    found: list[Room] = []
    if cases.may_list_anywhere(actor):
        found.append(Room("/staff/cases", "warn", "诉求", "欠薪、受骗、工伤、要帮忙的，到期的在前"))
    return tuple(found)
