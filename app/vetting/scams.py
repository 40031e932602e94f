"""骗局与私联: jobs abroad that are none, promises nobody keeps, and contacts that slip past the platform."""

import re
from collections.abc import Iterator
from typing import Final

from app.vetting.clauses import clause, sentence
from app.vetting.findings import About, Hit
from app.vetting.terms import Rule, Severity

# ---------------------------------------------------------------- 境外
_NOTORIOUS: Final = (
    r"(?:缅北|缅甸|金边|曼谷|万象|仰光|瓦城|柬埔寨|西港|西哈努克|老挝|金三角|妙瓦底|果敢|佤邦|木姐|大其力|勐拉|kk园区"
    r"|菲律宾|马尼拉|波贝|迪拜|东南亚|泰缅|缅泰|泰国|越南|马来西亚|亚太城|木牌)"
)
_ABROAD: Final = (
    r"(?:境外|国外|海外|出国|国境外|外国|出境|非洲|中东|欧洲|澳洲|澳大利亚|新西兰|日本|韩国"
    r"|新加坡|加拿大|美国|俄罗斯|以色列|沙特|卡塔尔|阿联酋|安哥拉|安徽外|塞班|关岛|英国|德国"
    r"|法国|希腊|波兰|匈牙利|塞尔维亚|冰岛|北欧)"
)
_TRAP_WORK: Final = (
    r"(?:客服|打字|推广|博彩|荷官|网络|电销|聊天|狗推|接线|话务|吸粉|引流|淘宝|游戏|操盘|投资"
    r"|保安|司机|服务员|普工|文员|招商|直播|主播|资金|线上|充值|跑分|搬砖|轻松)"
)
_LURE: Final = re.compile(
    r"包(?:机票|签证|路费|护照|吃住行)|(?:免费|代)?办(?:理)?(?:护照|签证)|报销(?:来回)?机票"
    r"|机票(?:全|免费|报销|公司)|无需(?:护照|签证|学历|经验)|不(?:需|用|要)(?:护照|签证|学历"
    r"|经验)|旅游签|商务签|落地签|免签|偷渡|走(?:小路|水路|山路)|边境(?:接|集合|送|过)"
    r"|专人(?:接|带)|专车(?:接|送)|高薪|月入|月薪\s*(?:\d{2,}|[2-9])\s*[万w]"
    r"|年薪\s*\d{2,}\s*万|日薪|保底\s*(?:[1-9]\d?万|[一二三四五六七八九十]万|\d{5})"
    r"|[二三四五六七八九十两\d]+\s*万|[1-9]\d{4}|[2-9]w|1\.\d[万w]|学历不限|会打字|打字就"
    r"|轻松|日结|招满即止|秒过|不(?:看|查)(?:征信|案底)|案底"
)
_NOTORIOUS_AT: Final = re.compile(_NOTORIOUS)
_ABROAD_AT: Final = re.compile(rf"{_ABROAD}|出国(?:劳务|务工|打工|工作)")
_ABROAD_WORK: Final = re.compile(
    rf"(?:去|赴|到|往|前往|派往|外派)?(?:{_ABROAD}|{_NOTORIOUS})[^,，。;\n]{{0,8}}?(?:招|聘"
    r"|务工|打工|劳务|工作|上班|挣钱|淘金|就业|建筑|厨师|焊工|木工|瓦工|钢筋|采摘|农场|工地"
    r"|餐馆|中餐|饭店|酒店|矿|屠宰|搬运|分拣|工厂|园区|项目)|(?:招|聘|急招|诚聘"
    rf"|诚招)[^,，。;\n]{{0,4}}(?:{_ABROAD}|{_NOTORIOUS})|出国(?:劳务|务工|打工|挣钱|淘金"
    rf"|工作)|(?:赴|去|派往|前往|到)(?:{_ABROAD}|{_NOTORIOUS})"
    rf"|{_NOTORIOUS}[^,，。;\n]{{0,8}}{_TRAP_WORK}"
)
_SMUGGLED: Final = re.compile(
    r"偷渡|走(?:小路|水路|山路)[^,，。;\n]{0,4}(?:过|去|出)|(?:边境|口岸)(?:接人|接应|集合"
    r"|有人接|专人|过境|送出)|(?:旅游签|商务签|落地签)[^,，。;\n]{0,8}(?:打工|务工|工作|上班"
    r"|转|干活)|跑分|帮信|出租(?:银行卡|电话卡)|收(?:购)?银行卡|园区[^,，。;\n]{0,6}(?:打字"
    r"|客服|推广|狗推)|狗推|菜农|荷官|博彩(?!业务禁)|杀猪盘|四件套"
)
_LICENSED: Final = re.compile(
    r"对外劳务合作(?:经营)?(?:资格|资质|许可)|劳务合作经营资格|商务部(?:门)?(?:备案|批准"
    r"|许可)|经营资格证书|外派劳务(?:资格|资质|许可)|承包工程(?:企业|资格|资质)|央企|中央企业"
    r"|国企(?:海外|项目)|外派项目|工作签证|就业准证|公派|派驻|中建|中铁|中交|中水|中电建"
    r"|技能实习|特定技能|援外|外派劳务基地|在我局备案|人社局组织"
)
_NOT_ABROAD: Final = re.compile(
    r"外贸|跨境|电商|海外(?:仓|市场|客户|业务|销售|营销|推广|运营|订单|采购|直播|部|事业部"
    r"|项目部职能|留学|背景|经历|买家|版)|(?:国外|境外|海外|出国|外国)(?:客户|市场|旅游|旅行"
    r"|游|考察|学习|培训|深造|进修|奖励|度假|团|年假|假|留学|研学|展会|参展|出差|网站|订单|语"
    r"|名|友人|游客|人|文献|先进)|出口|进口|国际贸易|国内外|(?:日本|韩国|泰国|越南|美国|德国"
    r"|法国|英国|意大利|澳洲|东南亚)(?:料理|菜|风味|烤肉|餐|料|独资|外资|进口|品牌|订单|市场"
    r"|客户|语|动漫|化妆|代购|时尚|商品|线|站|独|工艺|技术|设备|海淘|原装|标准|米|香|奶|车|企"
    r"|籍|人|客|式|按摩|spa|馆|店|餐厅|烧烤|奶茶|咖喱|火锅)|(?:日|韩|泰|英|德|法|越)语"
    r"|海外留学|名导|商务考察|船|海运|货代|物流|签证专员|留学顾问|华侨|不去|非境外|不涉及境外"
    r"|拒绝境外|谨防|不要轻信|勿信|反诈|诈骗|骗"
)

# ---------------------------------------------------------------- 夸大
_PROMISE: Final = (
    (
        re.compile(
            r"刷单|刷信誉|刷(?:好评|销量|流水|评)|点赞(?:赚|就|员|挣|日|兼)|关注就(?:赚|给)"
            r"|打字(?:员)?(?:兼职|日赚|日结\d|[^,，。;\n]{0,4}(?:百|\d{3,})元?[/每一]?(?:天|日))"
            r"|抄写(?:员)?(?:兼职|[^,，。;\n]{0,8}(?:日|元|天))|挂机(?:赚|就|项目)|躺赚|躺着(?:赚|挣"
            r"|就|数钱|也能)|稳赚|包赚|坐(?:等|着)(?:赚|收钱|数钱)|睡(?:觉|后)(?:也能|都能)?(?:赚"
            r"|收入)|一夜暴富|暴利|零风险|0风险|无风险高|稳赚不赔|保赚"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:在家|宅家|居家|手机|兼职|动动手|零门槛|无门槛|足不出户)[^。;\n]{0,16}?(?:日|天|一天"
            r"|每天)(?:赚|挣|入)\s*\d{3,}"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:日|天|每天|一天)(?:入|赚|挣|收入|薪)(?:上|过|破|超|轻松)?\s*(?:千元?|万|[1-9]\d{3,}"
            r"|[一二两三四五六七八九几数]千)|(?:月|每月|一月|一个月)\s*(?:\d"
            r"|[一二两三四五六七八九])\s*万[^,，。;\n]{0,4}轻松(?:拿|赚|挣|到手)|日入斗金"
            r"|月入\s*(?:[3-9]|\d{2,}|[三四五六七八九十几数]"
            r"|两三)\s*(?:万|w|十万|百万)|月(?:薪|入|赚|挣)\s*(?:[3-9]\d{4}|\d{6,})(?!\d)|轻松(?:月"
            r"|日|年)?(?:入|赚|挣|拿)(?:过|上|破|超)?\s*(?:万|千|百万|\d|[一二两三四五六七八九十])"
            r"|轻轻松松(?:月入|日入|年入|(?:赚|挣)\s*(?:\d|[一二三四五六七八九十几数]))"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:100%|百分之?百|百分百|保证|包|确保|必定|一定|承诺)(?:录用|录取|入职(?!人员|员工)"
            r"|过关|通过|拿证|取证|分配工作|安排工作|安置工作|进编|上岸|转正|入编|进国企|包过|高薪)"
            r"|包(?:过|拿证|就业|分配|进编|入编|上岸)(?!后)|交钱?即?就?(?:进|上)(?:国企|编)"
            r"|内部(?:指标|名额|渠道|关系)[^,，。;\n]{0,8}|有关系(?:安排|可进)"
            r"|无需考试[^,，。;\n]{0,6}(?:入编|进编|正式|国企)|免考(?:入编|进编|拿证)|(?:花钱"
            r"|有偿)(?:进|安排)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:包|保|保证|保底|承诺|确保|稳定?)\s*(?:月薪|月入|工资|收入|年薪|你)?(?:月薪"
            r"|月入)?(?:过|上|破|超)万|(?:保证|包|确保|承诺|保你)[^,，。;\n]{0,4}(?:月入|月薪|年入"
            r"|年薪|月赚|年赚|发财|致富|赚钱|买房|买车)|(?:不用|无需|不需|零|0)(?:干活|出力|投入|经验"
            r"|学历|技术|门槛|基础)[^,，。;\n]{0,10}(?:月入|日入|月薪|日薪|日赚|月赚)\s*(?:过|上|破"
            r"|超)?\s*(?:万|[2-9]万|\d{5,}|[二三四五六七八九]万|千|[5-9]\d{2,3})"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:月入|月薪|收入|工资)(?:轻松|轻轻松松|至少|肯定|绝对|必|都)?(?:过|上|破"
            r"|超)万(?!元?以?下)[^,，。;\n]{0,6}(?:不是梦|没问题|so easy|轻松|不难|很轻松|不在话下"
            r"|指日可待)|(?:年薪|年入|年收入)(?:百万|千万|过百万)|(?:在家|宅家|足不出户|动动手指"
            r"|手机)(?:就能?|轻松|兼职|即可|也能)?[^,，。;\n]{0,8}(?:赚|挣|日入|月入|日结\s*\d{3})"
            r"|(?:一周|一个?月|三个月|半年)(?:就能?)?(?:买车|买房|暴富|回本|致富|发财)|(?:工作"
            r"|活)?(?:超级|特别|极其|极度)?轻松[^,，。;\n]{0,6}(?:工资|薪资|收入|待遇)(?:超|极"
            r"|特别)?高|钱多(?:活|事)少|财富自由|躺平[^,，。;\n]{0,4}(?:拿|赚|月入|日入)"
        ),
        Severity.WARN,
    ),
    (re.compile(r"(?:日|天|每天|一天)(?:入|赚|挣)\s*(?:\d{3,}|[几一二两三四五六七八九]百)"), Severity.WARN),
    (
        re.compile(
            r"(?:手工|串珠|编织|绣|组装|粘贴|加工)[^,，。;\n]{0,8}(?:带|拿"
            r"|领)回家(?:做)?[^。;\n]{0,14}(?:日赚|日入|月入|月赚|高价回收|包回收|交|押)|高价回收"
            r"|包回收成品"
        ),
        Severity.WARN,
    ),
)
_PROMISE_FREE: Final = re.compile(
    r"谨防|警惕|骗|举报|拒绝|严禁|禁止|打击|不(?:刷单|做刷单|是(?!梦)|得|搞|参与|承诺|保证|许诺)"
    r"|非刷单|不包(?:过|就业)|反诈|杜绝|没有"
)

# ---------------------------------------------------------------- 私联
_WX: Final = (
    r"(?:微信|微 信|微❤|vx|wx|v x|w x|薇|(?<![a-z])v(?=\s*[号:：])|(?<![a-z])微(?=\s*[号:：]"
    r"|\s*[a-z0-9]{5}))"
)
_ID: Final = r"[a-z][a-z0-9_\-]{4,19}|1[3-9]\d{9}|\d{6,11}"
_HAN_D: Final = r"[零一二三四五六七八九幺〇两]"
_ADD: Final = r"(?:加|\+|添加|私(?:信|聊)?|咨询|搜索?|扫|联系|备注|详聊|详询|滴滴|请加|快加|可加|敲|戳|找)"
_CONTACT: Final = (
    (
        re.compile(
            rf"{_ADD}\s*(?:我|我们|老板|人事|hr|经理|小编|主管|下方|群主|店长|招聘|工作|老师|客服"
            rf"|联系人|本人|负责人)?(?:的)?\s*(?:个人)?\s*(?:{_WX}|qq|q(?=[:：\d])|扣)(?!客户|好友数"
            rf"|粉丝|公众|运营|小程序|营销|推广|商城|支付|平台)(?:号|群|好友)?\s*[:：]?\s*(?:{_ID})?"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            rf"[卫威维薇围唯惟徽微]\s*[信芯心星新讯x]?\s*号?\s*[:：]\s*(?:{_ID})"
            rf"|(?:群|企鹅|扣扣|咨询|报名|联系)\s*号?\s*(?:码)?\s*[:：是为]?\s*{_HAN_D}{{6,11}}"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(rf"(?:{_WX})\s*(?:号码?|群|同号|id|联系|咨询|添加)?\s*[:：是为]?\s*(?:{_ID})"),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:qq|(?<![a-z])q)\s*(?:群|号)?\s*[:：是为]?\s*[1-9]\d{4,10}(?!\d|元|人)|(?:加|进"
            r"|入)(?:我们)?(?:的)?(?:q|qq|微信|招聘|招工|老乡|求职|工友|务工|报名|岗位"
            r"|兼职)\s*(?:交流)?群|(?:扫|长按|识别)[^,，。;\n]{0,6}(?:二维码|码)[^,，。;\n]{0,6}(?:加"
            r"|进群|入群|联系|咨询|添加|好友|群|微信)"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:telegram|whatsapp|纸飞机|飞机号|蝙蝠(?:号|聊天|app)?|tg(?:号|群)?\s*[:：]|line号"
            r"|土豆(?:号|聊天)|potato|陌陌号?\s*[:：]|抖音(?:私信|号\s*[:：])|快手(?:私信|号\s*[:：])"
            r"|小红书(?:私信|号\s*[:：])|闲鱼(?:私信|搜))"
        ),
        Severity.BLOCK,
    ),
    (
        re.compile(
            r"(?:私(?:下|聊|信)|线下|单独|绕开平台|不走平台|平台外|避开平台|别在平台)(?:联系|沟通|谈"
            r"|报名|咨询|加我|聊)[^,，。;\n]{0,10}"
        ),
        Severity.BLOCK,
    ),
)
_CONTACT_FREE: Final = re.compile(
    r"公众号|小程序|运营|推广|营销|客户|粉丝|顾客|引流|维护|熟练|熟悉|使用|会用|沟通群|家长群"
    r"|社群|管理群|业主群|工作群|群发|支付|收款|平台|软件|聊天工具|管理(?:微信|qq)|团购|商城"
    r"|私域|服务号|企业微信|打卡|不要加|勿加|谨防|骗|不加|无需加|不用加|添加好友数"
)
_D: Final = r"[\d零一二三四五六七八九幺〇oO壹贰叁肆伍陆柒捌玖两]"
_SEP: Final = r"[\s\-_.·*~,，/|()（）—+、]{0,2}"
_MOBILE: Final = re.compile(
    r"(?<![\d零一二三四五六七八九幺])(?:1|一|幺"
    rf"|壹){_SEP}[3-9三四五六七八九叁肆伍陆柒捌玖](?:{_SEP}{_D}){{9}}(?![\d零一二三四五六七八九"
    r"])"
)
_LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}\s?-?\s?[2-8]\d{6,7}(?!\d)|(?<!\d)400-?\d{3,4}-?\d{3,4}(?!\d)")
_MAIL: Final = re.compile(
    r"[a-z0-9._-]{3,}\s?@\s?[a-z0-9-]+\.[a-z]{2,}"
    r"|(?:点击|点开|打开|下载|注册|链接|网址报名|报名网址)[^,，。;\n]{0,8}(?:https?://"
    r"|www\.)[a-z0-9./?=&%_-]{5,}"
)


def find_scams(text: str, about: About) -> Iterator[Hit]:
    """Work abroad, promises and contacts."""
    yield from _overseas(text, about)
    advice = "按实际写工资：最少多少、最多多少、怎么算；活儿是什么就写什么。"
    for pattern, severity in _PROMISE:
        for match in pattern.finditer(text):
            head, tail = sentence(text, *match.span())
            if _PROMISE_FREE.search(head[-12:] + match.group() + tail[:8]):
                continue
            yield Hit(Rule.FALSE_PROMISE, severity, *match.span(), advice)
    yield from _contacts(text)


def _overseas(text: str, about: About) -> Iterator[Hit]:
    advice = (
        "境外的活只能由有对外劳务合作经营资格的企业招。写明企业名称、资格证书编号、工作签证由谁办"
        "；没有资格的不能发。"
    )
    for match in _SMUGGLED.finditer(text):
        head, tail = sentence(text, *match.span())
        if not re.search(
            r"谨防|警惕|骗|拒绝|严禁|打击|举报|不(?:涉及|做|是|参与)|防范|反诈|宣传|景区|旅游|菜农户",
            head[-14:] + tail[:10],
        ):
            yield Hit(Rule.SCAM_OVERSEAS, Severity.BLOCK, *match.span(), advice)
    if _LICENSED.search(about.whole):
        return
    for pattern, bad in ((_NOTORIOUS_AT, True), (_ABROAD_AT, False)):
        for match in pattern.finditer(text):
            head, tail = clause(text, *match.span())
            if re.search(r"骗|轻信|谨防|警惕|反诈|打击|不去|拒绝", " ".join(sentence(text, *match.span()))):
                continue
            if re.search(
                r"等地|设有|设立|分公司|代表处|办事处|市场|客户|业务遍|远销|监管|总部", head[-12:] + tail[:16]
            ):
                continue
            if re.match(r"(?:语|文|话|籍|菜)", tail):
                continue
            if _NOT_ABROAD.search(head[-6:] + match.group() + tail[:8]) or (
                not _ABROAD_WORK.search(head[-8:] + match.group() + tail[:14])
                and not (about.is_title or (bad and _LURE.search(" ".join(sentence(text, *match.span())))))
            ):
                continue
            lured = _LURE.search(about.whole)
            individual = about.kind in ("individual", "agency")
            severity = Severity.BLOCK if lured or individual else Severity.WARN
            if bad or lured or individual or re.search("劳务|务工|打工", match.group() + tail[:8]):
                yield Hit(Rule.SCAM_OVERSEAS, severity, match.start(), _to_end(text, match.end()), advice)


def _to_end(text: str, end: int) -> int:
    """The quote runs to the end of its clause."""
    tail = re.match(r"[^,，。;!\n]{0,16}", text[end:])
    return end + (tail.end() if tail else 0)


def _contacts(text: str) -> Iterator[Hit]:
    advice = "把电话、微信从介绍里删掉，填到“联系人”一栏；求职的人点“报名”就能找到你们。"
    for pattern, severity in _CONTACT:
        for match in pattern.finditer(text):
            head, tail = clause(text, *match.span())
            named = re.search(rf"(?:{_ID})\s*$", match.group())
            if not named and _CONTACT_FREE.search(head[-8:] + match.group() + tail[:10]):
                continue
            yield Hit(Rule.CONTACT_SMUGGLING, severity, *match.span(), advice)
    for match in _MOBILE.finditer(text):
        if re.search(r"公交|路(?:车)?|地铁", text[max(0, match.start() - 8) : match.start()]):
            continue
        digits = re.fullmatch(r"1\d{10}|1\d{2}[- ]?\d{4}[- ]?\d{4}", match.group().strip())
        yield Hit(Rule.CONTACT_SMUGGLING, Severity.WARN if digits else Severity.BLOCK, *match.span(), advice)
    for pattern in (_LANDLINE, _MAIL):
        for match in pattern.finditer(text):
            yield Hit(Rule.CONTACT_SMUGGLING, Severity.WARN, *match.span(), advice)
