"""Lists as plain pages: while postings come and go, nothing is shown twice, nothing that stayed is missed."""

import random
import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from tests.employers.factories import OTHER_TOWN, TOWN, VILLAGE, verified_employer
from tests.jobs.factories import open_job, put_in_state
from tests.web.board import hang_board, month

_SHOWN = re.compile(r'<li class=job>.*?href="/jobs/(\d+)', re.DOTALL)
_NEXT = re.compile(r'<a class=btn href="(/jobs\?[^"]*p=[^"]+)"')


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("far", ["county", "province"])
def test_a_walk_through_all_pages(
    session: Session, clock: FixedClock, client: TestClient, far: str, seed: int
) -> None:
    """By distance (county) and by pay (province); every page is asked for after new changes."""
    draw = random.Random(seed)
    standing = [job for job in hang_board(session, clock).values() if job.state is JobState.OPEN]
    firm = verified_employer(session, clock, "王益建材厂二分厂", region_code="610203")
    place = {"county": (TOWN, OTHER_TOWN, VILLAGE), "province": ("610203",)}[far]
    for number in range(30):
        wage = month(2000 + draw.randrange(9) * 100, 4000)
        region = draw.choice(place)
        standing.append(open_job(session, clock, firm, title=f"活{number}", region_code=region, wage=wage))
    path: str | None = f"/jobs?at={VILLAGE}&far={far}"
    first = client.get(path or "").text
    touched: set[int] = set()
    walked: list[int] = []
    pages = 0
    while path:
        html = client.get(path).text
        walked += map(int, _SHOWN.findall(html))
        pages += 1
        found = _NEXT.search(html)
        path = found[1].replace("&amp;", "&") if found else None
        for _ in range(3):
            if draw.random() < 0.5:
                job = draw.choice([each for each in standing if each.id not in touched])
                put_in_state(session, job, draw.choice([JobState.FILLED, JobState.CLOSED]))
            else:
                region, wage = draw.choice(place), month(2000 + draw.randrange(9) * 100, 4000)
                job = open_job(session, clock, firm, title="新的活", region_code=region, wage=wage)
            touched.add(job.id)
    assert pages >= 2
    assert len(walked) == len(set(walked))
    stayed = {job.id for job in standing if job.id not in touched and _belongs(job, far)}
    assert stayed <= set(walked)
    assert set(map(int, _SHOWN.findall(first))) == set(walked[: len(_SHOWN.findall(first))])


def _belongs(job: JobPosting, far: str) -> bool:
    here = job.region_code.startswith("610204")
    return here if far == "county" else job.region_code.startswith("61") and not here
