"""The catalogues say all there is to say, in both languages, and nothing else."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.web.languages import LOCALES, choose_language, languages

ROOT = LOCALES.parents[1]
_HOLE = re.compile(r"%\(\w+\)s|\{\w+(?::,)?\}|</?b>")


def written_sentences() -> set[str]:
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None, "say": None}
    found: set[str] = set()
    for folder in ("app/web", "app/matching", "frontend/templates"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), methods, keywords=keywords
        ):
            found |= {message} if isinstance(message, str) else set(message)
    return found


def catalogue(folder: str) -> dict[str, str]:
    with (LOCALES / folder / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return {str(entry.id): str(entry.string) for entry in read_po(source) if entry.id}


@pytest.mark.parametrize("folder", ["zh_Hans", "en"])
def test_catalogue_is_complete(folder: str) -> None:
    written, translated = written_sentences(), catalogue(folder)
    assert len(written) > 150
    assert written - translated.keys() == set(), "run the commands of frontend/locales/README.md"
    assert translated.keys() - written == set()
    assert [key for key, value in translated.items() if not value] == []


@pytest.mark.parametrize("folder", ["zh_Hans", "en"])
def test_holes_of_a_sentence_stay(folder: str) -> None:
    for key, value in catalogue(folder).items():
        assert sorted(_HOLE.findall(key)) == sorted(_HOLE.findall(value)), key


def test_english_is_english() -> None:
    kept = {key for key, value in catalogue("en").items() if re.search(r"[\u4e00-\u9fff]", value)}
    assert kept == {"说个活名，比如 缝纫"}, "postings are written in Chinese, so is the example"


@pytest.mark.parametrize(
    ("asked", "accept", "tag"),
    [
        ((None, None), "", "zh-Hans"),
        ((None, None), "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ((None, None), "en-US,en;q=0.9", "en"),
        ((None, None), "en-US,en;q=0.9,zh-CN;q=0.5", "zh-Hans"),
        ((None, None), "fr", "zh-Hans"),
        (("en", None), "zh-CN", "en"),
        ((None, "en"), "zh-CN", "en"),
        (("zh-Hans", "en"), "en", "zh-Hans"),
        (("xx", None), "en", "en"),
    ],
)
def test_language_is_chosen(asked: tuple[str | None, str | None], accept: str, tag: str) -> None:
    assert choose_language(asked, accept).tag == tag


def test_chinese_sentences_are_the_default() -> None:
    assert languages()["zh-Hans"].gettext("找活") == "找活"
    assert languages()["en"].gettext("找活") == "Jobs"
