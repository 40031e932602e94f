"""扣证件: identity cards and other papers kept by the employer."""

import re
from collections.abc import Iterator
from typing import Final

from app.vetting.clauses import is_daily_work, is_denied, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

_PAPER: Final = (
    r"(?:居民)?(?:身份证(?!号)|户口[本簿]|毕业证书?|学历证书?|学位证书?|驾驶证|驾照|护照"
    r"|资格证书?|职业证书?|技能证书?|健康证|银行卡|工资卡|社保卡|房产证|房本|居住证|行驶证"
    r"|驾驶?本|[\u4e00-\u9fff]{1,3}(?<![保凭签公认验论取考办查例见佐求带交要看])证(?![明据券实书监人言件])"
    r"|退伍证|操作证|上岗证|从业资格证|证书|(?:个人|相关|本人|有效)?证件)"
    r"(?:和[\u4e00-\u9fff]{2,4}证|、[\u4e00-\u9fff]{2,4}证)?(?:的)?(?:原件|正本)?"
)
_NOT_COPY: Final = r"(?!的?(?:正?反?面)?(?:复印|复件|影印|扫描|照片|电子|号|信息|正反面|登记|查验|核验))"
_HOLD: Final = (
    r"(?:扣押|扣留|扣下|暂扣|扣|抵押|质押|押在|押着|押下|押|压在|压着|压下|(?<![高低水油电气])压(?!力|缩|铸|边)"
    r"|没收|收走|收缴|收上来|收存|上缴|留存|留置|留下|代管|代为保管|集中保管|统一保管"
    r"|(?<!自己)(?<!自行)(?<!妥善)(?<!个人)(?<!本人)保管好?(?=本人|员工|你|您|个人|工人"
    r"|身份证|证件)|统一收|统一存放|寄存|暂存)"
)
_HELD: Final = re.compile(
    rf"{_HOLD}(?:员工|工人|你|您|个人|求职者|大家|新员工|所有人|应聘者)?(?:的)?(?:本人|有效"
    rf"|二代|个人|全部|所有|相关)?(?:的)?{_PAPER}{_NOT_COPY}"
)
_PAPER_HELD: Final = re.compile(
    rf"{_PAPER}{_NOT_COPY}[^。;\n,，]{{0,8}}?(?:(?:由|交由|交给|交到|交予|放在?|存放?在?|押给?"
    r"|压给?|留给?|抵押给?|寄存在?|保存在)(?:我们|本|我)?(?:公司|单位|厂里|厂方|工厂|厂"
    r"|人事部?|老板|主管|车间|办公室|项目部|财务|店里|中介|劳务|组长|带队|工头|队长|这里|我处"
    r"|行政|前台)"
    r"|(?:统一|集中|代为|暂时|暂由)?(?:保管|代管|扣押|扣留|抵押|收走|收缴|收存|押着|压着|押下"
    r"|压下|收上去|收上来|收齐|收起来|收着|收了|拿走|要走|要给我们|给我们保|上缴|上交(?!复)"
    r"|没收|暂扣|留存|作抵押|作押|做抵押|押一|压一|先押|先压|要押|要压|需押|得押|得压))"
)
_GIVEN: Final = re.compile(
    r"(?:上交|交出|交给|交到|交|提交|缴|留|递交|带来|拿)(?:给?(?:公司|单位|厂里|厂方|人事"
    rf"|老板|主管|我们|中介))?(?:本人|有效|二代)?(?:的)?{_PAPER}{_NOT_COPY}[^。;\n]{{0,16}}?"
    r"(?:保管|代管|押|抵押|扣|离职(?:时|后)?(?:再|才|退|还|归还|返还|领)|辞(?:工|职)(?:时"
    r"|后)?(?:再|才|退|还|领)|干满|做满|满.{0,5}(?:退|还|归还)|期满|合同(?:期)?(?:到期|结束)"
    r"|走的时候(?:退|还)|(?:一个月|半年|一年|年底|转正|试用期)(?:后|满|过|结束)?.{0,3}(?:退"
    r"|还|归还|返还))"
)
_ORIGINAL_GIVEN: Final = re.compile(
    r"(?:上交|上缴|交出|收取|收|交纳|缴纳|必须交|需交|要交|先交|交|提交)(?:给?(?:公司|单位"
    r"|厂里|厂方|人事|老板|主管|我们|中介))?(?:本人|有效|二代)?(?:的)?(?:居民)?(?:身份证"
    r"|户口[本簿]|毕业证书?|学历证书?|驾驶证|驾照|护照|证件|银行卡"
    r"|工资卡)(?:、[\u4e00-\u9fff]{2,4}证)?(?:的)?(?:原件|正本)"
    r"|(?:身份证|户口[本簿]|毕业证书?|学历证书?|驾驶证|驾照|护照|证件)(?:的)?原件(?:须|需|要"
    r"|必须|得|先)?(?:上交|交(?!验)|上缴|留下|押|压)"
)
_KEPT: Final = re.compile(
    rf"{_PAPER}{_NOT_COPY}(?:和{_PAPER}|、{_PAPER})?[^。;\n,，]{{0,6}}?(?:押(?!运|车|金)"
    r"|抵(?!达|制|扣)|扣(?!分|除)|压(?!力|缩|铸|膜)|放(?!大|弃|心|假)|留(?!意|心|言|学)|搁"
    r"|存(?!取|款|档)|交(?!通|警|验|复))(?:在|给|到|于|存|着)?[^。;\n,，]{0,4}?(?:公司|厂"
    r"|单位|老板|门卫|我(?:这|那|手)|[站店校厂所]长|[他她]那|那里|这里|这儿|那儿|站点|站里|店里?|队长|经理|工头|主管|人事"
    r"|办公室|我们|手里|手上|财务|中介|师傅|带队|组长|班长|保安|前台|宿管|项目部|工地)"
)
_BACK_LATER: Final = re.compile(
    rf"{_PAPER}{_NOT_COPY}[^。;\n]{{0,24}}?(?:离职|辞工|辞职|离站|离店|离厂|离岗|解约|解除合同"
    r"|合同(?:期)?(?:满|到期|结束)|期满|到期|干满|干够|做满|做够|满[^,，。;\n]{1,5}[月年天]"
    r"|走的?时候?|走人|不干了|月底|年底|回国|工程完|工期|出师|半月|半年"
    r"|一年)[^,，。;\n]{0,4}?(?:才|再|时|后|可|就)?(?:退|还|给|拿|拿走|拿回|领回|领取|取回"
    r"|归还|返还)"
)
_LOOKED_AT: Final = re.compile(
    r"登记(?!表)|录入|备案|复印|办(?:理|卡|证|社保|入职)|核对|核验|查验|验证|验看|复印后|登记后|看(?:一下|完)|当场(?:退|还|归还)|当面(?:退|还)"
    r"|即(?:时)?(?:退|还)|随即|随身|自己保管|自行保管|本人保管|个人保管|妥善保管|及?复印件"
    r"|和复印件"
)


def find_papers(text: str, about: About) -> Iterator[Hit]:
    """Papers that are kept, not merely looked at or copied."""
    if (
        "证" not in text
        and "户口" not in text
        and "护照" not in text
        and "驾照" not in text
        and "卡" not in text
        and "本" not in text
    ):
        return
    advice = "证件不能扣。改成“报到时带身份证核对，看完当场退还，留一张复印件”。"
    for pattern in (_HELD, _PAPER_HELD, _GIVEN, _ORIGINAL_GIVEN, _KEPT, _BACK_LATER):
        for match in pattern.finditer(text):
            start, end = match.span()
            head, tail = sentence(text, start, end)
            if is_denied(text, start, end) or _denied_inside(match.group()):
                continue
            if _LOOKED_AT.search(match.group() + tail[:14]) and not re.search(
                r"离职|辞|干满|公司(?:统一)?保管|押|抵押", match.group() + tail[:14]
            ):
                continue
            if pattern in (_HELD, _PAPER_HELD, _KEPT) and re.search(
                r"公司(?:的)?(?:证|资质|印)|证照|客人|访客|来访|客户|贷款|车辆|房屋|违章|罚|借款|抵押物"
                r"|核实|查验|核对|审核|审查|当事人|旅客|客户|游客",
                head + match.group(),
            ):
                continue
            if not is_daily_work(text, start, end) or re.search("入职|上岗|员工", head):
                yield Hit(Rule.ID_HOLDING, Severity.BLOCK, start, end, advice)


def _denied_inside(words: str) -> bool:
    return bool(
        re.search(
            r"不(?:得|会|准|用|需|扣|押|压|收|留|必|再|能|要|允许|由)|无(?:需|须)|绝不|从不|严禁|禁止"
            r"|没有|自行|自己",
            words,
        )
    )
