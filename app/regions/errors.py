"""行政区划的错误: what goes wrong when a place is asked for."""

from app.core.errors import Conflict, Invalid, NotFound


class UnknownRegion(NotFound):
    """区划代码不存在: no division carries this code."""

    code, title = "unknown_region", "没有找到这个地区，请从列表中重新选择。"


class BadVillageCode(Invalid):
    """村代码不对: a village has 12 digits, the first 9 of them its town's."""

    code, title = "bad_village_code", "村的代码要12位数字，前9位是所在乡镇的代码，请核对后再填。"


class VillageExists(Conflict):
    """村代码已被占用: another village already carries this code."""

    code, title = "village_exists", "这个代码已经登记了别的村，请核对代码，或先改名。"


class BadRegionChange(Invalid):
    """区划变更办不了: the division, the new code or the level does not allow it; the title says why."""

    code, title = "bad_region_change", "这个变更办不了，请核对代码。"


class RegionChangeInTheWay(Conflict):
    """有事挡着: another change, an unfinished import or later records stand in the way; the title says
    what.
    """

    code, title = "region_change_in_the_way", "现在还办不了，请过一会儿再试。"


class RegionChangeNotFound(NotFound):
    """区划变更不存在, or not within sight."""

    code, title = "region_change_not_found", "没找到这个区划变更。"
