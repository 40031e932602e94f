"""题库: the questions of "does this fit me?", read from the package once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True)
class Question:
    """一个问题: its answers are (value, words); `no` is the reason when an answer does not fit."""

    key: str
    ask: str
    no: str
    options: tuple[tuple[str, str], ...]
    en_ask: str
    en_no: str
    en_options: tuple[str, ...]

    def asked(self, language_tag: str) -> str:
        """The question in a language."""
        return self.en_ask if language_tag == "en" else self.ask

    def reason(self, language_tag: str) -> str:
        """Why an answer does not fit."""
        return self.en_no if language_tag == "en" else self.no

    def answers(self, language_tag: str) -> tuple[tuple[str, str], ...]:
        """The answers in a language."""
        if language_tag != "en":
            return self.options
        return tuple((value, words) for (value, _), words in zip(self.options, self.en_options, strict=True))


@cache
def questions() -> Mapping[str, Question]:
    """All questions by key."""
    text = (resources.files("app.policies") / "questions.toml").read_text("utf-8")
    return MappingProxyType(
        {
            key: Question(
                key,
                row["ask"],
                row["no"],
                tuple((value, words) for value, words in row["options"]),
                row["en"]["ask"],
                row["en"]["no"],
                tuple(row["en"]["options"]),
            )
            for key, row in tomllib.loads(text).items()
        }
    )
