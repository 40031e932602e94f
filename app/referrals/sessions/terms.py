"""对接会用语: how far a session is, and how a pair came to stand or not to stand in it."""

from app.core.terms import LabelledEnum


class SessionState(LabelledEnum):
    """对接会状态: people and postings are brought while it is planned and runs; closed, it is a report."""

    PLANNED = "planned", "筹备"
    RUNNING = "running", "正在开"
    CLOSED = "closed", "散会"


class PairKind(LabelledEnum):
    """对子的来历: worked out by the assignment, set by hand, or ruled out by hand."""

    PROPOSED = "proposed", "排出来的"
    PINNED = "pinned", "会上定的"
    FORBIDDEN = "forbidden", "会上否的"
