"""页面语言: the gettext catalogues of the pages and which of them a reader gets.

Chinese is written in the templates themselves and is complete there; `zh_Hans` may overrule a sentence (a
county that says 啥 for 什么 does it in a catalogue of its own), `en` translates all of them. Catalogues are
read from the .po files at start, so a clean clone needs no compile step and no .mo file can be stale.
"""

import gettext as gettext_module
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[2] / "frontend" / "locales"
DEFAULT = "zh-Hans"


@dataclass(frozen=True)
class Language:
    """语言: `tag` is what ?lang= and the cookie carry, `html` the lang attribute, `name` its own name."""

    tag: str
    html: str
    name: str
    words: gettext_module.NullTranslations

    def gettext(self, message: str) -> str:
        """The sentence in this language; the Chinese one when the catalogue has none."""
        return self.words.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The sentence for `n` things."""
        return self.words.ngettext(one, many, n)


_KNOWN = (("zh-Hans", "zh_Hans", "zh-CN", "中文"), ("en", "en", "en", "English"))


def mark(message: str) -> str:
    """Marks a sentence in a table for the catalogues; it is translated where it is shown."""
    return message


@cache
def languages() -> dict[str, Language]:
    """All languages by tag, the default first."""
    return {tag: Language(tag, html, name, _catalogue(folder)) for tag, folder, html, name in _KNOWN}


def _catalogue(folder: str) -> gettext_module.NullTranslations:
    with (LOCALES / folder / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def choose_language(asked: Sequence[str | None], accept: str = "") -> Language:
    """The first known tag of `asked` (query, then cookie); else English when the browser clearly wants it.

    Clearly: English comes first and no Chinese is named at all. Many Chinese phones send a stray English
    entry.
    """
    known = languages()
    for tag in asked:
        if tag in known:
            return known[tag]
    accepted = [part.split(";")[0].strip().lower() for part in accept[:200].split(",") if part.strip()]
    if accepted and accepted[0].startswith("en") and not any(a.startswith("zh") for a in accepted):
        return known["en"]
    return known[DEFAULT]
