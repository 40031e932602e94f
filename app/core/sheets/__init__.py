"""表格: reading the tables offices send (CSV, xlsx, xls) and writing ones that are safe to open.

Domain-free. `open_table` checks a file before anything unpacks it, gives plain text cells with row
numbers as Excel shows them, and raises only `TableUnreadable`. `find_header` finds the row of headings
under titles and merged cells. `write_xlsx` and `write_csv` never write a live formula.
"""

from app.core.sheets.errors import TableUnreadable
from app.core.sheets.header import Header, find_header
from app.core.sheets.reading import Row, Table, open_table
from app.core.sheets.writing import write_csv, write_xlsx

__all__ = [
    "Header",
    "Row",
    "Table",
    "TableUnreadable",
    "find_header",
    "open_table",
    "write_csv",
    "write_xlsx",
]
