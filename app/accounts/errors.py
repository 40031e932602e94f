"""账号错误."""

from app.core.errors import AppError, Conflict, Forbidden


class SignInRefused(AppError):
    """One answer for an unknown name, a wrong password or one-time code, and a closed account."""

    status, code = 401, "sign_in_refused"
    title = "账号、密码或动态码不对，请再看看。忘了密码，请找上一级的同事重设。"


class CodeRefused(AppError):
    """One answer for a code that is wrong, old, used, tried too often, or for another browser."""

    status, code = 401, "code_refused"
    title = "这 6 个数不对，或者过时了。请看最新的一条短信；还不行就再发一条。"


class UsernameTaken(Conflict):
    code, title = "username_taken", "这个账号名已经有人用了，换一个。"


class NotYoursToGrant(Forbidden):
    code, title = "not_yours_to_grant", "您不能给出这个角色：它不在您管的地方，或者比您自己的权限大。"


class TotpAlreadyOn(Conflict):
    code, title = "totp_already_on", "动态码已经绑好了。换手机请找上一级的同事先解除。"


class NotTheOfficer(Conflict):
    code, title = "not_the_officer", "这位同事现在不管这个村，请刷新看看。"
