"""任务名: the background task that goes on with imports."""

from typing import Final

RUN_TASK: Final = "people.run_import"
