"""权限表: reads `permissions.toml` and refuses every word it doesn't know. Pure but for reading the file."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.accounts.permission_terms import Action, Resource, Tie, View
from app.accounts.terms import Role

TABLE_FILE: Final = Path(__file__).with_name("permissions.toml")
# Digits of region prefix of each area tie.
WIDTHS: Final = {Tie.P12: 12, Tie.P9: 9, Tie.P6: 6, Tie.P4: 4, Tie.P2: 2}
# Ties under which an officer must also hold the area of the record.
TIES_WITHIN_AREA: Final = frozenset({Tie.OWN_HOUSEHOLD, Tie.DUTY, Tie.MADE})
# Ties only a role with an area can have.
_TIES_OF_OFFICERS: Final = TIES_WITHIN_AREA | {Tie.TEAM}
_WITH_PEOPLE: Final = frozenset({Action.CREATE, Action.DECIDE, Action.EXPORT})
# What the file calls those who hold no role at all.
ANYONE: Final = "anyone"


class Rule(BaseModel):
    """权限行: under which tie a role may do some actions on a resource, and on what conditions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    actions: frozenset[Action] = Field(min_length=1)
    tie: Tie
    view: View = View.FULL
    reason: bool = False
    second_person: bool = False
    second_person_above: int | None = Field(default=None, gt=0)
    logged: bool = False
    one_time: bool = False
    quota_per_day: int | None = Field(default=None, gt=0)
    max_people: int | None = Field(default=None, gt=0)
    stage: str | None = Field(default=None, pattern="^(first|second)$")
    state: str | None = Field(default=None, pattern="^draft$")
    account_roles: frozenset[Role] = frozenset()
    not_about_self: bool = False
    may_hide_name: bool = False
    beyond: str | None = Field(default=None, min_length=4)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.max_people or self.second_person_above) and not self.actions <= _WITH_PEOPLE:
            raise ValueError("a number of people only limits creating, deciding and exporting")
        if (self.one_time or self.quota_per_day) and self.actions != {Action.REVEAL}:
            raise ValueError("one_time and quota_per_day are for revealing")
        if self.stage and self.actions != {Action.DECIDE}:
            raise ValueError("a stage is a stage of a decision")
        if Action.REVEAL in self.actions and not self.logged:
            raise ValueError("revealing is always logged")
        return self


class Row(BaseModel):
    """A resource with the rules of every role. Validated as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    holds: str = Field(min_length=2)
    subject: str = Field(pattern="^[a-z_]+$")
    sensitive: bool = False
    rules: dict[Role | None, tuple[Rule, ...]]

    @model_validator(mode="before")
    @classmethod
    def _gather_roles(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Rules stand under the name of their role; an unknown name is refused."""
        rest = dict(given)
        rules: dict[Role | None, Any] = {None: rest.pop(ANYONE, ())}
        for role in Role:
            rules[role] = rest.pop(role.value, ())
        return {**rest, "rules": rules}


class PermissionTable:
    """The whole table. `rules(resource, role)` with role None gives the rules for anyone at all.

    Raises `ValueError` when the file names something unknown, leaves a resource out, or contradicts itself.
    """

    def __init__(self, text: str) -> None:
        data = tomllib.loads(text)
        layout = data.pop("layout")
        self.smallest_count = int(layout.pop("smallest_count"))
        if self.smallest_count < 2:
            raise ValueError("smallest_count: one person is no aggregate")
        self.area_ties = {Role(name): Tie(tie) for name, tie in layout.items()}
        if set(data) != {resource.value for resource in Resource}:
            raise ValueError(f"resources: {sorted(set(data) ^ {r.value for r in Resource})}")
        self.rows = {Resource(name): Row.model_validate(row) for name, row in data.items()}
        for resource, row in self.rows.items():
            self._check_row(resource, row)

    def rules(self, resource: Resource, role: Role | None) -> tuple[Rule, ...]:
        return self.rows[resource].rules[role]

    def same_subject(self, resource: Resource) -> tuple[Resource, ...]:
        """Resources about the same thing: who may read one knows that the thing exists."""
        subject = self.rows[resource].subject
        return tuple(other for other, row in self.rows.items() if row.subject == subject)

    def _check_row(self, resource: Resource, row: Row) -> None:
        for role, rules in row.rules.items():
            seen: set[tuple[Action, Tie, str | None]] = set()
            for rule in rules:
                where = f"{resource.value}.{role.value if role else ANYONE}"
                self._check_tie(where, role, rule)
                for action in rule.actions:
                    if (action, rule.tie, rule.stage) in seen:
                        raise ValueError(f"{where}: {action.value} stands twice")
                    seen.add((action, rule.tie, rule.stage))
                if bool(rule.account_roles) != self._needs_account_roles(resource, rule):
                    raise ValueError(f"{where}: account_roles")

    def _check_tie(self, where: str, role: Role | None, rule: Rule) -> None:
        of_area = rule.tie in WIDTHS
        if of_area and (role is None or self.area_ties.get(role) is not rule.tie):
            raise ValueError(f"{where}: {rule.tie.value} is not the area of this role")
        if rule.tie in _TIES_OF_OFFICERS and (role is None or role not in self.area_ties):
            raise ValueError(f"{where}: {rule.tie.value} needs a role with an area")
        if role is None and (rule.tie is not Tie.ANYONE or rule.actions != {Action.READ}):
            raise ValueError(f"{where}: whoever comes by may read what is public, nothing else")

    def _needs_account_roles(self, resource: Resource, rule: Rule) -> bool:
        writes = bool(rule.actions & {Action.CREATE, Action.EDIT})
        return resource is Resource.STAFF_ACCOUNT and writes


@cache
def permission_table() -> PermissionTable:
    """The table of this product."""
    return PermissionTable(TABLE_FILE.read_text(encoding="utf-8"))
