"""Under which signs, pinyin and initials a name is found."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.seekers.names import SURNAMES, search_text_of


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王桂兰", "wang wgl gl guilan wangguilan wanggui wg lan 王 桂 兰"),
        ("曾小平", "zengxiaoping zxp ceng"),
        ("单田芳", "shantianfang stf dan"),
        ("解晓东", "xiexiaodong jie"),
        ("仇和", "qiuhe qh"),
        ("查良镛", "zhaliangyong cha"),
        ("盖叫天", "gejiaotian gai"),
        ("覃辉", "qinhui qh"),
        ("朴树", "piaoshu"),
        ("区寄", "ouji"),
        ("任长霞", "renchangxia rzx rcx"),
        ("吕布", "lvbu lubu lb"),
        ("单于飞", "chanyufei shanyufei"),
        ("欧阳修", "ouyang ouyangxiu oyx xiu"),
        ("尉迟恭", "yuchigong ycg weichigong"),
        ("乐嘉", "yuejia lejia"),
        ("阿卜杜热合曼·买买提", "abodure mai ti abodurehemanmaimaiti"),
    ],
)
def test_names_are_found_as_people_type_them(name: str, typed: str) -> None:
    found = set(search_text_of(name).split())
    assert set(typed.split()) <= found


@for_all(st.text(alphabet="王李张刘陈曾单解乐长行朝重吕欧阳司马诸葛兰桂小明一·A", max_size=40))
def test_any_name_makes_a_short_text_of_plain_words(name: str) -> None:
    text = search_text_of(name)
    assert len(text) < 4_000
    assert "  " not in text.strip()


def test_every_surname_of_the_table_is_one_sign_with_one_reading() -> None:
    assert all(
        len(sign) == 1 and reading.isalpha() and reading.isascii() for sign, reading in SURNAMES.items()
    )
