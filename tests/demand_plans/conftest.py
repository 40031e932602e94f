"""A factory that plans its season, and the people around it, on both databases."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import SYSTEM
from app.core.clock import FixedClock
from app.core.crypto import FieldCipher, cipher_of
from app.core.settings import Settings
from app.demand_plans import service
from app.demand_plans.models import DemandPlan
from app.demand_plans.schemas import DemandPlanIn
from app.employers.models import Employer
from tests.employers.conftest import sign_in
from tests.employers.factories import TOWN, verified_employer

__all__ = ["sign_in"]
State = Callable[..., DemandPlan]


@pytest.fixture
def cipher(shared_settings: Settings) -> FieldCipher:
    return cipher_of(shared_settings)


@pytest.fixture
def firm(session: Session, clock: FixedClock) -> Employer:
    return verified_employer(session, clock)


def plan_form(today: date, **changes: Any) -> DemandPlanIn:
    form: dict[str, Any] = {
        "title": "缝纫工",
        "headcount": 30,
        "needed_on": today + timedelta(days=40),
        "region_code": TOWN,
        "wage_min_fen": 300000,
        "wage_max_fen": 450000,
    }
    return DemandPlanIn.model_validate(form | changes)


@pytest.fixture
def state(session: Session, clock: FixedClock, firm: Employer) -> State:
    """`state(headcount=5)`: a plan of the firm's."""

    def made(employer: Employer | None = None, **changes: Any) -> DemandPlan:
        form = plan_form(clock.today(), **changes)
        return service.state_plan(session, SYSTEM, (employer or firm).id, form, clock)

    return made
