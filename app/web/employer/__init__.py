"""单位的页面: what a boss does on a phone: register, post, answer about people, call the roll. No JavaScript.

Signed in under /employer; without an account by two short links, /e/{code} (people) and /c/{code} (still
hiring); who takes people to work has /b/{code} (leading). Everything is decided by the services of employers,
jobs and referrals.
"""

from fastapi import APIRouter

from app.web.employer import (
    batch,
    by_link,
    cases,
    home,
    jobs,
    joining,
    leading,
    mandates,
    members,
    papers,
    people,
    plans,
    posting,
    recognition,
    sharing,
)

routers: tuple[APIRouter, ...] = (
    home.router,
    joining.router,
    papers.router,
    members.router,
    mandates.router,
    posting.router,
    batch.router,
    sharing.router,
    recognition.router,
    jobs.router,
    people.router,
    plans.router,
    cases.router,
    by_link.router,
    leading.router,
)
