"""增补用例: whether what somebody earns is enough, and which of the six supplements help, with postings."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.jobs import queries as job_queries
from app.jobs.schemas import JobOut
from app.matching import candidates
from app.matching import queries as matching_queries
from app.matching.facts import PostingFacts
from app.matching.index.following import current_market
from app.matching.rules.scoring import FORMULA_VERSION
from app.matching.supplements.facts import HouseholdWork, Words, WorkFacts
from app.matching.supplements.income import Income, judge_income, yuan
from app.matching.supplements.rules import Judgement, Situation, Supplement
from app.matching.supplements.searching import (
    CertificateStep,
    Found,
    Offer,
    find_supplements,
    tell_more,
)
from app.referrals.supplements.ledger import read_household, read_minimum, read_work
from app.referrals.supplements.schemas import (
    CertificateOut,
    IncomeOut,
    MeasureOut,
    NotNowOut,
    SentenceOut,
    SupplementJobOut,
    SupplementOut,
    SupplementsOut,
    WorkOut,
)
from app.seekers import queries as seeker_queries

Jobs = Mapping[int, JobOut]


def find_for(session: Session, actor: Actor, person_id: int, today: date) -> SupplementsOut:
    """The income of somebody `actor` may read, by every figure on record, and what to offer next. Reads only;
    nothing under seal. Raises PersonNotFound (also: a child under 16)."""
    person = seeker_queries.get_seeker(session, actor, person_id, today)
    village = matching_queries.find_village_point(session, person.region_code)
    facts = candidates.read_stored_person(person, today, village).facts
    work, place = read_work(session, actor, person)
    household = read_household(session, actor, person, today)
    income = judge_income(facts, work, read_minimum(session, place, person.region_code, today))

    def read(ids: Collection[int]) -> Mapping[int, PostingFacts]:
        return matching_queries.list_postings_by_id(session, ids, today)

    market = current_market(session, today)
    found, others = find_supplements(market, Situation(facts, work, household, income), read)
    jobs = _read_jobs(session, found, today)
    return SupplementsOut(
        seeker_id=person.id,
        work=WorkOut(
            kind=work.kind,
            label=work.kind.label,
            title=work.title,
            employer_name=work.employer_name,
            place_name=work.place_name,
        ),
        income=_income_out(income, work),
        household=_sentence(_tell_household(household)),
        items=[_supplement_out(each, jobs) for each in found],
        not_now=[_not_now_out(supplement, judgement) for supplement, judgement in others],
        formula=FORMULA_VERSION,
    )


def _read_jobs(session: Session, found: list[Found], today: date) -> Jobs:
    """Every posting that is told, as it is shown, with its distance."""
    offers = [offer for each in found for offer in _offers_of(each)]
    ways = {offer.match.id: offer.match.distance_m for offer in offers}
    listed = job_queries.list_jobs_by_id(session, list(ways), today)
    names = job_queries.list_village_names(session, [job.region_code for job in listed])
    return {job.id: JobOut.of(job, names, distance_m=ways[job.id]) for job in listed}


def _offers_of(found: Found) -> list[Offer]:
    return [*found.offers, *(offer for step in found.certificates for offer in step.offers)]


def _tell_household(household: HouseholdWork) -> Words:
    """What the ledger says of the others: how many work, and what they earn where it is known."""
    zh = f"家里 16 岁以上 {household.adults} 人"
    en = f"{household.adults} people of 16 and over in the household"
    if household.adults == 1:
        return Words("家里 16 岁以上就这 1 人", "The only person of 16 and over in the household")
    if not household.others_working:
        return Words(f"{zh}，别人都没活", f"{en}; nobody else works")
    zh, en = f"{zh}，另外 {household.others_working} 人有活", f"{en}; {household.others_working} others work"
    if household.others_pay:
        zh = f"{zh}，一月共 {yuan(household.others_pay)} 元"
        en = f"{en}, together {yuan(household.others_pay)} yuan a month"
    if household.others_pay_unknown:
        zh = f"{zh}，{household.others_pay_unknown} 人挣多少没记"
        en = f"{en}, pay of {household.others_pay_unknown} unknown"
    return Words(zh, en)


def _sentence(words: Words) -> SentenceOut:
    return SentenceOut(text=words.zh, text_en=words.en)


def _income_out(income: Income, work: WorkFacts) -> IncomeOut:
    return IncomeOut(
        text=income.pay.zh,
        text_en=income.pay.en,
        state=income.state,
        label=income.state.label,
        pay_fen=work.pay,
        pay_source=work.pay_source,
        measures=[
            MeasureOut(
                text=measure.words.zh,
                text_en=measure.words.en,
                code=measure.code,
                figure_fen=measure.figure,
                is_short=measure.is_short,
            )
            for measure in income.measures
        ],
    )


def _supplement_out(found: Found, jobs: Jobs) -> SupplementOut:
    return SupplementOut(
        kind=found.supplement.kind,
        label=found.supplement.kind.label,
        why=_sentence(found.judgement.words),
        looks_for=_sentence(found.supplement.looks_for),
        changed=[_sentence(words) for words in found.question.changed],
        jobs=_jobs_out(found.offers, jobs),
        certificates=[_certificate_out(step, jobs) for step in found.certificates],
    )


def _jobs_out(offers: Collection[Offer], jobs: Jobs) -> list[SupplementJobOut]:
    return [_job_out(offer, jobs[offer.match.id]) for offer in offers if offer.match.id in jobs]


def _job_out(offer: Offer, job: JobOut) -> SupplementJobOut:
    match = offer.match
    return SupplementJobOut(
        job=job,
        verdict_label=match.verdict.label,
        distance_km=None if match.distance_m is None else round(match.distance_m / 1000, 1),
        reasons=[reason.text for reason in match.reasons],
        gaps=[gap.text for gap in match.gaps],
        more_than_now=tell_more(offer),
        ask_first=offer.ask_first,
    )


def _certificate_out(step: CertificateStep, jobs: Jobs) -> CertificateOut:
    pay = "" if step.pay_from is None else f"，一月 {yuan(step.pay_from)} 元起"
    pay_en = "" if step.pay_from is None else f", from {yuan(step.pay_from)} yuan a month"
    return CertificateOut(
        text=f"有了{step.label}，多出 {step.count} 个活{pay}",
        text_en=f"One certificate opens {step.count} more postings{pay_en}",
        code=step.code,
        label=step.label,
        count=step.count,
        pay_from_fen=step.pay_from,
        jobs=_jobs_out(step.offers, jobs),
    )


def _not_now_out(supplement: Supplement, judgement: Judgement) -> NotNowOut:
    return NotNowOut(kind=supplement.kind, label=supplement.kind.label, why=_sentence(judgement.words))
