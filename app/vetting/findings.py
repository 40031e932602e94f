"""发现: what a rule says about a text, first in the rule's own reading, then with the words as written."""

from dataclasses import dataclass

from app.vetting.terms import Rule, Severity


@dataclass(frozen=True, slots=True)
class Hit:
    """命中: text[start:end] of a reading breaks `rule`; `advice` offers a lawful wording."""

    rule: Rule
    severity: Severity
    start: int
    end: int
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """审核发现: `quote` are the words as they stand in `field` from `start` on; `law` stands behind it."""

    rule: Rule
    severity: Severity
    quote: str
    advice: str
    law: str
    field: str
    start: int

    @property
    def is_block(self) -> bool:
        return self.severity is Severity.BLOCK


@dataclass(frozen=True, slots=True)
class About:
    """岗位背景: what rules need to know of the posting besides the text in front of them.

    `whole` is all of its text, one field after the other. `is_welfare`: a public-welfare post (公益性岗位),
    which the law reserves for certain people. `is_title`: the text is the title.
    """

    whole: str
    is_welfare: bool = False
    is_title: bool = False
    kind: str = ""
