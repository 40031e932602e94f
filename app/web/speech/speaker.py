"""念: makes a file once, at most two at a time, and never makes the event loop wait."""

import asyncio
import hashlib
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from fastapi.concurrency import run_in_threadpool

from app.core.errors import Unavailable
from app.core.settings import Environment, Settings
from app.web.speech.shelf import Shelf
from app.web.speech.voice import SpeechFailed, Voice, find_voice

log = structlog.get_logger()

AT_ONCE: Final = 2
MOST_WAITING: Final = 16
_BUSY: Final = "这会儿念的人多，过一分钟再点一下。字都在上面，先看着。"


class Speaker:
    """念的人: a voice, a shelf and a bound. Without a voice nothing is offered."""

    def __init__(self, voice: Voice | None, shelf: Shelf) -> None:
        self._voice = voice
        self._shelf = shelf
        self._bound = asyncio.Semaphore(AT_ONCE)
        self._making: dict[str, asyncio.Task[Path]] = {}

    @property
    def is_ready(self) -> bool:
        return self._voice is not None

    def version_of(self, text: str, language: str) -> str:
        """The digest of a text in this voice: part of the address, so the file never changes."""
        name = self._voice.name if self._voice is not None else ""
        return hashlib.sha256(f"{name}\0{language}\0{text}".encode()).hexdigest()[:24]

    async def speak(self, text: str, language: str) -> Path:
        """The file of a text; two who ask for the same at once wait for one. Raises Unavailable."""
        digest = self.version_of(text, language)
        kept = await run_in_threadpool(self._shelf.find, digest)
        if kept is not None:
            return kept
        task = self._making.get(digest)
        if task is None:
            if self._voice is None or len(self._making) >= MOST_WAITING:
                raise Unavailable(_BUSY)
            task = asyncio.create_task(self._make(self._voice, digest, text, language))
            self._making[digest] = task
            task.add_done_callback(partial(self._forget, digest))
        try:
            # Shielded: whoever hangs up does not take the file from the others who wait.
            return await asyncio.shield(task)
        except SpeechFailed as error:
            log.warning("speech_failed", why=str(error))
            raise Unavailable(_BUSY) from error

    def _forget(self, digest: str, done: asyncio.Task[Path]) -> None:
        """Somebody may have hung up: a failure nobody waits for is no news either."""
        self._making.pop(digest, None)
        if not done.cancelled():
            done.exception()

    async def _make(self, voice: Voice, digest: str, text: str, language: str) -> Path:
        async with self._bound:
            sound = await run_in_threadpool(voice.say, text, language)
            return await run_in_threadpool(self._shelf.put, digest, sound)


def speaker_of(settings: Settings) -> Speaker:
    """The speaker of this installation; tests bring their own."""
    voice = None if settings.env is Environment.TEST else find_voice()
    if voice is None and settings.env is not Environment.TEST:
        log.info("speech_is_off", install="espeak-ng lame")
    return Speaker(voice, Shelf(settings.var_dir / "speech"))
