"""工作用语: the closed lists that postings and people share when they speak about work."""

from app.core.terms import LabelledEnum


class Education(LabelledEnum):
    """文化程度: schooling, lowest first. `senior` and `vocational` stand on the same step."""

    NONE = "none", "没上过学"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    VOCATIONAL = "vocational", "中专"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "研究生"

    @property
    def step(self) -> int:
        """Height on the ladder: none 0 < primary 1 < junior 2 < senior = vocational 3 < college 4 ..."""
        return _STEPS[self.value]


_STEPS = {
    "none": 0,
    "primary": 1,
    "junior": 2,
    "senior": 3,
    "vocational": 3,
    "college": 4,
    "bachelor": 5,
    "master": 6,
}


class Shift(LabelledEnum):
    """班次: when the work is done."""

    DAY = "day", "白班"
    NIGHT = "night", "夜班"
    ROTATING = "rotating", "倒班"
    FLEXIBLE = "flexible", "时间自己定"


class Demand(LabelledEnum):
    """劳动强度与条件: what a job asks of the body, and, on a person, what they cannot do."""

    HEAVY_LIFTING = "heavy_lifting", "搬重东西"
    NIGHT = "night", "上夜班"
    HEIGHTS = "heights", "爬高"
    LONG_STANDING = "long_standing", "久站"
    READING = "reading", "认字"
    OUTDOOR = "outdoor", "在户外"
    FINE_HANDWORK = "fine_handwork", "细手工"
    PHONE_USE = "phone_use", "用智能手机"
    TRAVEL = "travel", "出差"
    DUST = "dust", "有粉尘"


class WorkProfile(LabelledEnum):
    """用工类型: how long the work lasts."""

    LONG = "long", "长期工"
    SEASON = "season", "季节工"
    DAY = "day", "日结"


class WageUnit(LabelledEnum):
    """计薪单位: what one wage figure pays for."""

    MONTH = "month", "月"
    DAY = "day", "天"
    HOUR = "hour", "小时"
    PIECE = "piece", "件"
    YEAR = "year", "年"
    WEEK = "week", "周"


class Suit(LabelledEnum):
    """适合人群: for whom an employer says the work is suitable."""

    SEMI = "semi", "半劳动力也能干"
    WEAK = "weak", "弱劳动力也能干"
    CARE_HOURS = "care_hours", "能顾上接送孩子"
    HOME_WORK = "home_work", "能拿回家干"
