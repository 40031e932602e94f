"""What every route about people needs, and what it may open: the policy of the routes, written down by hand.

A new route about people that is not listed here fails `test_each_route_about_people_has_its_policy`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.accounts.permission_terms import Action, Resource
from app.demo.numbers import id_check_sign
from tests.permissions.http.people import Record

Need = tuple[Action, Resource]
# Somebody who is in no record.
NEW_NUMBER = "99020419750308901" + id_check_sign("99020419750308901")
# Stand in a body for what is filled in for each record; "beside" is another household of the same place.
HOUSEHOLD, PLACE = "<household>", "<place>"
# The account of the caller "broker".
BROKER_ID = 6
BESIDE_HOUSEHOLD, BESIDE_PERSON = "<household beside>", "<person beside>"
READ_CARD = (Action.READ, Resource.SEEKER_CARD)
EDIT_CARD = (Action.EDIT, Resource.SEEKER_CARD)
ADD_CARD = (Action.CREATE, Resource.SEEKER_CARD)
READ_FILE = (Action.READ, Resource.HOUSEHOLD_FILE)
EDIT_FILE = (Action.EDIT, Resource.HOUSEHOLD_FILE)
ADD_FILE = (Action.CREATE, Resource.HOUSEHOLD_FILE)
DECIDE_FILE = (Action.DECIDE, Resource.HOUSEHOLD_FILE)
REVEAL_ID = (Action.REVEAL, Resource.ID_NUMBER)
READ_PHONE = (Action.READ, Resource.PHONE)
# An employer has no other way to a phone.
REVEAL_PHONE = (Action.REVEAL, Resource.PHONE)
READ_HEALTH = (Action.READ, Resource.HEALTH)
# Sealed values that a route may open, each for whom this permission is given.
COPY = {"id_number": REVEAL_ID, "phone": READ_PHONE, "health": READ_HEALTH, "ledger": READ_FILE}


@dataclass(frozen=True)
class Ask:
    """One way of calling a route."""

    method: str
    path: str
    # What the caller must be allowed to do to the record in question; None: a list, which simply leaves out.
    need: Need | None
    body: dict[str, str | bool | int | list[str] | None] | None = None
    query: str = ""
    opens: dict[str, Need] = field(default_factory=dict)
    # For those who see the record unmasked only.
    whole: bool = False
    # About the household rather than the person.
    of_household: bool = False
    # A record that is not where one looks for it answers otherwise (a place in the body, not in the path).
    names_place: bool = False
    # Also for the person themself, their firm and their broker; all else is for who holds the area.
    by_relation: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}{self.query}"


H, S = "/api/v1/households", "/api/v1/seekers"
ASKS = (
    Ask("GET", H, None, query="?limit=100"),
    Ask("GET", H, None, query="?limit=100&region={region}"),
    Ask("POST", H, ADD_FILE, {"region_code": PLACE}, names_place=True),
    Ask("GET", H + "/{household_id}", READ_FILE, of_household=True),
    Ask("PATCH", H + "/{household_id}", EDIT_FILE, {"kinds": ["relocated"]}, of_household=True),
    Ask("PUT", H + "/{household_id}/officer", EDIT_FILE, {"officer_id": None}, of_household=True),
    Ask(
        "POST",
        H + "/{household_id}/members",
        ADD_CARD,
        {"name": "新人", "birth_on": "1990-01-01"},
        of_household=True,
    ),
    Ask(
        "POST",
        H + "/{household_id}/close",
        EDIT_FILE,
        {"close_reason": "mistake", "reason": "重了"},
        of_household=True,
    ),
    Ask("POST", H + "/{household_id}/reopen", EDIT_FILE, of_household=True),
    Ask(
        "POST",
        H + "/{household_id}/merge",
        EDIT_FILE,
        {"duplicate_id": BESIDE_HOUSEHOLD, "reason": "重了"},
        of_household=True,
    ),
    Ask("POST", H + "/{household_id}/unmerge", EDIT_FILE, of_household=True),
    Ask("GET", H + "/{household_id}/timeline", READ_FILE, of_household=True, whole=True),
    Ask("GET", S, None, query="?limit=100"),
    Ask("GET", S, None, query="?limit=100&region={region}"),
    Ask("GET", S, None, query="?q={name}"),
    Ask("GET", S, None, query="?q={phone}"),
    Ask("GET", S, None, query="?q={id_number}"),
    Ask("GET", S + "/counts", None, query="?region={region}"),
    Ask(
        "POST",
        S,
        ADD_CARD,
        {
            "household_id": HOUSEHOLD,
            "name": "新人",
            "phone": "19911112222",
            "id_number": NEW_NUMBER,
        },
        of_household=True,
        names_place=True,
    ),
    Ask("GET", S + "/{seeker_id}", READ_CARD, by_relation=True),
    Ask("PATCH", S + "/{seeker_id}", EDIT_CARD, {"needs_board": True}),
    Ask("GET", S + "/{seeker_id}/timeline", READ_CARD),
    Ask("GET", S + "/{seeker_id}/matches", READ_CARD),
    Ask("GET", S + "/{seeker_id}/supplements", READ_CARD),
    Ask("GET", "/api/v1/jobs/{job_id}/matches", None),
    Ask("GET", S + "/{seeker_id}/as-of", READ_CARD, query="?day=2026-11-22"),
    Ask(
        "POST",
        S + "/{seeker_id}/reveal",
        REVEAL_ID,
        {"field": "id_number", "reason": "核对身份办补贴"},
        opens={"id_number": REVEAL_ID},
        by_relation=True,
    ),
    Ask(
        "POST",
        S + "/{seeker_id}/reveal",
        READ_PHONE,
        {"field": "phone", "reason": "电话里说岗位"},
        opens={"phone": READ_PHONE},
        by_relation=True,
    ),
    Ask(
        "POST",
        S + "/{seeker_id}/reveal",
        READ_HEALTH,
        {"field": "health", "reason": "看能干什么活"},
        opens={"health": READ_HEALTH},
        by_relation=True,
    ),
    Ask(
        "POST",
        S + "/{seeker_id}/reveal",
        READ_FILE,
        {"field": "ledger", "reason": "核对台账上的数"},
        opens={"ledger": READ_FILE},
        by_relation=True,
    ),
    Ask("POST", S + "/{seeker_id}/move", ADD_CARD, {"household_id": BESIDE_HOUSEHOLD, "reason": "分户"}),
    Ask("POST", S + "/{seeker_id}/class", EDIT_CARD, {"class": "semi", "reason": "腰不好，本人说的"}),
    Ask("POST", S + "/{seeker_id}/close", EDIT_CARD, {"close_reason": "mistake", "reason": "重了"}),
    Ask("POST", S + "/{seeker_id}/reopen", EDIT_CARD),
    Ask("POST", S + "/{seeker_id}/merge", EDIT_CARD, {"duplicate_id": BESIDE_PERSON, "reason": "重了"}),
    Ask("POST", S + "/{seeker_id}/unmerge", EDIT_CARD),
    Ask(
        "POST",
        S + "/returns",
        ADD_CARD,
        {"id_number": NEW_NUMBER, "region_code": PLACE, "method": "visit"},
        names_place=True,
    ),
    Ask("GET", S + "/{seeker_id}/consents", READ_CARD),
    Ask("POST", S + "/{seeker_id}/consents", EDIT_CARD, {"purpose": "messages", "method": "visit"}),
    Ask("GET", S + "/{seeker_id}/copy", REVEAL_ID, opens=COPY),
    Ask("GET", S + "/{seeker_id}/copy", REVEAL_ID, query="?format=text", opens=COPY),
    Ask("POST", S + "/{seeker_id}/erasure", EDIT_CARD, {"method": "visit", "reason": "本人要求删除"}),
    Ask("POST", S + "/{seeker_id}/erasure/carry-out", EDIT_CARD),
    Ask("POST", S + "/{seeker_id}/erasure/refuse", EDIT_CARD, {"reason": "本人说没有要删"}),
    Ask("POST", S + "/{seeker_id}/sealed-record", REVEAL_ID, {"reason": "仲裁要看原来的记录"}),
    Ask("GET", S + "/{seeker_id}/brokers", EDIT_CARD),
    Ask(
        "POST",
        S + "/{seeker_id}/brokers",
        EDIT_CARD,
        {"broker_user_id": BROKER_ID, "until_on": "2026-12-31"},
    ),
    Ask("POST", S + "/{seeker_id}/brokers/end", EDIT_CARD, {"broker_user_id": BROKER_ID}),
    Ask("POST", S + "/{seeker_id}/holds", DECIDE_FILE, {"reason": "case_open"}),
    Ask("GET", S + "/{seeker_id}/holds", DECIDE_FILE),
    Ask("POST", S + "/{seeker_id}/holds/lift", DECIDE_FILE, {"hold_id": "1", "reason": "案子办完了"}),
)
# Routes about people whose answers no test calls yet one by one; GET pages are all called (see probe).
PEOPLE_WORDS = ("household", "seeker", "people", "person", "matches")
# Ranks postings for a profile that is sent along; nobody's record is read.
NOT_ABOUT_RECORDS = {
    ("POST", "/api/v1/matches/jobs"),
    ("GET", "/api/v1/matches/formula"),
    # Answer with counts or nothing; whose people may be brought and taken off: tests/referrals/sessions.
    ("POST", "/api/v1/sessions/{session_id}/people"),
    ("DELETE", "/api/v1/sessions/{session_id}/people/{seeker_id}"),
}


def body_of(ask: Ask, record: Record, beside: Record) -> dict[str, Any] | None:
    """The body of the call for a record."""
    if ask.body is None:
        return None
    fill = {
        HOUSEHOLD: record.household_id,
        PLACE: record.region_code,
        BESIDE_HOUSEHOLD: beside.household_id,
        BESIDE_PERSON: beside.person_id,
    }
    return {
        name: fill.get(value, value) if isinstance(value, str) else value for name, value in ask.body.items()
    }


def addresses(ask: Ask, record: Record, job_id: int) -> Iterator[str]:
    """The address of the call for a record, and the same for an id that nobody has."""
    fill = {"region": record.region_code, **record.canaries}
    query = ask.query.format_map({"name": "无", "phone": "19912345678", "id_number": "1", **fill})
    for household_id, seeker_id in ((record.household_id, record.person_id), (999_999_999, 999_999_999)):
        yield ask.path.format(household_id=household_id, seeker_id=seeker_id, job_id=job_id) + query
