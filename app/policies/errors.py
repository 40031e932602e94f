"""Why an entry can't be shown or changed."""

from app.core.errors import Conflict, Forbidden, NotFound


class GuideNotFound(NotFound):
    code = "guide_not_found"
    title = "没找到这一条。可能已经过期撤下来了，看看别的。"


class GuideChanged(Conflict):
    code = "guide_changed"
    title = "刚才有同事动过这一条，请刷新看看。"


class SlugTaken(Conflict):
    code = "slug_taken"
    title = "这个网址在这个地方已经用过了，换一个。"


class OwnWords(Forbidden):
    code = "own_words"
    title = "这是您自己写的，要请另一位同事看过才发布。"
