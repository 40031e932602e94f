"""工种的输出: what the API tells about an occupation."""

from pydantic import BaseModel

from app.occupations.classification import Occupation, find_occupation


class OccupationOut(BaseModel):
    """工种: `path` names the groups above it, `aliases` are everyday names."""

    code: str
    name: str
    level: str
    path: list[str]
    aliases: list[str]

    @classmethod
    def of(cls, occupation: Occupation) -> "OccupationOut":
        code = occupation.code
        above = [f"{code[:1]}-00-00-00", f"{code[:4]}-00-00", f"{code[:7]}-00"]
        path = [found.name for c in above if c != code and (found := find_occupation(c)) is not None]
        return cls(
            code=code,
            name=occupation.name,
            level=occupation.level,
            path=list(dict.fromkeys(path)),
            aliases=list(occupation.aliases),
        )
