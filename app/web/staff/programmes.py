"""工作台上的专项: pages beside the daily work, each for who may see it."""

from app.accounts.actor import Actor
from app.demand_plans.policies import may_plan_anywhere
from app.labour_sharing.policies import may_see_anywhere
from app.recognised_places.policies import may_see_register
from app.web.staff.page import MenuItem


def programmes_of(actor: Actor) -> tuple[MenuItem, ...]:
    """The programmes this colleague has a part in."""
    found = []
    if may_plan_anywhere(actor):
        found.append(MenuItem("plans", "/staff/plans", "用工供需", "coin"))
    if may_see_anywhere(actor):
        found.append(MenuItem("sharing", "/staff/sharing", "余缺调剂", "family"))
    if may_see_register(actor):
        found.append(MenuItem("places", "/staff/places", "社区工厂、车间和基地", "sew"))
    return tuple(found)
