"""人员导入用语: where an import stands, what became of a row, and what a person decided about it."""

from app.core.terms import LabelledEnum


class ImportState(LabelledEnum):
    """导入状态. staging -> uploaded -> previewing -> previewed -> running -> done -> undoing -> undone."""

    STAGING = "staging", "正在收文件"
    UPLOADED = "uploaded", "文件收好了，等着对列名"
    PREVIEWING = "previewing", "正在试算"
    PREVIEWED = "previewed", "先看结果（还没入库）"
    RUNNING = "running", "正在入库"
    DONE = "done", "入库完了"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已经撤销"
    FAILED = "failed", "没收成"


class RowResult(LabelledEnum):
    """行结果: what a row does (preview) or did (afterwards) to the ledger."""

    NEW = "new", "新增"
    CHANGED = "changed", "更新"
    SAME = "same", "没变"
    REJECTED = "rejected", "退回"
    CONFLICT = "conflict", "要人定"


class ConflictKind(LabelledEnum):
    """对不上的种类."""

    OTHER_NAME = "other_name", "身份证号一样，姓名不一样"
    ELSEWHERE = "elsewhere", "另一个地方有这个人"
    TWICE = "twice", "表里同一人写了两行"
    EDITED = "edited", "同事刚改过，和表里写的不一样"
    OTHER_FILE = "other_file", "另一个单位的表写得不一样"
    SEVERAL = "several", "台账里有两个人都像"


class Decision(LabelledEnum):
    """定夺: keep the ledger as it is, take what the sheet says, or leave the row out."""

    KEEP = "keep", "留台账的"
    TAKE = "take", "用表里的"
    SKIP = "skip", "这一行不要"
