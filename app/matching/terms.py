"""匹配用语: why a posting is left out, and the two words shown for one that fits."""

from app.core.terms import LabelledEnum


class Gate(LabelledEnum):
    """门槛: the reason a posting is left out for a person. Members stand in the order in which they
    are looked at.

    The label is the plain word under which left-out postings are counted for the person ("还有 77
    个为啥没排进来").
    """

    UNDER_16 = "under_16", "没满 16 岁，不能干活"
    CLOSED = "closed", "已经不招了"
    EMPLOYER = "employer", "这家单位还没核验好"
    EXPIRED = "expired", "招工日子过了"
    FULL = "full", "人招满了"
    AGE = "age", "年纪对不上"
    EDUCATION = "education", "要的文化高"
    CERTIFICATE = "certificate", "要你没有的证"
    LIMITS = "limits", "有你干不了的活"
    WAGE = "wage", "工钱比你要的低"
    REACH = "reach", "比你说的远，或是你说了不去"
    CLASS = "class", "没说半劳力、弱劳力能干"
    WELFARE = "welfare", "公益岗，要先评上"
    HOURS = "hours", "干活的时间对不上"
    BOARD = "board", "不管吃住"


class Verdict(LabelledEnum):
    """合适程度: the word before the reasons. No score is ever shown to a person."""

    STRONG = "strong", "很合适"
    FAIR = "fair", "合适"


class Supply(LabelledEnum):
    """差什么: what a person could add or give for more postings to open."""

    DISTANCE = "distance", "再走远一点"
    REACH = "reach", "去更大的范围"
    CERTIFICATE = "certificate", "考一个证"
    EDUCATION = "education", "文化高一步"
    WAGE = "wage", "工钱要低一点"
    HOURS = "hours", "换个钟点"
    BOARD = "board", "不要求管吃住"
