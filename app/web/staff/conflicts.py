"""撞车: two colleagues saved the same record. What the other one changed, and what was typed meanwhile.

The form comes back with the newer version: fields only the other one touched show the new value, fields one
typed oneself stay as typed, and those both touched are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.seekers.history import TimelineEntry
from app.seekers.terms import RecordKind
from app.web.staff.fields import Typed
from app.web.staff.wording import ChangeLine, change_line, day_words


@dataclass(frozen=True)
class Conflict:
    """别人刚改过: who, when, and what; `both` names the fields one has typed into as well."""

    who: str
    day: str
    lines: tuple[ChangeLine, ...]
    both: tuple[str, ...]


def changes_since(
    entries: Sequence[TimelineEntry], kind: RecordKind, record_id: int, version: int
) -> list[TimelineEntry]:
    """The changes of one record after `version`, newest first."""
    return [
        entry
        for entry in entries
        if entry.record_kind is kind and entry.record_id == record_id and entry.version > version
    ]


def fields_before(now: Mapping[str, Any], since: Sequence[TimelineEntry]) -> dict[str, Any]:
    """The record as it was before the changes `since` (newest first); sealed fields are left out."""
    fields = dict(now)
    for entry in since:
        fields |= {change.name: change.before for change in entry.fields if not change.is_sealed}
    return fields


def resolve(typed: Typed, base: Typed, now: Typed) -> tuple[Typed, tuple[str, ...]]:
    """What the form shows next, and the names of the fields both have changed, to different values."""
    merged = dict(typed)
    both = []
    for name, values in typed.items():
        was, newer = base.get(name, ()), now.get(name, ())
        if newer == was:
            continue
        if values == was:
            merged[name] = newer
        elif values != newer:
            both.append(name)
    return merged, tuple(both)


def describe(since: Sequence[TimelineEntry], both: Sequence[str]) -> Conflict:
    """The conflict in words."""
    lines = [line for entry in since for change in entry.fields if (line := change_line(change)) is not None]
    who = "、".join(dict.fromkeys(entry.actor_name for entry in since)) or "同事"
    day = day_words(since[0].at) if since else "刚才"
    return Conflict(who, day, tuple(lines), tuple(both))
