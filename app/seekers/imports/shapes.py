"""台账式样: the sheets that offices exchange, column by column, and which of them a file is."""

from collections.abc import Sequence
from typing import Final

from app.core.sheets.header import plain_heading
from app.core.terms import LabelledEnum


class LedgerShape(LabelledEnum):
    """台账式样: which of the known sheets a file is."""

    LABOUR = "labour", "劳动力资源个人台账（50 列）"
    PERSONS = "persons", "已脱贫和边缘易致贫人口名单（32 列）"
    SHORT = "short", "脱贫户及监测户名单"
    FORM = "form", "县里的登记表"
    OTHER = "other", "别的表"


COLUMNS: Final[dict[LedgerShape, tuple[str, ...]]] = {
    LedgerShape.LABOUR: (
        *("序号", "行政区划代码", "县（市）", "街道（乡镇）", "社区（村）", "姓名", "身份证号码"),
        *("就业失业登记证号", "性别", "年龄", "出生日期", "民族", "政治面貌", "学历", "户口性质", "婚姻状况"),
        *("联系电话", "是否参加技能培训", "培训类型", "培训项目", "是否获得国家职业资格证书", "职业资格等级"),
        *("已享受就业服务", "就业单位", "主要从事工种", "从事产业类型", "就业时间", "就业地点", "外出省份"),
        *("年收入（万元）", "就业形式", "人员身份", "失业时间", "失业原因", "困难群体情况", "就业工种意向"),
        *("就业产业意向", "工资收入意向", "就业区域意向", "就业形式意向", "就业服务需求", "培训意向需求"),
        *("城镇职工养老保险", "城镇居民养老保险", "新农保", "城镇职工医疗保险", "城镇居民医疗保险"),
        *("失业保险", "工伤保险", "新农合"),
    ),
    LedgerShape.PERSONS: (
        *("序号", "数据日期", "县(市、区、旗)", "乡(镇)", "行政村", "自然村", "户编号", "人编号", "姓名"),
        *("证件号码", "人数", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况", "劳动技能"),
        *("务工时间（月）", "是否参加大病保险", "致贫原因1", "危房户", "是否解决安全饮用水", "人均纯收入"),
        *("户联系电话", "人联系电话", "首次识别时间", "人员识别时间", "户类型"),
        *("易返贫致贫户(监测对象)类型", "风险是否消除", "风险识别时间", "风险消除时间"),
    ),
    LedgerShape.SHORT: (
        *("姓名", "证件号码", "健康状况", "劳动技能", "致贫原因1", "联系电话", "户类型"),
        *("易返贫致贫户(监测对象)类型", "风险是否消除"),
    ),
    LedgerShape.FORM: (
        *(
            "姓名",
            "身份证号",
            "年龄",
            "性别",
            "民族",
            "婚姻状况",
            "户籍地址",
            "联系电话",
            "文化程度",
            "就业情况",
        ),
        *("是否打算外出就业", "外出就业意向", "打算返乡", "外出务工月收入", "外出务工时间", "现有技术等级"),
        *(
            "是否参加过培训",
            "参加过的培训",
            "填报人",
            "审核人",
            "参保情况",
            "从事行业",
            "从事工种",
            "就业地点",
        ),
        *("参加农村劳动力技能培训意向", "填报日期"),
    ),
}
_ENOUGH: Final = 0.8


def find_shape(labels: Sequence[str]) -> LedgerShape:
    """The known sheet that most of whose columns stand in `labels`, the longest first; else OTHER."""
    present = {plain_heading(label) for label in labels}
    for shape, columns in COLUMNS.items():
        found = sum(plain_heading(column) in present for column in columns)
        if found >= _ENOUGH * len(columns):
            return shape
    return LedgerShape.OTHER
