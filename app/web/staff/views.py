"""工作人员页面的内容: what each page shows. Plain values, no sessions; the templates do the wording."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.regions import gazetteer


@dataclass(frozen=True)
class SignInForm:
    """登录表单: `problem` is the sentence on top, `field` the one to change, `next` where it leads."""

    csrf: str = ""
    next: str = ""
    username: str = ""
    problem: str = ""
    field: str = ""
    on_terminal: bool = False


@dataclass(frozen=True)
class RoleLine:
    """我的角色: `place` in words, empty for a role without one; `note` says what is special about it."""

    label: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class AccountPage:
    """我的账号."""

    name: str
    roles: tuple[RoleLine, ...]
    csrf: str
    problem: str = ""
    field: str = ""
    done: str = ""
    has_totp: bool = False
    totp_picture: str = ""
    totp_secret: str = ""


def role_lines(actor: Actor, villages: Mapping[str, str] | None = None) -> tuple[RoleLine, ...]:
    """The roles in force, in words. `villages` names the villages by code."""
    return tuple(
        RoleLine(
            grant.role.label,
            place_words(grant.region_code, villages or {}) if grant.region_code else "",
            "只能看，不能改" if grant.is_read_only else "",
        )
        for grant in actor.grants
        if grant.role is not Role.SEEKER
    )


def place_words(code: str, villages: Mapping[str, str]) -> str:
    """陕西省铜川市耀州区; a village, which the gazetteer does not know, is its town and its name or code."""
    division = gazetteer.find_nearest(code)
    if division is None:
        return code
    words = gazetteer.path_name(division.code)
    return words if division.code == code else f"{words} {villages.get(code, code)}"
