"""三个问题的回答: what a reader can do, how far they go, what is hard for them. Kept in the address only.

Codes are short and say nothing about who the reader is. Nothing is stored and nothing goes to an employer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import QueryParams

from app.occupations.terms import Demand
from app.regions.terms import Reach
from app.web.languages import Language, mark
from app.web.portal.kinds import KINDS, find_kind

_REACHES: Mapping[str, Reach] = {
    "village": Reach.VILLAGE,
    "town": Reach.TOWNSHIP,
    "county": Reach.COUNTY,
    "province": Reach.PROVINCE,
    "any": Reach.ANYWHERE,
}
REACH_WORDS = {
    "village": (mark("不出村"), "home"),
    "town": (mark("镇上，天天回家"), "pin"),
    "county": (mark("%(county)s里都行"), "bus"),
    "province": (mark("省里都行"), "bed"),
    "any": (mark("哪儿都行"), "go"),
}
LIMIT_WORDS = {
    "care": (mark("要照看老人、接送娃"), "family"),
    "night": (mark("不上夜班"), "moon"),
    "heavy": (mark("搬不动重东西"), "box"),
    "stand": (mark("站不住一整天"), "me"),
    "high": (mark("不敢爬高"), "warn"),
    "read": (mark("认字不多"), "doc"),
    "live": (mark("得管吃管住"), "bed"),
}
_DEMANDS = {
    "night": Demand.NIGHT,
    "heavy": Demand.HEAVY_LIFTING,
    "stand": Demand.LONG_STANDING,
    "high": Demand.HEIGHTS,
    "read": Demand.READING,
}


@dataclass(frozen=True)
class Answers:
    """回答: `kinds` trade codes, `far` a key of REACH_WORDS or '', `limits` keys of LIMIT_WORDS."""

    kinds: tuple[str, ...] = ()
    far: str = ""
    limits: tuple[str, ...] = ()

    @property
    def reach(self) -> Reach:
        """How far the reader goes; the county when the question was skipped."""
        return _REACHES.get(self.far, Reach.COUNTY)

    @property
    def demands(self) -> tuple[str, ...]:
        """What the reader can't do, as codes of `Demand`, sorted."""
        return tuple(sorted(_DEMANDS[limit] for limit in self.limits if limit in _DEMANDS))

    @property
    def words(self) -> tuple[str, ...]:
        """The trades in everyday words, for reading skills and occupations from."""
        kinds = [kind for code in self.kinds if (kind := find_kind(code)) is not None]
        return tuple(word for kind in kinds for word in kind.words)

    def pairs(self, *, without: str = "") -> tuple[tuple[str, str], ...]:
        """As parameters of an address: k, far, no."""
        pairs = [("k", code) for code in self.kinds]
        pairs += [("far", self.far)] if self.far else []
        pairs += [("no", limit) for limit in self.limits]
        return tuple(pair for pair in pairs if pair[0] != without)

    def sentences(self, language: Language, county: str) -> tuple[str, ...]:
        """What the reader said, to be shown back to them; `county` is the name of theirs."""
        _ = language.gettext
        said: list[str] = []
        names = [_(kind.ability) for code in self.kinds if (kind := find_kind(code)) is not None]
        if names:
            said.append(_("会%(kinds)s") % {"kinds": _("、").join(names)})
        if self.far:
            said.append(reach_label(language, self.far, county))
        said += [_(LIMIT_WORDS[limit][0]) for limit in self.limits]
        return tuple(said) or (_("没说要求"),)


def reach_label(language: Language, far: str, county: str) -> str:
    """镇上，天天回家; 耀州区里都行. `far` is a key of REACH_WORDS."""
    words = language.gettext(REACH_WORDS[far][0])
    return words % {"county": county} if far == "county" else words


def read_answers(query: QueryParams) -> Answers:
    """The answers in an address; whatever is not one of ours is left aside."""
    asked = query.getlist("k")
    known = [kind.code for kind in KINDS if kind.ability]
    far = query.get("far", "")
    return Answers(
        kinds=tuple(code for code in known if code in asked),
        far=far if far in REACH_WORDS else "",
        limits=tuple(limit for limit in LIMIT_WORDS if limit in query.getlist("no")),
    )
