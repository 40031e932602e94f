"""What a step brings about: places, spells, the person's other referrals, statuses, call-backs, the undo."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.actor import SYSTEM, Actor
from app.core.errors import Conflict, Forbidden, Invalid
from app.jobs.errors import JobFull
from app.jobs.models import JobPosting
from app.jobs.service import act_on_job
from app.jobs.terms import JobAction, JobState
from app.matching.service import match_seeker
from app.occupations.terms import WorkProfile
from app.referrals import offering
from app.referrals.clocks.postings import cancel_orphans
from app.referrals.errors import GateClosed, TooLate
from app.referrals.following import follow_merges
from app.referrals.letters import LETTERS, refusal_letter
from app.referrals.models import Referral, ReferralEvent
from app.referrals.schemas import Move
from app.referrals.shown import ReferralOut, show_referral
from app.referrals.spells.models import CallBack, EmploymentSpell, FollowUpCheck
from app.referrals.terms import Origin, Party, ReferralState, RefuseReason, TellKind
from app.referrals.today import list_today
from app.seekers import people
from app.seekers.access.models import EmployerTie
from app.seekers.models import LedgerChange
from app.seekers.terms import CloseReason, SeekerStatus
from tests.referrals.situations import BY_PHONE, COUNTY, TOWNSHIP, VILLAGE, Scene
from tests.seekers import factories as given


def places(scene: Scene, job: JobPosting) -> tuple[int, int, JobState]:
    scene.session.refresh(job)
    return job.held, job.filled, job.state


def test_a_place_is_held_filled_and_given_back(scene: Scene) -> None:
    job = scene.posting(openings=1)
    other = scene.at("submitted", scene.neighbour(), job)
    referral = scene.at("hired", job=job)
    assert places(scene, job) == (1, 0, JobState.OPEN)
    with pytest.raises(JobFull):
        scene.step(other, "hire")
    with pytest.raises(GateClosed):
        scene.push(person=scene.neighbour(), job=job)
    scene.step(referral, "no_show")
    assert places(scene, job) == (0, 0, JobState.OPEN)
    scene.step(other, "hire")
    scene.step(other, "arrive")
    assert places(scene, job) == (0, 1, JobState.FILLED)
    scene.step(other, "undo")
    assert places(scene, job) == (1, 0, JobState.OPEN)


def test_an_arrival_opens_a_spell_and_closes_the_others(scene: Scene) -> None:
    waiting, elsewhere, hired_too = (scene.posting() for _ in range(3))
    offered = scene.push(job=waiting)
    submitted = scene.at("submitted", job=elsewhere)
    held = scene.at("hired", job=hired_too)
    referral = scene.at("onboard")
    for other in (offered, submitted, held):
        scene.session.refresh(other)
        assert other.state is ReferralState.OBSOLETE
    assert places(scene, hired_too)[0] == 0
    spell = scene.session.get_one(EmploymentSpell, referral.spell_id)
    assert (spell.employer_name, spell.starts_on, spell.ends_on) == (
        scene.employer.name,
        scene.clock.today(),
        None,
    )
    assert [check.day for check in scene.checks(referral)] == [7, 30, 90, 180]
    first = scene.checks(referral)[0]
    assert (first.opens_on - spell.starts_on, first.closes_on - spell.starts_on) == (
        timedelta(days=5),
        timedelta(days=10),
    )
    scene.session.refresh(scene.person)
    assert (scene.person.status, scene.person.employer_name) == (SeekerStatus.EMPLOYED, scene.employer.name)
    changes = scene.session.query(LedgerChange).filter_by(record_id=scene.person.id, record_kind="person")
    assert any(change.after.get("status") == "employed" for change in changes)


def test_an_undone_arrival_takes_everything_back(scene: Scene) -> None:
    job, gone = scene.posting(openings=2), scene.posting()
    submitted = scene.at("submitted", job=scene.posting())
    lost = scene.at("interested", job=gone)
    referral = scene.at("onboard", job=job)
    act_on_job(scene.session, SYSTEM, gone.id, JobAction.CLOSE, scene.clock)
    with pytest.raises(Forbidden):
        scene.act(referral, TOWNSHIP, "undo", reason="点错了")
    with pytest.raises(Invalid):
        scene.act(referral, COUNTY, "undo")
    undone = scene.step(referral, "undo")
    assert (undone.state, undone.spell_id, undone.ended_at) == (ReferralState.HIRED, None, None)
    for other, state in ((submitted, ReferralState.SUBMITTED), (lost, ReferralState.OBSOLETE)):
        scene.session.refresh(other)
        assert other.state is state
    assert places(scene, job) == (1, 0, JobState.OPEN)
    scene.session.refresh(scene.person)
    assert scene.person.status is SeekerStatus.SEEKING
    open_checks = scene.session.query(FollowUpCheck).filter_by(settled_at=None).count()
    assert open_checks == 0
    again = scene.step(undone, "arrive")
    assert again.spell_id is not None


def test_after_seven_days_nothing_is_undone(scene: Scene) -> None:
    referral = scene.at("onboard")
    scene.wait(days=7, minutes=1)
    with pytest.raises(TooLate):
        scene.step(referral, "undo")


def test_the_first_day_is_the_one_told_or_agreed(scene: Scene) -> None:
    referral = scene.at("submitted")
    referral = scene.step(referral, "hire", starts_on="2026-11-24")
    scene.wait(days=5)
    referral = scene.step(referral, "arrive")
    assert scene.session.get_one(EmploymentSpell, referral.spell_id).starts_on == date(2026, 11, 24)


def test_an_interview_moves_twice_at_most(scene: Scene) -> None:
    referral = scene.at("interview")
    for _ in range(2):
        referral = scene.step(referral, "interview")
    assert referral.interview_moves == 2
    with pytest.raises(Conflict):
        scene.step(referral, "interview")


def test_submitting_ties_the_firm_and_no_show_asks_to_call_back(scene: Scene) -> None:
    referral = scene.at("submitted")
    assert scene.session.get(EmployerTie, (referral.person_id, referral.employer_id)) is not None
    scene.step(scene.step(referral, "hire"), "no_show")
    call = scene.session.query(CallBack).one()
    assert (call.person_id, call.due_at) == (referral.person_id, scene.clock.now())


@pytest.mark.parametrize("way", ["closed", "false"])
def test_a_posting_that_is_gone_cancels_what_lives(scene: Scene, way: str) -> None:
    similar = [scene.posting(title=f"平车工{n}") for n in range(4)]
    offered = scene.push()
    hired = scene.at("hired", scene.neighbour())
    action = JobAction.CLOSE if way == "closed" else JobAction.REJECT
    act_on_job(scene.session, SYSTEM, scene.job.id, action, scene.clock, reason="假的")
    for _ in range(2):
        cancel_orphans(scene.session, cipher=scene.cipher, clock=scene.clock)
    scene.session.refresh(offered)
    scene.session.refresh(hired)
    assert offered.state is ReferralState.CANCELLED
    assert hired.state is (ReferralState.HIRED if way == "closed" else ReferralState.CANCELLED)
    call = scene.session.query(CallBack).filter_by(person_id=offered.person_id).one()
    assert len(call.job_ids) == 3
    assert set(call.job_ids) <= {job.id for job in similar}


def test_who_is_no_longer_in_the_ledger_waits_for_nothing(scene: Scene) -> None:
    held, offered = scene.at("hired"), scene.push(job=scene.posting())
    keys = {"cipher": scene.cipher, "clock": scene.clock}
    people.close_person(scene.session, SYSTEM, scene.person.id, CloseReason.DIED, **keys)
    for _ in range(2):
        cancel_orphans(scene.session, **keys)
    for referral in (held, offered):
        scene.session.refresh(referral)
        assert referral.state is ReferralState.CANCELLED
    assert places(scene, scene.job)[0] == 0
    assert scene.session.query(CallBack).count() == 0


def test_work_goes_on_under_the_file_that_is_kept(scene: Scene) -> None:
    kept, double = scene.person, scene.neighbour()
    worked = scene.at("onboard", double)
    waiting = scene.push(person=double, job=scene.posting())
    double.merged_into_id = kept.id
    scene.session.flush()
    assert follow_merges(scene.session) == 1
    assert follow_merges(scene.session) == 0
    cancel_orphans(scene.session, cipher=scene.cipher, clock=scene.clock)
    assert follow_merges(scene.session) == 1, "what was closed meanwhile"
    scene.session.expire_all()
    assert {worked.person_id, waiting.person_id} == {kept.id}
    assert waiting.state is ReferralState.CANCELLED
    assert {check.person_id for check in scene.checks(worked)} == {kept.id}


def test_applying_for_oneself(scene: Scene) -> None:
    owner = scene.own()
    apply = {"cipher": scene.cipher, "clock": scene.clock}
    mine = offering.apply_for_job(scene.session, owner, scene.job.id, scene.person.id, **apply)
    assert (mine.state, mine.origin, mine.referrer_id) == (ReferralState.INTERESTED, Origin.SELF, None)
    with pytest.raises(GateClosed):
        offering.apply_for_job(scene.session, owner, scene.job.id, scene.person.id, **apply)
    offered = scene.push(job=scene.posting())
    yes = offering.apply_for_job(scene.session, owner, offered.job_id, scene.person.id, **apply)
    assert (yes.id, yes.state) == (offered.id, ReferralState.INTERESTED)
    other = scene.neighbour()
    with pytest.raises(Exception, match="not_found"):
        offering.apply_for_job(scene.session, owner, scene.posting().id, other.id, **apply)


def test_a_batch_says_who_is_skipped_and_why(scene: Scene) -> None:
    job = scene.posting(age_max=45)
    fits, busy, far = scene.neighbour(), scene.neighbour(), scene.neighbour(given.FAR_VILLAGE)
    old = scene.neighbour(id_number=given.id_number(date(1970, 1, 1), 90))
    for _ in range(3):
        scene.push(person=busy, job=scene.posting())
    ids = [fits.id, busy.id, far.id, old.id, fits.id]
    preview = offering.preview_push(scene.session, TOWNSHIP, job.id, ids, clock=scene.clock)
    assert scene.session.query(Referral).filter_by(job_id=job.id).count() == 0
    result = offering.push_batch(scene.session, TOWNSHIP, job.id, ids, cipher=scene.cipher, clock=scene.clock)
    assert preview.ready == result.ready == [fits.id]
    for told in (preview, result):
        assert {skip.person_id: skip.gate for skip in told.skipped} == {
            busy.id: "too_many",
            far.id: "not_found",
            old.id: "age",
        }
        assert all(skip.why.endswith("。") for skip in told.skipped)
    made = scene.session.get_one(Referral, result.referrals[fits.id])
    assert (made.state, made.batch_key) == (ReferralState.OFFERED, result.batch_key)


def test_drafts_are_sent_once(scene: Scene) -> None:
    three = [scene.neighbour() for _ in range(3)]
    keys = {"cipher": scene.cipher, "clock": scene.clock}
    drafted = offering.draft_batch(scene.session, VILLAGE, scene.job.id, [p.id for p in three], **keys)
    assert {scene.session.get_one(Referral, i).state for i in drafted.referrals.values()} == {
        ReferralState.DRAFT
    }
    for n in range(3):
        scene.push(person=three[0], job=scene.posting(title=f"缝纫工{n}"))
    sent = offering.send_batch(scene.session, VILLAGE, drafted.batch_key, **keys)
    assert sent.ready == [three[1].id, three[2].id]
    assert [skip.gate for skip in sent.skipped] == ["too_many"]
    again = offering.send_batch(scene.session, VILLAGE, drafted.batch_key, **keys)
    assert (again.ready, len(again.skipped)) == ([], 1)


def test_a_refused_person_is_forwarded_with_their_consent(scene: Scene) -> None:
    refused = scene.at("refused")
    job, keys = scene.posting(), {"cipher": scene.cipher, "clock": scene.clock}
    plain, asked = (Move.model_validate({"action": "offer"} | form) for form in ({}, {"on_behalf": BY_PHONE}))
    with pytest.raises(Invalid):
        offering.forward_refused(scene.session, VILLAGE, refused.id, job.id, plain, **keys)
    new = offering.forward_refused(scene.session, VILLAGE, refused.id, job.id, asked, **keys)
    assert (new.state, new.forwarded_from_id) == (ReferralState.OFFERED, refused.id)


def test_a_refusal_has_its_letter(scene: Scene) -> None:
    assert set(LETTERS) == set(RefuseReason)
    referral = scene.at("refused")
    assert (referral.reason_code, referral.reason) == ("skill", "手艺还差一点")
    assert "培训" in refusal_letter(referral.reason_code, referral.reason)
    assert refusal_letter(None, "要本地人").startswith("对方说：要本地人。")


def test_a_private_reason_is_not_the_firm_s_to_read(scene: Scene) -> None:
    referral = scene.at("submitted")
    referral = scene.act(referral, VILLAGE, "withdraw", on_behalf=BY_PHONE, reason="health")
    shown = offering.queries.get_referral(scene.session, scene.member, referral.id, scene.clock.now())
    from_firm = show(scene, scene.member, shown)
    assert (from_firm.reason, from_firm.reason_code, from_firm.note) == ("", None, None)
    assert show(scene, VILLAGE, shown).reason == "身体吃不消"


def show(scene: Scene, actor: Actor, referral: Referral) -> ReferralOut:
    return show_referral(scene.session, actor, referral, scene.clock)


def test_the_database_keeps_the_laws(scene: Scene) -> None:
    """Whatever the code does: one live referral a person and posting, a reason, a spell, places."""
    referral = scene.at("hired")
    for values in (
        {"state": ReferralState.ONBOARD, "ended_at": scene.clock.now()},
        {"state": ReferralState.REFUSED, "ended_at": scene.clock.now(), "reason": ""},
        {"state": ReferralState.DECLINED},
        {"wage_fen": None},
    ):
        with pytest.raises(IntegrityError), scene.session.begin_nested():
            scene.session.query(Referral).filter_by(id=referral.id).update(values)
    with pytest.raises(IntegrityError), scene.session.begin_nested():
        copy = {c.name: getattr(referral, c.name) for c in Referral.__table__.columns if c.name != "id"}
        scene.session.add(Referral(**copy))
        scene.session.flush()
    with pytest.raises(IntegrityError), scene.session.begin_nested():
        scene.session.query(JobPosting).filter_by(id=referral.job_id).update({"held": 99})
    event = scene.events(referral)[0]
    with pytest.raises(IntegrityError), scene.session.begin_nested():
        for _ in range(2):
            scene.session.add(
                ReferralEvent(
                    referral_id=referral.id,
                    action="view",
                    to_state="viewed",
                    party=Party.SYSTEM,
                    channel=event.channel,
                    at=event.at,
                    idempotency_key="the same",
                )
            )
        scene.session.flush()


def test_day_work_and_the_list_of_today(scene: Scene) -> None:
    job = scene.posting(profile=WorkProfile.DAY, starts_on=scene.clock.today() + timedelta(days=1))
    referral = scene.at("submitted", job=job)
    scene.wait(hours=5)
    items = list_today(scene.session, VILLAGE, scene.clock)
    assert [(item.kind, item.referral_id) for item in items] == [("employer_silent", referral.id)]
    assert list_today(scene.session, given.village_officer(given.OTHER_VILLAGE), scene.clock) == []


def test_whom_a_step_tells(scene: Scene) -> None:
    told = offering.rules.tells(
        ReferralState.SUBMITTED,
        offering.ReferralAction.REFUSE,
        ReferralState.REFUSED,
        employer_knows=True,
    )
    assert {(tell.to, tell.kind) for tell in told} == {
        (Party.PERSON, TellKind.REFUSAL),
        (Party.OFFICER, TellKind.PROGRESS),
    }
    early = offering.rules.tells(
        ReferralState.OFFERED,
        offering.ReferralAction.WITHDRAW,
        ReferralState.WITHDRAWN,
        employer_knows=False,
    )
    assert early == (), "a firm that never had the person is told nothing"


def test_matching_counts_a_held_place_as_taken(scene: Scene) -> None:
    job = scene.posting(openings=1)
    other = scene.neighbour()

    def fits() -> list[int]:
        ranking = match_seeker(scene.session, VILLAGE, other.id, scene.clock.today(), limit=9)
        return [item.job.id for item in ranking.items]

    assert job.id in fits()
    scene.at("hired", job=job)
    assert job.id not in fits()
