"""给本人的话: why it did not work out and what to do next, in plain words, for each reason. Pure."""

from typing import Final

from app.referrals.terms import RefuseReason

LETTERS: Final = {
    RefuseReason.FULL: "这一批人招满了，不是您不行。附近还有差不多的活，我们接着给您找。",
    RefuseReason.SKILL: "对方说手艺还差一点。村里能报免费的培训，学会了再来，也可以先干不要手艺的活。",
    RefuseReason.CERTIFICATE: "这个活要证，您这会儿还没有。镇上能告诉您怎么考，考出来再推荐您去。",
    RefuseReason.HOURS: "上班的钟点和您说的对不上。我们给您找钟点合适的。",
    RefuseReason.PAY: "工钱没谈拢。您说的数我们记下了，有合适的先告诉您。",
    RefuseReason.DISTANCE: "来回太远，对方怕您跑不住。我们给您找近一点的，或者管住的。",
    RefuseReason.NOT_REACHED: "对方打了电话没找着您。换了号请告诉村里，我们再跟他们说一声。",
    RefuseReason.JOB_CHANGED: "这个活有变动，他们先不招了。附近还有差不多的，我们接着给您找。",
    RefuseReason.OTHER: "这一家没成。不影响您去别家，我们接着给您找。",
}


def refusal_letter(reason_code: str | None, words: str) -> str:
    """What the person reads: the firm's own words where it gave any, then what can be done next."""
    known = next((reason for reason in RefuseReason if reason.value == reason_code), None)
    if known is not None:
        return LETTERS[known]
    said = f"对方说：{words.rstrip('。')}。" if words else ""
    return said + LETTERS[RefuseReason.OTHER]
