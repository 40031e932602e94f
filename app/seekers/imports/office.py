"""导入的一方: on whose behalf a file is taken in, and how far that reaches."""

from dataclasses import dataclass

from app.regions.scope import contains


@dataclass(frozen=True)
class Office:
    """The area and the user of an import; no area is the whole country (the system's own imports)."""

    import_id: int
    region_code: str | None
    user_id: int | None

    def covers(self, region_code: str) -> bool:
        """Whether a person managed there may be shown to and changed by this office."""
        return self.region_code is None or contains(self.region_code, region_code)
