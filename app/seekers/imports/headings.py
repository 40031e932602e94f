"""列名: how offices call the columns of a ledger of people, and what each column means to us.

`FIELDS` names what we keep. A column of an office that has no field of its own keeps its heading and goes to
the sealed ledger of the person; health, disability and cause of poverty go to the sealed health facts.
"""

import re
from functools import lru_cache
from typing import Final

from app.core.sheets.header import plain_heading

LEDGER: Final = "ledger"
HEALTH: Final = "health"
SKIP: Final = "skip"

# field -> (how we call it, headings of offices; the first is the one written in an export)
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "region_code": ("地区代码", "行政区划代码 区划代码 村代码 行政村代码 地区代码 region_code"),
    "province": ("省", "省 省份 所在省"),
    "city": ("市", "市 地市 市州 所在市 城市"),
    "county": ("县区", "县 县市 县市区旗 县市区 县区 区县 所在县"),
    "town": ("乡镇", "乡镇 乡 镇 街道乡镇 街道 乡镇街道 镇街 镇办 所在乡镇 乡镇办"),
    "village": ("村", "行政村 村 社区村 村社区 社区 村居 村名 所在村 所属村 行政村社区 村委会"),
    "village_group": ("村组", "自然村 组 村民小组 村组 小组 组别 自然村组 所在村组 居民小组 屯"),
    "address": (
        "住址",
        "家庭住址 住址 户籍地址 家庭地址 详细地址 地址 现住址 居住地址 户籍所在地 常住地址 家庭详细地址"
        " address",
    ),
    "household_number": ("户编号", "户编号 户号 家庭编号 户编码 户代码 户籍号 household_number"),
    "head_name": ("户主姓名", "户主姓名 户主 户主名 户主名称"),
    "head_id_number": ("户主身份证号", "户主证件号码 户主身份证号 户主身份证号码 户主身份证"),
    "relation": ("与户主关系", "与户主关系 与户主的关系 户主关系 家庭关系 关系 成员关系 relation"),
    "household_kind": ("户类型", "户类型 户属性 家庭类型 农户类型 脱贫属性 户类别 贫困户类型"),
    "monitored_kind": (
        "监测对象类型",
        "监测对象类型 易返贫致贫户监测对象类型 易返贫致贫户类型 监测类型 三类人员类型"
        " 监测户类型 监测对象类别",
    ),
    "risk_cleared": ("风险是否消除", "风险是否消除 是否消除风险 风险消除情况"),
    "relocated": ("易地搬迁", "是否易地搬迁 易地搬迁户 是否易地扶贫搬迁户 易地搬迁 是否搬迁户 搬迁户"),
    "low_income": ("低保户", "是否低保 是否低保户 低保户 低保 是否享受低保"),
    "household_phone": ("户联系电话", "户联系电话 家庭电话 户主电话 户主联系电话"),
    "name": ("姓名", "姓名 名字 人员姓名 成员姓名 劳动力姓名 求职者姓名 家庭成员姓名 名称 name"),
    "id_number": (
        "身份证号",
        "身份证号 身份证号码 证件号码 证件号 身份证 公民身份号码 公民身份证号 居民身份证号码 身份号码"
        " 人员证件号码 id_number idcard",
    ),
    "sex": ("性别", "性别 sex gender"),
    "age": ("年龄", "年龄 周岁 age"),
    "birth_on": ("出生日期", "出生日期 出生年月 出生年月日 生日 出生 出生时间 birth birthday"),
    "phone": (
        "手机号",
        "联系电话 手机号 手机号码 手机 电话 联系方式 电话号码 人联系电话 本人电话"
        " 本人联系电话 移动电话 phone",
    ),
    "education": ("文化程度", "文化程度 学历 最高学历 受教育程度 教育程度 文化水平 education"),
    "labour_class": (
        "劳动力类别",
        "劳动能力 劳动力类别 劳动力类型 劳动力情况 劳动能力类型 劳动力状况 劳力类别",
    ),
    "labour_skill": ("劳动技能", "劳动技能"),
    "skills": ("手艺", "技能 手艺 特长 技能特长 专业技能 掌握技能 职业技能 技能情况 一技之长 有何特长"),
    "certificates": ("证书", "证书 技能证书 职业资格证书 职业资格证书名称 资格证书 持证情况 证书名称"),
    "studying": ("在校生状况", "在校生状况 是否在校生 在校情况 在校生 就读情况 在校学生状况"),
    "status": (
        "就业状况",
        "就业情况 就业状况 就业状态 是否就业 目前状态 目前状况 务工情况 是否务工 在业状况"
        " 从业状况 就失业状态"
        " 就业现状 status",
    ),
    "employment_form": ("就业形式", "就业形式 从业形式 就业方式 就业类型 就业类别 务工类型"),
    "employer_name": (
        "就业单位",
        "就业单位 务工单位 工作单位 务工企业 务工企业名称 就业企业 单位名称 用工单位",
    ),
    "work_place": ("务工地点", "就业地点 务工地点 务工所在地 务工地 工作地点 就业所在地 务工区域"),
    "work_province": ("外出省份", "外出省份 务工省份 就业省份 务工所在省"),
    "occupation_now": ("现在干什么", "主要从事工种 从事工种 务工工种 就业工种 从事职业 岗位 从事行业 工种"),
    "not_working_reason": (
        "没上班的原因",
        "失业原因 未就业原因 未务工原因 不就业原因 在家原因 无法就业原因 未外出原因 未外出务工原因",
    ),
    "return_reason": ("返乡原因", "返乡原因 返乡回流原因 回流原因"),
    "wish_occupation": (
        "想干什么",
        "就业工种意向 意向工种 求职意向 意向岗位 就业意向 意向职业 求职岗位 意愿岗位",
    ),
    "wish_region": (
        "愿意去哪里",
        "就业区域意向 意向地区 意向区域 务工意向地 外出就业意向 意向就业地点 期望工作地点 意愿就业地区",
    ),
    "wish_wage": (
        "想要的工资",
        "工资收入意向 期望工资 期望薪资 意向薪资 工资意向 期望月薪 月薪要求 薪资要求 意愿薪资",
    ),
    "wish_form": ("想要的用工形式", "就业形式意向 意向就业形式 求职类型"),
    "wants_work": (
        "想不想找活",
        "是否有就业意愿 就业意愿 有无就业意愿 是否愿意就业 是否打算外出就业 求职意愿",
    ),
    "training_wish": (
        "想学什么",
        "培训意向需求 培训意愿 培训需求 培训意向 参加农村劳动力技能培训意向 意向培训工种",
    ),
    "note": ("备注", "备注 说明 其他 备注说明 note"),
    "health_state": ("健康状况", "健康状况 身体状况 健康情况 身体健康状况"),
    "disability": ("残疾情况", "残疾情况 残疾类别 残疾等级 是否残疾 残疾人 残疾类型 残疾证号 是否残疾人"),
    "poverty_cause": ("致贫原因", "致贫原因1 致贫原因 主要致贫原因 返贫原因 致贫返贫原因 返贫风险 致贫风险"),
    "difficulty": ("困难群体", "困难群体情况 困难群体 困难类别 就业困难人员类别 困难人员类别 就业困难类型"),
}
HEALTH_FIELDS: Final = frozenset({"health_state", "disability", "poverty_cause"})
# Headings that are known and have no field of their own: they go to the ledger under their own name.
_LEDGER_NAMES: Final = (
    "人编号 就业失业登记证号 民族 政治面貌 户口性质 户籍性质 婚姻状况 是否参加技能培训"
    " 是否参加过培训 参加过的培训 培训类型"
    " 培训项目 是否获得国家职业资格证书 职业资格等级 现有技术等级 已享受就业服务"
    " 从事产业类型 就业时间 年收入 人员身份"
    " 失业时间 就业产业意向 就业服务需求 城镇职工养老保险 城镇居民养老保险 新农保"
    " 城镇职工医疗保险 城镇居民医疗保险 失业保险"
    " 工伤保险 新农合 务工时间 是否参加大病保险 危房户 是否解决安全饮用水 人均纯收入"
    " 首次识别时间 人员识别时间 风险识别时间"
    " 风险消除时间 打算返乡 外出务工月收入 外出务工时间 参保情况 填报人 审核人 填报日期"
    " 数据日期 人数 家庭人口 家庭人口数"
)
_SKIP_NAMES: Final = "序号 编号 no 行号 没收进来的原因 怎么改"
_BY_HEADING: Final = (
    {plain_heading(name): LEDGER for name in _LEDGER_NAMES.split()}
    | {plain_heading(name): SKIP for name in _SKIP_NAMES.split()}
    | {
        plain_heading(name): field
        for field, (label, names) in FIELDS.items()
        for name in (field, label, *names.split())
    }
)
_LOOSE: Final = (
    ("head_id_number", re.compile(r"户主.*(?:身份证|证件)")),
    ("head_name", re.compile(r"^户主(?:的)?姓?名?$")),
    ("id_number", re.compile(r"(?:身份证|证件)(?:号|号码)?$")),
    ("household_phone", re.compile(r"户主?.*(?:电话|手机)")),
    ("phone", re.compile(r"(?:联系|手机|电话)(?:电话|方式|号码?)?$")),
    ("relation", re.compile(r"与户主.*关系")),
    ("monitored_kind", re.compile(r"监测.*(?:类型|类别)")),
    ("health_state", re.compile(r"健康|身体(?:状况|情况)")),
    ("disability", re.compile(r"残疾")),
    ("poverty_cause", re.compile(r"[致返]贫(?:原因|风险)")),
    ("education", re.compile(r"(?:文化|教育)程度$|学历$")),
    ("village_group", re.compile(r"(?:村|居)民?小?组$")),
    ("not_working_reason", re.compile(r"[未没不](?:就业|务工|外出).*原因")),
    ("wish_wage", re.compile(r"(?:期望|意向|要求).*(?:工资|薪|收入)|(?:工资|薪).*(?:意向|期望|要求)")),
    ("wish_region", re.compile(r"(?:期望|意向).*(?:地点|区域|地区)|(?:地点|区域|地区).*意向")),
    ("wish_occupation", re.compile(r"(?:期望|意向|求职).*(?:工种|岗位|职业)|(?:工种|岗位|职业).*意向")),
    ("training_wish", re.compile(r"培训.*(?:意愿|意向|需求)")),
    ("name", re.compile(r"^(?:本人|个人|成员|人员|劳动力)?姓名$")),
)


@lru_cache(maxsize=2048)
def know_heading(label: str) -> str | None:
    """The field a heading stands for (also "ledger", "skip"); None for one we do not know."""
    plain = plain_heading(label)
    if not plain or len(plain) > 24:
        return None
    if plain in _BY_HEADING:
        return _BY_HEADING[plain]
    return next((field for field, pattern in _LOOSE if pattern.search(plain)), None)


def is_certain(label: str) -> bool:
    """Whether a heading stands in our lists as it is."""
    return plain_heading(label) in _BY_HEADING


def field_label(field: str) -> str:
    """How we call a field on a page."""
    if field == LEDGER:
        return "照原样存进台账"
    if field == HEALTH:
        return "照原样存进健康资料"
    if field == SKIP:
        return "不要这一列"
    return FIELDS[field][0]


def is_field(name: str) -> bool:
    """Whether a mapping may name it."""
    return name in FIELDS or name in (LEDGER, HEALTH, SKIP)
