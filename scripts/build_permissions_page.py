"""Writes docs/permissions.md from app/accounts/permissions.toml. Run it after changing the table.

`--check` only says whether the page is up to date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from app.accounts.permission_table import WIDTHS, PermissionTable, Rule, permission_table
from app.accounts.permission_terms import Action, Resource, Tie, View
from app.accounts.terms import Role

PAGE = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
COLUMNS: tuple[Role | None, ...] = (None, *Role)
TITLE = "# 谁能看什么、做什么\n"
INTRO = """
本页由 `scripts/build_permissions_page.py` 从 `app/accounts/permissions.toml` 生成，不要手改；
`tests/accounts/test_permissions_page.py` 看着它。没写的一律不许；管不着的地方，一律答“没找到”（404），
管得着但不许的，答“办不了”（403）。

总规矩（写在 `app/accounts/permissions.py`，表里怎么写都不变）：谁交的谁不批；自己的事、自己单位的事自己不定；
自己的账号自己不改权限；只留着看的角色什么也不能改；交办到期就不算；本人要求删掉的，谁也看不到；
角色一收回，下一次点击就不算数。
"""
SHORT = {
    Tie.ANYONE: "公开",
    Tie.OWN: "本人",
    Tie.MADE: "自建",
    Tie.COMPANY: "本单位",
    Tie.RELATED: "有往来",
    Tie.MANDATE: "受托",
    Tie.ASSIGNED: "交办",
    Tie.OWN_HOUSEHOLD: "包户",
    Tie.DUTY: "值守",
    Tie.TEAM: "本队伍",
    Tie.TECHNICAL: "技术类",
    Tie.EVERYWHERE: "全部",
}


def marks(actions: frozenset[Action]) -> str:
    return " ".join(action.mark for action in Action if action in actions)


def conditions(rule: Rule) -> Iterator[str]:
    if rule.view is not View.FULL:
        yield rule.view.label
    if rule.reason:
        yield "写原因"
    if rule.second_person:
        yield "要第二个人点头"
    if rule.second_person_above:
        yield f"过 {rule.second_person_above} 人要第二个人点头"
    if rule.max_people:
        yield f"最多 {rule.max_people} 人"
    if rule.one_time:
        yield "一次"
    if rule.quota_per_day:
        yield f"每天 {rule.quota_per_day} 个"
    if rule.logged:
        yield "记下来"
    if rule.stage:
        yield "初审" if rule.stage == "first" else "复审"
    if rule.state:
        yield "只限草稿"
    if rule.account_roles:
        yield "、".join(role.label for role in Role if role in rule.account_roles) + "的账号"
    if rule.not_about_self:
        yield "说到自己的不行"
    if rule.may_hide_name:
        yield "可以不留名"


def cell(rules: tuple[Rule, ...]) -> str:
    """A cell: one line a rule."""
    lines = []
    for rule in rules:
        place = "" if rule.tie in WIDTHS else f" {SHORT[rule.tie]}"
        more = "，".join(conditions(rule))
        lines.append(f"**{marks(rule.actions)}**{place}{f'（{more}）' if more else ''}")
    return "<br>".join(lines) or "-"


def name(role: Role | None, table: PermissionTable) -> str:
    if role is None:
        return "谁都行<br>`anyone`"
    tie = table.area_ties.get(role)
    return f"{role.label}<br>`{role.value}`{f' {tie.value}' if tie else ''}"


def page(table: PermissionTable) -> str:
    """The whole page."""
    lines = [TITLE, INTRO, "字母："]
    lines += [f"- `{action.mark}` {action.label}" for action in Action]
    lines += ["", "范围：" + "、".join(f"`{t.value}` 前 {w} 位（{t.label}）" for t, w in WIDTHS.items())]
    lines += [f"合计少于 {table.smallest_count} 人不给数。格子里没写范围的，就是列头的范围。", ""]
    lines.append("| | " + " | ".join(name(role, table) for role in COLUMNS) + " |")
    lines.append("|---|" + "---|" * len(COLUMNS))
    for resource in Resource:
        row = table.rows[resource]
        head = f"**{resource.label}**<br>`{resource.value}`<br>{row.holds}"
        if row.sensitive:
            head += "<br>（敏感：看全文都记）"
        cells = [cell(row.rules[role]) for role in COLUMNS]
        lines.append(f"| {head} | " + " | ".join(cells) + " |")
    lines += ["", "## 比 SAFETY 那张表宽些或严些的地方，和缘由", ""]
    for resource in Resource:
        for role in COLUMNS:
            for rule in table.rules(resource, role):
                if rule.beyond:
                    who = role.label if role else "谁都行"
                    lines.append(f"- {resource.label} · {who} · `{marks(rule.actions)}`：{rule.beyond}")
    return "\n".join(lines) + "\n"


def main() -> None:
    text = page(permission_table())
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == text else "docs/permissions.md is not up to date")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
