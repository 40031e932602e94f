"""岗位导入: the tables of vacancies that offices, firms and labour brokers send, taken in row by row.

Used by `songgang import jobs` and the staff pages. `headings` knows how columns are called, `rows` what a
row means (pure), `service` stores it in batches.
"""

from app.jobs.imports.service import import_jobs

__all__ = ["import_jobs"]
