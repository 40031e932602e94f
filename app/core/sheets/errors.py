"""What can be wrong with a table as a whole; wrong rows are the caller's business."""

from app.core.errors import Invalid


class TableUnreadable(Invalid):
    """表格读不了: `title` says in plain Chinese what is wrong and what to do next."""

    code, title = "table_unreadable", "这个表格读不出来。请用 WPS 或 Excel 打开，另存为 xlsx 再传一次。"
