"""Reading addresses: invented ones with the dirt of real ones, and laws that hold for any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.regions import gazetteer
from app.regions.reading import NOTHING, read_address
from app.regions.terms import Level

SETTLED = {
    "安徽省合肥市肥西县上派镇人民路8号": "340123100",
    "安徽省/合肥市": "340100",
    "安徽－合肥－肥西县": "340123",
    "重庆市 - 渝中区": "500103",
    "上海　松江": "310117",
    "安徽省 合 肥 市 蜀 山 区": "340104",
    "廣東省深圳市寶安區西鄉": "440306",
    "北京市朝阳区": "110105",
    "北京市北京市朝阳区": "110105",
    "吉林": "220000",
    "吉林市": "220200",
    "西安": "610100",
    "东莞市厚街": "441900",
    "河南省济源市": "419001",
    "湖北省省直辖县级行政区划仙桃市": "429004",
    "香港九龙": "810000",
    "340104": "340104",
    "340104000000": "340104",
    "320584": "320509",
    "江苏省省直单位": "320000",
}

WITHOUT_ENDING = {
    "松江施惠路": "310117",
    "苏州常熟": "320581",
    "苏州吴江松陵": "320509",
    "武昌徐东": "420106",
    "深圳龙岗坂田": "440307",
    "肥西上派": "340123",
    "台州路桥": "331004",
    "济南市中区": "370103",
    "青岛市北区": "370203",
    "荆州沙市区": "421002",
    "恩施州利川": "422802",
    "凉山西昌": "513401",
    "融水县": "450225",
    "达茂旗": "150223",
}

OF_THE_PAST = {
    "南汇区": "310115",
    "上海闸北": "310106",
    "江苏吴江市盛泽镇": "320509103",
    "重庆璧山县": "500120",
    "天津塘沽": "120116",
    "许昌县": "411003",
    "安庆市枞阳县": "340722",
    "巢湖市无为县": "340281",
    "余杭县": "330110",
    "吴江区松陵镇": "320509002",
}

NOT_DIVISIONS = {
    "合肥市经开区紫云路": "340100",
    "合肥高新区创新大道": "340100",
    "苏州工业园区星湖街": "320500",
    "上海市静安寺附近": "310000",
    "上海市黄浦区北京东路100号": "310101",
    "西安市长安南路": "610100",
    "广州市天河北路": "440100",
    "青岛市南京路": "370200",
    "杭州市西湖文化广场": "330100",
    "深圳市宝安区松岗街道兰州拉面": "440306006",
    "苏州市吴中区南京大学苏州校区": "320506",
    "合肥市新站区七里塘镇": "340100",
}

OPEN = [
    "北京东路668号",
    "陕西北路",
    "阜阳路与长江路交口",
    "吉林大路",
    "兰州拉面",
    "青岛啤酒",
    "沙县小吃",
    "南京大学",
    "安徽国际大厦",
    "安徽长风纺织股份有限公司",
    "高新区",
    "经开区明珠大道",
    "雄安新区",
    "滨湖新区",
    "义务劳动",
    "和平路",
    "人民广场",
    "县城",
    "全国各地",
    "",
    "。。。",
    "1234567",
    "安徽老乡",
]


@pytest.mark.parametrize(
    ("text", "code"),
    [*SETTLED.items(), *WITHOUT_ENDING.items(), *OF_THE_PAST.items(), *NOT_DIVISIONS.items()],
)
def test_reads_the_lowest_division_the_text_fixes(text: str, code: str) -> None:
    reading = read_address(text)
    assert reading.code == code, reading
    assert reading.name == gazetteer.get(code).name
    assert reading.candidates == (code,)


@pytest.mark.parametrize("text", OPEN)
def test_does_not_guess(text: str) -> None:
    reading = read_address(text)
    assert reading.code is None
    assert reading.name is None


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("普陀区", {"310107", "330903"}),
        ("西湖区黄龙路", {"330106", "360103"}),
        ("鼓楼区", {"320106", "320302", "350102", "410204"}),
        ("上海/太仓", {"310000", "320585"}),
    ],
)
def test_several_meanings_are_offered_not_chosen(text: str, candidates: set[str]) -> None:
    reading = read_address(text)
    assert reading.code is None
    assert set(reading.candidates) == candidates


def test_at_most_twenty_candidates() -> None:
    assert len(read_address("城关镇").candidates) == 20


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("鼓楼区湖南路街道", "320106"),
        ("普陀区云岭东路（上海）", "310107"),
        ("吉林省朝阳区", "220104"),
        ("山东省市中区", "370000"),
        ("松江、青浦", "310000"),
        ("合肥市蜀山区、包河区", "340100"),
        ("华侨城（深圳市南山区）", "440305"),
        ("工作地点：浙江嘉善", "330421"),
    ],
)
def test_other_words_of_the_text_decide(text: str, code: str) -> None:
    found = read_address(text).code
    assert found is not None
    assert found[:6] == code


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("普陀区", "310117", "310107"),
        ("普陀区", "330902001", "330903"),
        ("城关镇", "340323", "340323100"),
        ("普陀区", "610204", None),
        ("普陀区", "999999", None),
        ("鼓楼区", "320000", None),
        ("合肥市", "310117", "340100"),
    ],
)
def test_home_settles_what_the_text_leaves_open(text: str, home: str, code: str | None) -> None:
    assert read_address(text, home).code == code


NAMES = sorted(division.name for division in gazetteer.gazetteer().divisions.values())
PIECES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES).map(lambda name: name[:-1]),
    st.sampled_from(
        ["路", "东路", "大道", "、", "/", " ", "（", "）", "高新区", "12号", "公司", "大学", "市", "区"]
    ),
    st.text(max_size=6),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@settings(max_examples=400)
@given(TEXTS)
def test_any_text_is_answered_with_living_codes(text: str) -> None:
    reading = read_address(text)
    divisions = gazetteer.gazetteer().divisions
    assert reading.code is None or divisions[reading.code].name == reading.name
    assert all(code in divisions for code in reading.candidates)
    assert list(reading.candidates) == sorted(set(reading.candidates))
    assert len(reading.candidates) <= 20
    assert read_address(text) == reading


@settings(max_examples=300)
@given(st.sampled_from([d for d in gazetteer.gazetteer().divisions.values() if len(d.code) == 6]))
def test_the_full_path_of_a_place_reads_as_that_place(division: gazetteer.Division) -> None:
    if gazetteer.is_statistical_city(division.code):
        return
    assert read_address(gazetteer.path_name(division.code)).code == division.code
    assert read_address(" / ".join(gazetteer.path(division.code))).code == division.code


@settings(max_examples=300)
@given(st.sampled_from([d for d in gazetteer.gazetteer().divisions.values() if len(d.code) == 6]))
def test_a_road_after_the_bare_name_never_makes_a_narrower_place(division: gazetteer.Division) -> None:
    place = read_address(division.short_name)
    road = read_address(division.short_name + "东路12号")
    assert road.code is None or place.code is None or len(road.code) <= len(place.code)
    assert read_address("在" + division.short_name + "东路12号").code is None or road.code is not None


@settings(max_examples=200)
@given(
    st.sampled_from([d for d in gazetteer.gazetteer().divisions.values() if d.level is Level.COUNTY]),
    st.sampled_from(["建设路8号", "人民广场旁", "长江大厦3楼", "1号楼201室", "高铁站对面"]),
)
def test_detail_after_the_full_path_changes_nothing(division: gazetteer.Division, detail: str) -> None:
    if not division.code.startswith(("71", "81", "82")):
        assert read_address(gazetteer.path_name(division.code) + detail).code == division.code


def test_hostile_repetition_stays_quick() -> None:
    read_address("合肥")
    for text in (
        "上海市" * 200,
        "上海松江" * 200,
        "城关镇" * 200,
        "、松江" * 200,
        "（朝阳区" * 200,
        "吉林" * 300,
    ):
        started = time.process_time()
        read_address(text)
        assert time.process_time() - started < 0.5
    assert read_address("啊" * 100_000) == NOTHING
