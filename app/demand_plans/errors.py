"""What can go wrong with a demand plan."""

from app.core.errors import Conflict, NotFound


class PlanNotFound(NotFound):
    code, title = "plan_not_found", "没有这个用工计划，可能地址抄错了。"


class PlanClosed(Conflict):
    code, title = "plan_closed", "这个计划已经撤了，改不了。要人的话重新报一个。"
