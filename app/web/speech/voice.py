"""声音: text to a small MP3 by two programs of the system, espeak-ng and lame. Nothing waits for ever."""

import shutil
import subprocess
from dataclasses import dataclass
from typing import Final, Protocol

TIMEOUT_S: Final = 20
"""Four minutes of speech take under two seconds; a program that hangs is ended."""
_VOICES: Final = {"zh": "cmn", "en": "en"}
_WORDS_A_MINUTE: Final = "150"  # slower than the program's 175: for people who listen closely
_RATE_KHZ, _KBIT_S = "16", "16"  # 2 KB a second; MP3, because older phones play nothing smaller


class SpeechFailed(Exception):
    """The program ended badly or took too long. The message names the program, never the text."""


class Voice(Protocol):
    """发声: something that speaks."""

    @property
    def name(self) -> str:
        """What it sounds like: a change of it makes new files."""
        ...

    def say(self, text: str, language: str) -> bytes:
        """An MP3 of `text` ("zh" or "en"). Raises SpeechFailed."""
        ...


@dataclass(frozen=True)
class SystemVoice:
    """系统的声音: paths of the two programs."""

    espeak: str
    lame: str
    name: str = f"espeak-ng {_WORDS_A_MINUTE} {_RATE_KHZ} {_KBIT_S}"

    def say(self, text: str, language: str) -> bytes:
        """See Voice. The text goes in by standard input, so no word of it is an option."""
        spoken = [self.espeak, "-v", _VOICES[language], "-s", _WORDS_A_MINUTE, "--stdin", "--stdout"]
        small = [self.lame, "--quiet", "-m", "m", "--resample", _RATE_KHZ, "-b", _KBIT_S, "-", "-"]
        return _run(small, _run(spoken, text.encode()))


def _run(command: list[str], given: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own fixed command; the text is standard input
            command, input=given, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SpeechFailed(f"{command[0]}: {type(error).__name__}") from error
    if done.returncode != 0 or not done.stdout:
        raise SpeechFailed(f"{command[0]}: exit {done.returncode}")
    return done.stdout


def find_voice() -> SystemVoice | None:
    """The voice of this machine; None where a program is missing (packages espeak-ng and lame)."""
    espeak, lame = shutil.which("espeak-ng"), shutil.which("lame")
    return SystemVoice(espeak, lame) if espeak and lame else None
