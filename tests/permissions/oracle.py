"""The oracle: SAFETY's table read again, by other hands and other means than app/accounts/permissions.

The cells below are those of SAFETY, transcribed in its own notation. Regions are compared by walking up the
parents of the code table, never by prefixes. Nothing here imports the table or the code under test, except
for the names of things.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from app.accounts.actor import Actor, Grant
from app.accounts.permission_terms import Action, Resource
from app.accounts.permissions import Target
from app.accounts.terms import Role
from app.regions import gazetteer
from app.regions.terms import Level

COLUMNS = ("seeker", "employer", "broker", "village", "township", "county", "upper", "admin", "auditor")
# SAFETY, "Role x resource", row by row. Letters as there; N counts, V reveals, B can-do only, W withdraws,
# A answers, O opts out; pair = second person,
# why = reason. `;` parts two permissions of one cell.
CELLS = {
    "seeker_card": ("RU own", "R rel m", "R asg m", "RCU", "RCU", "RU", "N", "-", "-"),
    "phone": ("RU own", "V rel once quota log", "R asg log", "R", "R", "R", "-", "-", "R m"),
    "id_number": ("R own m", "-", "-", "R m; V why log", "R m; V why log", "R m; V why log", "-", "-", "R m"),
    "health": ("RU own", "B rel", "-", "R household log", "R household log", "R duty log", "-", "-", "-"),
    "household_file": ("R own", "-", "-", "RCU", "RU", "RD", "N", "-", "R m"),
    "posting": ("-", "CU co", "CU firm", "CU draft", "UD", "D", "R", "-", "R"),
    "employer_papers": ("-", "RCU co", "R asg", "-", "R", "RD", "R m", "-", "R"),
    "referral": ("RCW own", "RD rel", "RC asg", "RC", "RCU", "RUD", "N", "-", "R m"),
    "campaign": ("O own", "-", "-", "C <=50", "C <=1000", "CD pair>1000", "-", "-", "R"),
    "claim": ("RC own", "C co", "-", "RC", "R; D first", "R; D second", "N", "-", "R m"),
    "case": ("RC own hide", "RA co nophone", "-", "RC notself", "RU", "RD", "N", "-", "R"),
    "transport_fair": ("RC own", "R co", "R asg", "RC", "RU", "RUD", "R", "-", "R"),
    "ranking": ("R all nopersons", "R all nopersons", "R all nopersons", "R", "R", "RU", "R", "-", "R"),
    "people_file": ("X own", "-", "-", "X m <=200 log", "C log; X m <=2000 why log", "C log; X why pair log",
                    "N", "-", "R"),
    "staff_account": ("-", "CU co employer", "R own", "-", "CU below", "CU below", "CU below", "CU below",
                      "R"),
    "audit_log": ("R own", "-", "-", "-", "R team", "R", "-", "R technical", "R"),
    "region_change": ("-", "-", "-", "-", "-", "RCD", "-", "RCD", "R"),
    "printed_code": ("-", "-", "-", "RCU", "RCU", "RCU", "R", "-", "R"),
    "demand_plan": ("-", "RCU co", "RCU firm", "RC", "RCUX", "RCUX", "RX", "-", "R"),
    "labour_sharing": ("-", "RCU co", "-", "R", "RCU", "RCU", "R", "-", "R"),
    "recognised_place": ("-", "R co nopersons", "-", "R", "R", "RCUX", "RX nopersons", "-", "R nopersons"),
    "guide": ("-", "-", "-", "-", "RCU", "RCUD", "-", "-", "R"),
}  # fmt: skip
# Rows that SAFETY's table does not have: its faults speak of them, or DOMAIN B2, B3, G1.
NOT_IN_SAFETY = {
    "region_change",
    "printed_code",
    "demand_plan",
    "labour_sharing",
    "recognised_place",
    "guide",
}
# What the product allows or refuses beyond the table, each with its reason (app/accounts/permissions.toml).
BEYOND = {
    ("posting", "village"): "R",
    ("posting", "township"): "C",
    ("posting", "county"): "CU",
    ("employer_papers", "broker"): "R firm",
    ("employer_papers", "township"): "D first; C",
    ("employer_papers", "county"): "C",
    ("referral", "seeker"): "A own",
    ("campaign", "village"): "R made",
    ("campaign", "township"): "R made",
    ("claim", "employer"): "R co",
}
STRICTER = {("case", "township"): "notself", ("case", "county"): "notself"}
SENSITIVE = {"phone", "id_number", "health", "people_file"}
SUBJECTS = [{"seeker_card", "phone", "id_number", "health", "household_file"}]
LETTERS = {
    "R": Action.READ,
    "C": Action.CREATE,
    "U": Action.EDIT,
    "D": Action.DECIDE,
    "X": Action.EXPORT,
    "V": Action.REVEAL,
    "N": Action.COUNT,
    "B": Action.READ_ABILITY,
    "W": Action.WITHDRAW,
    "A": Action.ANSWER,
    "O": Action.OPT_OUT,
}
COLUMN_OF = {
    Role.SEEKER: "seeker",
    Role.EMPLOYER: "employer",
    Role.BROKER: "broker",
    Role.VILLAGE_OFFICER: "village",
    Role.TOWNSHIP_OFFICER: "township",
    Role.COUNTY_OFFICER: "county",
    Role.CITY_VIEWER: "upper",
    Role.PROVINCE_VIEWER: "upper",
    Role.ADMIN: "admin",
    Role.AUDITOR: "auditor",
}
LEVELS = {
    Role.VILLAGE_OFFICER: Level.VILLAGE,
    Role.TOWNSHIP_OFFICER: Level.TOWN,
    Role.COUNTY_OFFICER: Level.COUNTY,
    Role.CITY_VIEWER: Level.CITY,
    Role.PROVINCE_VIEWER: Level.PROVINCE,
}
BELOW = {
    Role.TOWNSHIP_OFFICER: {Role.VILLAGE_OFFICER},
    Role.COUNTY_OFFICER: {Role.VILLAGE_OFFICER, Role.TOWNSHIP_OFFICER, Role.BROKER},
    Role.CITY_VIEWER: {Role.COUNTY_OFFICER},
    Role.PROVINCE_VIEWER: {Role.CITY_VIEWER},
    Role.ADMIN: set(LEVELS) | {Role.BROKER},
}


@dataclass(frozen=True)
class Verdict:
    """What the oracle says: how the record is shown and on what conditions."""

    shown: str = "full"
    why: bool = False
    pair: str = ""
    log: bool = False
    once: bool = False
    most: int | None = None


@cache
def chain(code: str) -> tuple[str, ...]:
    """The place and all it lies in. A village that the built-in table lacks lies in its town."""
    if len(code) == 12:
        return (code, *chain(code[:9]))
    division = gazetteer.find(code)
    if division is None:
        return ()
    return (code, *(chain(division.parent_code) if division.parent_code else ()))


def holds_area(grant: Grant, region_code: str | None) -> bool:
    """Whether the grant is over the place: of the right level, and the place lies in it."""
    level = LEVELS.get(grant.role)
    if grant.region_code is None:
        return level is None
    if level is Level.VILLAGE and len(grant.region_code) != 12:
        return False
    if level is not None and level is not Level.VILLAGE:
        division = gazetteer.find(grant.region_code)
        if division is None or level not in division.levels:
            return False
    return region_code is not None and grant.region_code in chain(region_code)


def say(actor: Actor, action: Action, resource: Resource, target: Target, now: datetime) -> list[Verdict]:
    """Every way in which the table allows this; [] is a refusal."""
    if target.is_erased and resource is not Resource.AUDIT_LOG:
        return []
    if actor.user_id is not None and is_about_oneself(actor.user_id, action, resource, target):
        return []
    verdicts = []
    if resource is Resource.POSTING and action is Action.READ and target.is_public:
        verdicts.append(Verdict())
    staff = any(g.role not in (Role.SEEKER, Role.EMPLOYER) for g in actor.grants)
    everyday = () if staff or actor.user_id is None else (Grant(Role.SEEKER),)
    for grant in (*actor.grants, *everyday):
        if grant.is_read_only and action not in (Action.READ, Action.COUNT):
            continue
        for words in ways(resource.value, grant.role):
            letters, *rest = words
            if action in {LETTERS[letter] for letter in letters} and is_met(rest, grant, actor, target, now):
                if action is Action.DECIDE and is_of_office(grant, rest) and has_hand_in(actor, target):
                    continue
                verdicts.append(verdict(action, resource.value, rest))
    return verdicts


def ways(resource: str, role: Role) -> Iterator[list[str]]:
    column = COLUMN_OF[role]
    cell = CELLS[resource][COLUMNS.index(column)]
    parts = [part.split() for part in cell.split(";") if part.strip() != "-"]
    parts += [part.split() for part in BEYOND.get((resource, column), "").split(";") if part]
    stricter = STRICTER.get((resource, column))
    for part in parts:
        letters, rest = part[0], [*part[1:], *([stricter] if stricter else [])]
        yield [letters, *rest]
        # Whoever may change or decide something can see it first.
        if set(letters) & set("UD") and "R" not in letters and not {"first", "second"} & set(rest):
            yield ["R", *(word for word in rest if not word.startswith(("pair", "<=")))]


def is_of_office(grant: Grant, words: list[str]) -> bool:
    return grant.role in LEVELS and not {"household", "duty", "made"} & set(words)


def is_about_oneself(user_id: int, action: Action, resource: Resource, target: Target) -> bool:
    """Nobody decides about themselves or approves what they submitted; nobody changes their own account."""
    if resource is Resource.STAFF_ACCOUNT and action in (Action.CREATE, Action.EDIT):
        return target.owner_user_id == user_id
    if action is not Action.DECIDE:
        return False
    return (
        target.owner_user_id == user_id
        or user_id in target.submitted_by_ids
        or user_id in target.about_user_ids
        or user_id in target.decided_by_ids
    )


def has_hand_in(actor: Actor, target: Target) -> bool:
    firms = {grant.employer_id for grant in actor.grants} - {None}
    return target.created_by_id == actor.user_id or bool(firms & target.employer_ids)


def is_met(words: list[str], grant: Grant, actor: Actor, target: Target, now: datetime) -> bool:
    """Whether each word of the cell holds for this actor and record."""
    return all(_word(word, grant, actor, target, now) for word in words) and (
        bool({"own", "rel", "asg", "co", "firm", "all", "technical", "team"} & set(words))
        or holds_area(grant, target.region_code)
    )


def _word(word: str, grant: Grant, actor: Actor, target: Target, now: datetime) -> bool:
    user = actor.user_id
    facts = {
        "own": user is not None and target.owner_user_id == user,
        "rel": grant.employer_id is not None and grant.employer_id in target.related_employer_ids,
        "co": grant.employer_id is not None and grant.employer_id in target.employer_ids,
        "firm": grant.employer_id is not None and grant.employer_id in target.employer_ids,
        "asg": any(a.user_id == user and a.until is not None and a.until > now for a in target.assignments),
        "household": target.household_officer_id == user and not grant.is_read_only,
        "duty": user in target.duty_user_ids and not grant.is_read_only,
        "made": target.created_by_id == user and not grant.is_read_only,
        "draft": target.state == "draft",
        "first": target.stage == "first",
        "second": target.stage == "second",
        "notself": user not in target.about_user_ids,
        "team": holds_area(grant, target.team_code),
        "technical": target.is_technical,
        "employer": target.account_roles == {Role.EMPLOYER},
        "below": bool(target.account_roles) and target.account_roles <= BELOW.get(grant.role, set()),
    }
    return facts.get(word, True)


def verdict(action: Action, resource: str, words: list[str]) -> Verdict:
    shown = next((w for w in ("m", "nophone", "nopersons") if w in words), "full")
    most = next((int(w[2:]) for w in words if w.startswith("<=")), None)
    pair = next((w for w in words if w.startswith("pair")), "")
    own = "own" in words or action is Action.COUNT
    log = "log" in words or (resource in SENSITIVE and shown == "full" and not own)
    return Verdict(shown, "why" in words, pair, log, "once" in words, most)


def knows_of(actor: Actor, resource: Resource, target: Target, now: datetime) -> bool:
    """Whether the actor may see anything of the thing; otherwise, for them, there is no such thing."""
    together = next((s for s in SUBJECTS if resource.value in s), {resource.value})
    return any(say(actor, Action.READ, Resource(name), target, now) for name in together)
