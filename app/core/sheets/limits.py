"""How large a table may be. Chosen so that any upload is read or refused within 10 s and 256 MB (SAFETY)."""

MAX_FILE_BYTES = 64 * 1024 * 1024
"""A county's 125,000 labourers in 50 columns are about 45 MB of CSV."""
MAX_XML_BYTES = 96 * 1024 * 1024
"""All XML parts of a workbook, unpacked."""
MAX_STRINGS_BYTES = 32 * 1024 * 1024
"""Shared strings, unpacked: they are held in memory whole."""
MAX_PARTS = 2000
MAX_ROWS = 200_000
MAX_COLUMNS = 512
MAX_CELLS = 1_500_000
"""Cells of the rectangle between the first and the last filled cell: the reader allocates all of it."""
MAX_CELL_CHARS = 32_767
"""Excel's own limit for one cell."""
