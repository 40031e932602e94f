"""Plain words: no word of an office and no long sentence on a page for people who look for work."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from app.policies.library import library
from app.policies.plain_words import find_long_sentences, find_office_words, longest_sentence
from app.policies.questions import questions
from app.web.rendering import FRONTEND
from tests.conftest import PROJECT
from tests.web import gallery

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
# What stands on the portal's pages: its templates, what they share, and the sentences its views write.
PLACES = (
    (FRONTEND / "templates" / "portal", "**.html", "jinja2"),
    (FRONTEND / "templates" / "components", "**.html", "jinja2"),
    (FRONTEND / "templates" / "errors", "**.html", "jinja2"),
    (PROJECT / "app" / "web" / "portal", "**.py", "python"),
)


def sentences_in(folder: Path, pattern: str, method: str) -> set[str]:
    found: set[str] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(folder), [(pattern, method)], keywords=KEYWORDS
    ):
        found |= {message} if isinstance(message, str) else set(message)
    return found


def portal_sentences() -> set[str]:
    return set().union(*(sentences_in(*place) for place in PLACES))


def faults(text: str) -> list[str]:
    words = [f"{each.found} -> {each.instead}" for each in find_office_words(text)]
    return words + [f"{len(each)} characters: {each}" for each in find_long_sentences(text)]


def test_every_sentence_of_the_portal_is_plain() -> None:
    written = portal_sentences()
    assert len(written) > 200
    assert {text: found for text in written if (found := faults(text))} == {}


@pytest.mark.parametrize("slug", library())
def test_every_text_that_ships_is_plain(slug: str) -> None:
    content = library()[slug]
    lines = [content.title, content.question, content.amount, *content.who, *content.bring]
    lines += [content.where, content.by_when, content.paid]
    assert {text: found for text in lines if (found := faults(text))} == {}


def test_every_question_is_plain() -> None:
    lines = [text for each in questions().values() for text in (each.ask, each.no)]
    lines += [words for each in questions().values() for _value, words in each.options]
    assert {text: found for text in lines if (found := faults(text))} == {}


@pytest.mark.parametrize("name", gallery.PAGES)
def test_every_page_is_plain(name: str) -> None:
    """As rendered; where the law is quoted its own title stands, and what firms wrote is theirs."""
    html = re.sub(r"<(style|script|svg|title)\b.*?</\1>", "", gallery.page(name), flags=re.DOTALL)
    html = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    words = {each.found for each in find_office_words(re.sub(r"<[^>]+>", "\n", html))}
    assert words == set()


def test_the_checks_see_planted_breaks() -> None:
    assert [each.found for each in find_office_words("务工人员请及时申领")] == ["务工人员", "申领", "及时"]
    assert find_office_words("您好")[0].instead == "你"
    assert find_long_sentences("字" * (longest_sentence() + 1)) != []
    assert find_long_sentences("短的。" * 40) == []
    assert find_long_sentences(f"{'字' * longest_sentence()}。好") == []
