"""What can go wrong with codes."""

from app.core.errors import Conflict, Gone, NotFound


class CodeNotFound(NotFound):
    code, title = "code_not_found", "没有这个码。可能抄错了，也可能不归您管。"


class AlreadyRecalled(Conflict):
    code, title = "already_recalled", "这个码已经收回了，刷新就看得到。"


class NotRecalled(Conflict):
    code, title = "not_recalled", "这条收回已经撤了，刷新就看得到。"


class VillageCodeRecalled(Conflict):
    code, title = "village_code_recalled", "这个地方的村码收回了，印出来扫不开。先到“码”里撤掉收回，再印。"


class LetterOver(Gone):
    code, title = "letter_over", "这封信上的码过期了。想找活，直接打信息员的电话。"
