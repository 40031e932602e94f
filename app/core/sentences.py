"""一句话: a Chinese sentence kept with its parts by name, so that a page can say it in another language."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Union

Part = Union[str, int, "Sentence"]


def as_written(template: str) -> str:
    """Chinese: the template itself."""
    return template


@dataclass(frozen=True, slots=True)
class Sentence:
    """`template` is Chinese, with `{name}` for each part; `str()` gives the Chinese sentence."""

    template: str
    parts: tuple[tuple[str, Part], ...] = ()

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence with its template, and the sentences among its parts, translated. Other parts (names
        of trades, certificates and places) stay as they are."""
        parts = {
            name: part.said(translate) if isinstance(part, Sentence) else part for name, part in self.parts
        }
        return translate(self.template).format(**parts)

    def __str__(self) -> str:
        return self.said(as_written)


def say(template: str, **parts: Part) -> Sentence:
    """A sentence; the catalogues of the pages list every template that stands in this call."""
    return Sentence(template, tuple(parts.items()))
