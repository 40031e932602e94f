"""我的档案各页的内容: what each page under /me shows, in plain words; the templates do the layout."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import Request, Response

from app.accounts.actor import Actor
from app.accounts.audit.queries import Look
from app.accounts.permission_terms import Action, Resource
from app.accounts.terms import Role
from app.core.clock import office_day
from app.core.http import get_settings
from app.regions import gazetteer
from app.seekers.models import Person
from app.seekers.privacy.schemas import ConsentsOut
from app.seekers.privacy.terms import ConsentPurpose
from app.web import sessions
from app.web.csrf import page_csrf_token
from app.web.formats import day_words
from app.web.languages import Language, mark
from app.web.reader import read_reader
from app.web.rendering import page_response, render

Pairs = tuple[tuple[str, str], ...]
_DID = {
    Action.READ: mark("看了你的%(what)s"),
    Action.REVEAL: mark("看了你的%(what)s全文"),
    Action.READ_ABILITY: mark("看了你能干什么"),
    Action.EXPORT: mark("取走了一份%(what)s"),
}
_WHAT = {
    Resource.SEEKER_CARD: mark("名片"),
    Resource.PHONE: mark("电话"),
    Resource.ID_NUMBER: mark("身份证号"),
    Resource.HEALTH: mark("身体情况"),
    Resource.HOUSEHOLD_FILE: mark("户档"),
}
_WHO = {
    Role.EMPLOYER: mark("招人的单位"),
    Role.BROKER: mark("劳务经纪人"),
    Role.VILLAGE_OFFICER: mark("村就业信息员"),
    Role.TOWNSHIP_OFFICER: mark("镇上管就业的"),
    Role.COUNTY_OFFICER: mark("县人社局"),
    Role.AUDITOR: mark("查账的人"),
}
# What each agreement means, and what happens when it is taken back.
PURPOSES = {
    ConsentPurpose.LEDGER: (mark("给我建档，帮我找活"), mark("收回了，就不再替你找活。")),
    ConsentPurpose.HEALTH: (mark("登记我的身体情况"), mark("收回了，登记过的身体情况马上删掉。")),
    ConsentPurpose.SHARE_WITH_EMPLOYERS: (
        mark("把我的名片给招人的单位看"),
        mark("名字打码。收回了，哪家单位都看不到了。"),
    ),
    ConsentPurpose.SHARE_WITH_BROKERS: (
        mark("交给劳务经纪人帮我找活"),
        mark("收回了，经纪人马上看不到了。"),
    ),
    ConsentPurpose.MESSAGES: (mark("给我发招工消息"), mark("收回了，就不再发了。")),
}


@dataclass(frozen=True)
class Choice:
    """一个家里人的档案."""

    name: str
    href: str


@dataclass(frozen=True)
class People:
    """选人: whose file, when several people of a family use one phone."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Proof:
    """认档: the last four of the ID number; `has_people` when this phone has files already."""

    has_people: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Hub:
    """我的档案首页."""

    id: int
    name: str
    place: str
    looks: int
    several: bool
    done: str = ""


@dataclass(frozen=True)
class File:
    """我的档案: the groups are the office's own words."""

    id: int
    name: str
    groups: tuple[tuple[str, Pairs], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class LookLine:
    """一次查看: who by office and role, never by name."""

    day: str
    who: str
    what: str
    reason: str


@dataclass(frozen=True)
class Looks:
    """谁看过."""

    id: int
    lines: tuple[LookLine, ...]


@dataclass(frozen=True)
class ConsentLine:
    """同意一条: `said` is how things stand, `is_given` whether the button takes back or gives."""

    purpose: str
    title: str
    note: str
    said: str
    is_given: bool
    button: str


@dataclass(frozen=True)
class Consents:
    """同意书."""

    id: int
    lines: tuple[ConsentLine, ...]
    done: bool = False


@dataclass(frozen=True)
class Copy:
    """要一份资料."""

    id: int


@dataclass(frozen=True)
class Erase:
    """删除我的资料: `until` is the day by which a request that waits is answered, empty without one; `days`
    how long one may wait."""

    id: int
    name: str
    days: int
    until: str = ""
    may_take_back: bool = False
    problem: str = ""


def me_page(
    request: Request, actor: Actor | None, template: str, view: object, status: int = 200
) -> Response:
    """A page of one's own file. Never kept by the browser: the phone may be the whole family's."""
    reader = read_reader(request)
    token = sessions.browser_token(request) or ""
    csrf = page_csrf_token(get_settings(request), token) if actor is not None else ""
    html = render(template, reader, view=view, csrf=csrf)
    response = page_response(request, html, reader, status=status, secure=sessions.is_secure(request))
    response.headers["Cache-Control"] = "no-store"
    return response


def choices_of(people: Collection[Person]) -> tuple[Choice, ...]:
    return tuple(Choice(person.name, f"/me/{person.id}") for person in people)


def look_lines(
    language: Language, looks: Collection[Look], actor: Actor, today: date, villages: Mapping[str, str]
) -> tuple[LookLine, ...]:
    """Newest first, each with the day, the office and role, what was seen and why."""
    return tuple(
        LookLine(
            day_words(language, office_day(look.at), today),
            _who(language, look, actor, villages),
            language.gettext(_DID.get(look.action, _DID[Action.READ]))
            % {"what": language.gettext(_WHAT.get(look.resource, _WHAT[Resource.SEEKER_CARD]))},
            look.reason,
        )
        for look in looks
    )


def _who(language: Language, look: Look, actor: Actor, villages: Mapping[str, str]) -> str:
    _ = language.gettext
    if look.actor_id is not None and look.actor_id == actor.user_id:
        return _("你自己")
    if look.role is None:
        return _("办事的人") if look.actor_id is not None else _("系统")
    role = _(_WHO[look.role]) if look.role in _WHO else look.role.label
    return f"{place_of(look.team_code, villages)} {role}".strip() if look.team_code else role


def place_of(code: str, villages: Mapping[str, str]) -> str:
    """柳树塬村; a town's name where the village is not known."""
    if code in villages:
        return villages[code]
    division = gazetteer.find_nearest(code)
    return division.name if division else ""


def consent_lines(language: Language, consents: ConsentsOut, today: date) -> tuple[ConsentLine, ...]:
    """How things stand for each purpose, in words with the day."""
    _ = language.gettext
    lines = []
    for each in consents.purposes:
        title, note = PURPOSES[each.purpose]
        if each.last is None:
            said = _("没问过你。按规定先这样办，你随时可以说不。") if each.is_allowed else _("还没问过你")
        else:
            day = day_words(language, office_day(each.last.at), today)
            said = (_("%(day)s同意的") if each.is_allowed else _("%(day)s说了不")) % {"day": day}
        button = _("我同意") if not each.is_allowed else _("收回") if each.last else _("我不同意")
        lines.append(ConsentLine(each.purpose.value, _(title), _(note), said, each.is_allowed, button))
    return tuple(lines)
