"""念给我听的地址: the sound of an open posting or a published entry, kept by the phone for good."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from app.accounts.actor import PUBLIC
from app.core.errors import NotFound
from app.core.http import CurrentClock, ReadSession, read_once
from app.jobs import queries as job_queries
from app.jobs.models import JobPosting
from app.policies import queries as guide_queries
from app.policies.queries import Shown
from app.web.portal.places import find_place
from app.web.reader import Reader
from app.web.speech.speaker import Speaker
from app.web.speech.texts import text_of_guide, text_of_job

router = APIRouter(include_in_schema=False)
_FOR_GOOD = "public, max-age=31536000, immutable"


def get_speaker(request: Request) -> Speaker:
    """The speaker of the application."""
    speaker: Speaker = request.app.state.speaker
    return speaker


def sound_of_job(request: Request, job: JobPosting, clock: CurrentClock) -> str:
    """The address of a posting's sound; empty where nothing is read aloud."""
    speaker = get_speaker(request)
    if not speaker.is_ready:
        return ""
    version = speaker.version_of(text_of_job(job, clock.today()), "zh")
    return f"/jobs/{job.id}/sound/{version}.mp3"


def sound_of_guide(request: Request, reader: Reader, shown: Shown) -> str:
    """The address of an entry's sound at the reader's place; empty where nothing is read aloud."""
    speaker = get_speaker(request)
    if not speaker.is_ready:
        return ""
    language = "en" if reader.language.tag == "en" and shown.content.en is not None else "zh"
    version = speaker.version_of(text_of_guide(shown, language), language)
    # The place decides whose words hold; the sound must not depend on a cookie.
    at = shown.region_code or "country"
    return f"/policies/{shown.slug}/sound/{at}/{language}/{version}.mp3"


@router.get("/jobs/{job_id}/sound/{version}.mp3")
async def play_job(job_id: int, version: str, request: Request, clock: CurrentClock) -> Response:
    """An open posting read aloud. Raises JobNotFound, JobGone, Unavailable."""

    def read(session: ReadSession) -> str:
        job = job_queries.get_visible_job(session, PUBLIC, job_id, clock.today())
        return text_of_job(job, clock.today())

    text = await read_once(request, read)
    return await _play(request, text, "zh", version, f"/jobs/{job_id}/sound/")


@router.get("/policies/{slug}/sound/{at}/{language}/{version}.mp3")
async def play_guide(
    slug: str, at: str, language: str, version: str, request: Request, clock: CurrentClock
) -> Response:
    """A published entry read aloud. Raises GuideNotFound, Unavailable."""
    if language not in ("zh", "en"):
        raise NotFound

    def read(session: ReadSession) -> str:
        place = find_place(session, at, clock.now())
        shown = guide_queries.get_shown(session, place.code if place else None, slug, clock.today())
        return text_of_guide(shown, language)

    text = await read_once(request, read)
    return await _play(request, text, language, version, f"/policies/{slug}/sound/{at}/{language}/")


async def _play(request: Request, text: str, language: str, version: str, address: str) -> Response:
    speaker = get_speaker(request)
    if not speaker.is_ready:
        raise NotFound
    current = speaker.version_of(text, language)
    if version != current:
        # An older page: the words have changed since. Made-up versions make no file.
        return RedirectResponse(f"{address}{current}.mp3", 302, {"Cache-Control": "no-store"})
    tag = f'"{current}"'
    headers = {"ETag": tag, "Cache-Control": _FOR_GOOD}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    path: Path = await speaker.speak(text, language)
    return FileResponse(path, media_type="audio/mpeg", headers=headers)
