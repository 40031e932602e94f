"""岗位用语: the life of a posting and its insurance."""

from app.core.terms import LabelledEnum


class JobState(LabelledEnum):
    """岗位状态 (CONTRACT, job.state)."""

    DRAFT = "draft", "草稿"
    REVIEW = "review", "等人看"
    OPEN = "open", "正在招"
    PAUSED = "paused", "先停一停"
    FILLED = "filled", "招满了"
    EXPIRED = "expired", "过期了"
    REJECTED = "rejected", "没通过"
    CLOSED = "closed", "不招了"


class JobAction(LabelledEnum):
    """岗位操作 (CONTRACT, POST /jobs/{id}/actions)."""

    SUBMIT = "submit", "交上去"
    APPROVE = "approve", "通过"
    REJECT = "reject", "退回"
    PAUSE = "pause", "先停一停"
    RESUME = "resume", "接着招"
    CLOSE = "close", "不招了"
    CONFIRM = "confirm", "还在招"


class Insurance(LabelledEnum):
    """保险: what the employer pays for."""

    PENSION = "pension", "养老保险"
    MEDICAL = "medical", "医疗保险"
    UNEMPLOYMENT = "unemployment", "失业保险"
    INJURY = "injury", "工伤保险"
    MATERNITY = "maternity", "生育保险"
    ACCIDENT = "accident", "意外险"
    HOUSING_FUND = "housing_fund", "公积金"


class JobEventKind(LabelledEnum):
    """岗位变动: every step in a posting's life, those of people and those that happen by themselves."""

    CREATE = "create", "新建"
    EDIT = "edit", "修改"
    SUBMIT = "submit", "交上去"
    APPROVE = "approve", "通过"
    REJECT = "reject", "退回"
    PAUSE = "pause", "先停一停"
    RESUME = "resume", "接着招"
    CLOSE = "close", "不招了"
    CONFIRM = "confirm", "还在招"
    FILL = "fill", "招满了"
    REOPEN = "reopen", "又有空位"
    EXPIRE = "expire", "过期了"


class JobSort(LabelledEnum):
    """岗位排序."""

    NEWEST = "newest", "最新的"
    WAGE = "wage", "工资高的"
    DISTANCE = "distance", "离得近的"


class ReportReason(LabelledEnum):
    """举报原因: what people say is wrong with a posting."""

    MONEY = "money", "要我交钱、交押金"
    PAPERS = "papers", "要扣我的身份证"
    FALSE = "false", "说的和实际不一样"
    CHEAT = "cheat", "像是骗子、叫去外国"
    UNFAIR = "unfair", "不要女的、不要年纪大的"
    WAGES = "wages", "干了活不给钱"
    OTHER = "other", "别的毛病"


class SaveOutcome(LabelledEnum):
    """存入结果: what taking in one row did."""

    CREATED = "created", "新增"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "没变"


class JobSourceKind(LabelledEnum):
    """岗位来路类型: who named a vacancy."""

    FIRM = "firm", "单位自己填的"
    OFFICE = "office", "人社部门替填的"
    BROKER = "broker", "劳务经纪人填的"
    LIST = "list", "导入的表"
