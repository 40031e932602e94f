"""模板的列: headings of the template a firm fills in, how each is chosen, the hint beside it. Pure."""

from dataclasses import dataclass
from typing import Final

from app.occupations.terms import Education

EXAMPLE_MARK: Final = "（例）"
"""A row that begins with this is the template's own example and is passed over."""
YES_NO: Final = ("是", "否")
UNITS: Final = ("按月", "按天", "按小时", "计件")
MOST_ROWS: Final = 200


@dataclass(frozen=True)
class Column:
    """模板的一列: `field` as lists of vacancies call it, `choices` for a drop-down."""

    field: str
    label: str
    hint: str
    example: str
    choices: tuple[str, ...] = ()
    required: bool = False


def columns(towns: tuple[str, ...], trades: tuple[str, ...]) -> tuple[Column, ...]:
    """The template's columns for a firm: `towns` of its county, `trades` it may look for."""
    education = ("不限", *(level.label for level in list(Education)[1:]))
    return (
        Column("title", "岗位名称", "招啥人，比如缝纫工。一行写一个活", "缝纫工", required=True),
        Column("category", "工种类别", "选最像的一种，没有就空着", trades[0] if trades else "", trades),
        Column("openings", "招聘人数", "只写数，1 到 10000", "5", required=True),
        Column("wage_min", "工资下限", "最少拿多少元，只写数", "3000", required=True),
        Column("wage_max", "工资上限", "最多拿多少元，只写数", "4500", required=True),
        Column("wage_unit", "计薪方式", "按月、按天、按小时，还是计件", "按月", UNITS, required=True),
        Column("estimate", "计件月收入", "只有计件才填：一般人一个月大概能挣多少元", ""),
        Column("town", "乡镇", "在哪个镇上班，空着就是单位所在地", towns[0] if towns else "", towns),
        Column("address", "详细地址", "哪条街、哪个园区", "老街 8 号"),
        Column("nature", "用工形式", "长期干，干一季，还是日结", "长期", ("长期", "季节工", "日结")),
        Column("shifts", "班次", "", "白班", ("白班", "夜班", "倒班", "时间自由")),
        Column("board", "包吃", "", "是", YES_NO),
        Column("lodging", "包住", "", "是", YES_NO),
        Column("transport", "班车", "有没有车接送", "否", YES_NO),
        Column("education", "学历", "活儿用不着就选不限", "不限", education),
        Column("certificates", "证书", "要什么证，没有就空着", ""),
        Column("deadline", "截止日期", "招到哪天为止，比如 2026-12-31；空着就是 30 天", ""),
        Column("description", "岗位描述", "活儿干啥、几点到几点。不写电话，不写男女、岁数", "坐着干，师傅带"),
    )
