"""所有页面: the page routers by audience, the static files, and the page that shows an error."""

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from app.core.problems import install_problem_handlers
from app.web import docs, employer, offline
from app.web.errors import render_problem_page
from app.web.headers import SafetyHeaders
from app.web.portal import (
    applying,
    cases,
    guides,
    keeping,
    landing,
    me,
    me_edit,
    me_messages,
    me_rights,
    me_wishes,
    reporting,
    workshops,
)
from app.web.portal import routes as portal
from app.web.rendering import FRONTEND
from app.web.speech import routes as speech
from app.web.staff import (
    account,
    batches,
    brokers,
    case_writing,
    checking,
    codes,
    employer_joining,
    employers,
    exports,
    friday,
    friday_roster,
    imports,
    mandates,
    messaging,
    papers,
    plans,
    posting_rules,
    pushing,
    recognised,
    recommending,
    referral_file,
    rolls,
    sharing,
    signing_in,
    supplementing,
    today,
    vetting,
    wishing,
)
from app.web.staff import cases as staff_cases
from app.web.staff import guides as staff_guides


def install_site(app: FastAPI) -> None:
    """Adds every page to the application."""
    pages = (portal.router, signing_in.router, account.router, imports.router, exports.router, docs.router)
    for router in (*pages, applying.router, me.router, me_edit.router, me_rights.router, brokers.router):
        app.include_router(router)
    for router in (reporting.router, vetting.router, batches.router, posting_rules.router):
        app.include_router(router)
    for router in (me_wishes.router, offline.router):
        app.include_router(router)
    app.include_router(speech.router)
    app.include_router(me_messages.router)
    for router in messaging.routers:
        app.include_router(router)
    for router in (guides.router, cases.router, case_writing.router, staff_cases.router, staff_guides.router):
        app.include_router(router)
    for router in (
        landing.router,
        keeping.router,
        codes.router,
        papers.router,
        employer_joining.router,
        employers.router,
        mandates.router,
    ):
        app.include_router(router)
    for router in (today.router, pushing.router, referral_file.router, checking.router, wishing.router):
        app.include_router(router)
    app.include_router(supplementing.router)
    for router in employer.routers:
        app.include_router(router)
    app.include_router(plans.router)
    app.include_router(sharing.router)
    app.include_router(recognised.router)
    app.include_router(workshops.router)
    for router in (friday.router, friday_roster.router, recommending.router, rolls.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=FRONTEND / "static"), name="static")
    install_problem_handlers(app, render_problem_page)
    app.add_middleware(SafetyHeaders)
