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
