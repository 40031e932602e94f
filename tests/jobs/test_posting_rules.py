"""Monthly limits, one vacancy of several sources, two officers for a new firm, a county's minimum wage."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import Invalid, NotFound
from app.core.settings import Settings
from app.core.sheets.importing import ImportOptions
from app.employers import service as employer_service
from app.employers.models import Employer
from app.employers.terms import EmployerAction
from app.jobs import caps, service, twins
from app.jobs.bulk import JobDraft, save_jobs
from app.jobs.errors import JobMoveNotAllowed, JobNotFound, MonthCapReached, SecondOfficerNeeded
from app.jobs.models import JobPosting, JobSource, PostingRules
from app.jobs.rules import content_key
from app.jobs.terms import JobAction, JobSourceKind, JobState
from app.vetting.imports import import_minimum_wages
from app.vetting.minimum_wage import find_minimum_wage
from app.vetting.models import MinimumWageTier
from app.vetting.queries import list_tiers
from app.vetting.service import set_county_wage
from tests.databases import RolledBackDatabase
from tests.employers.factories import (
    COUNTY,
    OTHER_COUNTY,
    TOWN,
    county_officer,
    employer_form,
    member_of,
    plant_regions,
    verified_employer,
)
from tests.jobs.factories import draft_job, job_form
from tests.web.portal_family import phone_user

SECOND = county_officer(user_id=2)


@pytest.fixture
def firm(session: Session, clock: FixedClock) -> Employer:
    plant_regions(session)
    return verified_employer(session, clock, "小丘针织")


def act(
    session: Session, clock: FixedClock, actor: Actor, job: JobPosting, action: str, why: str = ""
) -> JobPosting:
    return service.act_on_job(session, actor, job.id, JobAction(action), clock, reason=why)


def hand_in(session: Session, clock: FixedClock, firm: Employer, **changes: Any) -> JobPosting:
    job = draft_job(session, clock, member_of(firm), firm, **changes)
    return act(session, clock, member_of(firm), job, "submit")


# ---------------------------------------------------------------- a month
def test_a_month_has_its_limit(session: Session, clock: FixedClock, firm: Employer) -> None:
    caps.set_caps(session, county_officer(), COUNTY, {"enterprise": 2}, clock)
    first = hand_in(session, clock, firm)
    hand_in(session, clock, firm, title="熨烫工")
    third = draft_job(session, clock, member_of(firm), firm, title="锁边工")
    with pytest.raises(MonthCapReached) as refused:
        act(session, clock, member_of(firm), third, "submit")
    assert "最多交 2 个" in refused.value.title
    assert "改那个岗位的人数就行" in refused.value.title, "what to do stands there"
    act(session, clock, county_officer(), first, "reject", "写清几点上班")
    act(session, clock, member_of(firm), first, "submit")  # put right, it counts once
    office = draft_job(session, clock, county_officer(), firm, title="打包工")
    assert act(session, clock, county_officer(), office, "approve").state is JobState.OPEN
    clock.move(date(2026, 12, 1) - clock.today())
    assert act(session, clock, member_of(firm), third, "submit").state is JobState.REVIEW


def test_a_county_sets_its_own_limits(session: Session, clock: FixedClock, firm: Employer) -> None:
    assert caps.month_cap(session, firm) == caps.USUAL[firm.kind]
    caps.set_caps(session, county_officer(), COUNTY, {kind.value: None for kind in caps.USUAL}, clock)
    assert caps.month_cap(session, firm) is None
    caps.set_caps(session, county_officer(), COUNTY, {"enterprise": caps.USUAL[firm.kind]}, clock)
    rules = session.get_one(PostingRules, COUNTY)
    assert rules.month_caps == {}, "what is as usual is not kept"
    for kind, most in (("enterprise", 0), ("enterprise", 5000), ("shop", 3)):
        with pytest.raises(Invalid):
            caps.set_caps(session, county_officer(), COUNTY, {kind: most}, clock)
    with pytest.raises(JobNotFound):
        caps.set_caps(session, county_officer(), OTHER_COUNTY, {"enterprise": 3}, clock)


# ---------------------------------------------------------------- one vacancy, several sources
@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("缝纫工", True),
        ("急招缝纫工5名", True),
        ("缝纫工（包吃住）", True),
        ("缝 纫 工", True),
        ("缝纫工组长", False),
        ("熨烫工", False),
    ],
)
def test_titles_of_one_vacancy(title: str, same: bool) -> None:
    assert (twins.plain_title(title) == twins.plain_title("缝纫工")) is same


def test_firm_list_and_broker_make_one_posting(session: Session, clock: FixedClock, firm: Employer) -> None:
    own = hand_in(session, clock, firm)
    act(session, clock, county_officer(), own, "approve")
    key = content_key("小丘针织", "招聘缝纫工", COUNTY)
    draft = JobDraft(job_form(firm, title="招聘缝纫工", region_code=COUNTY, openings=9), key)
    for _ in range(2):
        saved = save_jobs(session, [draft], clock)
        assert (saved.created, saved.unchanged) == (0, 1)
        clock.move(date(2026, 11, 23) - clock.today())
    (job,) = session.scalars(select(JobPosting).execution_options(populate_existing=True))
    assert job.openings == 5, "the firm's own word stands"
    (source,) = session.scalars(select(JobSource).execution_options(populate_existing=True))
    assert source.last_at > source.first_at
    assert twins.list_sources(session, job) == [JobSourceKind.FIRM, JobSourceKind.LIST]
    # A vacancy of its own: other pay.
    other = job_form(firm, title="缝纫工", wage={"min_fen": 600000, "max_fen": 700000, "unit": "month"})
    assert save_jobs(session, [JobDraft(other, "other pay")], clock).created == 1
    # The broker writes it once more: shown to who vets, and joined.
    again = hand_in(session, clock, firm, title="缝纫工 5人")
    assert [twin.id for twin in twins.list_twins(session, again, but=again.id)] == [job.id]
    assert twins.join_job(session, county_officer(), again.id, job.id, clock).id == job.id
    act(session, clock, county_officer(), again, "close")
    with pytest.raises(JobMoveNotAllowed):
        twins.join_job(session, county_officer(), again.id, job.id, clock)


# ---------------------------------------------------------------- two officers
@pytest.fixture
def newcomer(session: Session, clock: FixedClock, cipher: FieldCipher) -> Employer:
    """A firm that registered itself and was verified by officer 1."""
    plant_regions(session)
    user = phone_user(session, clock, cipher, "13900003311")
    who = Actor(user.id, "老板")
    firm = employer_service.register_employer(session, who, employer_form(kind="workshop"), clock)
    return employer_service.act_on_employer(session, county_officer(), firm.id, EmployerAction.VERIFY, clock)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


def test_another_officer_than_the_verifier_is_enough(
    session: Session, clock: FixedClock, newcomer: Employer
) -> None:
    job = hand_in(session, clock, newcomer)
    assert act(session, clock, SECOND, job, "approve").state is JobState.OPEN
    later = hand_in(session, clock, newcomer, title="熨烫工")
    assert act(session, clock, county_officer(), later, "approve").state is JobState.OPEN


def test_the_verifier_alone_does_not_open_the_first_posting(
    session: Session, clock: FixedClock, newcomer: Employer
) -> None:
    job = hand_in(session, clock, newcomer)
    job = act(session, clock, county_officer(), job, "approve")
    assert (job.state, job.first_approved_by_id) == (JobState.REVIEW, 1)
    with pytest.raises(SecondOfficerNeeded):
        act(session, clock, county_officer(), job, "approve")
    job = act(session, clock, SECOND, job, "approve")
    assert (job.state, job.first_approved_by_id) == (JobState.OPEN, None)


def test_a_first_yes_is_void_once_the_firm_changes_something(
    session: Session, clock: FixedClock, newcomer: Employer
) -> None:
    job = act(session, clock, county_officer(), hand_in(session, clock, newcomer), "approve")
    act(session, clock, SECOND, job, "reject", "写清几点上班")
    job = act(session, clock, member_of(newcomer), job, "submit")
    assert job.first_approved_by_id is None
    assert act(session, clock, county_officer(), job, "approve").state is JobState.REVIEW


def test_a_firm_the_office_brought_is_known_to_it(
    session: Session, clock: FixedClock, firm: Employer
) -> None:
    job = hand_in(session, clock, firm)
    assert act(session, clock, county_officer(), job, "approve").state is JobState.OPEN


# ---------------------------------------------------------------- minimum wage
def wage(session: Session, clock: FixedClock, county: str = COUNTY, **changes: Any) -> MinimumWageTier:
    form: dict[str, Any] = {"month_fen": 205000, "hour_fen": 2000, "effective_on": date(2026, 1, 1)}
    form |= {"name": "本县", "source": "陕人社发〔2025〕1号"} | changes
    return set_county_wage(session, county_officer(), county, clock=clock, **form)


def test_a_county_puts_in_its_own_minimum(session: Session, clock: FixedClock, firm: Employer) -> None:
    today = clock.today()
    assert find_minimum_wage(TOWN, today, list_tiers(session)) is None, "unknown, and said to be"
    low = {"min_fen": 150000, "max_fen": 180000, "unit": "month"}
    before = draft_job(session, clock, member_of(firm), firm, wage=low)
    assert not [found for found in before.findings if found["severity"] == "block"]
    wage(session, clock)
    known = find_minimum_wage(TOWN, today, list_tiers(session))
    assert known is not None
    assert (known.month_fen, known.is_certain) == (205000, True)
    assert find_minimum_wage(OTHER_COUNTY, today, list_tiers(session)) is None, "only its own county's"
    job = hand_in(session, clock, firm, wage=low)
    (found,) = [each for each in job.findings if each["rule"] == "wage_below_minimum"]
    assert found["severity"] == "block"
    assert "2050" in found["advice"]


def test_figures_that_are_none_and_other_counties(session: Session, clock: FixedClock) -> None:
    plant_regions(session)
    for changes in ({"month_fen": 20500}, {"hour_fen": 200000}, {"source": " "}):
        with pytest.raises(Invalid):
            wage(session, clock, **changes)
    with pytest.raises(NotFound):
        wage(session, clock, OTHER_COUNTY)
    assert session.scalar(select(MinimumWageTier.id)) is None
    assert wage(session, clock).id == wage(session, clock, month_fen=210000).id, "the same day is put right"


def test_a_provinces_notice_is_imported(
    database: RolledBackDatabase, clock: FixedClock, tmp_path: Path
) -> None:
    sheet = tmp_path / "wages.csv"
    sheet.write_text(
        "省份,执行日期,类别,月标准,小时标准,适用地区,文号\n"
        "江西省,2026-04-01,一类,2000,20,南昌市: 东湖区 西湖区,赣人社\n"
        "江西省,2026-04-01,二类,1900,19,all other counties,赣人社\n"
        "火星省,2026-04-01,一类,2000,20,东湖区,\n"
        "江西省,去年,一类,2000,20,东湖区,\n"
        "江西省,2026-04-01,三类,两千,20,东湖区,\n",
        encoding="utf-8",
    )
    summary = import_minimum_wages(database, sheet, ImportOptions(), clock, actor=SYSTEM)
    assert (summary.rows, summary.created, summary.rejected) == (5, 2, 3)
    with database.read() as session:
        table, today = list_tiers(session), clock.today()
        first = find_minimum_wage("360102", today, table)
        rest = find_minimum_wage("360121", today, table)
    assert first is not None
    assert rest is not None
    assert (first.month_fen, rest.month_fen) == (200000, 190000)
    again = import_minimum_wages(database, sheet, ImportOptions(), clock)
    assert (again.created, again.unchanged) == (0, 2)
