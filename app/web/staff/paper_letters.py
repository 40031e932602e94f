"""印信: whom a letter goes to, and the letters themselves."""

from dataclasses import dataclass
from typing import Final

from app.codes.letters import Addressee, find_letter_permission, issue_letters
from app.codes.terms import CodeKind
from app.core.db import Database
from app.core.errors import Conflict
from app.core.http import ReadSession
from app.seekers import queries as ledger
from app.seekers.dependencies import Desk
from app.seekers.models import Person
from app.seekers.privacy.consents import allowed_among
from app.seekers.privacy.terms import ConsentPurpose
from app.seekers.queries import PeopleFilters
from app.seekers.terms import SeekerStatus
from app.web.paper.content import Office, VillagePapers, gather_papers
from app.web.paper.letter import Recipient, draw_letter
from app.web.paper.sheet import Sheet

_PAGE: Final = 100
_MOST: Final = 1000
_LOOKING: Final = (SeekerStatus.SEEKING,)
_WITHOUT_WORK: Final = (SeekerStatus.SEEKING, SeekerStatus.FARMING, SeekerStatus.NOT_SEEKING)


@dataclass(frozen=True)
class LetterForm:
    """印信单: to those who look for work, or to everyone without work."""

    region: str
    title: str
    is_for_everyone: bool = False


def print_letters(database: Database, sheet: Sheet, desk: Desk, form: LetterForm, office: Office) -> None:
    """Gives out the codes, writes the log, and draws a letter for each person.

    Raises CodeNotFound, Forbidden, Conflict, VillageCodeRecalled.
    """
    with database.write() as session:
        people = find_readers(session, desk, form)
        addressees = [Addressee(person.id, person.region_code) for person in people]
        _campaign, rows = issue_letters(
            session, desk.actor, form.region, form.title, addressees, cipher=desk.cipher, clock=desk.clock
        )
        codes = {person_id: row.id for person_id, row in rows.items()}
    with database.read() as session:
        readers = ledger.list_people_by_id(session, desk.actor, list(codes))
        papers: dict[str, VillagePapers] = {}
        for person in sorted(readers.values(), key=lambda each: (each.region_code, each.id)):
            village = person.region_code
            if village not in papers:
                papers[village] = gather_papers(session, village, office, desk.clock)
            draw_letter(sheet, papers[village], _recipient(person, papers[village], codes[person.id], office))


def find_readers(session: ReadSession, desk: Desk, form: LetterForm) -> list[Person]:
    """People of the place in those statuses, of 16 and older, who have not said no to messages. Raises
    UnknownRegion, Conflict for more than can be printed at once."""
    if find_letter_permission(desk.actor, form.region) is None:
        return []
    found: list[Person] = []
    for status in _WITHOUT_WORK if form.is_for_everyone else _LOOKING:
        filters = PeopleFilters(region_code=form.region, status=status, seekers_only=True)
        cursor = None
        while True:
            page, cursor = ledger.list_people(
                session, desk.actor, filters, desk.today, limit=_PAGE, cursor=cursor
            )
            found += page
            if len(found) > _MOST:
                raise Conflict(f"这里要印的超过 {_MOST} 封，请一个村一个村地印。")
            if cursor is None:
                break
    allowed = allowed_among(session, [person.id for person in found], ConsentPurpose.MESSAGES)
    return [person for person in found if person.id in allowed]


def _recipient(person: Person, papers: VillagePapers, number: int, office: Office) -> Recipient:
    place = papers.above + papers.name
    address = person.household.address.removeprefix(papers.name)
    return Recipient(person.name, place, address, office.numbered_url(CodeKind.LETTER, number))
