"""Sentences with parts: Chinese as they stand, in another language with the same parts."""

from app.core.sentences import Sentence, say

ENGLISH = {"{near}，班车到村里": "{near}, a bus comes", "离家 {km:,} 公里": "{km:,} km from home"}


def in_english(template: str) -> str:
    return ENGLISH[template]


def test_a_sentence_holds_sentences() -> None:
    sentence = say("{near}，班车到村里", near=say("离家 {km:,} 公里", km=1_200))
    assert str(sentence) == "离家 1,200 公里，班车到村里"
    assert sentence.said(in_english) == "1,200 km from home, a bus comes"
    assert sentence == say("{near}，班车到村里", near=say("离家 {km:,} 公里", km=1_200))


def test_what_stands_in_a_part_is_never_a_template() -> None:
    assert str(say("你会{skill}", skill="{other}%(n)s")) == "你会{other}%(n)s"
    assert str(Sentence("100%")) == "100%"
