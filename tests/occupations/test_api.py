"""工种接口: what a client sees of an occupation."""

import asyncio

from app.occupations.api import list_occupations
from app.occupations.classification import get_occupation
from app.occupations.schemas import OccupationOut


def test_a_typed_word_gives_occupations_with_the_groups_above() -> None:
    page = asyncio.run(list_occupations("缝纫", 3))
    first = page.items[0]
    assert (first.code, first.name, first.level) == ("6-05-01-03", "缝纫工", "fine")
    assert first.path[0] == "生产制造及有关人员"
    assert len(page.items) == 3
    assert page.next is None


def test_no_word_gives_the_majors() -> None:
    assert [item.level for item in asyncio.run(list_occupations("", 100)).items] == ["major"] * 8


def test_a_major_has_nothing_above_it() -> None:
    assert OccupationOut.of(get_occupation("6-00-00-00")).path == []
