"""求职者用语: classes of labour, where a person stands, and the words of the household file."""

from app.core.terms import LabelledEnum


class LabourClass(LabelledEnum):
    """劳动力类别 (DOMAIN C3)."""

    ORDINARY = "ordinary", "普通劳动力"
    SKILLED = "skilled", "技能劳动力"
    SEMI = "semi", "半劳动力"
    WEAK = "weak", "弱劳动力"


class SeekerStatus(LabelledEnum):
    """就业状态: what the person is doing at present."""

    SEEKING = "seeking", "想找活"
    EMPLOYED = "employed", "上班了"
    SELF_EMPLOYED = "self_employed", "自己干"
    FARMING = "farming", "在家务农"
    TRAINING = "training", "在学手艺"
    NOT_SEEKING = "not_seeking", "这会儿不找"
    STUDYING = "studying", "在上学"
    UNABLE = "unable", "干不了活"


class Sex(LabelledEnum):
    """性别, as the ID number has it."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class HouseholdKind(LabelledEnum):
    """户类型 (DOMAIN C1, C4): why an office pays special attention to a household."""

    LIFTED = "lifted", "脱贫户"
    UNSTABLE = "unstable", "脱贫不稳定户"
    BORDERLINE = "borderline", "边缘易致贫户"
    SUDDEN = "sudden", "突发严重困难户"
    RELOCATED = "relocated", "易地搬迁户"
    LOW_INCOME = "low_income", "低保户"
    ORDINARY = "ordinary", "一般户"


# The three monitored kinds (三类人员, DOMAIN C4).
MONITORED_KINDS = frozenset({HouseholdKind.UNSTABLE, HouseholdKind.BORDERLINE, HouseholdKind.SUDDEN})


class Relation(LabelledEnum):
    """与户主关系."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    CHILD_IN_LAW = "child_in_law", "儿媳或女婿"
    PARENT = "parent", "父母"
    PARENT_IN_LAW = "parent_in_law", "公婆或岳父母"
    GRANDCHILD = "grandchild", "孙子女"
    GRANDPARENT = "grandparent", "祖父母"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他"


class NotWorkingReason(LabelledEnum):
    """没上班的原因 (六清: why not employed)."""

    CARE = "care", "要照看家里人"
    HEALTH = "health", "身体不行"
    NO_SKILL = "no_skill", "没手艺"
    NO_JOB_NEARBY = "no_job_nearby", "近处没有合适的活"
    LOW_PAY = "low_pay", "工钱太低"
    JUST_LEFT = "just_left", "刚从上一家出来"
    FARM_WORK = "farm_work", "地里忙"
    STUDY = "study", "上学或学手艺"
    UNWILLING = "unwilling", "不想出去"
    OTHER = "other", "别的原因"


class ReturnReason(LabelledEnum):
    """返乡原因 (DOMAIN C4)."""

    LAID_OFF = "laid_off", "厂里裁人"
    CONTRACT_END = "contract_end", "合同到期"
    FAMILY = "family", "家里有事"
    HEALTH = "health", "看病养身体"
    HARVEST = "harvest", "回来收种"
    START_UP = "start_up", "回来自己干"
    UNPAID = "unpaid", "工钱没给"
    HOLIDAY = "holiday", "回来过节"
    OTHER = "other", "别的原因"


class RecordKind(LabelledEnum):
    """档案种类: what a change, a merge or a timeline is about."""

    HOUSEHOLD = "household", "户"
    PERSON = "person", "人"


class ChangeKind(LabelledEnum):
    """变更种类: what happened to a record."""

    CREATED = "created", "建档"
    UPDATED = "updated", "修改"
    MOVED = "moved", "换了户或村"
    MERGED = "merged", "并进另一份"
    UNMERGED = "unmerged", "合并撤销"
    CLOSED = "closed", "销档"
    REOPENED = "reopened", "恢复"
    ERASED = "erased", "本人要求删除"
    IMPORT_UNDONE = "import_undone", "导入撤销"


class CloseReason(LabelledEnum):
    """销档原因: why a household or a person is no longer kept in the ledger."""

    MOVED_AWAY = "moved_away", "迁走了"
    DIED = "died", "去世了"
    DISSOLVED = "dissolved", "这一户没有了"
    MISTAKE = "mistake", "建错了"
    OTHER = "other", "别的原因"


class SaveOutcome(LabelledEnum):
    """存入结果: what taking in one person of a list did."""

    CREATED = "created", "新增"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "没变"
    REJECTED = "rejected", "没存进去"
