"""What does not fit together is set side by side, and a person decides."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.terms import Role
from app.core.errors import Conflict, NotFound
from app.core.tasks import TaskRunner
from app.occupations.terms import Education
from app.seekers import people
from app.seekers.imports import queries, service
from app.seekers.imports import tasks as import_tasks
from app.seekers.imports.models import ImportBatch, ImportRow
from app.seekers.imports.staging import Upload
from app.seekers.imports.terms import ConflictKind, Decision, ImportState, RowResult
from app.seekers.models import Person
from app.seekers.schemas import PersonPatch
from tests.accounts.situations import staff_member
from tests.seekers.factories import COUNTY, OTHER_TOWN, TOWN
from tests.seekers.imports.conftest import Desk
from tests.seekers.imports.sheets import person

People = Callable[[], list[Person]]
assert import_tasks


@pytest.fixture
def officer(desk: Desk) -> Actor:
    with desk.database.write() as session:
        return staff_member(session, desk.clock, Role.COUNTY_OFFICER, COUNTY)


def run_tasks(desk: Desk) -> None:
    TaskRunner(desk.database, desk.clock).run_due()


def preview(desk: Desk, actor: Actor, rows: Sequence[Mapping[str, str]], region: str = COUNTY) -> int:
    path = desk.file(rows)
    import_id = service.upload_file(
        desk.database, actor, Upload(path, path.name, region), cipher=desk.cipher, clock=desk.clock
    )
    with desk.database.write() as session:
        service.choose_columns(session, actor, import_id, {}, desk.clock)
    run_tasks(desk)
    return import_id


def confirm(desk: Desk, actor: Actor, import_id: int) -> ImportBatch:
    with desk.database.write() as session:
        service.confirm(session, actor, import_id, cipher=desk.cipher, clock=desk.clock)
    run_tasks(desk)
    with desk.database.read() as session:
        return queries.get_batch(session, import_id)


def decide(desk: Desk, actor: Actor, import_id: int, row: int, decision: Decision) -> None:
    with desk.database.write() as session:
        service.decide(session, actor, import_id, row, decision)


def row_of(desk: Desk, import_id: int, number: int) -> ImportRow:
    with desk.database.read() as session:
        return session.get_one(ImportRow, (import_id, number))


def test_nothing_is_written_before_it_was_looked_at(desk: Desk, officer: Actor, ledger: People) -> None:
    import_id = preview(desk, officer, [person(1), person(2, 姓名=""), person(1)])
    with desk.database.read() as session:
        batch = queries.get_batch(session, import_id)
        assert batch.state is ImportState.PREVIEWED
        assert batch.counts == {"new": 1, "same": 1, "rejected": 1}
    assert ledger() == []
    done = confirm(desk, officer, import_id)
    assert (done.state, done.counts) == (ImportState.DONE, {"new": 1, "same": 1, "rejected": 1})
    assert len(ledger()) == 1


@pytest.mark.parametrize(
    ("decision", "result", "name"),
    [
        (None, RowResult.CONFLICT, "王桂兰"),
        (Decision.KEEP, RowResult.SAME, "王桂兰"),
        (Decision.TAKE, RowResult.CHANGED, "王贵兰"),
        (Decision.SKIP, RowResult.REJECTED, "王桂兰"),
    ],
)
def test_another_name_for_a_number(
    desk: Desk, officer: Actor, ledger: People, decision: Decision | None, result: RowResult, name: str
) -> None:
    desk.take_in([person()])
    import_id = preview(desk, officer, [person(姓名="王贵兰")])
    row = row_of(desk, import_id, 2)
    assert (row.conflict, row.person_id) == (ConflictKind.OTHER_NAME, ledger()[0].id)
    if decision is not None:
        decide(desk, officer, import_id, 2, decision)
    confirm(desk, officer, import_id)
    assert row_of(desk, import_id, 2).result is result
    (found,) = ledger()
    assert found.name == name
    assert ("gui" in found.search_text) is True


@pytest.mark.parametrize(("decision", "education"), [(Decision.KEEP, "primary"), (Decision.TAKE, "junior")])
def test_two_rows_for_one_person(
    desk: Desk, officer: Actor, ledger: People, decision: Decision, education: str
) -> None:
    import_id = preview(desk, officer, [person(文化程度="小学"), person(文化程度="初中")])
    assert row_of(desk, import_id, 3).conflict is ConflictKind.TWICE
    decide(desk, officer, import_id, 3, decision)
    done = confirm(desk, officer, import_id)
    assert sum(done.counts.values()) == 2
    (found,) = ledger()
    assert found.education == education


def test_what_a_colleague_changed_lately_is_not_overwritten(
    desk: Desk, officer: Actor, ledger: People
) -> None:
    desk.take_in([person(文化程度="小学", 就业状况="务工")])
    with desk.database.write() as session:
        patch = PersonPatch(education=Education.SENIOR)
        people.update_person(session, officer, ledger()[0].id, patch, cipher=desk.cipher, clock=desk.clock)
    rows = [person(文化程度="初中", 就业状况="务工")]
    import_id = preview(desk, officer, rows)
    assert row_of(desk, import_id, 2).conflict is ConflictKind.EDITED
    assert "文化程度" in row_of(desk, import_id, 2).reason
    confirm(desk, officer, import_id)
    assert ledger()[0].education is Education.SENIOR
    # A month later the sheet is the newer word.
    desk.clock.move(timedelta(days=31))
    assert confirm(desk, officer, preview(desk, officer, rows)).counts == {"changed": 1}
    assert ledger()[0].education is Education.JUNIOR


def test_files_of_two_offices_disagree(desk: Desk, officer: Actor) -> None:
    with desk.database.write() as session:
        town = staff_member(session, desk.clock, Role.TOWNSHIP_OFFICER, TOWN)
    confirm(desk, town, preview(desk, town, [person(文化程度="小学")], TOWN))
    confirm(desk, town, preview(desk, town, [person(文化程度="高中")], TOWN))
    import_id = preview(desk, officer, [person(文化程度="初中")])
    assert row_of(desk, import_id, 2).conflict is ConflictKind.OTHER_FILE


def test_a_person_elsewhere_can_only_be_left_out(desk: Desk) -> None:
    desk.take_in([person()])
    with desk.database.write() as session:
        other = staff_member(session, desk.clock, Role.TOWNSHIP_OFFICER, OTHER_TOWN)
    import_id = preview(desk, other, [person(乡镇="", 行政村="")], OTHER_TOWN)
    row = row_of(desk, import_id, 2)
    assert (row.conflict, row.person_id) == (ConflictKind.ELSEWHERE, None)
    with pytest.raises(Conflict):
        decide(desk, other, import_id, 2, Decision.TAKE)
    decide(desk, other, import_id, 2, Decision.SKIP)


def test_imports_of_other_offices_are_not_there(desk: Desk, officer: Actor) -> None:
    import_id = preview(desk, officer, [person()])
    with desk.database.write() as session:
        town = staff_member(session, desk.clock, Role.TOWNSHIP_OFFICER, TOWN)
        with pytest.raises(NotFound):
            service.open_import(session, town, import_id)
        assert list(queries.list_batches(session, town)) == []
        assert [batch.id for batch in queries.list_batches(session, officer)] == [import_id]


def test_the_same_upload_twice_is_one_import(desk: Desk, officer: Actor) -> None:
    path = desk.file([person()])
    ids = {
        service.upload_file(
            desk.database, officer, Upload(path, "a.xlsx", COUNTY), cipher=desk.cipher, clock=desk.clock
        )
        for _ in range(2)
    }
    assert len(ids) == 1


def test_confirmed_twice_is_taken_in_once(desk: Desk, officer: Actor, ledger: People) -> None:
    import_id = preview(desk, officer, [person()])
    with desk.database.write() as session:
        service.confirm(session, officer, import_id, cipher=desk.cipher, clock=desk.clock)
        service.confirm(session, officer, import_id, cipher=desk.cipher, clock=desk.clock)
    run_tasks(desk)
    confirm(desk, officer, import_id)
    assert len(ledger()) == 1


def test_columns_chosen_by_a_person(desk: Desk, officer: Actor, ledger: People) -> None:
    row = person() | {"怪列": "初中"}
    import_id = preview(desk, officer, [row])
    with desk.database.read() as session:
        labels = [column[1] for column in queries.get_batch(session, import_id).columns]
    with desk.database.write() as session:
        chosen = {labels.index("怪列"): "education"}
        service.choose_columns(session, officer, import_id, chosen, desk.clock)
    run_tasks(desk)
    confirm(desk, officer, import_id)
    assert ledger()[0].education is Education.JUNIOR


def test_every_import_is_in_the_audit_log(desk: Desk, officer: Actor) -> None:
    import_id = confirm(desk, officer, preview(desk, officer, [person()])).id
    with desk.database.read() as session:
        entries = Person.metadata.tables["audit_entries"]
        told = session.execute(select(entries.c.resource, entries.c.actor_id, entries.c.detail)).all()
    mine = [
        detail
        for resource, actor_id, detail in told
        if resource == "people_file" and actor_id == officer.user_id
    ]
    assert [str(import_id) in str(detail) for detail in mine] == [True, True]
