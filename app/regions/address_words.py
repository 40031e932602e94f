"""地址用词: what stands between, behind and around the names of places in an address, as patterns.

Learned from postings and ledgers: a name may belong to a road, a landmark, a school, a firm or a dish;
a zone, a street of its own or a number behind a name shows that the place itself is meant.
"""

import re

GAP = re.compile(
    r"(?:[\s,，/\-—–·.。:：、|>_→~()\[\]【】<《》\"'“”]"
    r"|(?:省|自治区)?直辖县级行政(?:区划|单位)|(?:省|自治区)?直辖(?:行政单位|县级)?|省直(?!机)|市辖区|市直(?!机))*"
)
LIST_MARK = re.compile(r"\s*(?:[、/;；&|]|或者?|以?及|和)\s*")
WEAK_LIST_MARK = re.compile(r"\s*[,，\s]\s*")
ENUMERATION = re.compile(r"[、;；]\s*")
STARTS = re.compile(
    r"(?:^|[:：(（\[【,，、;；\s/|]|位于|地处|[座坐]落[在于]|地址在|地点在|总部在|中国|^在|^到|^去)"
)
LOOKING_AWAY = re.compile(r"(?:[近距离至往去]|靠近|毗邻|途经|途径|经过|面向|覆盖|辐射|户籍|籍贯)$")
PASSING = re.compile(r"[到由从]$")

TURN = "东西南北中前后上下内外新老大小"
NUMBER = "一二三四五六七八九十0-9"
ROAD_END = "(?:路|街(?!道)|大街|大道|道|巷|弄|胡同|公路|高速|高架|立交|支路|里弄|步行街|号线)"
# 北京东路, 陕西南路, 中山北一路, 普陀山路: the name belongs to the road.
TURNED_ROAD = re.compile(f"[{TURN}{NUMBER}]{{0,3}}{ROAD_END}")
ROAD = re.compile(
    f"{TURNED_ROAD.pattern}|.(?:路|街(?!道)|大道|巷|弄|胡同)|[{TURN}{NUMBER}]{{0,3}}(?:大?桥|隧道)"
)
# 龙港镇, 和平村: a place of another kind that only shares the name.
OTHER_KIND = re.compile(r"[镇乡村屯寨]|街道|社区|公社")
OWN_ROAD = re.compile(rf"[\u4e00-\u9fff]{{2,4}}?{ROAD_END}")
MODIFIER = (
    "(?:国际|商务|商业|贸易|世贸|金融|科技|电子|文化|体育|会展|人民|工人|市民|中心|中央|时代|世界|新天地|财富|购物|"
    "第?[一二三四五六七八九十]|大|新|老|东|西|南|北)"
)
LANDMARK = re.compile(
    MODIFIER
    + r"{0,3}(?:大厦|广场|中心|酒店|宾馆|饭店|旅馆|会馆|商城|商厦|百货|剧院|影院|医院|银行|花园|公寓|公馆|"
    r"公园|体育[场馆]|博物馆|图书馆|美术馆|新村|山庄|别墅|庄园|苑|寺|庙|祠|湾|滩)(?!区)"
)
SCHOOL = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:大学|师范学院|理工学院|工学院|医学院|中学|小学|一中|二中|附中)")
BRAND = re.compile(
    r"(?:啤酒|拉面|烤鸭|小吃|牛肉面?|羊肉|米粉|米线|火锅|菜|面馆|饭馆|料理|小笼|生煎|汤包|煎饼|板鸭|盐水鸭|"
    r"热干面|肠粉|小面|抄手|酸辣粉|麻辣烫|串串|豆花|凉皮|肉夹馍|泡馍|烩面|胡辣汤|炸酱面|刀削面|担担面|"
    r"大盘鸡|螺蛳粉|猪脚饭|卤味|奶茶|鸡公煲|黄焖鸡|酸菜鱼|酒楼|茶楼|餐馆|餐厅|饭庄|美食|特产|大众|通用|现代|汽车|重汽|重工|电器|证券|人寿|石油|石化|钢铁|乳业|药业|"
    r"人(?!民)|籍|老乡|话|口音|户口|户籍|方言|[省市]?牌照)"
)
COMPANY = re.compile(r"[^\d号路街,，、;；()（）\s]{0,18}?(?:有限|股份|公司|集团|研究[院所]|商会|事务所)")
NATURE = re.compile(r"[寺湖山江河门桥塔祠庙港湾宫陵](?!区|县|镇|街道)|机场|公园|大学|风景|森林|湿地")
ZONE = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:经开区|高新区|开发区|工业区|工业园|产业园|科技园|软件园|物流园|保税区|园区|示范区|"
    r"新区|新城|政务区|新站区|度假区|商务区|试验区)"
)
AREA = re.compile(
    r"(?:城区|市区|县城|中心区|中心城|主城|新区|老城|周边|附近|境内|地区|各|全|本地|境|城关|火车站|汽车站|高铁站|[东西南北]站)"
)
MALL = re.compile(
    r"(?:万达|吾悦|万科|银泰|宝龙|大悦城|龙湖|恒大|保利|绿地|万象|华润|红星美凯龙|欧尚|大润发|永辉|沃尔玛|家乐福|富士康|比亚迪)"
)
NOT_A_NAME = re.compile(r"场|区域|政府路|委路|县域")

# What a bare name may belong to instead of standing for the place.
OTHER_THINGS = (ROAD, LANDMARK, BRAND, OTHER_KIND)
# What shows that an everyday word stands for the place.
SIGNS_OF_A_PLACE = (AREA, ZONE, MALL, OWN_ROAD)
# Names that mean nothing without their city: 攀枝花市东区, 阳泉市城区.
NEEDS_ITS_CITY = frozenset({"城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "中区", "新区"})
