"""Laws of the routes: each one knows who is asking, or is listed here as open to everyone."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from app.accounts import dependencies as actors
from app.core.settings import Environment, Settings
from app.main import create_app
from tests.conftest import PROJECT

# Open to everyone on purpose: reference data, open postings, the portal, health.
PUBLIC = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/docs",
    "/static/{path:path}",
    "/sw.js",
    "/offline",
    "/api/v1/regions",
    "/api/v1/regions/{code}",
    "/api/v1/occupations",
    "/api/v1/matches/jobs",
    "/api/v1/matches/formula",
    "/api/v1/receipts/{provider}",
    "/",
    "/q/{code}",
    "/jobs",
    "/jobs/{job_id}",
    "/kinds",
    "/find",
    "/find/result",
    "/place",
    "/workshops",
    "/help",
    "/formula",
    "/jobs/{job_id}/ask",
    "/jobs/{job_id}/apply",
    "/w/{code}",
    "/a/{code}",
    "/policies",
    "/policies/{slug}",
    "/policies/{slug}/sound/{at}/{language}/{version}.mp3",
    "/jobs/{job_id}/sound/{version}.mp3",
    "/cases",
    "/cases/new",
    "/cases/{code}",
}
ACTOR_DEPENDENCIES = {
    getattr(actors, name)
    for name in dir(actors)
    if name.endswith("_actor") and callable(getattr(actors, name))
}


def application() -> FastAPI:
    return create_app(Settings(env=Environment.TEST, database_url="sqlite:///:memory:"))


def routes() -> list[RouteContext]:
    """Every route, included routers too: `app.routes` hides those (ARCHITECTURE 4)."""
    found = iter_route_contexts(application().routes)
    return [context for context in found if isinstance(context.original_route, APIRoute)]


def calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def test_all_routes_are_seen() -> None:
    assert len(routes()) >= 30


def test_each_route_declares_who_is_asking_or_is_public() -> None:
    unknown = [
        f"{sorted(route.methods or ())} {route.path_format}"
        for route in routes()
        if route.path_format not in PUBLIC and not ACTOR_DEPENDENCIES & set(calls(route.dependant))
    ]
    assert unknown == []


# What people may send without signing in, and why nothing comes of it that they may not do:
PUBLIC_CHANGES = {
    "/b/{code}",
    "/api/v1/matches/jobs",  # ranks postings for a profile and writes nothing
    "/api/v1/receipts/{provider}",  # SMS providers report; each push is signed or keyed
    "/jobs/{job_id}/apply",  # asks for a posting: limited by phone and address, answered by a call
    "/jobs/{job_id}/report",  # reports a posting: limited, looked at by a person
    "/policies/{slug}",  # answers whether an entry fits and writes nothing
    "/cases/new",  # says what is wrong: limited by phone and address, answered by a call
    "/cases",  # looks a case up: its number and four digits of its phone, tries counted
    "/cases/{code}",  # takes one's own case back: signed address, last four digits of the phone
    "/w/{code}",  # takes one's own wish back: signed address, last four digits of the phone
    "/a/{code}",  # answers an offer to oneself: signed address
    "/q/{code}",  # answers a letter: signed code on the paper; the last of three answers counts
    "/e/{code}",  # a firm answers: signed address that ends, last four digits of its phone
    "/c/{code}",  # a firm confirms a posting: signed address that ends
}


def test_nothing_public_changes_anything_unforeseen() -> None:
    changing = {
        r.path_format
        for r in routes()
        if r.path_format in PUBLIC and not (r.methods or set()) <= {"GET", "HEAD"}
    }
    assert changing <= PUBLIC_CHANGES


def test_the_list_of_public_routes_names_only_real_ones() -> None:
    assert PUBLIC - {route.path_format for route in routes()} - {"/static/{path:path}"} == set()


def test_every_setting_is_described() -> None:
    text = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"SONGGANG_{name.upper()}" not in text]
    assert missing == []
