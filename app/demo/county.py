"""示范县: everything of the demo county in one value."""

from dataclasses import dataclass
from datetime import date

from app.demo.employers import DemoEmployer, build_employers
from app.demo.people import DemoHousehold, DemoPerson, build_households
from app.demo.places import DemoPlace, build_places
from app.demo.postings import DemoPosting, build_postings
from app.demo.staff import DemoOfficer, build_staff


@dataclass(frozen=True, slots=True)
class DemoCounty:
    """示范县: places, staff, employers, postings and households; plain values, no database."""

    today: date
    places: list[DemoPlace]
    staff: list[DemoOfficer]
    employers: list[DemoEmployer]
    postings: list[DemoPosting]
    households: list[DemoHousehold]

    @property
    def people(self) -> list[DemoPerson]:
        """All members of all households."""
        return [person for household in self.households for person in household.members]


def build_demo_county(today: date) -> DemoCounty:
    """The county as it stands on `today` (a Beijing day): the same for the same day on every machine."""
    places = build_places()
    employers = build_employers(places)
    return DemoCounty(
        today=today,
        places=places,
        staff=build_staff(places),
        employers=employers,
        postings=build_postings(places, employers, today),
        households=build_households(places),
    )
