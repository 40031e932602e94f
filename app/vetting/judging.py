"""审一个岗位: all rules over all of a posting's texts, and the findings in the words as written."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.employers.terms import EmployerKind
from app.vetting.ages import find_age_columns, find_ages, find_minors
from app.vetting.equality import find_unequal
from app.vetting.findings import About, Finding, Hit
from app.vetting.hours import find_hours, read_schedule
from app.vetting.minimum_wage import Tier
from app.vetting.money import find_money
from app.vetting.papers import find_papers
from app.vetting.scams import find_scams
from app.vetting.sexes import find_sex
from app.vetting.terms import LAWS, Rule, Severity
from app.vetting.wages import Pay, check_pay
from app.vetting.written import Reading, Written, read_written

_RULES: Final[tuple[Callable[[str, About], Iterator[Hit]], ...]] = (
    find_money,
    find_papers,
    find_scams,
    find_sex,
    find_ages,
    find_minors,
    find_unequal,
)
MOST_OF_A_RULE: Final = 3
"""As many findings of one rule are shown for one text; the rest says nothing new."""
LONGEST_QUOTE: Final = 60


@dataclass(frozen=True, slots=True)
class Vetted:
    """待审岗位: what is looked at. `texts` by the name of their field, the title first."""

    texts: Mapping[str, str]
    region_code: str | None = None
    employer_kind: str = ""
    age_min: int | None = None
    age_max: int | None = None
    pay: Pay = field(default_factory=Pay)


def vet(posting: Vetted, today: date, wages: Sequence[Tier] | None = None) -> list[Finding]:
    """Every finding of a posting, blocks first, then in the order of the texts. Never raises for any text.
    `wages`: the table of minimum wages, the product's own rows when left out."""
    written = {name: read_written(text) for name, text in posting.texts.items() if text and text.strip()}
    whole = "\n".join(text.readings[0].text for text in written.values())
    about = About(
        whole,
        is_welfare=posting.employer_kind == EmployerKind.PUBLIC_WELFARE
        or bool(re.search(r"公益性?岗位?", whole)),
        kind=posting.employer_kind,
    )
    findings: list[Finding] = []
    for name, text in written.items():
        told = About(whole, about.is_welfare, name == "title", about.kind)
        findings += _findings_in(name, text, told)
    findings += _wage_findings(posting, whole, today, wages)
    findings += _column_findings(posting)
    return sorted(
        _without_repeats(_without_fees_that_are_more(findings)), key=lambda finding: not finding.is_block
    )


def _findings_in(name: str, text: Written, about: About) -> Iterator[Finding]:
    plain = text.readings[0]
    taken: dict[Rule, list[tuple[int, int]]] = {}
    for reading in text.readings:
        hits = [hit for rule in _RULES for hit in rule(reading.text, about)]
        if reading is plain:
            hits += find_hours(reading.text, about)
        for hit in _gravest_first(hits):
            if reading is not plain and not reading.has_gap(hit.start, hit.end):
                continue
            start, end = reading.span(hit.start, hit.end)
            spans = taken.setdefault(hit.rule, [])
            if len(spans) >= MOST_OF_A_RULE or any(start < stop and begin < end for begin, stop in spans):
                continue
            spans.append((start, end))
            yield _finding(name, text, hit, start, end)


def _gravest_first(hits: Sequence[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.severity is not Severity.BLOCK, hit.start, -hit.end))


def _finding(name: str, text: Written, hit: Hit, start: int, end: int) -> Finding:
    quote = text.original[start:end]
    start += len(quote) - len(quote.lstrip(" ,，、;；。:：\n"))
    quote = quote.strip(" ,，、;；。:：\n")[:LONGEST_QUOTE]
    return Finding(hit.rule, hit.severity, quote, hit.advice, LAWS[hit.rule], name, start)


def _wage_findings(
    posting: Vetted, whole: str, today: date, wages: Sequence[Tier] | None
) -> Iterator[Finding]:
    rule = Rule.WAGE_BELOW_MINIMUM
    for low in check_pay(posting.pay, whole, read_schedule(whole), posting.region_code, today, wages):
        quote = (low.is_base and posting.pay.base_quote) or posting.pay.quote
        quote = quote[:LONGEST_QUOTE]
        field_name, start = _place_of(quote, posting.texts)
        yield Finding(rule, low.severity, quote, low.advice, LAWS[rule], field_name, start)


def _place_of(quote: str, texts: Mapping[str, str]) -> tuple[str, int]:
    for name, text in texts.items():
        start = text.find(quote) if text and quote else -1
        if start >= 0:
            return name, start
    return "wage_text", 0


def _column_findings(posting: Vetted) -> Iterator[Finding]:
    found = find_age_columns(posting.age_min, posting.age_max)
    if found is not None:
        rule, severity, advice = found
        ends = (str(end) for end in (posting.age_min, posting.age_max) if end is not None)
        yield Finding(rule, severity, "-".join(ends), advice, LAWS[rule], "age_max", 0)


def _without_fees_that_are_more(findings: Sequence[Finding]) -> list[Finding]:
    """A deposit or a loan is asked for in words that also ask for money: it is named by what it is."""
    more = [f for f in findings if f.rule in (Rule.DEPOSIT, Rule.TRAINING_LOAN)]

    def is_more(fee: Finding) -> bool:
        end = fee.start + len(fee.quote)
        if not re.search("押|金|贷|分期|花呗|白条", fee.quote):
            return False
        return any(
            f.field == fee.field and f.start < end and fee.start < f.start + len(f.quote) for f in more
        )

    return [f for f in findings if f.rule is not Rule.FEE or not is_more(f)]


def _without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """The same words found by the same rule in two fields count once; a warned age in figures once more."""
    kept: dict[tuple[Rule, str], Finding] = {}
    said = {finding.rule for finding in findings if finding.field != "age_max"}
    for finding in findings:
        if finding.field == "age_max" and finding.rule in said:
            continue
        kept.setdefault((finding.rule, finding.quote), finding)
    return list(kept.values())


def reading_of(text: str) -> Reading:
    """The plain reading of a text, for callers that read it further."""
    return read_written(text).readings[0]
