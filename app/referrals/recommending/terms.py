"""推荐意见用语."""

from app.core.terms import LabelledEnum


class LeftOutReason(LabelledEnum):
    """没排上的原因: why a run has nothing for somebody who looks for work (DOMAIN D3, E6)."""

    NOTHING_FITS = "nothing_fits", "眼下没有合适、还要人的岗位"
    ASKED_ALREADY = "asked_already", "合适的都推过了，在等回话，或者刚说过不推"
    ALL_TAKEN = "all_taken", "合适的都分给了别人"

    @classmethod
    def of(cls, is_listed: bool, is_open: bool) -> "LeftOutReason":
        """`is_listed`: some posting fits; `is_open`: one of those may be offered."""
        if not is_listed:
            return cls.NOTHING_FITS
        return cls.ALL_TAKEN if is_open else cls.ASKED_ALREADY
