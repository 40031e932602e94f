"""One demo county for all tests of this folder: it is never changed."""

from datetime import date

import pytest

from app.demo.county import DemoCounty, build_demo_county

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def county() -> DemoCounty:
    return build_demo_county(TODAY)
