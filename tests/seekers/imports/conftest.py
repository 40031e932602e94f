"""An installation with one village, and files taken in through the same door as the command's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM, Actor
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher
from app.core.db import Database
from app.core.sheets.importing import ImportOptions, ImportSummary
from app.seekers import sealing
from app.seekers.imports.models import ImportChunk
from app.seekers.imports.takein import import_people
from app.seekers.models import Household, Person, PrivateFacts
from tests.seekers.factories import COUNTY, plant_regions
from tests.seekers.imports.sheets import workbook


@dataclass
class Desk:
    """The desk at which a test takes files in and looks into the ledger."""

    database: Database
    clock: FixedClock
    cipher: FieldCipher
    folder: Path
    files: int = 0

    def file(self, rows: Sequence[Mapping[str, str]]) -> Path:
        self.files += 1
        return workbook(self.folder / f"ledger{self.files}.xlsx", rows)

    def take_in(
        self,
        rows: Sequence[Mapping[str, str]],
        region: str | None = COUNTY,
        actor: Actor = SYSTEM,
        **options: object,
    ) -> ImportSummary:
        chosen = ImportOptions(region_code=region, **options)  # type: ignore[arg-type]
        summary = import_people(
            self.database, self.file(rows), chosen, self.clock, actor=actor, cipher=self.cipher
        )
        counts = (summary.created, summary.updated, summary.unchanged, summary.rejected)
        assert summary.rows == sum(counts) == len(rows)
        return summary

    def take_in_file(self, path: Path, region: str = COUNTY) -> ImportSummary:
        options = ImportOptions(region_code=region)
        return import_people(self.database, path, options, self.clock, cipher=self.cipher)

    def staged(self, session: Session) -> int:
        """Chunks of files that lie in the database."""
        return session.scalar(select(func.count(ImportChunk.id))) or 0

    def people(self, session: Session) -> list[Person]:
        return list(session.scalars(select(Person).where(Person.erased_at.is_(None)).order_by(Person.id)))

    def homes(self, session: Session) -> list[Household]:
        return list(
            session.scalars(select(Household).where(Household.erased_at.is_(None)).order_by(Household.id))
        )

    def facts(self, session: Session, person: Person, name: str = "ledger") -> dict[str, str]:
        return sealing.open_facts(session.get(PrivateFacts, person.id), name, self.cipher)


@pytest.fixture
def desk(database: Database, clock: FixedClock, cipher: FieldCipher, tmp_path: Path) -> Desk:
    with database.write() as session:
        plant_regions(session)
    return Desk(database, clock, cipher, tmp_path)


@pytest.fixture
def ledger(desk: Desk) -> Callable[[], list[Person]]:
    """The people in the ledger now."""

    def look() -> list[Person]:
        with desk.database.read() as session:
            return desk.people(session)

    return look
