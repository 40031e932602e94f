"""查出的话: what vetting found in a posting, beside the firm's own words, each with the lawful wording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.vetting.terms import Rule, Severity
from app.web.staff.vetting_views import Piece, mark_text

_SHOWN: Final = (("title", "招啥人"), ("description", "说的话"), ("wage_text", "工钱"), ("address", "地址"))


@dataclass(frozen=True)
class WrittenWords:
    """写的一项, with the words marked that were found."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class FoundWords:
    """查出的一处: `must` says that it has to be changed."""

    quote: str
    rule: str
    advice: str
    must: bool


def written_words(
    values: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]
) -> tuple[WrittenWords, ...]:
    """The texts in which something was found."""
    parts = []
    for name, label in _SHOWN:
        marks = [finding for finding in findings if finding["field"] == name]
        if marks:
            parts.append(WrittenWords(label, tuple(mark_text(str(values.get(name) or ""), marks))))
    return tuple(parts)


def found_words(findings: Sequence[Mapping[str, Any]]) -> tuple[FoundWords, ...]:
    """What must be changed first, then what should be looked at."""
    found = [
        FoundWords(
            finding["quote"],
            Rule(finding["rule"]).label,
            finding["advice"],
            finding["severity"] == Severity.BLOCK,
        )
        for finding in findings
    ]
    return tuple(sorted(found, key=lambda each: not each.must))
