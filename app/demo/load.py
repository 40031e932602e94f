"""装演示县: puts the demo county into a database, through the services that everybody uses.

Loading again within two weeks does nothing. After that it renews dates and pay of the demo's postings, so
that a demo that stands for months always shows living work; what visitors wrote themselves is never touched.
Households and their people come in once and then belong to whoever works with them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from app.accounts import queries as account_queries
from app.accounts.actor import SYSTEM
from app.accounts.credentials import make_password_hash
from app.accounts.schemas import NewStaff
from app.accounts.service import create_staff
from app.core.clock import Clock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.settings import Settings
from app.demo.codes import load_codes
from app.demo.county import DemoCounty, build_demo_county
from app.demo.employers import DemoEmployer
from app.demo.ledger import load_households
from app.demo.one_stop import load_one_stop
from app.demo.places import COUNTY_CODE, build_places
from app.demo.postings import DemoPosting
from app.demo.programmes import load_programmes
from app.demo.referrals import load_referrals
from app.demo.sessions import load_session
from app.demo.staff import FIRST_VILLAGE, DemoOfficer, build_staff
from app.employers import queries as employer_queries
from app.employers.schemas import EmployerIn
from app.employers.service import EmployerDraft, save_employers
from app.employers.terms import EmployerState
from app.jobs import queries as job_queries
from app.jobs import rules as job_rules
from app.jobs.bulk import JobDraft, save_jobs
from app.jobs.models import JobEvent
from app.jobs.schemas import JobIn
from app.jobs.terms import JobEventKind, JobState, SaveOutcome
from app.regions.schemas import VillageIn
from app.regions.service import import_villages

Item = TypeVar("Item")

BATCH = 500
RENEWED_AFTER = timedelta(days=14)
PASSWORD = "liushuyuan-2026"  # noqa: S105 - printed on the screen; production refuses the demo
SIGN_INS = ("village", "township", "county", "city", "province", "broker", "admin", "auditor")

_EVENT_OF_STATE = {
    JobState.PAUSED: JobEventKind.PAUSE,
    JobState.FILLED: JobEventKind.FILL,
    JobState.CLOSED: JobEventKind.CLOSE,
}


def load_demo(database: Database, clock: Clock, cipher: FieldCipher, *, with_staff: bool = True) -> None:
    """Loads villages, staff, households, employers, postings; the built-in divisions must be there already.

    Each part is a transaction of its own and may be repeated: the next load finishes one that was cut off.
    `with_staff=False` leaves out the accounts, whose password everybody knows.
    """
    county = build_demo_county(clock.today())
    if _is_fresh(database, county, clock):
        return
    villages = [
        VillageIn(code=place.code, name=place.name, lng=place.lng, lat=place.lat) for place in county.places
    ]
    with database.write() as session:
        import_villages(session, villages)
    if with_staff:
        password_hash = make_password_hash(PASSWORD, SIGN_INS[0])
        for batch in _batches(county.staff):
            with database.write() as session:
                _load_staff(session, clock, batch, password_hash)
    load_households(database, clock, cipher, county.households)
    with database.write() as session:
        employer_ids = _load_employers(session, clock, county.employers)
    keyed = list(zip(posting_keys(county), county.postings, strict=True))
    for pairs in _batches(keyed):
        with database.write() as session:
            _load_postings(session, clock, pairs, employer_ids)
    with database.write() as session:
        load_referrals(session, cipher, clock, first_village_code())
    with database.write() as session:
        load_codes(session, cipher, clock, village_code=first_village_code())
    with database.write() as session:
        load_one_stop(session, cipher, clock, village_code=first_village_code(), site=Settings().public_url)
    with database.write() as session:
        load_programmes(session, cipher, clock, county, employer_ids)
    with database.write() as session:
        load_session(session, clock)


def demo_sign_ins(settings: Settings) -> list[str]:
    """One line a role for the terminal; none in production, where the demo's accounts are not opened."""
    if settings.is_production:
        return []
    by_name = {officer.username: officer for officer in build_staff(build_places())}
    return [
        f"{officer.role.label}（{officer.name}）  账号 {officer.username}  密码 {PASSWORD}"
        for officer in (by_name[name] for name in SIGN_INS)
    ]


def first_village_code() -> str:
    """The village whose door code the demo shows first: 柳树塬村."""
    return next(place.code for place in build_places() if place.name == FIRST_VILLAGE)


def posting_keys(county: DemoCounty) -> list[str]:
    """What identifies each posting from one load to the next: firm, title, place and which of its twins."""
    employers = {employer.number: employer.name for employer in county.employers}
    twins: Counter[tuple[str, str, str]] = Counter()
    keys = []
    for posting in county.postings:
        identity = (employers[posting.employer_number], posting.title, posting.region_code)
        twins[identity] += 1
        keys.append(job_rules.content_key("demo", *identity, str(twins[identity])))
    return keys


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _is_fresh(database: Database, county: DemoCounty, clock: Clock) -> bool:
    """Whether a load went through to its last posting within the last two weeks."""
    last = posting_keys(county)[-1]
    with database.read() as session:
        job = job_queries.find_jobs_by_key(session, [last]).get(last)
        return job is not None and job.updated_at > clock.now() - RENEWED_AFTER


def _load_staff(session: Session, clock: Clock, officers: Sequence[DemoOfficer], password_hash: str) -> None:
    for officer in officers:
        if account_queries.find_staff(session, officer.username) is None:
            new = NewStaff(
                username=officer.username,
                display_name=officer.name,
                role=officer.role,
                region_code=officer.region_code,
                work_phone=officer.phone,
            )
            create_staff(session, clock, SYSTEM, new, password_hash=password_hash)


def _load_employers(session: Session, clock: Clock, employers: Sequence[DemoEmployer]) -> dict[int, int]:
    """Ids by the demo's number. The county keeps the records of firms elsewhere too: it brought them."""
    ids: dict[int, int] = {}
    for state in (EmployerState.VERIFIED, EmployerState.PENDING):
        own = [employer for employer in employers if employer.state is state]
        drafts = [EmployerDraft(_employer_form(employer), office_code=COUNTY_CODE) for employer in own]
        saved = save_employers(session, drafts, clock, verified=state is EmployerState.VERIFIED)
        ids |= {employer.number: id_ for employer, id_ in zip(own, saved.ids, strict=True)}
    rows = employer_queries.list_employers_by_id(session, ids.values())
    for employer in employers:
        row = rows[ids[employer.number]]
        if row.answer_permille is None and employer.answer_permille is not None:
            row.answer_permille = employer.answer_permille
            row.median_answer_hours = employer.median_answer_hours
    return ids


def _employer_form(employer: DemoEmployer) -> EmployerIn:
    return EmployerIn(
        name=employer.name,
        kind=employer.kind,
        region_code=employer.region_code,
        address=employer.address,
        credit_code=employer.credit_code,
        contact_name=employer.contact_name,
        contact_phone=employer.contact_phone,
    )


def _load_postings(
    session: Session,
    clock: Clock,
    pairs: Sequence[tuple[str, DemoPosting]],
    employer_ids: Mapping[int, int],
) -> None:
    """Saves them as open, then gives the new ones the state and the places taken that the demo wants."""
    drafts = [
        JobDraft(
            _posting_form(posting, employer_ids[posting.employer_number]),
            key,
            source="demo",
            wage_text=posting.wage.text,
            office_code=COUNTY_CODE,
            published_at=posting.published_at,
        )
        for key, posting in pairs
    ]
    saved = save_jobs(session, drafts, clock)
    new = {
        key: posting
        for (key, posting), outcome in zip(pairs, saved.outcomes, strict=True)
        if outcome is SaveOutcome.CREATED
    }
    events = []
    for key, job in job_queries.find_jobs_by_key(session, list(new)).items():
        posting = new[key]
        job.filled = posting.filled
        job.confirmed_at = posting.confirmed_at
        if posting.state is not job.state:
            kind = _EVENT_OF_STATE.get(posting.state, JobEventKind.EDIT)
            events.append(
                JobEvent(
                    job_id=job.id,
                    kind=kind,
                    from_state=job.state.value,
                    to_state=posting.state.value,
                    at=clock.now(),
                )
            )
            job.state = posting.state
    session.add_all(events)


def _posting_form(posting: DemoPosting, employer_id: int) -> JobIn:
    wage = posting.wage
    form = {name: getattr(posting, name) for name in _SAME_NAME}
    form["wage"] = {
        "min_fen": wage.min_fen,
        "max_fen": wage.max_fen,
        "unit": wage.unit,
        "negotiable": wage.negotiable,
        "estimate_fen": wage.estimate_fen,
    }
    return JobIn.model_validate(form | {"employer_id": employer_id, "occupation": posting.occupation_code})


_SAME_NAME = tuple(name for name in JobIn.model_fields if name not in ("employer_id", "occupation", "wage"))
