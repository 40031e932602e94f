"""句子与否定: where a clause ends, and whether a find is denied, warned of, or somebody's daily work."""

import re
from typing import Final

_HARD: Final = re.compile(
    r"[。;!?\n]|(?<=[\u4e00-\u9fff)])\.(?=[\u4e00-\u9fff\d])|(?<=\D)\d{1,2}[.、)](?=\D)"
)
_SOFT: Final = re.compile(r"[,，:：]")
MONEY: Final = (
    r"(?:(?<!\d)\d[\d,]{0,9}(?:\.\d{1,2})?|[一二两三四五六七八九十百千万几数]{1,5})\s*(?:多|余|来)?\s*(?:元"
    r"|块|圆|rmb|¥|大洋|人民币|r(?![a-z])|w(?![a-z])|万|千(?!克|米)|百)"
)
_MONEY_NEAR: Final = re.compile(rf"^.{{0,4}}?(?:{MONEY}|\d{{2,5}}(?!\d|[人名天个岁月年%-]))")

AWAY: Final = (
    r"(?:请?(?:勿|别|莫)(?:扰|投|来|报名?|试|联系|应聘|打扰|申请|打电话|打|问|加|费劲)"
    r"|请?勿(?=[,，。;!\s]|$)|免谈|免问|免进|免(?=[,，。;!\s]|$)|不要(?!求|紧|钱|交|押|怕|担心|错过|犹豫)|不招"
    r"|不收(?!费|钱|押|取|任)|不用(?=[,，。;!\s]|$)|不录|不聘|谢绝|除外|不考虑|(?:请|麻烦|自觉)?绕(?:行|道|路|开)|请自觉"
    r"|别来|不行|不予|不接|不合适|不适合|不能(?:来|做|干|要|招|进|录|上岗|入职)|进不(?:去|来|了)|刷不(?:了|进|过)"
    r"|就?算了(?=[,，。;!\s]|$)|走人|没戏|白跑|录不(?:了|进|上)|来不了|不安排(?=[,，。;!\s]|$)|禁止|拒绝|恕不|一律不)"
)
"""How a posting sends somebody away."""
AWAY_NEXT: Final = rf"[,，\s]\s*(?:我们|公司|单位|厂里|老板|本店|本厂|这边|一概|一律|都|就)?{AWAY}"
"""The same in the next clause, which names nobody else: 少数民族身份证刷不了，不要."""


def sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands in the same sentence before `start` and behind `end`."""
    head = text[max(0, start - 60) : start]
    for mark in _HARD.finditer(head):
        cut = mark.end()
        head_from = cut
        rest = head[head_from:]
        if not _HARD.search(rest):
            head = rest
            break
    tail = text[end : end + 60]
    stop = _HARD.search(tail)
    return head, tail[: stop.start()] if stop else tail


def clause(text: str, start: int, end: int) -> tuple[str, str]:
    """As `sentence`, cut at commas too."""
    head, tail = sentence(text, start, end)
    return _SOFT.split(head)[-1], _SOFT.split(tail)[0]


_FILLER: Final = (
    r"(?:任何|各种|各类|一切|其他|其它|所谓|名目|名义|形式|方式|理由|借口|[的地]|等|及|和|与"
    r"|或者?|以|向|对|让|您|你|求职者|劳动者|员工|应聘者|应聘|工人|"
    r"个人|本人|学员|求职|入职|报名|上岗|进厂|面试|录用|前|时|后|收取|收|交纳|缴纳|交|缴|付"
    r"|支付|押金?|抵押|扣押|扣留|扣|中介|介绍|服务|培训|建档|体检|服装|工装|工服|"
    r"住宿|宿舍|报名|手续|资料|材料|管理|押金|保证金|风险金|[\u4e00-\u9fff]{1,3}费|费用|费|金"
    r"|钱|财物|身份证|证件|毕业证|原件|"
    r"[、/和\s\"“”'‘’【】()\[\]<>《》|])"
)
_NOT_BEFORE: Final = re.compile(
    r"(?:不(?:会|得|准|能|许|再|需要|需|必|用|要|允许|可以?|存在|涉及|含|设|收取|收|交|缴|扣"
    r"|压|押|向|以|办理?|做|贷|参加)?|无(?:需|须)?|没(?!钱)有?|免(?:收|交|除|去|缴)?|零"
    r"|(?<![\d.])0(?!\d)|"
    r"未|拒绝|拒|杜绝|严禁|禁止|谨防|警惕|反对|取消|从不|绝不|决不|概不|一律不|免费|非|莫|勿"
    r"|别|防止|远离|告别)" + _FILLER + r"{0,12}$"
)
_WARNED_BEFORE: Final = re.compile(
    r"凡是?|如有|如遇|若有|若遇|遇到|遇|谁|谨防|警惕|严禁|禁止|杜绝|拒绝|以任何|以各种|任何人"
    r"|承诺(?:绝)?不|绝不|不得|不会|从不|切勿|请勿|不要|无需|不存在"
)
_WARNED: Final = re.compile(
    r"骗子|骗局|诈骗|欺诈|被骗|受骗|防骗|上当|举报|投诉|谨防|警惕|打击|小心|违法|属于?违规"
    r"|请勿(?:相信|上当|转账|交)"
)
NOT_AFTER: Final = re.compile(
    r"^(?:原件)?[^,，。;\n]{0,6}?(?:[:：]\s*(?:无|没有|零|0(?!\d)元?|免)|全免|免收|免交|免除"
    r"|免费|全?免(?![税])|均?不(?:收|交|用交?|要|需要|需|扣|押|压|留|必|作)|一分(?:钱)?(?:也"
    r"|都)?不|"
    r"分文不|没有(?!的|退)|为零|零元|(?<![\d.])0元|(?:全部|全额|均|都|一律)?(?:由"
    r"|归)?(?:我)?(?:公司|单位|厂方|厂里|工厂|本厂|企业|我们|我方|老板|用人单位|政府|财政"
    r"|人社局?|学校|店里|项目部|雇主|合作社|村委?会?|[矿园馆队院校店村场厂站行社](?:上|里|方"
    r"|内|部)|队里)(?:统一|全部|全额|来)?(?:承担|出|报销|支付|负责|垫付|买单|付|补贴|免)|"
    r"(?:凭(?:票|证|发票))?(?:全额|实报|可以?|给|予以|均|都)?(?:实销|报销)|补贴|补助|津贴)"
)
_WORK: Final = re.compile(
    r"客户|顾客|客人|代收|开票|房客|住客|旅客|业主|租户|租客|租金|住户|家长|生源|会员(?!费\d)"
    r"|车主|患者|病人|商户|经销商|加盟|供应商|供货商|投标|招标|标书|合同款|合同管理|履约|甲方"
    r"|乙方|项目部|货款"
    r"|应收|催收|催缴|追缴|收银|账目|账务|台账|财务|凭证|票据|发票|核算|"
    r"入住|退房|客房|水电|物业|停车|车位|房屋|房源|租赁|订单|采购|快递|货物|项目款|工程款"
    r"|往来款|贷后|放款|按揭|银行(?!卡)|理财|信贷|对账|出纳|缴费大厅|窗口收费|景区|门票|收费站"
    r"|收费员|来访|访客|来客|住宿客人|报名学员|招生|辅导班|幼儿园学|学校学"
)
_DUTY: Final = re.compile(
    r"负责|协助|办理|处理|完成|做好|核对|审核|统计|登记|核销|管理|跟进|收退|退还客|督促|编制"
    r"|计提|保管好?公司|公司证|公司的?证"
)
_OF_APPLICANT: Final = re.compile(
    r"入职|上岗|报到|应聘|面试|录用|报名(?!学|登记|咨询|缴费|流程|信息|系统)|离职|进厂|自理"
    r"|自费|自付|自己|本人|个人|每人|工资(?:中|里)?扣|新员工|新人|试用|干满|做满|辞工|辞职"
    r"|到岗|培训期|签合同|签订合同|来时|来上班|工人(?:自|需|要|先)"
)


def is_denied(text: str, start: int, end: int) -> bool:
    """不收押金, 无需交, 押金全免, 凡收押金的都是骗子: what was found is refused or warned of.

    A sum right behind it (不收中介费，押金300元) is a demand all the same, unless the denial is right before.
    """
    head, tail = sentence(text, start, end)
    near = _SOFT.split(head)[-1]
    if _NOT_BEFORE.search(near) and not re.search(r"不(?:退|还|返)[^,，]*$", near):
        return True
    if NOT_AFTER.search(tail) and not re.search(r"(?:干满|做满|满.{0,6}(?:月|年|天)|离职)", tail[:14]):
        return True
    if re.match(r"(?:等|的|费用)?[,，]?[^,，]{0,4}(?:拨打|举报|报警|投诉|请?勿信|都是假|均属)", tail):
        return True
    demanded = bool(_MONEY_NEAR.match(tail)) or bool(re.search(rf"{MONEY}\D{{0,3}}$", head))
    if demanded:
        return False
    if _WARNED.search(tail) or re.search(r"骗|举报|谨防|警惕|打击|凡是?", head):
        return True
    listed = re.search(
        r"(?:不收取?|不得|不会|从不|绝不|无|免|没有|严禁|禁止|杜绝)(?:任何|各种"
        r"|一切)?[^。;\n]{0,30}$",
        head,
    )
    return bool(
        listed
        and _WARNED_BEFORE.search(head)
        and re.search(r"任何|各种|一切|等|名义|名目|理由|形式", head + tail[:10])
    )


def is_daily_work(text: str, start: int, end: int) -> bool:
    """办理退房退押金, 收取客户培训费: the money or papers of customers, which the work itself deals with."""
    head, tail = sentence(text, start, end)
    clauses = _SOFT.split(head)
    around = f"{clauses[-1]} {text[start:end]} {_SOFT.split(tail)[0]}"
    if len(clauses) > 1 and re.search(r"收取|办理|审核|登记|核对|开具|退|开单|开票", around):
        around = f"{clauses[-2]} {around}"
    if (
        re.search(r"退还?$|退$", head)
        and _WORK.search(head + tail)
        and not _OF_APPLICANT.search(head[-12:] + tail)
    ):
        return True
    if _OF_APPLICANT.search(_SOFT.split(head)[-1][-14:] + " " + tail[:16]):
        return False
    if _WORK.search(around):
        return True
    near = _SOFT.split(head)[-1]
    return bool(_DUTY.search(near) and not re.search(MONEY, text[start:end])) and not _MONEY_NEAR.match(tail)
