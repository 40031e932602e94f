"""Every route about people, called by everyone about everybody: no canary outside what SAFETY permits."""

import sys
from itertools import islice

import pytest

from tests.permissions.http.asks import ASKS, NOT_ABOUT_RECORDS, PEOPLE_WORDS
from tests.permissions.http.probe import Probe, all_calls, calls_by_relation, page_asks, routes

# One in so many by default, a prime; the whole product (and its pages) behind the marker `slow`.
STEP, PAGE_STEP = 149, 61


def test_a_sample_of_all_calls_leaks_nothing(probe: Probe) -> None:
    report = probe.run(islice(all_calls(probe.world), 0, None, STEP))
    sys.stdout.write("\n".join(["", str(report), *report.summary(), ""]))
    assert report.asked > 300
    assert report.seen > 20
    assert report.summary() == []


def test_who_comes_by_a_relation_sees_what_it_gives(probe: Probe) -> None:
    """With real rows for their own file, assignments in force and over, consents given and taken back,
    applications (see relations.py)."""
    report = probe.run(calls_by_relation(probe.world))
    sys.stdout.write("\n".join(["", str(report), *report.summary(), ""]))
    assert report.seen >= 5
    assert report.answers[200] >= 8
    assert report.summary() == []


def test_own_pages_open_ones_own_file_only(probe: Probe) -> None:
    asks = [ask for ask in page_asks(probe.client.app) if ask.path.startswith(("/me", "/staff/assigned"))]  # type: ignore[arg-type]
    assert len(asks) > 8
    whole = all_calls(probe.world, asks)
    callers = ("seeker", "broker", "employer")
    report = probe.run(c for c in whole if c[0].name in callers and (c[2].is_seeker or c[2].is_erased))
    sys.stdout.write("\n".join(["", str(report), *report.summary(), ""]))
    assert report.seen > 3
    assert report.summary() == []


def test_pages_leak_nothing(probe: Probe) -> None:
    asks = page_asks(probe.client.app)  # type: ignore[arg-type]
    assert len(asks) > 15
    report = probe.run(islice(all_calls(probe.world, asks), 0, None, PAGE_STEP))
    sys.stdout.write("\n".join(["", str(report), *report.summary(), ""]))
    assert report.summary() == []


@pytest.mark.slow
def test_all_calls_leak_nothing(probe: Probe) -> None:
    report = probe.run(all_calls(probe.world, [*ASKS, *page_asks(probe.client.app)]))  # type: ignore[arg-type]
    sys.stdout.write("\n".join(["", str(report), *report.summary(), ""]))
    assert report.asked > 50_000
    assert report.summary() == []


def test_each_route_about_people_has_its_policy(probe: Probe) -> None:
    """Deny by default, for programmers too: a route about people stands in `asks.py`, or this fails."""
    app = probe.client.app
    known = {(ask.method, ask.path) for ask in ASKS}
    about_people = {
        (method, path)
        for method, path in routes(app)  # type: ignore[arg-type]
        if path.startswith("/api/") and any(word in path for word in PEOPLE_WORDS)
    }
    assert len(about_people) > 25
    assert about_people - known - NOT_ABOUT_RECORDS == set()
    assert known - about_people == set()
