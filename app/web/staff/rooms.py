"""别的事: rooms of the console that are not in the menu, with their links on 今天 and on the home page."""

from dataclasses import dataclass

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.cases import queries as cases
from app.codes import queries as codes
from app.demand_plans.policies import may_plan_anywhere
from app.employers.papers import queries as firm_papers
from app.jobs.vetting_queue import may_decide_anywhere
from app.labour_sharing import policies as sharing
from app.policies import queries as guides
from app.recognised_places.policies import may_see_register
from app.referrals.policies import may_work_anywhere


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
    if may_work_anywhere(actor):
        found.append(Room("/staff/recommendations", "family", "今天拟推的", "排好了，看一遍，勾上发出去"))
        found.append(Room("/staff/fridays", "desk", "周五对接", "镇上带人来，部门带活来，当场对上"))
        found.append(Room("/staff/rolls", "bus", "找人带队", "哪天谁去哪上班，路上点名"))
    if may_decide_anywhere(actor):
        found.append(Room("/staff/batches", "doc", "替单位发岗位", "一家一张表，先看后交"))
        found.append(Room("/staff/posting-rules", "pin", "发岗位的规矩", "最低工资、每月能发几个"))
    if may_plan_anywhere(actor):
        found.append(Room("/staff/plans", "coin", "用工供需", "哪个月要多少人，到时缺不缺"))
    if sharing.may_see_anywhere(actor):
        found.append(Room("/staff/sharing", "family", "余缺调剂", "谁借在哪家，该回没回"))
    if may_see_register(actor):
        found.append(Room("/staff/places", "sew", "社区工厂、车间和基地", "认定、年审、在岗人数"))
    if firm_papers.may_check_anywhere(actor):
        found.append(Room("/staff/employers", "shop", "核验单位", "新来的单位、新交的证照、委托"))
    if actor.has_role(Role.BROKER):
        found.append(Room("/staff/mandates", "desk", "替别家招人", "报委托，点了头就能替它发岗位"))
    if cases.may_list_anywhere(actor):
        found.append(Room("/staff/cases", "warn", "诉求", "欠薪、受骗、工伤、要帮忙的，到期的在前"))
    if codes.may_look(actor):
        if actor.is_officer:
            found.append(Room("/staff/papers", "doc", "印海报、岗位表、信", "一个村一套，每张有自己的码"))
        found.append(Room("/staff/codes", "pin", "码", "谁家的海报扫得多，假码、旧码收回"))
    if guides.may_look_anywhere(actor):
        found.append(Room("/staff/guides", "doc", "政策和通知", "写一条，另一位同事看过就发布"))
    return tuple(found)
