"""六个增补的用语."""

from app.core.terms import LabelledEnum


class SupplementKind(LabelledEnum):
    """六个增补 (DOMAIN D2): what pays too little now, and what is looked for instead or besides."""

    AWAY = "away", "县外挣得少，看县里的活"
    PARK = "park", "园区挣得少，看别处的活"
    SKILL = "skill", "干普工挣得少，学门手艺"
    SECOND = "second", "只靠一样，再添一样"
    SHORT = "short", "长活来钱慢，添点短活"
    JOB = "job", "靠自家干挣得少，出来上班"


class WorkKind(LabelledEnum):
    """靠什么挣钱: work for an employer, or an industry of the family's own (产业)."""

    NONE = "none", "眼下没有活"
    JOB = "job", "上班"
    FARM = "farm", "务农"
    OWN = "own", "自己干"


class IncomeState(LabelledEnum):
    """收入够不够, by the figures that are known."""

    SHORT = "short", "不够"
    ENOUGH = "enough", "够"
    UNKNOWN = "unknown", "不清楚"


class PaySource(LabelledEnum):
    """工钱的来历: where the figure of the present pay stands."""

    GOT = "got", "回访时说的，实发"
    PROMISED = "promised", "上岗时说好的"
