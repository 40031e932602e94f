"""Entries of an office: two people, versions, whose word holds at a place."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.errors import Forbidden, Invalid
from app.core.settings import Settings
from app.policies import queries, service
from app.policies.content import Content
from app.policies.errors import GuideChanged, GuideNotFound, OwnWords, SlugTaken
from app.policies.models import GuideEntry, GuideVersion
from app.policies.terms import GuideKind, GuideState
from tests.accounts.situations import COUNTY, OTHER_COUNTY, TOWN, VILLAGE, add_regions, staff_member

TODAY = date(2026, 11, 22)
WORDS = Content(title="出省打工，补车票", amount="500 元，一年一回")


class Desk:
    """县里的两位同事和镇上的一位."""

    def __init__(self, session: Session, clock: FixedClock, cipher: FieldCipher) -> None:
        self.session, self.clock, self.cipher = session, clock, cipher
        add_regions(session)
        self.county = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "one")
        self.second = staff_member(session, clock, Role.COUNTY_OFFICER, COUNTY, "two")
        self.town = staff_member(session, clock, Role.TOWNSHIP_OFFICER, TOWN, "town")
        self.elsewhere = staff_member(session, clock, Role.COUNTY_OFFICER, OTHER_COUNTY, "far")

    def write(
        self, actor: Actor, slug: str = "transport-grant", region: str = COUNTY, content: Content = WORDS
    ) -> GuideEntry:
        return service.create_entry(
            self.session, actor, GuideKind.POLICY, slug, region, content, clock=self.clock
        )

    def newest(self, entry: GuideEntry) -> GuideVersion:
        return queries.list_versions(self.session, entry.id)[0]

    def publish(self, entry: GuideEntry, writer: Actor, reader: Actor) -> GuideVersion:
        version = service.hand_in(self.session, writer, self.newest(entry).id)
        return service.publish(self.session, reader, version.id, cipher=self.cipher, clock=self.clock)

    def title(self, place: str | None, slug: str = "transport-grant") -> str:
        return queries.get_shown(self.session, place, slug, TODAY).content.amount


@pytest.fixture
def desk(session: Session, clock: FixedClock, shared_settings: Settings) -> Desk:
    return Desk(session, clock, cipher_of(shared_settings))


def test_the_county_fills_in_what_the_law_leaves_to_it(desk: Desk) -> None:
    entry = desk.write(desk.county)
    assert "镇上告诉你" in desk.title(VILLAGE), "a draft is shown to nobody"
    desk.publish(entry, desk.county, desk.second)
    for place in (COUNTY, TOWN, VILLAGE):
        assert desk.title(place) == "500 元，一年一回"
    for place in (OTHER_COUNTY, "610000", None):
        assert "镇上告诉你" in desk.title(place)


def test_the_nearest_office_s_word_holds(desk: Desk) -> None:
    desk.publish(desk.write(desk.county), desk.county, desk.second)
    own = Content(title="补车票", amount="镇上再加 100 元")
    desk.publish(desk.write(desk.town, region=TOWN, content=own), desk.town, desk.county)
    assert desk.title(VILLAGE) == "镇上再加 100 元"
    assert desk.title(COUNTY) == "500 元，一年一回"
    listed = queries.list_shown(desk.session, VILLAGE, TODAY)
    assert [each.slug for each in listed].count("transport-grant") == 1


def test_nobody_publishes_their_own_words(desk: Desk) -> None:
    entry = desk.write(desk.county)
    version = service.hand_in(desk.session, desk.county, desk.newest(entry).id)
    keys = {"cipher": desk.cipher, "clock": desk.clock}
    with pytest.raises(OwnWords):
        service.publish(desk.session, desk.county, version.id, **keys)
    with pytest.raises(Forbidden):
        service.publish(desk.session, desk.town, _of_town(desk).id, **keys)
    with pytest.raises(GuideNotFound):
        service.publish(desk.session, desk.elsewhere, version.id, **keys)
    with pytest.raises(IntegrityError), desk.session.begin_nested():
        desk.session.execute(
            update(GuideVersion)
            .where(GuideVersion.id == version.id)
            .values(state=GuideState.PUBLISHED, decided_by_id=desk.county.user_id)
        )


def _of_town(desk: Desk) -> GuideVersion:
    other = staff_member(desk.session, desk.clock, Role.TOWNSHIP_OFFICER, TOWN, "town-two")
    entry = desk.write(other, "of-the-town", TOWN)
    return service.hand_in(desk.session, other, desk.newest(entry).id)


def test_a_new_version_is_shown_when_it_is_published(desk: Desk) -> None:
    entry = desk.write(desk.county)
    first = desk.publish(entry, desk.county, desk.second)
    more = Content(title="出省打工，补车票", amount="600 元")
    with pytest.raises(GuideChanged):
        service.write_version(desk.session, desk.second, entry.id, more, after=0, clock=desk.clock)
    service.write_version(desk.session, desk.second, entry.id, more, after=1, clock=desk.clock)
    assert desk.title(VILLAGE) == "500 元，一年一回"
    desk.publish(entry, desk.second, desk.county)
    assert desk.title(VILLAGE) == "600 元"
    assert first.state is GuideState.REPLACED
    assert [version.number for version in queries.list_versions(desk.session, entry.id)] == [2, 1]


def test_what_was_sent_back_says_why_and_comes_again(desk: Desk) -> None:
    entry = desk.write(desk.county)
    version = service.hand_in(desk.session, desk.county, desk.newest(entry).id)
    keys = {"cipher": desk.cipher, "clock": desk.clock}
    with pytest.raises(Invalid):
        service.send_back(desk.session, desk.second, version.id, " ", **keys)
    service.send_back(desk.session, desk.second, version.id, "钱数写错了", **keys)
    assert (version.state, version.decision_note) == (GuideState.SENT_BACK, "钱数写错了")
    with pytest.raises(GuideChanged):
        service.publish(desk.session, desk.second, version.id, **keys)
    desk.publish(entry, desk.county, desk.second)
    service.take_off(desk.session, desk.county, version.id, **keys)
    assert "镇上告诉你" in desk.title(VILLAGE)


def test_an_address_stands_once_in_a_place(desk: Desk) -> None:
    desk.write(desk.county)
    with pytest.raises(SlugTaken):
        desk.write(desk.second)
    for slug in ("Bus Ticket", "车票", "../up", ""):
        with pytest.raises(Invalid):
            desk.write(desk.county, slug)
    with pytest.raises(GuideNotFound):
        desk.write(desk.county, "elsewhere", OTHER_COUNTY)


def test_it_is_found_by_words_of_any_letters(desk: Desk) -> None:
    shown = queries.list_shown(desk.session, VILLAGE, TODAY)
    for words in ("车票", "車票", "打工 车票", "ticket"):
        assert [each.slug for each in queries.filter_shown(shown, words=words)] == ["transport-grant"], words
    assert queries.filter_shown(shown, words="飞机") == []
    assert queries.filter_shown(shown, kind=GuideKind.FAIR) == []
