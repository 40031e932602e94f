"""推荐的错误, in sentences that tell the next step."""

from app.core.errors import Conflict, NotFound


class ReferralNotFound(NotFound):
    """Also: it exists, but is none of the actor's business."""

    code, title = "referral_not_found", "没找到这张推荐单。可能不在您管的地方。"


class CheckNotFound(NotFound):
    """Also: it exists, but is none of the actor's business."""

    code, title = "check_not_found", "没找到这次回访。可能不在您管的地方。"


class SpellNotFound(NotFound):
    """Also: it exists, but is none of the actor's business."""

    code, title = "spell_not_found", "没找到这条务工记录。可能不在您管的地方。"


class ReferralMoveNotAllowed(Conflict):
    code, title = "referral_move_not_allowed", "这张推荐单现在的状态办不了这一步，请刷新看看。"


class GateClosed(Conflict):
    """A hard gate of matching, or a guard of pushing, shuts. `extra["gate"]` has its code."""

    code, title = "gate_closed", "这个活和这个人对不上。"

    def __init__(self, gate: str, title: str) -> None:
        super().__init__(title, extra={"gate": gate})
        self.gate = gate


class ArrivalNotProven(Conflict):
    code = "arrival_not_proven"
    title = "单位自己说到了还不算数：请本人点一下，或由村里、镇上的人去看一眼、查一下合同。"


class TooLate(Conflict):
    code, title = "too_late", "已经过了能撤销的日子（7 天），改不了了。"


class CheckSettled(Conflict):
    code, title = "check_settled", "这次回访已经不用做了（人已经离岗，或者撤销了）。"
