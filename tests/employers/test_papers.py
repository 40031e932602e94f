"""Papers of a firm: who sends, who looks, who opens, what happens when one ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import PUBLIC, Actor
from app.accounts.audit.models import AuditEntry
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import AppError, Forbidden, Invalid
from app.core.settings import Settings
from app.employers import service as employer_service
from app.employers.models import Employer
from app.employers.papers import queries, rules, service, tasks
from app.employers.papers.errors import PaperDecided, PaperExpired, PaperNotFound
from app.employers.papers.models import EmployerPaper, PaperPicture
from app.employers.papers.rules import Held
from app.employers.papers.terms import PaperKind, PaperState
from app.employers.terms import EmployerAction, EmployerKind, EmployerState
from app.jobs import service as job_service
from app.jobs.schemas import JobIn
from app.notifications.models import Message
from tests.employers import factories as given
from tests.employers import papers_given as papers

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def firm(session: Session, clock: FixedClock) -> Employer:
    return given.verified_employer(session, clock, contact_phone="13900007788")


@pytest.fixture
def boss(session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer) -> Actor:
    return papers.owner(session, clock, cipher, firm)


def accept(
    session: Session, actor: Actor, paper: EmployerPaper, clock: FixedClock, cipher: FieldCipher
) -> None:
    service.decide_paper(session, actor, paper.id, accepted=True, cipher=cipher, clock=clock)


def test_a_paper_is_sealed_and_opens_again(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    paper = papers.sent_paper(session, boss, firm, clock, cipher)
    kept = session.get_one(PaperPicture, paper.id)
    assert b"JFIF" not in kept.content
    opened = service.open_picture(session, boss, paper.id, cipher=cipher, clock=clock)
    assert opened == papers.picture().content


def test_who_opens_a_picture(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    paper = papers.sent_paper(session, boss, firm, clock, cipher)
    for actor in (given.county_officer(user_id=901), given.township_officer(user_id=902), boss):
        assert service.open_picture(session, actor, paper.id, cipher=cipher, clock=clock)
    session.commit()
    reads = [
        e
        for e in session.scalars(select(AuditEntry))
        if e.resource == "employer_papers" and e.action == "read"
    ]
    assert [entry.subject_id for entry in reads] == [firm.id] * 3
    strangers = (
        PUBLIC,
        given.somebody(),
        given.village_officer(user_id=905),
        given.township_officer(given.OTHER_TOWN, 904),
        given.county_officer(given.OTHER_COUNTY, 903),
        given.officer(Role.CITY_VIEWER, "610200"),
        Actor(77, "别家的", ()),
    )
    for actor in strangers:
        with pytest.raises(PaperNotFound):
            service.open_picture(session, actor, paper.id, cipher=cipher, clock=clock)


@pytest.mark.parametrize("office", [given.county_officer(user_id=901), given.township_officer(user_id=902)])
def test_the_office_sends_back_with_a_reason(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor, office: Actor
) -> None:
    paper = papers.sent_paper(session, boss, firm, clock, cipher)
    with pytest.raises(Invalid):
        service.decide_paper(session, office, paper.id, accepted=False, cipher=cipher, clock=clock)
    done = service.decide_paper(
        session, office, paper.id, accepted=False, reason="照片反光", cipher=cipher, clock=clock
    )
    assert (done.state, done.reason) == (PaperState.SENT_BACK, "照片反光")
    with pytest.raises(PaperDecided):
        accept(session, given.county_officer(user_id=9), paper, clock, cipher)


def test_nobody_accepts_what_they_sent_in_or_their_own_firms(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    office = given.county_officer(user_id=9)
    at_the_counter = papers.sent_paper(session, office, firm, clock, cipher)
    with pytest.raises(Forbidden):
        accept(session, office, at_the_counter, clock, cipher)
    accept(session, given.township_officer(user_id=902), at_the_counter, clock, cipher)
    own = papers.sent_paper(session, boss, firm, clock, cipher)
    for actor in (
        boss,
        Actor(5, "两头", given.county_officer(user_id=901).grants + given.member_of(firm).grants),
    ):
        with pytest.raises(AppError):
            accept(session, actor, own, clock, cipher)


def test_a_newer_one_takes_the_place(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    first = papers.sent_paper(session, boss, firm, clock, cipher)
    accept(session, given.county_officer(user_id=901), first, clock, cipher)
    wrong = papers.sent_paper(session, boss, firm, clock, cipher)
    second = papers.sent_paper(session, boss, firm, clock, cipher)
    assert first.state is PaperState.ACCEPTED  # still the one that counts
    assert wrong.state is PaperState.REPLACED
    accept(session, given.county_officer(user_id=901), second, clock, cipher)
    assert first.state is PaperState.REPLACED
    assert session.get(PaperPicture, first.id) is None
    assert [paper.id for paper in queries.list_papers(session, firm.id)] == [second.id]


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        (PaperKind.LICENCE, {"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        (PaperKind.DISPATCH, {}, "expires_on"),
        (PaperKind.VILLAGE_PROOF, {"vouched_on": TODAY}, "vouched_by"),
        (PaperKind.VILLAGE_PROOF, {"vouched_by": "王桂兰"}, "vouched_on"),
        (
            PaperKind.VILLAGE_PROOF,
            {"vouched_by": "王桂兰", "vouched_on": TODAY + timedelta(days=1)},
            "vouched_on",
        ),
    ],
)
def test_what_is_said_wrong_is_named_and_nothing_kept(
    session: Session,
    clock: FixedClock,
    cipher: FieldCipher,
    firm: Employer,
    boss: Actor,
    kind: PaperKind,
    said: dict[str, object],
    field: str,
) -> None:
    with pytest.raises(Invalid) as caught:
        papers.sent_paper(session, boss, firm, clock, cipher, kind, **said)
    assert [problem.field for problem in caught.value.fields] == [field]
    assert queries.list_papers(session, firm.id) == []


def test_another_firm_sends_nothing(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    other = given.verified_employer(session, clock, "另一家制衣")
    for actor in (PUBLIC, given.somebody(), given.village_officer(user_id=905), boss):
        with pytest.raises(Forbidden):
            papers.sent_paper(session, actor, other, clock, cipher)


def write_posting(session: Session, actor: Actor, firm: Employer, clock: FixedClock) -> None:
    data = JobIn.model_validate({"employer_id": firm.id, "title": "缝纫工", "region_code": given.TOWN})
    job_service.create_job(session, actor, data, clock)


def test_a_licence_that_ends(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    ends = clock.today() + timedelta(days=30)
    paper = papers.sent_paper(session, boss, firm, clock, cipher, expires_on=ends)
    accept(session, given.county_officer(user_id=901), paper, clock, cipher)
    write_posting(session, boss, firm, clock)
    for _ in range(2):  # told once at thirty days, once at seven
        assert tasks.remind(session, cipher, clock) == 1
    clock.move(timedelta(days=23))
    assert tasks.remind(session, cipher, clock) == 1
    told = session.scalars(select(Message).where(Message.template_code == "paper_ending")).all()
    assert len(told) == 2
    clock.move(timedelta(days=7))  # its last day still counts
    assert tasks.put_back_lapsed(session, clock) == 0
    clock.move(timedelta(days=1))
    with pytest.raises(PaperExpired):  # also before the night's sweep
        write_posting(session, boss, firm, clock)
    assert tasks.put_back_lapsed(session, clock) == 1
    assert firm.state is EmployerState.PENDING
    assert tasks.put_back_lapsed(session, clock) == 0
    newer = papers.sent_paper(session, boss, firm, clock, cipher, expires_on=clock.today())
    with pytest.raises(PaperExpired):
        write_posting(session, boss, firm, clock)
    accept(session, given.township_officer(user_id=902), newer, clock, cipher)
    write_posting(session, boss, firm, clock)
    employer_service.act_on_employer(
        session, given.county_officer(user_id=901), firm.id, EmployerAction.VERIFY, clock
    )
    assert firm.state is EmployerState.VERIFIED


def test_no_office_expires_a_firm_by_hand(session: Session, clock: FixedClock, firm: Employer) -> None:
    with pytest.raises(Forbidden):
        employer_service.act_on_employer(
            session, given.county_officer(user_id=901), firm.id, EmployerAction.EXPIRE, clock, reason="到期"
        )


@pytest.mark.parametrize("kind", list(EmployerKind))
def test_each_kind_has_papers_it_can_show(kind: EmployerKind) -> None:
    assert len(rules.missing_groups(kind, [], TODAY)) == (2 if kind is EmployerKind.AGENCY else 1)
    shown = [Held(paper, TODAY) for paper in rules.offered_papers(kind)]
    assert rules.missing_groups(kind, shown, TODAY) == ()
    assert rules.missing_groups(kind, shown, TODAY + timedelta(days=1)) != ()
    assert rules.lapsed(kind, [], TODAY) is None
    is_farm = kind in (EmployerKind.FAMILY_FARM, EmployerKind.INDIVIDUAL)
    assert not is_farm or PaperKind.VILLAGE_PROOF in rules.offered_papers(kind)


def test_another_paper_of_the_group_still_holds() -> None:
    held = [Held(PaperKind.LICENCE, None), Held(PaperKind.DISPATCH, TODAY - timedelta(days=1))]
    ended = rules.lapsed(EmployerKind.AGENCY, held, TODAY)
    assert ended is not None
    assert ended.kind is PaperKind.DISPATCH
    assert rules.lapsed(EmployerKind.AGENCY, [*held, Held(PaperKind.HR_SERVICE, TODAY)], TODAY) is None


def test_the_queue_holds_what_waits_in_ones_own_area(
    session: Session, clock: FixedClock, cipher: FieldCipher, firm: Employer, boss: Actor
) -> None:
    new = given.pending_employer(session, clock)
    for actor in (given.county_officer(user_id=901), given.township_officer(user_id=902)):
        assert [each.id for each in queries.list_waiting_firms(session, actor)] == [new.id]
    papers.sent_paper(session, boss, firm, clock, cipher)
    assert queries.count_waiting_firms(session, given.county_officer(user_id=901)) == 2
    for actor in (
        PUBLIC,
        boss,
        given.county_officer(given.OTHER_COUNTY, 903),
        given.village_officer(user_id=905),
    ):
        assert queries.list_waiting_firms(session, actor) == []
