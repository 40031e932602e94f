"""行政区划用语: levels of division and how far a person is willing to travel."""

from app.core.terms import LabelledEnum


class Level(LabelledEnum):
    """区划级别, from the province down to the village."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWN = "town", "乡镇"
    VILLAGE = "village", "村"


class Reach(LabelledEnum):
    """愿意走多远: the widest area around home in which a person would work."""

    VILLAGE = "village", "本村"
    TOWNSHIP = "township", "本镇"
    COUNTY = "county", "本县"
    CITY = "city", "本市"
    PROVINCE = "province", "省内"
    ANYWHERE = "anywhere", "哪里都行"


class CoordinateSystem(LabelledEnum):
    """坐标系: in which system a position is given (see `datum`)."""

    WGS84 = "wgs84", "GPS、天地图（WGS-84）"
    GCJ02 = "gcj02", "高德、腾讯地图（GCJ-02）"
    BD09 = "bd09", "百度地图（BD-09）"


class RegionSource(LabelledEnum):
    """区划来源: who brought a division into the table."""

    BUILTIN = "builtin", "系统自带"
    OFFICE = "office", "本级添加"


class RegionChangeKind(LabelledEnum):
    """区划变更种类: what becomes of a division."""

    RENAME = "rename", "改名"
    NEW_CODE = "new_code", "换代码"
    MERGE = "merge", "并入"
    TRANSFER = "transfer", "划转"


class RegionChangeState(LabelledEnum):
    """区划变更状态. proposed (by the yearly table) or prepared -> approved -> applied -> undone; or
    dropped.
    """

    PROPOSED = "proposed", "年度区划表提出，等人接手"
    PREPARED = "prepared", "拟好了，等另一位同事批"
    APPROVED = "approved", "批了，等生效日"
    APPLIED = "applied", "已经生效"
    DROPPED = "dropped", "不办了"
    UNDONE = "undone", "已经撤销"
