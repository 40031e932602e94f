"""账号用语: who a user is to the product."""

from app.core.terms import LabelledEnum


class Role(LabelledEnum):
    """角色 (SAFETY, "Role x resource"): what a user is, within a region or for an employer."""

    SEEKER = "seeker", "求职者"
    EMPLOYER = "employer", "用人单位"
    BROKER = "broker", "劳务经纪人"
    VILLAGE_OFFICER = "village_officer", "村就业信息员"
    TOWNSHIP_OFFICER = "township_officer", "镇劳保所"
    COUNTY_OFFICER = "county_officer", "县人社局"
    CITY_VIEWER = "city_viewer", "市人社局"
    PROVINCE_VIEWER = "province_viewer", "省人社厅"
    ADMIN = "admin", "系统管理员"
    AUDITOR = "auditor", "审计员"


# Those who work for a public office and may be given an account by another office.
STAFF_ROLES = frozenset(Role) - {Role.SEEKER, Role.EMPLOYER}
# Those who manage records of a region.
OFFICER_ROLES = frozenset({Role.VILLAGE_OFFICER, Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER})
