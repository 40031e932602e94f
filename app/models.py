"""Every table of the product, for migrations and for tests that look at the whole schema."""

from app.core import idempotency, tasks
from app.core.db import Base

metadata = Base.metadata

__all__ = ["idempotency", "metadata", "tasks"]
