"""岗位审核输入: turns a posting, or what somebody sent about one, into what the rules of app/vetting read.

The readers of pay live in this layer, so the figures are read here and handed down.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from app.jobs.models import JobPosting
from app.jobs.reading.wage import WageReading, read_wage
from app.occupations.terms import WageUnit
from app.vetting.findings import Finding
from app.vetting.judging import Vetted, vet
from app.vetting.minimum_wage import Tier
from app.vetting.terms import TAKES_MONEY_OR_PAPERS, Severity
from app.vetting.wages import Pay

# Fields of free text that a posting may come with, in the order they are shown.
TEXT_FIELDS: Final = (
    *(
        "title",
        "description",
        "wage_text",
        "requirements",
        "requirement",
        "duties",
        "responsibilities",
        "content",
        "text",
    ),
    *(
        "benefits",
        "benefits_tags",
        "welfare",
        "working_time",
        "work_time",
        "working_hours",
        "hours",
        "shift",
        "schedule",
    ),
    *(
        "remarks",
        "remark",
        "note",
        "notes",
        "contact",
        "contact_text",
        "address",
        "education",
        "experience",
        "age",
    ),
    *(
        "gender",
        "sex",
        "conditions",
        "occupation",
        "category",
        "skills",
        "certificates",
        "lodging",
        "board",
        "insurance",
    ),
)
_LABELS: Final = {"gender": "性别：", "sex": "性别：", "age": "年龄："}
LONGEST_LINE: Final = 200
_ABOUT_PAY: Final = re.compile(r"薪|工资|待遇|元|收入|保底|工钱|日结|月结|计件|块")


_COLUMNS: Final = (
    *("title", "description", "wage_text", "address", "region_code", "age_min", "age_max"),
    *("wage_min_fen", "wage_max_fen", "wage_unit", "estimate_fen"),
)


def findings_of_job(job: JobPosting, today: date, wages: Sequence[Tier]) -> list[dict[str, Any]]:
    """Findings of a stored posting, as they are kept with it. Its employer must be loaded; `wages` is the
    table of minimum wages (vetting.queries.list_tiers)."""
    columns = {name: getattr(job, name) for name in _COLUMNS}
    return findings_of_columns(columns, job.employer.kind, today, wages)


def findings_of_columns(
    columns: Mapping[str, Any], employer_kind: str, today: date, wages: Sequence[Tier]
) -> list[dict[str, Any]]:
    """Findings of what is about to be stored."""
    found = vet(vetted_of_columns({**columns, "employer_kind": employer_kind}), today, wages)
    return [
        {
            "rule": finding.rule.value,
            "severity": finding.severity.value,
            "quote": finding.quote,
            "advice": finding.advice,
            "field": finding.field,
            "start": finding.start,
        }
        for finding in found
    ]


def has_block(findings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a person must decide."""
    return any(finding["severity"] == Severity.BLOCK for finding in findings)


def is_held_at_import(findings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether even an office's own list does not open it: it takes money, papers or liberty."""
    return any(
        finding["severity"] == Severity.BLOCK and finding["rule"] in TAKES_MONEY_OR_PAPERS
        for finding in findings
    )


def vetted_of_columns(columns: Mapping[str, Any]) -> Vetted:
    """A posting as its columns hold it (stored, or about to be)."""
    texts = {name: str(columns.get(name) or "") for name in ("title", "description", "wage_text", "address")}
    base, base_quote = _base_of(texts["description"])
    pay = Pay(
        columns.get("wage_min_fen"),
        columns.get("wage_max_fen"),
        columns.get("wage_unit"),
        base_fen=base,
        estimate_fen=columns.get("estimate_fen"),
        quote=texts["wage_text"],
        base_quote=base_quote,
    )
    return Vetted(
        texts,
        columns.get("region_code"),
        str(columns.get("employer_kind") or ""),
        columns.get("age_min"),
        columns.get("age_max"),
        pay,
    )


def vet_sent(sent: Mapping[str, Any], today: date) -> list[Finding]:
    """Findings of a posting as a line of `songgang vet` gives it. Unknown fields are passed over."""
    return [_without_label(finding) for finding in vet(vetted_of_sent(sent), today)]


def _without_label(finding: Finding) -> Finding:
    """女 instead of 性别：女: the label before a bare column is ours, not the posting's."""
    label = _LABELS.get(finding.field, "")
    quote = finding.quote
    if not label or finding.start >= len(label):
        return replace(finding, start=max(finding.start - len(label), 0))
    return replace(finding, quote=quote.removeprefix(label[finding.start :]), start=0)


def vetted_of_sent(sent: Mapping[str, Any]) -> Vetted:
    """Reads pay from `wage` (figures), else `wage_text`, else the text; a bare 女 or 18-35 in its own field
    counts as a limit."""
    texts: dict[str, str] = {}
    for name in TEXT_FIELDS:
        words = _words_of(sent.get(name))
        if words:
            texts[name] = words
    for name, label in _LABELS.items():
        if name in texts:
            texts[name] = f"{label}{texts[name]}"
    region = sent.get("region_code") or sent.get("region")
    return Vetted(
        texts,
        str(region) if isinstance(region, (str, int)) else None,
        str(sent.get("employer_kind") or ""),
        _whole(sent.get("age_min")),
        _whole(sent.get("age_max")),
        _pay_of(sent, texts),
    )


def _words_of(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return "、".join(part for part in value if isinstance(part, str))
    return ""


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    return int(value) if isinstance(value, (int, float)) and abs(value) < 1000 else None


def _pay_of(sent: Mapping[str, Any], texts: Mapping[str, str]) -> Pay:
    figures = sent.get("wage")
    if isinstance(figures, Mapping) and (
        figures.get("min_fen") or figures.get("max_fen") or figures.get("estimate_fen")
    ):
        unit = figures.get("unit")
        return Pay(
            figures.get("min_fen"),
            figures.get("max_fen"),
            WageUnit(unit) if unit in set(WageUnit) else WageUnit.MONTH,
            estimate_fen=figures.get("estimate_fen"),
            quote=str(figures.get("text") or texts.get("wage_text") or ""),
        )
    written = texts.get("wage_text") or (figures if isinstance(figures, str) else "")
    if written:
        reading = read_wage(written)
        if reading.has_figure:
            return _pay(reading, written, *_base_of(texts.get("description", "")))
    for name in ("description", "requirements", "benefits", "content", "text", "title"):
        for line in _lines(texts.get(name, "")):
            reading = read_wage(line) if _ABOUT_PAY.search(line) else WageReading()
            if reading.has_figure:
                return _pay(reading, line.strip())
    return Pay()


def _pay(reading: WageReading, quote: str, base_fen: int | None = None, base_quote: str = "") -> Pay:
    return Pay(
        reading.min_fen,
        reading.max_fen,
        reading.unit,
        base_fen=reading.base_fen if reading.base_fen is not None else base_fen,
        is_base=reading.basis == "base",
        quote=quote,
        base_quote=base_quote,
    )


def _base_of(description: str) -> tuple[int | None, str]:
    """A base pay named in the description (底薪1500元加计件), and its words."""
    for line in _lines(description):
        named = re.search(r"(?:底薪|基本工资|保底)[^。;；\n，,]{0,16}?[\d,]+\s*元?", line)
        if named is None:
            continue
        reading = read_wage(line)
        if reading.base_fen is not None:
            return reading.base_fen, named.group().strip()
        if reading.basis == "base" and reading.unit is WageUnit.MONTH:
            return reading.min_fen, named.group().strip()
    return None, ""


def _lines(text: str) -> list[str]:
    """Sentences in which pay may stand; a hostile one is not read to its end."""
    return [line[:LONGEST_LINE] for line in re.split(r"[。;；\n]", text)]
