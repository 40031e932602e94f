"""认定用语: kinds of place, levels, and what a review comes to."""

from app.core.terms import LabelledEnum


class PlaceKind(LabelledEnum):
    """载体种类 (DOMAIN G1)."""

    COMMUNITY_FACTORY = "community_factory", "社区工厂"
    WORKSHOP = "workshop", "帮扶车间"
    BASE = "base", "就业帮扶基地"


class PlaceLevel(LabelledEnum):
    """认定级别: the office that recognised it."""

    COUNTY = "county", "县级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"


class ReviewOutcome(LabelledEnum):
    """年审结果."""

    KEPT = "kept", "合格"
    MENDS = "mends", "限期整改"
    WITHDRAWN = "withdrawn", "取消认定"
