"""The probe over HTTP: every actor calls every route about every record; what comes back is searched for
canaries, and refusals are compared with those for ids that nobody has."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.accounts.actor import PUBLIC, Actor, Grant
from app.accounts.audit.models import AuditEntry
from app.accounts.dependencies import get_actor
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target
from app.accounts.terms import Role
from app.seekers.models import LedgerChange
from tests.databases import RolledBackDatabase
from tests.permissions import oracle
from tests.permissions.http.asks import (
    ASKS,
    READ_HEALTH,
    READ_PHONE,
    REVEAL_PHONE,
    Ask,
    addresses,
    body_of,
)
from tests.permissions.http.people import HOME, OTHER_TOWN, SIBLING, Record, World

CANARY = re.compile(r"探[址记厂病族]\d{4}|探[^\s址记厂病族*]{2}|990204\d{11}[\dX]|1990000\d{4}")
REFUSED = (401, 403, 404)
# The record is there, but not in the state the call wants.
IN_ANOTHER_STATE = ("/unmerge", "/reopen", "/sealed-record")
OPEN_TO = {"name": (Resource.SEEKER_CARD, Resource.HOUSEHOLD_FILE), "card": (Resource.SEEKER_CARD,)}
IDS = re.compile(r"\{(household_id|seeker_id|person_id)(:\w+)?\}")


@dataclass(frozen=True)
class Caller:
    name: str
    actor: Actor


def callers(employer_id: int = 1) -> Iterator[Caller]:
    """Every role at home, next door and far away; the officer of the household is user 1."""
    yield Caller("public", PUBLIC)
    homes = {
        Role.VILLAGE_OFFICER: (HOME, SIBLING, OTHER_TOWN, "500101001201", "429005001201"),
        Role.TOWNSHIP_OFFICER: ("610204101", "610204102", "441900003"),
        Role.COUNTY_OFFICER: ("610204", "610222", "429004", "441900"),
        Role.CITY_VIEWER: ("610200", "610100"),
        Role.PROVINCE_VIEWER: ("610000", "500000"),
    }
    for role, places in homes.items():
        for place in places:
            for user_id in (1, 2):
                yield Caller(
                    f"{role.value} {place} user {user_id}", Actor(user_id, "同事", (Grant(role, place),))
                )
    for role, place in ((Role.VILLAGE_OFFICER, HOME), (Role.COUNTY_OFFICER, "610204")):
        looking = Grant(role, place, is_read_only=True)
        yield Caller(f"{role.value}, may only look", Actor(1, "同事", (looking,)))
    moved = (Grant(Role.VILLAGE_OFFICER, HOME, is_read_only=True), Grant(Role.VILLAGE_OFFICER, SIBLING))
    yield Caller("moved to the next village", Actor(1, "同事", moved))
    yield Caller("village with too much", Actor(1, "同事", (Grant(Role.VILLAGE_OFFICER, "610204"),)))
    yield Caller("role ended", Actor(1, "同事", ()))
    yield Caller("admin", Actor(3, "同事", (Grant(Role.ADMIN),)))
    yield Caller("auditor", Actor(3, "同事", (Grant(Role.AUDITOR),)))
    yield Caller("auditor of another county", Actor(3, "同事", (Grant(Role.AUDITOR, "610222"),)))
    auditing = (Grant(Role.AUDITOR), Grant(Role.VILLAGE_OFFICER, SIBLING))
    yield Caller("auditor and village officer", Actor(3, "同事", auditing))
    yield Caller("seeker", Actor(4, "乡亲", (Grant(Role.SEEKER),)))
    yield Caller("employer", Actor(5, "厂里的人", (Grant(Role.EMPLOYER, employer_id=employer_id),)))
    yield Caller("broker", Actor(6, "经纪人", (Grant(Role.BROKER, "610204101"),)))


@dataclass
class Report:
    """What was asked and what went wrong."""

    asked: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    seen: int = 0
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return self.leaks + self.wrong

    def summary(self, most: int = 20) -> list[str]:
        """One example of each thing that went wrong."""
        kinds = {re.sub(r"^.*?: |of \d+ #\d+|#\d+", "", line): line for line in self.all}
        return list(kinds.values())[:most]

    def __str__(self) -> str:
        codes = " ".join(f"{code}: {count}" for code, count in sorted(self.answers.items()))
        return f"{self.asked:,} requests ({codes}), {self.seen:,} permitted canaries, {len(self.leaks)} leaks"


@dataclass
class Probe:
    """Calls an application whose database holds `world`."""

    client: TestClient
    database: RolledBackDatabase
    world: World
    now: datetime
    report: Report = field(default_factory=Report)
    _audited: int = 0
    _entries: int = 0
    empty: dict[tuple[str, str, int], httpx.Response] = field(default_factory=dict)

    def run(self, calls: Iterable[tuple[Caller, Ask, Record]], *, stop_at_first: bool = False) -> Report:
        for caller, ask, record in calls:
            self.call(caller, ask, record)
            if stop_at_first and self.report.all:
                break
        return self.report

    def call(self, caller: Caller, ask: Ask, record: Record) -> None:
        """One request, looked at and rolled back."""
        self._become(caller.actor)
        address, nobody = addresses(ask, record, self.world.job_id)
        before = self._changes()
        audited = self._audited
        answer, changes = self._send(ask, address, record)
        where = f"{caller.name}: {ask} of {record.region_code} #{record.person_id} -> {answer.status_code}"
        self.report.asked += 1
        self.report.answers[answer.status_code] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.report.wrong.append(f"{where}: broken")
        self._look_for_canaries(caller, ask, answer, where)
        self._look_for_small_numbers(caller, ask, record, answer, where)
        # One's own is read without a note (SAFETY "Secrets" speaks of others' reads); so is, by the table,
        # the phone of somebody whom an officer has to call.
        noted = self._audited > audited or ask.path.startswith("/me/") or ask.path in TO_CALL
        if ask.opens and answer.status_code == 200 and not noted:
            self.report.wrong.append(f"{where}: opened, but not written down")
        if ask.need is None:
            self._look_for_missing(caller, ask, answer, where)
        elif self._may(caller.actor, ask, record):
            self._check_permitted(ask, record, answer, where)
        else:
            if answer.status_code not in REFUSED:
                self.report.leaks.append(f"{where}: not refused")
            if changes != before:
                self.report.leaks.append(f"{where}: refused, but written")
            if not ask.names_place and not self._knows_of(caller.actor, ask, record):
                self._check_like_nobody(caller, ask, record, nobody, answer, where)

    def _become(self, actor: Actor) -> None:
        app = self.client.app
        assert isinstance(app, FastAPI)
        app.dependency_overrides[get_actor] = lambda: actor

    def _send(self, ask: Ask, address: str, record: Record) -> tuple[httpx.Response, int]:
        body = body_of(ask, record, self._beside(record))
        with self.database._connection.begin_nested() as savepoint:
            answer = self.client.request(ask.method, address, json=body)
            changes = self._changes()
            entries = select(func.count()).select_from(AuditEntry)
            self._audited += (self.database._connection.scalar(entries) or 0) > self._entries
            savepoint.rollback()
        return answer, changes

    def _changes(self) -> int:
        found = self.database._connection.scalar(select(func.count()).select_from(LedgerChange))
        return int(found or 0)

    def __post_init__(self) -> None:
        self._entries = self.database._connection.scalar(select(func.count()).select_from(AuditEntry)) or 0

    def _beside(self, record: Record) -> Record:
        """Another household's adult of the same place."""
        for other in self.world.records:
            same = (other.region_code, other.is_seeker, other.is_erased) == (record.region_code, True, False)
            if same and other.household_id != record.household_id:
                return other
        return record

    def _may(self, actor: Actor, ask: Ask, record: Record) -> bool:
        assert ask.need is not None
        target = _target(ask, record)
        needs = [ask.need, REVEAL_PHONE] if ask.by_relation and ask.need == READ_PHONE else [ask.need]
        verdicts = [v for need in needs for v in oracle.say(actor, *need, target, self.now)]
        # What opens something sealed is for those who may see it whole.
        return any(verdict.shown == "full" or not (ask.opens or ask.whole) for verdict in verdicts)

    def _knows_of(self, actor: Actor, ask: Ask, record: Record) -> bool:
        assert ask.need is not None
        return oracle.knows_of(actor, ask.need[1], _target(ask, record), self.now)

    def _check_permitted(self, ask: Ask, record: Record, answer: httpx.Response, where: str) -> None:
        child = not record.is_seeker and not ask.of_household
        refused = answer.status_code in (401, 403) or (answer.status_code == 404 and not child)
        if refused and not ask.path.endswith(IN_ANOTHER_STATE):
            self.report.wrong.append(f"{where}: refused what is allowed")

    def _check_like_nobody(
        self, caller: Caller, ask: Ask, record: Record, nobody: str, answer: httpx.Response, where: str
    ) -> None:
        """That it exists must not be told: the refusal is the same as for an id that nobody has."""
        key = (caller.name, str(ask), record.household_id)
        if key not in self.empty:
            self.empty[key] = self._send(ask, nobody, record)[0]
        other = self.empty[key]
        if (answer.status_code, _plain(answer)) != (other.status_code, _plain(other)):
            self.report.leaks.append(f"{where}: nobody's id answers {other.status_code} otherwise")

    def _look_for_canaries(self, caller: Caller, ask: Ask, answer: httpx.Response, where: str) -> None:
        text = answer.text + json.dumps(dict(answer.headers), ensure_ascii=False)
        for found in set(CANARY.findall(text)):
            if found not in self.world.owners:
                continue
            kind, record = self.world.owners[found]
            if self._sees(caller.actor, ask, kind, record):
                self.report.seen += 1
            else:
                self.report.leaks.append(f"{where}: shows the {kind} of #{record.person_id}")

    def _sees(self, actor: Actor, ask: Ask, kind: str, record: Record) -> bool:
        needs: list[tuple[Action, Resource]]
        if kind in ("id_number", "phone", "health", "ledger"):
            needs = [ask.opens[kind]] if kind in ask.opens else []
            needs += [REVEAL_PHONE] if needs == [READ_PHONE] and ask.by_relation else []
        else:
            needs = [(Action.READ, resource) for resource in OPEN_TO.get(kind, (Resource.HOUSEHOLD_FILE,))]
        verdicts = [v for need in needs for v in oracle.say(actor, *need, record.target, self.now)]
        return any(verdict.shown == "full" for verdict in verdicts)

    def _look_for_small_numbers(
        self, caller: Caller, ask: Ask, record: Record, answer: httpx.Response, where: str
    ) -> None:
        """Who may count but not read is told no number from 1 to 9."""
        if not ask.path.endswith("/counts") or answer.status_code != 200:
            return
        if oracle.say(caller.actor, Action.READ, Resource.SEEKER_CARD, record.target, self.now):
            return
        told = answer.json()
        numbers = [n for part in (told["total"], *told["parts"]) for n in part.values() if isinstance(n, int)]
        if any(0 < number < 10 for number in numbers):
            self.report.leaks.append(f"{where}: tells a number below ten")

    def _look_for_missing(self, caller: Caller, ask: Ask, answer: httpx.Response, where: str) -> None:
        """A whole list has everybody the caller may see in full."""
        if answer.status_code != 200 or ask.query != "?limit=100":
            return
        of_households = "households" in ask.path
        resource = Resource.HOUSEHOLD_FILE if of_households else Resource.SEEKER_CARD
        due = {
            record.canaries["name"]
            for record in self.world.records
            if (record.is_seeker or of_households)
            and any(
                verdict.shown == "full"
                for verdict in oracle.say(caller.actor, Action.READ, resource, record.target, self.now)
            )
        }
        if missing := due - set(CANARY.findall(answer.text)):
            self.report.wrong.append(f"{where}: leaves out {len(missing)} of {len(due)}")


def _target(ask: Ask, record: Record) -> Target:
    """A household stays when one of its members was erased. Most routes ask for the area alone."""
    target = record.target if ask.by_relation or ask.need is None else record.target_of_area
    return replace(target, is_erased=record.is_erased and not ask.of_household)


def _plain(answer: httpx.Response) -> object:
    """What a refusal says, without what belongs to the request itself (its number, its address)."""
    if "json" in answer.headers.get("content-type", ""):
        return {k: v for k, v in answer.json().items() if k in ("title", "code", "type", "status")}
    return None


def all_calls(world: World, asks: Iterable[Ask] = ASKS) -> Iterator[tuple[Caller, Ask, Record]]:
    """The product. A list is asked once, or once a place; a household once; all else of every record."""
    wanted = list(asks)
    for caller in callers(world.employer_id):
        asked: set[tuple[int, object]] = set()
        for record in world.records:
            # By number, not by address: revealing an ID and revealing health go to the same one.
            for number, ask in enumerate(wanted):
                key = (number, _once_per(ask, record))
                if key not in asked and ("{" not in ask.query or "phone" in record.canaries):
                    asked.add(key)
                    yield caller, ask, record


def calls_by_relation(world: World) -> Iterator[tuple[Caller, Ask, Record]]:
    """The person themself, a broker and a firm, about everybody of 16 or over: what a relation may open, and
    two calls that it may not."""
    asks = [ask for ask in ASKS if ask.by_relation or ask.path.endswith(("{seeker_id}/timeline", "/copy"))]
    for caller, ask, record in all_calls(world, asks):
        if record.is_seeker and caller.name in ("seeker", "employer", "broker"):
            yield caller, ask, record


def _once_per(ask: Ask, record: Record) -> object:
    """What two calls of an ask must differ in."""
    if "{seeker_id}" in ask.path:
        return record.person_id
    if "{household_id}" in ask.path or ask.of_household:
        return record.household_id
    if ask.query.count("{region}") or ask.names_place:
        return record.region_code
    return record.person_id if "{" in ask.query else None


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every route, included routers too."""
    return [
        (method, context.path_format)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in sorted(context.methods or ())
    ]


# Pages an officer works from with the phone in hand: they show the number to whoever may read it.
TO_CALL = {
    *("/staff/people/{seeker_id}/push", "/staff/people/{seeker_id}/supplements"),
    *("/staff/today", "/staff/today/print"),
}


def page_asks(app: FastAPI) -> list[Ask]:
    """Every GET that is not of the ledger's API, as asks that open nothing: whoever calls, no canary of a
    record they may not read."""
    known = {(ask.method, ask.path) for ask in ASKS}
    pages = []
    for method, path in routes(app):
        if method != "GET" or (method, path) in known:
            continue
        plain = IDS.sub(lambda m: "{household_id}" if m[1] == "household_id" else "{seeker_id}", path)
        if re.sub(r"\{(household_id|seeker_id)\}", "", plain).count("{") == 0:
            own = {"health": READ_HEALTH} if plain.startswith("/me/") else {}
            opens = own or ({"phone": READ_PHONE} if plain in TO_CALL else {})
            pages.append(Ask("GET", plain, None, opens=opens, by_relation=bool(own)))
    return pages
