"""码的用语."""

from typing import Final

from app.core.terms import LabelledEnum


class CodeKind(LabelledEnum):
    """码的种类: what the printed code stands for (DOMAIN A1). The order is part of every printed code: only
    append."""

    VILLAGE = "village", "村码"
    FAIR = "fair", "招聘会码"
    EMPLOYER = "employer", "单位码"
    POSTING = "posting", "岗位码"
    POSTER = "poster", "海报码"
    CAMPAIGN = "campaign", "活动码"
    LETTER = "letter", "信上的码"


# Kinds that stand for a row of issued codes.
ISSUED_KINDS: Final = frozenset({CodeKind.FAIR, CodeKind.POSTER, CodeKind.CAMPAIGN, CodeKind.LETTER})


class RecallScope(LabelledEnum):
    """收回的范围: one code, or every poster that hangs in a place."""

    CODE = "code", "一个码"
    POSTERS = "posters", "一个地方的海报"


class LetterAnswer(LabelledEnum):
    """信的回话: what was tapped after the code on the letter was scanned."""

    CALL_ME = "call_me", "想找活，给我打电话"
    WORKING = "working", "已经有活干了"
    NOT_NOW = "not_now", "这会儿不找"
