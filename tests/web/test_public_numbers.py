"""No public page or API shows a person's number: of a firm's contact, an account, or hidden in a text."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.employers.models import Employer
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.vetting.numbers import has_number
from app.web.paper.content import Office, gather_papers
from tests.employers import factories as given
from tests.employers import papers_given as people
from tests.jobs.factories import open_job

CONTACT, ACCOUNT = "13900007788", "13900005511"
ID_NUMBER = "610204198501011234"
WRITTEN = {
    "title": "缝纫工 139-0000-7788",
    "description": "坐着干。找老陈一三九〇〇〇〇七七八八\n身份证６１０２０４１９８５０１０１１２３４要带",
    "address": "老街8号（电话 1 3 9 0 0 0 0 7 7 8 8）",
}
# What nobody reads: forms carry long random marks.
_TAGS = re.compile(
    r"<input type=hidden[^>]*>|<style.*?</style>|<script(?! type=application/ld).*?</script>|<svg.*?</svg>",
    re.DOTALL,
)


@pytest.fixture
def firm(session: Session, clock: FixedClock, shared_settings: Settings) -> Employer:
    cipher: FieldCipher = cipher_of(shared_settings)
    firm = given.verified_employer(
        session, clock, "惠家家庭农场", kind="family_farm", contact_phone=CONTACT, contact_name="惠老板"
    )
    people.owner(session, clock, cipher, firm, ACCOUNT)
    return firm


@pytest.fixture
def job(session: Session, clock: FixedClock, firm: Employer) -> JobPosting:
    """As an office's old list brings it in: open, with numbers in its texts."""
    job = open_job(session, clock, firm, region_code=given.VILLAGE)
    for name, words in WRITTEN.items():
        setattr(job, name, words)
    job.state, job.valid_until = JobState.OPEN, clock.today() + timedelta(days=20)
    session.flush()
    return job


def public_addresses(job: JobPosting) -> Iterator[str]:
    yield from ("/", "/jobs", "/jobs?far=all", f"/?p={given.VILLAGE}", "/kinds", "/help")
    yield from (f"/jobs/{job.id}", f"/jobs/{job.id}/apply", f"/jobs/{job.id}/ask", f"/jobs/{job.id}/report")
    yield from ("/api/v1/jobs", "/api/v1/jobs?limit=5", f"/api/v1/jobs/{job.id}")
    yield f"/api/v1/employers/{job.employer_id}"


def test_no_number_of_a_person_anywhere(client: TestClient, job: JobPosting) -> None:
    assert all(has_number(words) for words in WRITTEN.values())  # the planted breaks are seen
    shown = 0
    for address in public_addresses(job):
        answer = client.get(address)
        if answer.status_code == 404:
            continue
        assert answer.status_code in (200, 303), address
        shown += "缝纫工" in answer.text
        for secret in (CONTACT, ACCOUNT, ID_NUMBER, "惠老板"):
            assert secret not in answer.text, address
        for words in re.split(r"[<>\"\n]", _TAGS.sub("", answer.text)):
            assert not has_number(words), (address, words)
    assert shown >= 4, "the posting was not even there"


def test_no_number_on_the_notice_board(session: Session, clock: FixedClock, job: JobPosting) -> None:
    papers = gather_papers(session, given.VILLAGE, Office("https://sg.example", "a key"), clock)
    slips = papers.near.slips
    assert [slip.job_id for slip in slips] == [job.id]
    assert not any(has_number(f"{slip.title} {slip.note} {slip.where}") for slip in slips)
