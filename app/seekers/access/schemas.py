"""交办经纪人的输入输出."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from app.seekers.access.queries import Assigned
from app.seekers.schemas import Form


class AssignIn(Form):
    """交给哪位经纪人，到哪天（含当天）."""

    broker_user_id: int
    until_on: date


class TakeBackIn(Form):
    """从哪位经纪人那里收回."""

    broker_user_id: int


class AssignedOut(BaseModel):
    """交办一条."""

    broker_user_id: int
    broker_name: str
    ends_at: datetime

    @classmethod
    def of(cls, assigned: Assigned) -> Self:
        return cls(**vars(assigned))
