"""增补去找活: the market asked the changed question. Whatever is found passes every hard gate of it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.matching.facts import MatchContext, PersonFacts, PostingFacts
from app.matching.index.market import PostingMarket
from app.matching.index.near import near_misses_in
from app.matching.reference import Match, describe_match, order_key
from app.matching.rules import exclusions, gates, scoring
from app.matching.supplements.facts import WorkFacts
from app.matching.supplements.income import yuan
from app.matching.supplements.rules import Judgement, Question, Situation, Supplement, judge_all
from app.matching.supplements.terms import SupplementKind
from app.matching.terms import Supply

MOST_OFFERS: Final = 3
"""Postings told for one supplement: an officer reads them out on the phone."""
MOST_CERTIFICATES: Final = 2
_PAGE: Final = 100
_MOST_PAGES: Final = 10
_MONTHS: Final = 12

Read = Callable[[Collection[int]], Mapping[int, PostingFacts]]
"""Facts of some postings, by id; those no longer live are left out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """增补的一个岗位: described for the person as they are; `ask_first` is what must be settled before it can
    be pushed (a gate that their own wishes still shut), "" where it can be pushed at once."""

    match: Match
    ask_first: str
    more_than_now: int
    """Fen a month by which even its lowest pay is above the present one, 0 where it is not or is unknown."""


@dataclass(frozen=True, slots=True)
class CertificateStep:
    """考一个证: what it would open that pays no less than now; none of it can be pushed yet."""

    code: str
    label: str
    count: int
    pay_from: int | None
    """Fen a month."""
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """一个增补的结果."""

    supplement: Supplement
    judgement: Judgement
    question: Question
    offers: tuple[Offer, ...]
    certificates: tuple[CertificateStep, ...] = ()


def find_supplements(
    market: PostingMarket, situation: Situation, read: Read
) -> tuple[list[Found], list[tuple[Supplement, Judgement]]]:
    """What applies, with postings (each told once, under the first supplement that finds it), and what does
    not, with why."""
    found: list[Found] = []
    others: list[tuple[Supplement, Judgement]] = []
    told: set[int] = set()
    for supplement, judgement in judge_all(situation):
        if not judgement.applies:
            others.append((supplement, judgement))
            continue
        question = supplement.ask(situation)
        offers = tuple(_search(market, situation, question, read, told))
        told |= {offer.match.id for offer in offers}
        steps: tuple[CertificateStep, ...] = ()
        if supplement.kind is SupplementKind.SKILL:
            steps = tuple(_list_certificates(market, situation, question.person, read))
        found.append(Found(supplement, judgement, question, offers, steps))
    return found, others


def _search(
    market: PostingMarket, situation: Situation, question: Question, read: Read, told: set[int]
) -> Iterator[Offer]:
    left, after = MOST_OFFERS, None
    for _ in range(_MOST_PAGES):
        keys = market.rank(question.person, _PAGE, after)
        facts = read([key[2] for key in keys])
        for key in keys:
            posting = facts.get(key[2])
            if posting is None or posting.id in told or not question.keeps(posting, market.context):
                continue
            yield _offer(situation, question.person, posting, market.context)
            left -= 1
            if not left:
                return
        if len(keys) < _PAGE:
            return
        after = keys[-1]


def _offer(situation: Situation, asked: PersonFacts, posting: PostingFacts, context: MatchContext) -> Offer:
    """The order is that of the changed question; what is said holds of the person as they are."""
    person = situation.person
    total = scoring.score_pair(asked, posting, context).total
    match = describe_match(
        order_key(total, posting.id, context.today),
        person,
        posting,
        scoring.score_pair(person, posting, context),
        context,
    )
    shut = gates.first_failed_gate(person, posting, context)
    ask_first = "" if shut is None else exclusions.explain_exclusion(shut, person, posting, context)
    return Offer(match, ask_first, _more_than_now(situation.work, posting))


def _more_than_now(work: WorkFacts, posting: PostingFacts) -> int:
    if work.pay is None or posting.pay_min is None:
        return 0
    return max(posting.pay_min - work.pay * _MONTHS, 0) // _MONTHS


def tell_more(offer: Offer) -> str:
    """ "每月最少也比现在多 600 元", "" where it is not more."""
    return f"一月最少也比现在多 {yuan(offer.more_than_now)} 元" if offer.more_than_now >= 100 else ""


def _list_certificates(
    market: PostingMarket, situation: Situation, asked: PersonFacts, read: Read
) -> Iterator[CertificateStep]:
    misses = [miss for miss in near_misses_in(market, asked) if miss.kind is Supply.CERTIFICATE and miss.code]
    for miss in misses[:MOST_CERTIFICATES]:
        code = miss.code or ""
        holder = replace(asked, certificates=tuple(sorted({*asked.certificates, code})))
        opened = [
            posting
            for posting in read(miss.ids).values()
            if gates.first_failed_gate(holder, posting, market.context) is None
        ]
        offers = [_offer(situation, holder, posting, market.context) for posting in opened]
        offers.sort(key=lambda offer: offer.match.key)
        yield CertificateStep(
            code,
            market.context.words.certificate_label(code),
            miss.count,
            None if miss.pay_from is None else miss.pay_from // _MONTHS,
            tuple(offers[:MOST_OFFERS]),
        )
