"""Sounds of published pages: made once, kept, bounded; the machine's own voice where it has one."""

import asyncio
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import FixedClock
from app.core.errors import Unavailable
from app.core.settings import Settings
from app.jobs.models import JobPosting
from app.jobs.terms import JobState
from app.main import create_app
from app.web.speech import speaker as speaking
from app.web.speech.shelf import Shelf
from app.web.speech.speaker import Speaker
from app.web.speech.voice import SpeechFailed, SystemVoice, find_voice
from tests.databases import RolledBackDatabase
from tests.jobs.factories import put_in_state
from tests.web.board import hang_board
from tests.web.markup import markup_faults

SOUND = re.compile(r'<audio controls preload=none src="([^"]+)"')


class FakeVoice:
    """Says the text itself, so that tests can read what would be heard."""

    name = "fake"

    def __init__(self) -> None:
        self.said: list[str] = []
        self.is_broken = False
        self.gate = threading.Event()
        self.gate.set()

    def say(self, text: str, language: str) -> bytes:
        assert self.gate.wait(30)
        if self.is_broken:
            raise SpeechFailed("fake: exit 1")
        self.said.append(text)
        return f"{language}:{text}".encode()


@pytest.fixture
def voice() -> FakeVoice:
    return FakeVoice()


@pytest.fixture
def board(session: Session, clock: FixedClock) -> dict[str, JobPosting]:
    return hang_board(session, clock)


@pytest.fixture
def listener(
    database: RolledBackDatabase,
    clock: FixedClock,
    shared_settings: Settings,
    voice: FakeVoice,
    tmp_path: Path,
    board: dict[str, JobPosting],
) -> Iterator[TestClient]:
    app = create_app(shared_settings, database=database, clock=clock)
    app.state.speaker = Speaker(voice, Shelf(tmp_path / "speech"))
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as client:
        yield client


def test_a_posting_is_read_as_a_person_would(
    listener: TestClient, board: dict[str, JobPosting], voice: FakeVoice
) -> None:
    page = listener.get(f"/jobs/{board['sewing'].id}")
    assert markup_faults(page.text) == []
    found = SOUND.search(page.text)
    assert found
    sound = listener.get(found[1])
    assert sound.status_code == 200
    assert sound.headers["content-type"] == "audio/mpeg"
    assert "immutable" in sound.headers["cache-control"]
    for words in ("每个月二千八百到三千六百元", "坐着干，不搬重东西", "幺二三三三"):
        assert words in sound.text
    again = listener.get(found[1], headers={"If-None-Match": sound.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = listener.get(found[1], headers={"Range": "bytes=0-2"})
    assert (part.status_code, part.content) == (206, b"zh:")
    assert len(voice.said) == 1


def test_only_what_is_published_is_ever_said(
    listener: TestClient, board: dict[str, JobPosting], session: Session, voice: FakeVoice
) -> None:
    job = board["sewing"]
    address = f"/jobs/{job.id}/sound"
    made_up = listener.get(f"{address}/{'0' * 24}.mp3")
    assert made_up.status_code == 302
    assert listener.get(made_up.headers["location"]).status_code == 200
    put_in_state(session, job, JobState.CLOSED)
    assert listener.get(made_up.headers["location"]).status_code == 410
    assert listener.get("/policies/nothing/sound/country/zh/0.mp3").status_code == 404
    assert listener.get("/policies/injury/sound/country/fr/0.mp3").status_code == 404
    assert len(voice.said) == 1


@pytest.mark.parametrize(("query", "words"), [("", "三十天内报"), ("?lang=en", "en:Hurt at work.")])
def test_a_policy_is_read_in_its_language(listener: TestClient, query: str, words: str) -> None:
    page = listener.get(f"/policies/injury{query}")
    found = SOUND.search(page.text)
    assert found
    assert words in listener.get(found[1]).text


def test_without_the_programs_there_is_no_button(client: TestClient, board: dict[str, JobPosting]) -> None:
    for address in (f"/jobs/{board['sewing'].id}", "/policies/injury"):
        assert "<audio" not in client.get(address).text
    assert client.get(f"/jobs/{board['sewing'].id}/sound/0.mp3").status_code == 404


def test_a_voice_that_fails_says_so_and_nothing_is_kept(
    listener: TestClient, voice: FakeVoice, tmp_path: Path
) -> None:
    voice.is_broken = True
    found = SOUND.search(listener.get("/policies/injury").text)
    assert found
    assert listener.get(found[1]).status_code == 503
    voice.is_broken = False
    assert listener.get(found[1]).status_code == 200


def test_many_who_ask_at_once_wait_for_one(
    voice: FakeVoice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "MOST_WAITING", 3)

    async def run() -> None:
        speaker = Speaker(voice, Shelf(tmp_path))
        voice.gate.clear()
        same = [asyncio.create_task(speaker.speak("一样的话", "zh")) for _ in range(10)]
        others = [asyncio.create_task(speaker.speak(f"别的话 {n}", "zh")) for n in range(2)]
        # Nobody goes on before the gate opens, so all three are being made once the shelf was looked at.
        while len(speaker._making) < 3:
            await asyncio.wait(same, timeout=0.01)
        with pytest.raises(Unavailable):
            await speaker.speak("太多了", "zh")
        voice.gate.set()
        assert len({*await asyncio.gather(*same)}) == 1
        await asyncio.gather(*others)
        assert voice.said.count("一样的话") == 1

    asyncio.run(run())


def test_the_shelf_keeps_what_was_used_last(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "speech", most_bytes=25)
    for number, name in enumerate(("aa", "bb", "cc")):
        path = shelf.put(name, b"x" * 10)
        if path.exists():
            _set_time(path, number)
    assert shelf.find("aa") is None
    assert shelf.find("bb") is not None
    assert sorted(path.name for path in (tmp_path / "speech").iterdir()) == ["bb.mp3", "cc.mp3"]


def _set_time(path: Path, at: int) -> None:
    os.utime(path, (at, at))


def test_a_program_that_ends_badly_or_hangs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for body in ("exit 3", "exit 0"):
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        with pytest.raises(SpeechFailed):
            SystemVoice(str(program), str(program)).say("话", "zh")
    with pytest.raises(SpeechFailed):
        SystemVoice(str(tmp_path / "missing"), "lame").say("话", "zh")


def test_the_machine_s_own_voice() -> None:
    voice = find_voice()
    if voice is None:
        pytest.skip("espeak-ng and lame are not installed: pages have no button")
    sound = voice.say("干了活，不给钱。打幺二三三三。", "zh")
    assert sound[:2] in (b"\xff\xf3", b"\xff\xfb", b"\xff\xf2", b"ID")
    assert 4_000 < len(sound) < 40_000
