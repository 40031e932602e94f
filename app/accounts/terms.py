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


class UserKind(LabelledEnum):
    """用户类别: how a user proves who they are."""

    STAFF = "staff", "工作人员"  # user name, password, one-time code of an authenticator
    PERSON = "person", "个人"  # a code sent to the phone: seekers, members of employers


class AccountEventKind(LabelledEnum):
    """账号事件: what happened to an account or its roles."""

    USER_CREATED = "user_created", "开账号"
    USER_DISABLED = "user_disabled", "停用账号"
    SIGNED_IN = "signed_in", "登录"
    SIGN_IN_REFUSED = "sign_in_refused", "登录没通过"
    SIGNED_OUT = "signed_out", "退出"
    SESSIONS_ENDED = "sessions_ended", "全部退出"
    CODE_REQUESTED = "code_requested", "要短信验证码"
    PASSWORD_CHANGED = "password_changed", "改密码"
    TOTP_ENROLLED = "totp_enrolled", "绑定动态码"
    TOTP_REMOVED = "totp_removed", "解除动态码"
    ROLE_GRANTED = "role_granted", "给角色"
    ROLE_ENDED = "role_ended", "收回角色"
    VILLAGE_HANDED_OVER = "village_handed_over", "移交村"
    TOKEN_CREATED = "token_created", "开接口令牌"
    TOKEN_REVOKED = "token_revoked", "收回接口令牌"
