"""模板文件: the sheet a firm fills in: drop-downs, a hint at every heading, one example row."""

import io
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]  # ships no stubs

from app.jobs.batches.columns import EXAMPLE_MARK, MOST_ROWS, Column

_INLINE_MOST: Final = 250
"""Excel takes a list of at most 255 characters in a rule of its own; a longer one stands on a sheet."""


def write_template(columns: Sequence[Column]) -> bytes:
    """The workbook: the sheet to fill in, how to, and the lists behind the drop-downs."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        page, help_page, lists = (book.add_worksheet(name) for name in ("岗位", "怎么填", "选项"))
        as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#F1E8D6", "border": 1})
        must = book.add_format(
            {"num_format": "@", "bold": True, "bg_color": "#FFF0C4", "border": 1, "font_color": "#98142A"}
        )
        gray = book.add_format({"num_format": "@", "italic": True, "font_color": "#5A5041"})
        for at, column in enumerate(columns):
            page.set_column(at, at, 40 if column.field == "description" else 14, as_text)
            page.write_string(0, at, column.label, must if column.required else head)
            example = f"{EXAMPLE_MARK}{column.example}" if at == 0 else column.example
            page.write_string(1, at, example, gray)
            _add_rule(page, lists, at, column)
        page.freeze_panes(1, 1)
        _write_help(help_page, columns, head, as_text)
        lists.hide()
    return target.getvalue()


def _add_rule(page: Any, lists: Any, at: int, column: Column) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        rule = {"validate": "list", "source": list(column.choices)}
        if sum(len(choice) + 1 for choice in column.choices) > _INLINE_MOST:
            for row, choice in enumerate(column.choices):
                lists.write_string(row, at, choice)
            letters = xlsxwriter.utility.xl_col_to_name(at)
            rule["source"] = f"=选项!${letters}$1:${letters}${len(column.choices)}"
        rule |= {"error_title": column.label, "error_message": "请从下拉里选一个。"}
    if column.hint:
        rule |= {"input_title": column.label[:32], "input_message": column.hint[:255]}
    if len(rule) > 1:
        page.data_validation(1, at, MOST_ROWS + 1, at, rule)


def _write_help(page: Any, columns: Sequence[Column], head: Any, as_text: Any) -> None:
    page.set_column(0, 0, 16, as_text)
    page.set_column(1, 1, 70, as_text)
    lines = (
        "黄底红字的列一定要填，别的能填就填。",
        "第二行是例子，照着往下写就行；例子留着也没事，不会收进来。",
        f"一行一个活，一次最多 {MOST_ROWS} 行。填好存一下，回到网页上传。",
        "传上去先给你看每一行读成了啥，点了“交上去”才算数。",
        "同一张表传两回，不会发成两份。",
    )
    for row, line in enumerate(lines):
        page.merge_range(row, 0, row, 1, line, as_text)
    page.write_string(len(lines) + 1, 0, "列", head)
    page.write_string(len(lines) + 1, 1, "怎么填", head)
    for row, column in enumerate(columns, start=len(lines) + 2):
        page.write_string(row, 0, column.label + ("（要填）" if column.required else ""), as_text)
        page.write_string(row, 1, column.hint or "从下拉里选", as_text)
