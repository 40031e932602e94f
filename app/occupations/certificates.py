"""证书: certificates and licences people hold and jobs ask for, and which of them covers another."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.occupations.lexicon import Lexicon
from app.occupations.negation import denied
from app.occupations.normalise import plain

_FILE = Path(__file__).parent / "data" / "certificates.toml"
# "驾照C1", "C1以上驾照", "持有A2、B2驾驶证": a class written apart from its word.
_CLASS = re.compile(r"(?<![A-Za-z0-9])([ABC][123])(?![A-Za-z0-9])", re.IGNORECASE)
_LICENCE_WORD = re.compile(r"驾|照|本(?!科)|司机|增驾|开车|以上|车型")


@dataclass(frozen=True, slots=True)
class Certificate:
    """证书: `covers` are the codes of those it may stand in for."""

    code: str
    label: str
    words: tuple[str, ...]
    covers: frozenset[str]


@cache
def certificates() -> dict[str, Certificate]:
    """All certificates by code."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["certificate"]
    return {
        e["code"]: Certificate(e["code"], e["label"], tuple(e["words"]), frozenset(e.get("covers", ())))
        for e in entries
    }


@cache
def _lexicon() -> Lexicon:
    return Lexicon((plain(w), c.code) for c in certificates().values() for w in (c.label, *c.words))


def find_certificate(code: str) -> Certificate | None:
    """The certificate with this code."""
    return certificates().get(code)


def certificate_label(code: str) -> str:
    """What people call it; own words that were never read as a code stay as they are."""
    found = certificates().get(code)
    return found.label if found else code


def read_certificates(text: str) -> list[str]:
    """Codes of the certificates a text names as asked for or held, each once, in the order of the text.

    "驾照" alone means a car licence (C1); with a class beside it, that class: "A2驾照", "驾照C1以上".
    """
    words = plain(text)
    is_denied = denied(words)
    found: list[tuple[int, str]] = []
    for hit in _lexicon().read(words):
        if not is_denied(hit.start, hit.end):
            found.append((hit.start, hit.value))
    classes = _licence_classes(words)
    if classes:
        # The bare word 驾照 beside a class says no more than the class.
        found = [f for f in found if f[1] != "licence_c1"] + classes
    return list(dict.fromkeys(code for _, code in sorted(found)))


def _licence_classes(words: str) -> list[tuple[int, str]]:
    if not _LICENCE_WORD.search(words):
        return []
    is_denied = denied(words)
    return [
        (match.start(), f"licence_{match[1].lower()}")
        for match in _CLASS.finditer(words)
        if f"licence_{match[1].lower()}" in certificates() and not is_denied(match.start(), match.end())
    ]


def covers(held: Iterable[str], asked: str) -> bool:
    """Whether one of the certificates `held` is, or stands in for, the one `asked` for."""
    return any(
        code == asked or ((found := certificates().get(code)) is not None and asked in found.covers)
        for code in held
    )
