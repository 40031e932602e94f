"""列名: how offices call the columns of a list of vacancies."""

import re
from functools import lru_cache

from app.core.sheets.header import plain_heading

_NAMES: dict[str, str] = {
    "title": "岗位名称 岗位 职位 职位名称 工种 招聘岗位 招聘职位 招聘工种 用工岗位 需求岗位"
    " 岗位工种 工作岗位 职务 title job",
    "employer": "单位名称 企业名称 公司名称 企业 公司 单位 用人单位 用人单位名称 用工单位 用工企业"
    " 招聘单位 招聘企业 单位全称"
    " 车间名称 合作社名称 厂名 雇主 company employer",
    "employer_kind": "单位类型 企业类型 单位性质 企业性质 主体类型 单位类别",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 组织机构代码",
    "contact_name": "联系人 招聘联系人 负责人 企业联系人 联系人姓名 contact",
    "contact_phone": "联系电话 联系方式 电话 手机 手机号 手机号码 咨询电话 招聘电话 报名电话 联系人电话"
    " 电话号码 phone",
    "category": "岗位类别 职位类别 工种类别 职业类别 行业 类别 职业名称 category occupation",
    "wage": "工资 工资待遇 月薪 薪资 薪酬 待遇 薪资待遇 薪酬待遇 月工资 工资标准 薪资范围"
    " 薪酬范围 岗位工资 工资水平 月收入 报酬"
    "工资报酬 薪资水平 综合工资 薪水 劳动报酬 福利待遇及薪资 年薪 日薪 时薪 日工资"
    " 月薪范围 wage wagetext salary",
    "wage_min": "最低工资 最低薪资 最低月薪 薪资下限 工资下限 起薪 薪酬下限",
    "wage_max": "最高工资 最高薪资 最高月薪 薪资上限 工资上限 薪酬上限",
    "wage_unit": "计薪单位 计薪方式 薪资单位 工资单位",
    "openings": "招聘人数 人数 需求人数 招工人数 用工人数 用工需求 需求数 岗位数 招聘数量 数量"
    " 需求量 缺工人数 拟招人数 招聘名额"
    " 招用人数 岗位需求数 headcount openings",
    "region": "地区 工作地区 所在地区 区域 工作区域 所属区域 行政区划 工作城市 城市地区 所在地 region area",
    "province": "省 省份 所在省",
    "city": "市 城市 地市 所在市 市州 city",
    "county": "县 区县 县区 县市区 所在县区 县区市",
    "town": "乡镇 镇 街道 乡镇街道 镇街 所在乡镇",
    "village": "村 行政村 村社区 社区",
    "address": "工作地点 工作地址 地址 详细地址 上班地点 单位地址 企业地址 公司地址 用工地点"
    " 就业地点 地点 街道地址 street address",
    "lng": "经度 lng longitude",
    "lat": "纬度 lat latitude",
    "coordinates": "坐标系 坐标系统 坐标类型 地图类型 coordinates",
    "education": "学历 学历要求 文化程度 文化程度要求 文化 最低学历 教育程度 education",
    "age": "年龄 年龄要求 年龄范围 年龄段 年龄限制 age",
    "age_min": "最小年龄 年龄下限 最低年龄",
    "age_max": "最大年龄 年龄上限 最高年龄",
    "gender": "性别 性别要求 gender sex",
    "deadline": "截止日期 截止时间 截止 有效期 招聘截止 招聘截止日期 招聘截止时间 报名截止"
    " 有效期至 有效日期 到期日期 失效日期 招聘期限"
    " 招聘有效期 deadline validuntil",
    "published": "发布日期 发布时间 登记日期 填报日期 登记时间 更新时间 发布 published",
    "starts": "上岗时间 到岗时间 开工时间 用工时间 入职时间 开始日期 startson",
    "benefits": "福利 福利待遇 福利标签 其他待遇 其他福利 benefits benefitstags",
    "description": "岗位描述 职位描述 描述 工作内容 岗位职责 职责 岗位说明 职位说明 岗位介绍"
    " 主要工作内容 工作职责 description",
    "requirements": "岗位要求 任职要求 任职条件 招聘要求 招聘条件 要求 应聘条件 基本要求 技能要求"
    " 岗位条件 用工要求 条件 其他要求"
    " requirements",
    "remarks": "备注 说明 其他 备注说明 其它 remarks note",
    "nature": "工作性质 用工性质 用工形式 用工类型 就业形式 nature",
    "experience": "工作经验 经验 经验要求 工作年限 experience",
    "shifts": "班次 工作时间 上班时间 工作班次 班制 工时制度",
    "board": "是否包吃 包吃 就餐 伙食 吃",
    "lodging": "是否包住 包住 住宿 住",
    "board_and_lodging": "食宿 食宿情况 是否包吃住 包吃住 吃住 食宿条件 是否提供食宿 是否包食宿",
    "insurance": "社保 保险 社会保险 五险一金 是否缴纳社保 缴纳社保 参保情况",
    "transport": "交通 班车 是否有班车 接送 交通补贴班车",
    "certificates": "证书 资格证书 职业资格 持证要求 证书要求 技能证书",
}
FIELDS = {plain_heading(name): field for field, names in _NAMES.items() for name in (field, *names.split())}
_LOOSE = (
    ("employer", re.compile(r"(?:单位|企业|公司)(?:名称|全称)$")),
    ("title", re.compile(r"^(?:招聘|用工|需求)?(?:岗位|职位|工种)(?:名称|名)?$")),
    ("openings", re.compile(r"(?:招聘|需求|招工|用工|缺工|拟招)人?(?:数|数量)$")),
    ("wage", re.compile(r"(?:工资|薪资|薪酬|月薪|待遇)(?:待遇|标准|水平|范围|区间|情况)?$")),
    ("contact_phone", re.compile(r"(?:联系|咨询|招聘|报名)(?:电话|方式|手机号?)$")),
    ("education", re.compile(r"(?:学历|文化)(?:要求|程度)?(?:要求)?$")),
    ("age", re.compile(r"年龄(?:要求|范围|限制|条件)?$")),
    ("deadline", re.compile(r"(?:截止|有效)(?:日期|时间|期)?(?:至|到)?$")),
    ("address", re.compile(r"(?:工作|上班|用工|单位|企业|公司)(?:地点|地址|位置)$")),
)


@lru_cache(maxsize=1024)
def know_heading(label: str) -> str | None:
    """The field a heading stands for, by the table, else by how it ends; None for one we do not know."""
    plain = plain_heading(label)
    if not plain or len(plain) > 16:
        return None
    if plain in FIELDS:
        return FIELDS[plain]
    return next((field for field, pattern in _LOOSE if pattern.search(plain)), None)
