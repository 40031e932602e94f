"""户档页和人档页的内容: plain values for the templates, numbers masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core.crypto import FieldCipher
from app.seekers import masking, sealing
from app.seekers.fields import snapshot
from app.seekers.id_numbers import age_on
from app.seekers.models import Household, Person
from app.seekers.rules import may_seek
from app.seekers.terms import HouseholdKind, SeekerStatus
from app.web.formats import yuan
from app.web.staff.referral_file_views import ReferralLine
from app.web.staff.steps import Clear, Step, six_clears
from app.web.staff.wording import NOTHING, HistoryLine, place_name, say

Pairs = tuple[tuple[str, str], ...]
# What matching asks for beyond the six clears.
_WORTH_ASKING = frozenset(
    {"education", "certificates", "limits", "wage_floor_fen", "shifts", "travel_minutes"}
)
# Said in every file: not worth a line.
_SILENT = (NOTHING, "否")
_MORE_FACTS = (("limits", "干不了"), ("not_working_reason", "为什么没活"), ("employer_name", "在"))
_DUE = {SeekerStatus.SEEKING: "now", SeekerStatus.EMPLOYED: "ok", SeekerStatus.SELF_EMPLOYED: "ok"}


@dataclass(frozen=True)
class MemberView:
    """一个家里人: one slip of the household page. `due` is the colour of the status."""

    id: int
    name: str
    line: str
    status: str
    due: str
    facts: Pairs
    phone: str
    id_number: str
    is_seeker: bool
    href: str


@dataclass(frozen=True)
class HouseholdView:
    """户档页."""

    id: int
    title: str
    place: str
    address: str
    number: str
    people: int
    tags: tuple[str, ...]
    working: int
    officer: str
    note: str
    members: tuple[MemberView, ...]
    steps: tuple[Step, ...]
    history: tuple[HistoryLine, ...]
    history_next: str | None
    version: int
    may_edit: bool = False
    may_add: bool = False
    may_edit_people: bool = False
    is_closed: bool = False
    is_masked: bool = False
    today: str = ""
    merges: tuple[tuple[int, str], ...] = ()
    # Who may be named, and whether somebody was who is in office no longer.
    officers: tuple[tuple[int, str], ...] = ()
    officer_id: int | None = None
    officer_left: bool = False


@dataclass(frozen=True)
class PersonView:
    """人档页."""

    id: int
    household_id: int
    name: str
    line: str
    status: str
    due: str
    place: str
    phone: str
    id_number: str
    clears: tuple[Clear, ...]
    groups: tuple[tuple[str, Pairs], ...]
    unknown: tuple[str, ...]
    history: tuple[HistoryLine, ...]
    history_next: str | None
    looks: tuple[str, ...]
    version: int
    may_edit: bool = False
    is_closed: bool = False
    today: str = ""
    merges: tuple[tuple[int, str], ...] = ()
    # What the person agreed to, in words; a request to be erased waits; the reader decides about holds.
    consents: Pairs = ()
    erasure_waits: bool = False
    may_hold: bool = False
    # The latest referrals; whether postings may be offered to the person.
    referrals: tuple[ReferralLine, ...] = ()
    may_push: bool = False


def household_title(people: list[Person] | tuple[Person, ...], *, is_masked: bool = False) -> str:
    """李拴虎家: after the head, else the first member."""
    if not people:
        return "还没有人的一户"
    head = next((person for person in people if person.relation.value == "head"), people[0])
    return f"{masking.mask_name(head.name) if is_masked else head.name}家"


def tags_of(household: Household) -> tuple[str, ...]:
    """What kind of household it is, 监测户 first."""
    kinds = tuple(
        kind.label
        for kind in HouseholdKind
        if kind.value in household.kinds and kind is not HouseholdKind.ORDINARY
    )
    return ("监测户", *kinds) if household.is_monitored else kinds


def line_of(person: Person, today: date) -> str:
    """户主，女，41 岁，普通劳动力."""
    words = [person.relation.label]
    if person.sex is not None:
        words.append(person.sex.label)
    if person.birth_on is not None:
        words.append(f"{age_on(person.birth_on, today)} 岁")
    if may_seek(person.birth_on, person.status, today):
        words.append(person.labour_class.label)
    return "，".join(words)


def status_words(person: Person, today: date) -> str:
    """想找活, 12 天."""
    if person.status is SeekerStatus.SEEKING and person.seeking_since_on is not None:
        days = (today - person.seeking_since_on).days
        return f"{person.status.label}，{days} 天" if days > 0 else person.status.label
    return person.status.label


def words_of(person: Person, villages: Mapping[str, str]) -> dict[str, str]:
    """Every field with a history, in words."""
    return {name: say(name, value, villages) for name, value in snapshot(person).items()}


def wage_words(person: Person) -> str:
    """每月最少 2,800 元."""
    if person.wage_floor_fen is None:
        return NOTHING
    return f"每{person.wage_floor_unit.label}最少 {yuan(person.wage_floor_fen)} 元"


def travel_words(person: Person) -> str:
    """本镇，路上最多 30 分钟，要管住."""
    words = [person.travel.label]
    if person.travel_minutes is not None:
        words.append(f"路上最多 {person.travel_minutes} 分钟")
    words += ["要管吃"] if person.needs_board else []
    words += ["要管住"] if person.needs_lodging else []
    return "，".join(words)


def member_view(person: Person, today: date, cipher: FieldCipher, *, is_masked: bool = False) -> MemberView:
    """One member; a masked reader (auditor) sees no more than a masked name, the status and the class."""
    words = words_of(person, {})
    is_seeker = may_seek(person.birth_on, person.status, today)
    facts: list[tuple[str, str]] = []
    if is_seeker and not is_masked:
        can = [words[name] for name in ("skills", "certificates") if words[name] != NOTHING]
        facts = [
            ("会干", "；".join(can) or NOTHING),
            ("想干", words["occupations"]),
            ("愿意走", travel_words(person)),
            ("要工钱", wage_words(person)),
        ]
        if person.status is not SeekerStatus.SEEKING:  # what is missing matters to those who look
            facts = [(label, said) for label, said in facts if said != NOTHING]
        for name, label in (
            ("limits", "干不了"),
            ("not_working_reason", "为什么没活"),
            ("employer_name", "在"),
        ):
            if words[name] != NOTHING:
                facts.append((label, words[name]))
    phone = "" if is_masked else masking.mask_phone(sealing.open_phone(person, cipher)) or ""
    number = "" if is_masked else masking.mask_id_number(sealing.open_id_number(person, cipher)) or ""
    return MemberView(
        id=person.id,
        name=masking.mask_name(person.name) if is_masked else person.name,
        line=line_of(person, today),
        status=status_words(person, today),
        due=_DUE.get(person.status, ""),
        facts=tuple(facts),
        phone=phone,
        id_number=number,
        is_seeker=is_seeker,
        href="" if is_masked else f"/staff/people/{person.id}",
    )


_GROUPS = (
    (
        "眼下",
        ("status", "seeking_since_on", "employer_name", "work_place", "not_working_reason", "return_reason"),
    ),
    ("会干的", ("education", "skills", "certificates", "limits", "labour_class", "class_reason")),
    ("想干的", ("occupations", "training_wish", "wage_floor_fen", "shifts", "profiles", "welfare_eligible")),
    (
        "愿意走多远",
        ("travel", "travel_minutes", "needs_board", "needs_lodging", "refused_places", "companions"),
    ),
    ("家里的事", ("cares_for_family", "care_hours", "harvest_absences")),
)


def person_groups(
    words: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[tuple[tuple[str, Pairs], ...], tuple[str, ...]]:
    """What is known of a person by what it is about, and the names of what is not known."""
    groups = []
    unknown = []
    for title, names in _GROUPS:
        known = tuple((labels[name], words[name]) for name in names if words[name] not in _SILENT)
        unknown += [labels[name] for name in names if name in _WORTH_ASKING and words[name] == NOTHING]
        if known:
            groups.append((title, known))
    return tuple(groups), tuple(unknown)


def person_view(
    person: Person,
    today: date,
    cipher: FieldCipher,
    villages: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    history: tuple[HistoryLine, ...],
    history_next: str | None,
    looks: tuple[str, ...],
    merges: tuple[tuple[int, str], ...],
    may_edit: bool,
) -> PersonView:
    """The person page."""
    words = words_of(person, villages)
    is_seeker = may_seek(person.birth_on, person.status, today)
    words["wage_floor_fen"] = wage_words(person)
    groups, unknown = person_groups(words, labels)
    return PersonView(
        id=person.id,
        household_id=person.household_id,
        name=person.name,
        line=line_of(person, today),
        status=status_words(person, today),
        due=_DUE.get(person.status, ""),
        place=place_name(person.region_code, villages),
        phone=masking.mask_phone(sealing.open_phone(person, cipher)) or "",
        id_number=masking.mask_id_number(sealing.open_id_number(person, cipher)) or "",
        clears=tuple(six_clears(person, words, today)) if is_seeker else (),
        groups=groups,
        unknown=unknown if is_seeker else (),
        history=history,
        history_next=history_next,
        looks=looks,
        version=person.version,
        may_edit=may_edit,
        is_closed=person.closed_at is not None,
        today=today.isoformat(),
        merges=merges,
    )
