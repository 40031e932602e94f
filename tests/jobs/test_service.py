"""Writing, changing and deciding about postings: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, SYSTEM, Actor
from app.core.clock import FixedClock
from app.core.errors import Forbidden, Invalid, Stale
from app.employers import service as employer_service
from app.employers.changes import POSTING_CHANGES
from app.employers.errors import EmployerBarred
from app.employers.models import Employer
from app.employers.terms import EmployerAction
from app.jobs import queries, service
from app.jobs.errors import (
    EmployerNotVerified,
    JobExpired,
    JobFull,
    JobMoveNotAllowed,
    JobNotFound,
    OwnDecision,
)
from app.jobs.models import JobPosting
from app.jobs.schemas import JobOut, JobPatch
from app.jobs.terms import JobAction, JobEventKind, JobState
from app.occupations.certificates import find_certificate
from tests.employers import factories as given
from tests.jobs.factories import (
    draft_job,
    free_place,
    job_form,
    move_past_deadline,
    open_job,
    put_in_state,
    take_place,
)


@pytest.fixture
def employer(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock)


def act(session: Session, clock: FixedClock, actor: Actor, job: JobPosting, action: str) -> JobPosting:
    return service.act_on_job(session, actor, job.id, JobAction(action), clock, reason="说明")


def test_from_draft_to_open(session: Session, clock: FixedClock, employer: Employer) -> None:
    member = given.member_of(employer)
    job = draft_job(session, clock, member, employer)
    assert (job.state, job.occupation_code is not None) == (JobState.DRAFT, True)
    assert act(session, clock, member, job, "submit").state is JobState.REVIEW
    clock.move(timedelta(hours=1))
    opened = act(session, clock, given.township_officer(), job, "approve")
    assert (opened.state, opened.published_at, opened.version) == (JobState.OPEN, clock.now(), 3)
    kinds = [event.kind for event in queries.list_events(session, job.id)]
    assert kinds == [JobEventKind.CREATE, JobEventKind.SUBMIT, JobEventKind.APPROVE]


def test_an_office_opens_what_it_wrote_itself(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    officer = given.township_officer()
    job = draft_job(session, clock, officer, employer)
    assert act(session, clock, officer, job, "approve").state is JobState.OPEN


def test_nobody_opens_a_draft_that_was_not_handed_in(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = draft_job(session, clock, given.member_of(employer), employer)
    with pytest.raises(JobMoveNotAllowed):
        act(session, clock, given.county_officer(), job, "approve")


def test_who_submits_does_not_approve(session: Session, clock: FixedClock, employer: Employer) -> None:
    officer = given.township_officer()
    job = draft_job(session, clock, officer, employer)
    act(session, clock, officer, job, "submit")
    with pytest.raises(OwnDecision):
        act(session, clock, officer, job, "approve")
    assert act(session, clock, given.county_officer(), job, "approve").state is JobState.OPEN


def test_an_officer_of_the_firm_does_not_decide_for_it(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    member = given.member_of(employer)
    job = draft_job(session, clock, member, employer)
    act(session, clock, member, job, "submit")
    both = Actor(7, "两头", given.county_officer().grants + member.grants)
    with pytest.raises(Forbidden):
        act(session, clock, both, job, "approve")


def test_a_village_officer_drafts_and_submits_only(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    officer = given.village_officer()
    job = draft_job(session, clock, officer, employer, region_code=given.VILLAGE)
    assert job.office_code == given.VILLAGE
    with pytest.raises(Forbidden):
        act(session, clock, officer, job, "approve")
    act(session, clock, officer, job, "submit")
    assert act(session, clock, given.township_officer(), job, "approve").state is JobState.OPEN
    with pytest.raises(Forbidden):
        act(session, clock, officer, job, "close")


def test_outside_the_area_there_is_no_such_posting(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer)
    for actor in (given.county_officer(given.OTHER_COUNTY), given.township_officer(given.OTHER_TOWN), PUBLIC):
        with pytest.raises(JobNotFound):
            act(session, clock, actor, job, "close")


def test_who_may_post_for_whom(session: Session, clock: FixedClock, employer: Employer) -> None:
    other = given.verified_employer(session, clock, name="另一家")
    for actor in (given.member_of(other), given.county_officer(given.OTHER_COUNTY), given.somebody()):
        with pytest.raises(Forbidden):
            draft_job(session, clock, actor, employer)


def test_a_firm_not_yet_verified_drafts_but_does_not_open(session: Session, clock: FixedClock) -> None:
    employer = given.pending_employer(session, clock)
    member = given.member_of(employer)
    job = draft_job(session, clock, member, employer)
    act(session, clock, member, job, "submit")
    with pytest.raises(EmployerNotVerified):
        act(session, clock, given.county_officer(), job, "approve")


def test_barring_hides_every_posting_at_once(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer)
    county = given.county_officer()
    assert queries.count_open_jobs(session, queries.JobFilters(), clock.today()) == 1
    employer_service.act_on_employer(session, county, employer.id, EmployerAction.BAR, clock, reason="收押金")
    assert queries.count_open_jobs(session, queries.JobFilters(), clock.today()) == 0
    with pytest.raises(JobNotFound):
        queries.get_visible_job(session, PUBLIC, job.id, clock.today())
    with pytest.raises(EmployerBarred):
        draft_job(session, clock, county, employer)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"region_code": "999999"}, "region_code"),
        ({"region_code": "610204101999"}, "region_code"),
        ({"occupation": "4-99-99-99"}, "occupation"),
        ({"occupation": "哇啦哇啦"}, "occupation"),
        ({"pickup": ["999999"]}, "pickup"),
        ({"valid_until": "2026-11-21"}, "valid_until"),
        ({"valid_until": "2027-12-01"}, "valid_until"),
        ({"employer_id": 123456}, "employer_id"),
    ],
)
def test_what_is_not_known_is_named(
    session: Session, clock: FixedClock, employer: Employer, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        draft_job(session, clock, given.county_officer(), employer, **change)
    assert [problem.field for problem in caught.value.fields] == [field]


def test_a_last_day_of_today_is_fine(session: Session, clock: FixedClock, employer: Employer) -> None:
    officer = given.county_officer()
    job = draft_job(session, clock, officer, employer, valid_until="2026-11-22")
    assert act(session, clock, officer, job, "approve").state is JobState.OPEN


def test_an_expired_posting_needs_a_new_last_day(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job, member = open_job(session, clock, employer), given.member_of(employer)
    move_past_deadline(clock, job)
    put_in_state(session, job, JobState.EXPIRED)
    with pytest.raises(JobExpired):
        act(session, clock, member, job, "confirm")
    new_day = clock.today() + timedelta(days=20)
    patch = JobPatch.model_validate({"valid_until": new_day})
    edited = service.edit_job(session, member, job.id, patch, clock)
    assert (edited.state, edited.valid_until) == (JobState.EXPIRED, new_day)
    assert act(session, clock, member, job, "confirm").state is JobState.OPEN


def test_rejecting_needs_a_reason(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer)
    with pytest.raises(Invalid):
        service.act_on_job(session, given.county_officer(), job.id, JobAction.REJECT, clock)


def edit(session: Session, clock: FixedClock, actor: Actor, job: JobPosting, **changes: object) -> JobPosting:
    return service.edit_job(session, actor, job.id, JobPatch.model_validate(changes), clock)


def test_what_the_firm_rewrites_is_looked_at_again(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job, member = open_job(session, clock, employer), given.member_of(employer)
    assert edit(session, clock, member, job, openings=9).state is JobState.OPEN
    edited = edit(session, clock, member, job, description="先交押金")
    assert (edited.state, edited.submitted_by_id) == (JobState.REVIEW, member.user_id)


def test_an_officers_correction_keeps_it_open(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer)
    wage = {"min_fen": 300000, "max_fen": 500000, "unit": "month"}
    edited = edit(session, clock, given.county_officer(), job, wage=wage)
    assert (edited.state, edited.wage_min_fen, edited.wage_max_fen) == (JobState.OPEN, 300000, 500000)
    assert edited.wage_text == "3000-5000 元/月"


def test_sending_the_same_again_changes_nothing(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer)
    before = POSTING_CHANGES.newest(session)
    assert (
        edit(session, clock, given.county_officer(), job, title="缝纫工", openings=5).version == job.version
    )
    assert POSTING_CHANGES.newest(session) == before


def test_an_edit_of_an_old_version_is_stale(session: Session, clock: FixedClock, employer: Employer) -> None:
    job, officer = open_job(session, clock, employer), given.county_officer()
    patch = JobPatch.model_validate({"openings": 7})
    assert service.edit_job(session, officer, job.id, patch, clock, version=1).version == 2
    with pytest.raises(Stale):
        service.edit_job(session, officer, job.id, patch, clock, version=1)


def test_a_closed_posting_stays_as_it_was(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = open_job(session, clock, employer)
    act(session, clock, given.member_of(employer), job, "close")
    with pytest.raises(JobMoveNotAllowed):
        edit(session, clock, given.county_officer(), job, openings=7)


def test_the_last_place_goes_once_and_closes_the_list(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer, openings=2)
    take_place(session, job.id, clock)
    assert queries.get_managed_job(session, SYSTEM, job.id).state is JobState.OPEN
    take_place(session, job.id, clock)
    assert queries.get_managed_job(session, SYSTEM, job.id).state is JobState.FILLED
    with pytest.raises(JobFull):
        take_place(session, job.id, clock)
    with pytest.raises(Invalid):
        edit(session, clock, given.county_officer(), job, openings=1)
    free_place(session, job.id, clock)
    again = queries.get_managed_job(session, SYSTEM, job.id)
    assert (again.state, again.filled) == (JobState.OPEN, 1)


def test_more_openings_open_a_full_posting_again(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = open_job(session, clock, employer, openings=1)
    take_place(session, job.id, clock)
    assert edit(session, clock, given.member_of(employer), job, openings=3).state is JobState.OPEN


@pytest.mark.parametrize(
    "values",
    [
        {"filled": 6},
        {"filled": -1},
        {"openings": 0},
        {"wage_min_fen": -5},
        {"wage_min_fen": 500000},
        {"age_min": 15},
        {"age_min": 50, "age_max": 40},
        {"region_code": "999999"},
        {"employer_id": 999999},
    ],
)
def test_the_database_refuses_what_the_forms_refuse(
    session: Session, clock: FixedClock, employer: Employer, values: dict[str, object]
) -> None:
    job = open_job(session, clock, employer)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(JobPosting).where(JobPosting.id == job.id).values(values))


def test_own_words_become_codes(session: Session, clock: FixedClock, employer: Employer) -> None:
    job = service.create_job(
        session, given.county_officer(), job_form(employer, title="招人啦", occupation="电焊工"), clock
    )
    assert job.occupation_code is not None
    assert job.occupation_code.startswith("6-")


def test_own_words_for_skills_and_certificates_are_read(
    session: Session, clock: FixedClock, employer: Employer
) -> None:
    job = draft_job(
        session,
        clock,
        given.county_officer(),
        employer,
        skills=["会踩平车，能锁边", "缝纫", "绣花鞋垫手艺"],
        certificates=["C1", "健康证"],
    )
    assert {"flat_sewing", "overlock", "sewing"} <= set(job.skills)
    out = JobOut.of(job, {})
    assert {"平车", "锁边", "缝纫"} <= set(out.skill_names)
    assert "健康证" in out.certificate_names
    assert all(find_certificate(code) for code in job.certificates)
