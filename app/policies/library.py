"""自带的政策: what holds in the whole country, read from the package once. Each file is one entry."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from app.policies.content import Content


@cache
def library() -> Mapping[str, Content]:
    """The entries that ship, by slug, in the order in which they are shown (`order` in the file)."""
    folder = resources.files("app.policies") / "library"
    rows = [(each.name, tomllib.loads(each.read_text("utf-8"))) for each in folder.iterdir()]
    rows.sort(key=lambda row: row[1]["order"])
    return MappingProxyType(
        {
            name.removesuffix(".toml"): Content.model_validate(
                {key: value for key, value in row.items() if key != "order"}
            )
            for name, row in rows
        }
    )
