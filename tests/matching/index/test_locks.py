"""Ages while postings start."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from app.matching.facts import PersonFacts
from app.matching.index.locks import list_ages
from app.matching.rules import gates

TODAY = date(2026, 11, 23)


@given(st.dates(date(1950, 1, 1), date(2010, 12, 31)), st.dates(TODAY, date(2029, 3, 2)))
@example(date(1980, 12, 1), date(2026, 12, 1))  # a birthday on the latest start
@example(date(1980, 11, 23), date(2026, 12, 1))
@example(date(1984, 2, 29), date(2029, 3, 1))
def test_every_start_finds_the_age_of_its_day(born: date, last: date) -> None:
    person = PersonFacts("", born_on=born.toordinal())
    listed = list_ages(person.born_on, None, TODAY.toordinal(), last.toordinal())
    for day in range(TODAY.toordinal(), last.toordinal() + 1):
        holds = [age for since, age in listed if since <= day][-1]
        assert holds == gates.age_on(person, day)
