"""Phones that stood in the clear are sealed by the migration, and follow when the data key changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from alembic import command
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.db import Database
from app.core.settings import Settings
from app.employers import sealing
from app.employers.models import BarEntry, Employer
from app.seekers.privacy.rotation import SEALED_TABLES, Position, count_old_rows, reseal_batch
from tests.conftest import PROJECT, create_postgres_database, drop_postgres_database, make_settings
from tests.employers import factories as given
from tests.employers import papers_given as papers

BEFORE, SEALED = "03b401e73e93", "4fb2e92d5815"
PHONE = "13900007788"


@pytest.fixture
def old_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Database, Config]]:
    """A database as it was before phones were sealed."""
    if backend == "sqlite":
        settings = make_settings(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        cluster = request.getfixturevalue("postgres_url")
        settings = make_settings(create_postgres_database(cluster, "old_phones"))
    database, config = Database(settings), Config()
    config.set_main_option("script_location", str(PROJECT / "alembic"))
    migrate(database, config, BEFORE)
    yield database, config
    database.dispose()
    if backend == "postgresql":
        drop_postgres_database(cluster, "old_phones")


def migrate(database: Database, config: Config, revision: str) -> None:
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def test_the_migration_seals_what_stood_in_the_clear(old_database: tuple[Database, Config]) -> None:
    database, config = old_database
    now = "2026-11-22 01:00:00+00:00"
    with database.write() as session:
        session.execute(
            text(
                "INSERT INTO regions (code, level, name, short_name, pinyin, initials, source)"
                " VALUES ('610204', 'county', '耀州区', '耀州', '', '', 'builtin')"
            )
        )
        for number, phone in ((1, PHONE), (2, "")):
            session.execute(
                text(
                    "INSERT INTO employers (id, name, kind, region_code, office_code, address, contact_name,"
                    " contact_phone, state, name_key, created_at, updated_at, version) VALUES (:id, '农场',"
                    " 'family_farm', '610204', '610204', '', '', :phone, 'barred', '农场', :now, :now, 1)"
                ),
                {"id": number, "phone": phone, "now": now},
            )
        session.execute(
            text(
                "INSERT INTO bar_entries (id, employer_id, name_key, phone, region_code, reason, barred_at)"
                " VALUES (1, 1, '农场', :phone, '610204', '收押金', :now)"
            ),
            {"phone": PHONE, "now": now},
        )
    migrate(database, config, SEALED)
    cipher = cipher_of(Settings())
    with database.read() as session:
        rows = session.execute(select(Employer.id, Employer.contact_phone).order_by(Employer.id)).all()
        opened = [
            sealing.open_contact(Employer(id=row.id, contact_phone=row.contact_phone), cipher) for row in rows
        ]
        assert opened == [PHONE, ""]
        assert rows[1].contact_phone is None
        index = session.scalars(select(BarEntry.phone_index)).one()
        assert index in sealing.phone_indexes(PHONE, cipher)


def test_a_new_key_reaches_everything_of_a_firm(
    session: Session, clock: FixedClock, shared_settings: Settings
) -> None:
    old = cipher_of(shared_settings)
    firm = given.verified_employer(session, clock, contact_phone=PHONE)
    boss = papers.owner(session, clock, old, firm)
    paper = papers.sent_paper(session, boss, firm, clock, old)
    new = FieldCipher("a new key for the test of firms, long enough", ["development-only-secret-do-not-use"])
    left = count_old_rows(session, new)
    assert left["employers"] == 1
    assert left["paper_pictures"] == 1
    for number, table in enumerate(SEALED_TABLES):
        if table.name in ("employers", "paper_pictures"):
            reseal_batch(session, new, Position(number))
    session.expire_all()
    only_new = FieldCipher("a new key for the test of firms, long enough")
    assert sealing.open_contact(firm, only_new) == PHONE
    opened = papers.service.open_picture(session, boss, paper.id, cipher=only_new, clock=clock)
    assert opened == papers.picture().content
