"""Why a backup can't be written or put back."""

from app.core.errors import AppError, Conflict


class NotABackup(AppError):
    status, code, title = 400, "not_a_backup", "这个文件不是送岗的备份。请选 songgang backup 写出的文件。"


class WrongBackupKey(AppError):
    status, code = 400, "wrong_backup_key"
    title = (
        "这份备份是用另一把数据密钥封的。"
        "请把那把密钥放进 SONGGANG_DATA_KEY 或 SONGGANG_OLD_DATA_KEYS 再恢复。"
    )


class BackupDamaged(AppError):
    status, code, title = 400, "backup_damaged", "备份文件不完整，或者被改过。什么都没有恢复，请换一份备份。"


class OtherSchema(Conflict):
    code = "other_schema"
    title = "这份备份出自另一个版本。请先装那个版本，恢复以后再升级。"


class DatabaseNotEmpty(Conflict):
    code = "database_not_empty"
    title = "这个数据库里已经有账号了。确实要用备份换掉里面的全部内容，请加 --replace。"
