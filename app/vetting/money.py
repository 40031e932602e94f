"""收费、押金、培训贷: money asked of those who look for work."""

import re
from collections.abc import Iterator
from typing import Final

from app.vetting.clauses import MONEY, NOT_AFTER, clause, is_daily_work, is_denied, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

_BLOCK, _WARN = Severity.BLOCK, Severity.WARN

_SUM: Final = rf"(?:{MONEY}|(?<!\d)\d{{2,6}}(?![\d:：.]|[人名天个岁月年周日号点时台件条kK%-]))"
_PAY: Final = (
    r"(?:交(?!叉|通|汇|界|接|流|班|易|谈|期|货|大|警|替|际|友|代|往|界|融|换)纳?|缴纳?|收取?"
    r"|付|支付|预付|预交|预缴|垫付|先垫|扣除?|打款?|转账?|转|汇|充值?|掏|花|拿出?|补交)"
)
_WHEN: Final = (
    r"(?:入职|报名|上岗|面试|报到|进厂|签约|签合同|签订合同|录用|办理入职|到岗|开工|培训|体检"
    r"|来时|来之前|来厂|上班|登记|开通|安排|先)"
)

_DEPOSIT_WORD: Final = re.compile(
    r"(?:服装|工装|工服|工作服|制服|工具|工牌|钥匙|设备|入职|上岗|住宿|宿舍|床位|水电|车辆"
    r"|手机|合同|培训|工作|劳动|人身|个人|安全|质量|履约|就业|稳岗|诚信|岗位|用工)?"
    r"(?:押金|保证金|抵押金|风险金|风险抵押|质保金|诚意金|诚信金|信誉金|信用金|忠诚金|稳定金"
    r"|留任金|承诺金|担保金|担保费|担保款|违约金押|定金|订金|押款|抵押款|安全金|风险押|质押金"
    r"|压岗费|押岗费|保证款|留岗费|履约金|诚信款|押租)"
)
_DEPOSIT_SUM: Final = re.compile(
    rf"质押\s*(?:{MONEY}|[1-9]\d{{1,3}}(?![\d个件条人台.]))|(?<![抵按质])(?:押|压|抵押)(?:服装|工装|工服|厂服|工牌|工具)?(?:费|款|人民币|现金"
    rf"|钱)?[:：]?\s*(?:{MONEY}|[1-9]\d{{1,3}}(?![\d个件条人台.]))"
)
_DEPOSIT_PAID_BACK: Final = re.compile(
    rf"{_PAY}(?:给?(?:公司|厂里|单位|人事|老板))?(?:现金|人民币"
    rf"|钱)?[^,，。;\n\d]{{0,6}}?\s*{_SUM}[^。;\n]{{0,24}}?(?:退还?|返还|归还|还你|还给|再还"
    r"|给退|退给|退你|换回|拿回|取回|返(?!乡|聘|岗|工|程|利|点))"
    rf"|(?:{_PAY}|放|存|搁)\s*{_SUM}(?:块|元)?钱?[^,，。;\n]{{0,3}}?(?:放着|放这|存着|搁着|搁这|压着|押着|抵着|担保|作保|作押)"
)
_WAGE_HELD: Final = re.compile(
    r"(?:押|压|扣|扣押|扣留|抵押|暂扣|预留)(?:下|住|留)?(?:员工|工人|你|您)?(?:第一个月|首月"
    r"|头一个月|头?半个月|半月|1个月|[一二两三四五六七八九十几\d]{1,3}\s*(?:个月|天|月))?(?:的)?(?:工资"
    r"|薪水|薪资|工钱)(?:\s*(?:一个月|半个?月|[一二两三四五六七八九十几\d]{1,3}\s*(?:个月|天)))?"
    r"|(?:工资|薪水|薪资|工钱)(?:都|全|先|被|头一?个?月|第一个?月|一个月)?(?:押|压|扣)(?:着|住(?!宿)|在(?:厂|公司|老板)"
    r"|下来?|到年底)|(?:工资|薪水|薪资)(?:要|需|先|得)?(?:押|压)(?!力|缩)(?:后)?\s*(?:一个月"
    r"|半个?月|[一二两三\d]{1,2}\s*(?:个月|天|月))"
)
_KEPT_BACK: Final = re.compile(
    rf"(?:预留|存|留|放|先放|押|压)\s*{_SUM}(?:块|元)?钱?(?:在|给|于)(?:公司|厂里?|单位|老板"
    r"|店里|我们|财务)|(?:不发|不给|先不发|扣下|扣着)[^。;\n]{0,10}?(?:算|当|作为?)?(?:押"
    r"|压|抵)(?:在|着|金|到)|(?:工资|工钱|薪水|钱)[^,，。;\n]{0,6}?(?:押|压)(?:在|到"
    r"|给)(?:厂|公司|单位|老板|这|我们)"
)
_NOT_A_DEPOSIT: Final = re.compile(r"^(?:融|额|属|牌|华|银|贷|运|车|送|解|花|韵|卡|宝)")

_FEE_NOUN: Final = (
    r"(?:报名|中介|介绍|服务|建档|存档|资料|材料|手续|体检|服装|工装|工作服|工服|厂服|制服"
    r"|工牌|厂牌|胸卡|胸牌|办证|制证|办卡|制卡|证件|证书|培训|岗前培训|学习|教材|书本|考试"
    r"|考证|考核|"
    r"入职|上岗|进厂|管理|登记|信息|推荐|引荐|床位|被褥|卧具|劳保|内推|安置|安排|签约|录用"
    r"|面试|名额|占位|排队|渠道|打点|疏通|活动|好处|辛苦|跑腿|"
    r"开户|激活|解冻|审核|档案|人事|代办|代理|入会|会员|vip|加盟|工本|公证|保密|平台|账号"
    r"|代招|劳务中介|政审|体测|岗位|介绍人|担保|行政|挂靠|培训学)"
    r"(?:费用?|金(?![融额属牌])|钱)"
)
_FEE_PAID: Final = re.compile(rf"{_PAY}(?!入|款|银|货|发)[^,，。;\n]{{0,12}}?{_FEE_NOUN}(?:\s*{_SUM})?")
_FEE_SUM: Final = re.compile(rf"{_FEE_NOUN}[^,，。;\n\d]{{0,6}}?{_SUM}")
_SUM_FEE: Final = re.compile(rf"{_SUM}(?:/人)?的?{_FEE_NOUN}")
_FEE_OWN: Final = re.compile(
    rf"{_FEE_NOUN}[^,，。;\n]{{0,8}}?(?:自理|自费|自付|自备|自己(?:出|交|承担|负责|掏|付)"
    r"|(?:由)?(?:个人|本人|员工|工人|应聘者|求职者|学员)(?:自行)?(?:承担|负责|出|交|支付"
    r"|自理)|从(?:第一个月|首月|当月)?工资(?:中|里)?(?:扣|抵)|工资(?:中|里)扣|先垫)"
)
_FEE_SHARE: Final = re.compile(
    rf"{_FEE_NOUN}(?:为|是|按|收|收取)[^,，。;\n]{{0,8}}(?:工资|薪水|月薪)[^,，。;\n]{{0,8}}"
)
_OWN_FEE: Final = re.compile(
    r"(?:体检|服装|工装|工服|培训|办证)(?:费用?)?(?:自费|自付|自理)|(?:自费|自付|自己(?:出|交"
    rf"|付|掏)|自行(?:承担|缴纳))[^,，。;\n]{{0,4}}?{_FEE_NOUN}"
)
_ANY_FEE: Final = re.compile(
    rf"(?P<noun>[\u4e00-\u9fff]{{1,4}}费)用?(?:为|是|共计?|合计|每人|人均|一次性)?\s*{_SUM}"
    rf"|{_SUM}\s*(?:元|块)?的?(?P<noun2>[\u4e00-\u9fff]{{1,4}}费)"
)
_USUAL_FEE: Final = re.compile(
    r"(?:免|消|小|话|电|水|车|路|餐|饭|伙食|生活|住宿|住|房|劳务|加班|课时|课|稿|运|油|过路"
    r"|过桥|停车|经|取暖|降温|高温|防暑|过节|节日|医疗|广告|营销|交通|通讯|通信|差旅|出差"
    r"|加工|手工|工时|工|安装|配送|护理|返|社保|保险|出场|出勤|上门|维修|装修|里程|公里|提成"
    r"|补贴|燃气|宽带|物业|带班|讲课|计件|派送|跑|月|年|全|旅|丧葬|抚恤|安家|搬家|探亲)费$"
)
_ASKED: Final = re.compile(
    r"交|缴|扣|自付|付(?!工资)|自理|自费|承担|收取|不退|退一半|先|须|需|必须|自己|本人|每人"
    r"|报名|入职|入厂|进厂|包(?:面试|过|进)|转账|汇"
)
_BRING_CASH: Final = re.compile(
    rf"(?:自带|携带|带上?|准备好?|备好?|自备)\s*(?:现金|人民币|钱)?\s*{_SUM}(?:现金|钱)?"
)
_THINGS: Final = (
    r"(?:工装|工服|工作服|制服|厂服|西服|装备|工具|劳保|被褥|床上用品|电动车|头盔|餐箱"
    r"|培训资料|教材|考试资料|手机卡|流量卡|保险柜|产品|样品|会员)"
)
_PAID_OUT: Final = re.compile(
    r"(?:给|塞|付给?|打点|感谢)(?:一下)?(?:中间人|介绍人|带班的?|组长|主管|人事|工头|领队"
    rf"|老乡|我们?|招工的?|经理|关系人|厂里的人)[^,，。;\n]{{0,6}}?(?:{_SUM}|好处|红包|感谢费"
    r"|辛苦钱|烟钱)"
    r"|(?:自己|个人|自掏腰包|新员工|员工|本人|每人|新人)(?:需要?|要|得|先|自行)?(?:花|出|掏"
    rf"|付|拿)[^,，。;\n]{{0,8}}?{_SUM}"
    rf"|{_SUM}\s*(?:元|块)?钱?(?:由|要|需|得|全)?(?:个人|自己|本人|员工|新人)(?:出|掏|承担|付|拿|支付|负担)"
    r"|(?:需|须|要|先|自己|自行|自费|必须|统一)(?:购买|买|订购|订做|定制"
    rf"|认购)[^,，。;\n]{{0,6}}?{_THINGS}[^。;\n]{{0,8}}?{_SUM}"
    rf"|(?:每|一)(?:个?人|位|名)(?:头)?(?:收|交|给|付){_SUM}|(?:拜师|入门|见面|孝敬)(?:礼金?|钱|红包|费)"
)
_OWN_PURSE: Final = re.compile(
    rf"{_SUM}(?:块|元)?钱?\s*[,，]?\s*(?:全部|统一|都)?(?:由|归|要|得)?(?:员工|个人|自己|本人|新人|工人|学员)"
    r"(?:自行|自己)?(?:承担|购买|买|出|掏|负担|付|解决)"
    r"|(?:买|购买|置办|配备?|订做?)(?:一套|两套|一身|全套)?[^。;\n]{0,10}?"
    rf"{_THINGS}[^。;\n]{{0,12}}?(?:自费|自付|自理|自掏腰包|自己(?:出|掏|付))"
    r"|充值?[^,，。;\n]{0,4}?(?:会员|vip|押金|金币|额度|体验)[^,，。;\n]{0,3}?"
    rf"{_SUM}"
)
"""What the work needs, paid by those who do it: 系统开户120元，个人承担; 充值会员399."""
_GO_BETWEEN: Final = re.compile(
    r"(?:要给|得给|先给|塞给|转给|交给|孝敬|给)[\u4e00-\u9fff]{0,1}(?:队长|组长|班长|工头|包工头|领班|中间人|介绍人"
    rf"|带班的?|老乡|车老板|带队的?|蛇头|熟人)\s*(?:交|塞|发|拿)?(?:个|点)?{_SUM}"
    rf"|(?:先垫|垫上?|先交|先付|先掏)\s*{_SUM}[一二三四五六七八九]?(?:块|元)?钱?给"
    r"|(?:花|塞|拿|出|掏)(?:点儿?|些|几个)?(?:小?钱|红包|好处)[^,，。;\n]{0,4}?(?:打点|疏通|托人|托关系|找关系|进去|买名额)"
    r"|(?:从|在)[^。;\n]{0,8}?(?:工资|工钱|薪水|工价)(?:里|中|上)?(?:面|头)?[^,，。;\n]{0,3}?(?:抽|返|提)[^,，。;\n]{0,4}?"
    rf"(?:{_SUM}|给我|给中介|给介绍)"
    r"|(?:第一个月|头一?个?月|首月)(?:工资|工钱)?[^,，。;\n]{0,4}(?:归|给|算)(?:我们|中介|介绍人|带班)"
    r"|(?:算|当)(?:我)?(?:是)?(?:跑腿|介绍|辛苦|茶水|烟酒?|入伙)(?:的|费|钱)"
    r"|(?:入伙|茶水|香烟|跑腿|介绍)钱"
)
"""Money for whoever lets one in: 给队长三百块, 从头一个月工资里抽四百, 花点钱打点."""
_TO_GET_IN: Final = re.compile(
    rf"(?:报名|进厂|入厂|入职|上户|上岗|进场)(?:的话)?(?:就)?(?:要|得|需|须)(?:先)?\s*{_SUM}"
    rf"|办(?:一?[张个])?卡\s*{_SUM}|先买后(?:上|干|做)"
    r"|(?:服装|工装|工服|工作服|制服|厂服)(?:要|得|需)?(?:自己|自行|自费)(?:买|购买|掏|出钱|负担)"
)
_NO_REFUND: Final = re.compile(
    r"[\u4e00-\u9fff]{1,4}费用?(?:一经[^,，。;\n]{0,4})?(?:概|恕|均|一律|都)?不(?:予)?退(?!货|票)"
    r"|不(?:去|来|干|合格|通过)(?:的话)?[^,，。;\n]{0,3}不(?:予)?退"
)
_LEASE: Final = re.compile(
    r"(?:先|须|需|要|得)(?:先)?(?:交|缴|付)(?:纳)?(?:满|够|清|齐)?[^,，。;\n]{0,6}?(?:租金?|份子钱|车租|使用费)"
    r"|(?:租金|租费|使用费|折旧费|损耗费)[^。;\n]{0,12}?从(?:每月)?(?:工资|工钱)(?:里|中)?(?:面)?扣"
)
_COST_OWN: Final = re.compile(
    r"(?<!食宿)(?<!生活)(?<!交通)(?<!往返)(?<!住宿)(?<!餐饮)(?:费用|花费|开销)(?:大概|大约|约"
    rf"|共计?|合计)?\s*(?:{_SUM})?(?:全部|全|都)?(?:由|归)?(?:自理|自付|自费|自己(?:出|承担"
    r"|负责|掏)|(?:个人|本人|员工|学员|应聘者|求职者)(?:自行)?(?:承担|负责|出|自理|支付))"
)
_PAY_FIRST: Final = re.compile(
    rf"(?:{_WHEN}[^,，。;\n]{{0,12}}?{_PAY}[^,，。;\n]{{0,6}}?(?:{_SUM}|钱|费用|费))"
    r"|(?:先|须|需|需要|要|得|必须|另|预先|提前)(?:先|要|需)?(?:自己)?(?:交纳?|缴纳?|付|支付"
    r"|转账?|打款|汇款?|垫付|掏)(?:我们|公司|厂里|人事|中介"
    rf"|给[^,，。;\n]{{1,6}})?[^,，。;\n]{{0,4}}?(?:{_SUM}|钱|(?:一定|相应|部分|少量|全部"
    r"|小额)?(?:的)?费用)"
    rf"|交钱(?:就|即|才|后|再|上班|上岗|入职|安排|办)|花钱(?:安排|办|进|入职|买岗)|给钱(?:就|安排)"
    rf"|(?:每人|人均|每位)(?:收取?|交纳?|缴纳?|扣)\s*{_SUM}"
)
_GENERIC_FEE: Final = re.compile(
    r"(?:收取?|缴纳?|交纳?)(?:一定|相应|部分|少量|适当|若干|小额)?(?:数额)?(?:的)?费用"
    r"|(?:有偿|收费)(?:介绍|推荐|安排|内推|入职)|从工资(?:中|里)?扣(?:除)?[^,，。;\n]{0,8}费"
)
_NOT_A_FEE: Final = re.compile(
    r"^(?:补贴|补助|报销|津贴|提成|奖|优惠|收入|分成|由公司|公司(?:承担|出|报)|等级|标准(?:化"
    r"|制定)|结算|会计|用管理|用控制|率)|^[^,，。;\n]{0,6}(?:补贴|补助|报销|提成|分成)"
)
_BENEFIT_BEFORE: Final = re.compile(
    r"(?:发放|补贴|报销|享受?|提供|补助|奖励|公司(?:缴纳?|交|付|支付|代缴)|单位(?:缴纳?|交)"
    r"|厂里(?:缴|交)|为员工(?:缴纳?|交)|返(?:还)?)[^,，。;\n]{0,6}$"
)
_INSURANCE: Final = re.compile(r"社保|五险|公积金|养老|医保|保险")

_CREDIT: Final = (
    r"(?:贷款|借款|网贷|信贷|助学贷|学贷|消费贷|教育贷|分期(?:付款)?|按揭|花呗|白条|借呗"
    r"|信用卡|可(?:以)?贷(?!款)|能贷|贷出来?|连本带利|本息|利滚利|某?金融(?:公司|平台|机构)?(?=[^,，。;\n]{0,6}(?:分|付|贷|办|代))|月供|月付"
    r"|小额贷|办贷|贷(?=[一二三四五六七八九两\d])|分(?:\d{1,2}|[一二三四六十]{1,3}"
    r"|若干)(?:个月|期)|(?:每月|按月|逐月|慢慢|分月)(?:还|扣|偿还|归还|抵扣)|(?:先)?欠着|还款"
    r"|还贷|还清|赊)"
)
_COURSE: Final = (
    r"(?:培训费用?|学费|学习费用?|课程费?|实训费?|培训|学习|岗前|就业班|实训班|训练营|学员"
    r"|包装费|形象费|学车|考证|入学|上课|教材|技能班|学技术|技术费|学艺)"
)
_COURSE_MONEY: Final = r"(?:培训费用?|学费|学习费用?|课程费用?|实训费用?|技术费|教育费用?|学艺费)"
_LOAN_WORD: Final = re.compile(
    r"培训贷|学费贷|教育贷|助学分期|培训分期|学费分期|课程分期|分期学费|分期付学费|贷款培训"
    r"|贷款学习|先学后付|先培训后付|(?:零|0)首付(?:学|培|入)|(?:零|0)元(?:入学|学)|(?:毕业"
    r"|就业|上岗|工作|入职|赚钱|挣钱)(?:以?后)(?:再|按月|逐月|每月|慢慢|分期)?(?:还款|还贷"
    r"|分期|还学费|付学费|还钱|偿还|还清|还)"
)
_COURSE_LOAN: Final = re.compile(rf"{_COURSE}[^。;\n]{{0,24}}?{_CREDIT}")
_LOAN_COURSE: Final = re.compile(
    rf"{_CREDIT}[^。;\n]{{0,12}}?(?:{_COURSE_MONEY}|(?:交|付|支付|抵)(?:培训|课程|学))"
)
_LOAN_TO_START: Final = re.compile(
    r"(?:入职|上岗|面试|报到|录用|签合同|跑(?:货运|网约车|滴滴)|司机"
    r"|签约)[^。;\n]{0,12}?(?:办理?|申请|签|做|开通|绑定|背|通过|名下"
    r"|个人)[^。;\n]{0,4}?(?:贷款|网贷|借款|消费贷|信用卡|花呗|借呗|白条|小额贷|金融分期"
    r"|分期)(?!专员|业务|经理|产品|客户|顾问|审批|公司)"
)
_SIGN_LOAN: Final = re.compile(
    r"(?:签订?|办理?|做|申请)[^。;\n,，]{0,4}?(?:分期|贷款|借款)[^。;\n]{0,10}?(?:上岗|培训|入职|上班)"
)
_COURSE_FROM_WAGE: Final = re.compile(
    rf"{_COURSE_MONEY}[^。;\n]{{0,16}}?(?:从|在|由|用)?(?:以后|今后|每月|逐月|入职后|上岗后"
    r"|就业后)?(?:的)?(?:工资|薪水|薪资)(?:里|中)?(?:每月|逐月|按月|分期|慢慢)?(?:扣|抵|还)"
)
_SELLS_CREDIT: Final = re.compile(
    r"客户|顾客|专员|顾问|信贷员|业务员|营销|推广|产品|贷后|风控|催收|征信报告|审批|房贷"
    r"|车贷业务|行业|知识|经验|从业|创业担保|贴息|助农|惠农|小额担保|银行网点|柜面|理财|会计"
    r"|账|信用卡中心|金融服务|金融专业|金融投资|帮学|给学|为学|讲解|介绍|家长|生源|招生"
    r"|国家助学|大学"
)
_LOAN_DENIED: Final = re.compile(
    r"(?:不(?!收现|用现|用付|用交|用掏|用拿|用出|用钱|用一|花)|无(?!息)|没有|拒绝|杜绝|严禁"
    r"|谨防|警惕|远离|非|免|绝不|从不|莫)[^,，。;\n]{0,5}?(?:贷|分期|花呗|借款|白条|信用卡"
    r"|扣学费|收学费)"
)


def find_money(text: str, about: About) -> Iterator[Hit]:
    """Fees, deposits and loans asked of applicants."""
    yield from _deposits(text)
    yield from _fees(text)
    if re.search(_CREDIT, text) or "学" in text or "培训" in text:
        yield from _loans(text)


def _deposits(text: str) -> Iterator[Hit]:
    advice = "把押金、保证金删掉，写“不收任何费用”。工服、工具由单位提供，用坏了照实结算。"
    for pattern in (_DEPOSIT_WORD, _DEPOSIT_SUM, _DEPOSIT_PAID_BACK, _KEPT_BACK):
        for match in pattern.finditer(text):
            start, end = match.span()
            if _NOT_A_DEPOSIT.match(text[end:]) or _benefit(text, start):
                continue
            if is_denied(text, start, end):
                continue
            if _of_applicant(text, start, end) or not is_daily_work(text, start, end):
                yield Hit(Rule.DEPOSIT, _BLOCK, start, _with_sum(text, end), advice)
    for match in _WAGE_HELD.finditer(text):
        start, end = match.span()
        if is_denied(text, start, end):
            continue
        as_security = re.search(
            r"押金|保证|抵押|押(?:着|作)|离职|干满|做满|满.{0,5}(?:发|退|给)|不(?:发|退|给)|年底|年终"
            r"|过年|怕|防止",
            sentence(text, start, end)[1][:20] + match.group(),
        )
        yield Hit(
            Rule.DEPOSIT,
            _BLOCK if as_security else _WARN,
            start,
            end,
            "工资不能押着当保证。写清每月几号发上个月的工资，例如“每月15日发上月工资”。",
        )


def _of_applicant(text: str, start: int, end: int) -> bool:
    """需交风险金2000: asked of whoever takes the post, where no customer is named."""
    head, tail = clause(text, start, end)
    asked = re.search(
        r"(?:需要?|须|要|得|先|必须|应)(?:先)?(?:交纳?|缴纳?|付|押|垫|打|存)[^,，。;]{0,3}$", head
    )
    return asked is not None and not re.search(r"[顾旅房租乘食]客|客[人户]|业主|商户|住户|对方", head + tail)


def _with_sum(text: str, end: int) -> int:
    """The quote goes on to the sum (押金 300 元)."""
    more = re.match(rf"[^,，。;\n\d]{{0,4}}{_SUM}(?:[,，]?[^,，。;\n]{{0,8}}退还?)?", text[end:])
    return end + more.end() if more else end


def _fees(text: str) -> Iterator[Hit]:
    advice = "招工不能向求职者收钱。删掉这项费用，写“不收任何费用，体检、服装由单位承担”。"
    for pattern in (_FEE_PAID, _FEE_SUM, _SUM_FEE, _FEE_OWN, _FEE_SHARE, _OWN_FEE, _PAY_FIRST, _GENERIC_FEE):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not _is_asked(text, start, end, match.group()):
                continue
            mild = pattern in (_FEE_OWN, _OWN_FEE) and re.search("体检|健康证|办证", match.group())
            yield Hit(Rule.FEE, _WARN if mild else _BLOCK, start, end, advice)

    for match in _ANY_FEE.finditer(text):
        start, end = match.span()
        noun = match.group("noun") or match.group("noun2")
        head, tail = sentence(text, start, end)
        if _USUAL_FEE.search(noun) or not _ASKED.search(head[-14:] + match.group() + tail[:14]):
            continue
        if _is_asked(text, start, end, match.group()):
            yield Hit(Rule.FEE, _BLOCK, start, end, advice)
    for pattern in (
        _BRING_CASH,
        _COST_OWN,
        _PAID_OUT,
        _OWN_PURSE,
        _GO_BETWEEN,
        _TO_GET_IN,
        _NO_REFUND,
        _LEASE,
    ):
        for match in pattern.finditer(text):
            head, tail = sentence(text, *match.span())
            if pattern is _BRING_CASH and not re.search(
                r"入厂|进厂|入职|报到|报名|上岗|体检|面试|来厂|含|办", head[-12:] + tail[:12]
            ):
                continue
            if re.search(r"餐|吃|饭|住|水电|宿舍|房租", match.group() + tail[:6]):
                continue
            if pattern is _COST_OWN and re.search(r"食宿|吃住|生活|路|车|交通|餐|住宿|水电|往返", head[-8:]):
                continue
            of_customers = re.search(r"[顾旅房租乘食]客|客[人户]|业主|商户|住户|学员|家长", head + tail)
            theirs = pattern in (_OWN_PURSE, _LEASE) and of_customers is None
            if _is_asked(text, *match.span(), match.group(), of_applicant=theirs):
                yield Hit(Rule.FEE, _BLOCK, *match.span(), advice)


def _is_asked(text: str, start: int, end: int, words: str, *, of_applicant: bool = False) -> bool:
    if _NOT_A_FEE.match(text[end:]) or _benefit(text, start) or _INSURANCE.search(words):
        return False
    if "费" in words and NOT_AFTER.match(words[words.index("费") + 1 :]):
        return False
    if re.search(r"自费|自付|自己", words) and re.search(
        r"餐|吃|饭|水电|住|房租", words + text[end : end + 6]
    ):
        return False
    if re.search(r"补贴|补助|报销|押金|保证金|社保|返费|退税|定金|订金", words) or re.search(
        r"[补奖]贴?$", text[:start]
    ):
        return False
    if re.match(r"(?:收|付|发|转|扣|打|花|拿)", words) and re.search(
        r"收入|付出|工资|提成|奖金|红包|底薪|转正|扣款|收益|打包|花费", words
    ):
        return False
    if is_denied(text, start, end) or _denied_inside(words):
        return False
    return of_applicant or not is_daily_work(text, start, end)


def _denied_inside(words: str) -> bool:
    return bool(
        re.search(r"不(?:用|需|需要|必|收|交|要|得|会|扣)|无(?:需|须|任何)|免|没有|禁止", words)
    ) and not re.search("不退|免费", words)


def _benefit(text: str, start: int) -> bool:
    return bool(_BENEFIT_BEFORE.search(text[max(0, start - 14) : start]))


def _loans(text: str) -> Iterator[Hit]:
    advice = "上岗前的培训由单位出钱。删掉贷款、分期、从工资里扣学费，写“免费培训，培训期间发工资”。"
    for pattern in (_LOAN_WORD, _COURSE_LOAN, _LOAN_COURSE, _LOAN_TO_START, _SIGN_LOAN, _COURSE_FROM_WAGE):
        for match in pattern.finditer(text):
            start, end = match.span()
            head, tail = sentence(text, start, end)
            around = head[-14:] + match.group() + tail[:10]
            if _LOAN_DENIED.search(around) or re.search(
                r"骗|举报|谨防|警惕|公司(?:全额)?(?:承担|出|付|报)", head + tail
            ):
                continue
            if _SELLS_CREDIT.search(around) and not re.search(r"学员需|入职前|本人|自己|签约", around):
                continue
            yield Hit(Rule.TRAINING_LOAN, _BLOCK, start, end, advice)
