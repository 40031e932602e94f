"""Whether the process lives, whether it can serve, and what it measures."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from app.core.errors import Unavailable
from app.core.http import ReadSession
from app.core.migrations import is_up_to_date
from app.core.tasks import count_tasks

router = APIRouter()

REQUESTS = Counter("songgang_requests_total", "Requests answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "songgang_request_seconds",
    "Time from the first byte in to the last byte out",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
TASKS = Gauge("songgang_tasks", "Background tasks not done yet", ["state"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(session: ReadSession) -> dict[str, str]:
    """The database answers and its schema is the one this code was written for."""
    if not is_up_to_date(session):
        raise Unavailable("数据库还没有升级到这个版本，请先运行 songgang migrate。", retry_after_s=30)
    return {"status": "ready"}


@router.get("/metrics")
def metrics(session: ReadSession) -> Response:
    """Figures for Prometheus. Routes are templates, so no id or search word becomes a label."""
    counts = count_tasks(session)
    for state in ("waiting", "running", "failed"):
        TASKS.labels(state).set(counts.get(state, 0))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
