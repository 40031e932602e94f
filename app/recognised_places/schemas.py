"""认定的输入输出: one shape for JSON bodies and HTML forms."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.jobs.rules import MOST_FEN
from app.recognised_places.models import RecognisedPlace
from app.recognised_places.rules import Figures
from app.recognised_places.terms import PlaceKind, PlaceLevel, ReviewOutcome
from app.seekers.terms import HouseholdKind, LabourClass

Words = Annotated[str, StringConstraints(min_length=2, max_length=60)]
Note = Annotated[str, Field(max_length=200)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PlaceEdit(_Form):
    """改认定: what of it may change; `headquarters_id` makes it a point of another (1+X)."""

    kind: PlaceKind
    level: PlaceLevel
    makes: Words
    recognised_on: date
    recognised_by: Words
    headquarters_id: int | None = None


class PlaceIn(PlaceEdit):
    """认定一家单位的厂子、车间或基地."""

    employer_id: int


class ReviewIn(_Form):
    """年审: a withdrawal needs its reason."""

    outcome: ReviewOutcome
    reviewed_on: date
    note: Note = ""


class SupportIn(_Form):
    """记一笔扶持: `amount_fen` 0 for support that is no money."""

    kind_code: Annotated[str, Field(max_length=40)]
    received_on: date
    amount_fen: Annotated[int, Field(ge=0, le=MOST_FEN * 100)]
    note: Note = ""


class FiguresOut(BaseModel):
    """人数和工资, from verified spells; null: too few to be told."""

    model_config = ConfigDict(from_attributes=True)

    workers: int | None
    classes: dict[LabourClass, int | None]
    households: dict[HouseholdKind, int | None]
    average_fen: int | None
    paid: int


class PlaceOut(BaseModel):
    """认定的载体."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    employer_id: int
    name: str
    kind: PlaceKind
    level: PlaceLevel
    makes: str
    recognised_on: date
    recognised_by: str
    review_due_on: date
    region_code: str
    headquarters_id: int | None
    withdrawn_on: date | None
    version: int
    figures: FiguresOut | None = None

    @classmethod
    def of(cls, place: RecognisedPlace, figures: Figures | None = None) -> "PlaceOut":
        """Of a place with its employer loaded."""
        same = {name: getattr(place, name) for name in cls.model_fields if name not in ("name", "figures")}
        numbers = FiguresOut.model_validate(figures) if figures is not None else None
        return cls(**same, name=place.employer.name, figures=numbers)
