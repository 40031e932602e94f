"""用人单位用语: kinds of employer and where their registration stands."""

from app.core.terms import LabelledEnum


class EmployerKind(LabelledEnum):
    """单位类型 (DOMAIN, "Who uses it")."""

    ENTERPRISE = "enterprise", "企业"
    COMMUNITY_FACTORY = "community_factory", "社区工厂"
    WORKSHOP = "workshop", "帮扶车间"
    PARK = "park", "园区企业"
    FAMILY_FARM = "family_farm", "家庭农场"
    COOPERATIVE = "cooperative", "合作社"
    PROJECT = "project", "建设项目"
    PUBLIC_WELFARE = "public_welfare", "公益岗单位"
    AGENCY = "agency", "劳务机构"
    INDIVIDUAL = "individual", "个体户"


class EmployerState(LabelledEnum):
    """核验状态: a new employer waits for an office to look at it; a barred one can't post."""

    PENDING = "pending", "等着核验"
    VERIFIED = "verified", "核验过"
    REJECTED = "rejected", "没通过"
    BARRED = "barred", "禁止发布"


class EmployerAction(LabelledEnum):
    """核验操作: what an office does with a registration (CONTRACT, POST /employers/{id}/actions)."""

    REGISTER = "register", "登记"
    VERIFY = "verify", "核验通过"
    REJECT = "reject", "不通过"
    BAR = "bar", "禁止发布"
    UNBAR = "unbar", "解除禁止"
    EXPIRE = "expire", "证照过期"
