"""导入行的地点: which division a row of an office's table speaks of."""

from dataclasses import dataclass
from functools import lru_cache

from app.regions.gazetteer import path
from app.regions.reading import AddressReading, read_address
from app.regions.scope import contains


@dataclass(frozen=True, slots=True)
class PlaceOfRow:
    """地点读数: `code` None with a plain `reason`; `assumed` when the office's own place was used."""

    code: str | None
    reason: str = ""
    assumed: bool = False


def read_place(region: str, address: str, hint: str, home: str | None) -> PlaceOfRow:
    """The lowest division that the region and address columns fix.

    A name that several places bear is settled by `home` (the importing office), else by `hint` (the firm's
    name: 某某公司重庆分公司). Where nothing is written, `home` itself.
    """
    if not region:
        region, address = address, ""
    first = _read(region, home) if region else None
    if first is not None and first.code is not None:
        return PlaceOfRow(_narrower(first.code, region, address, home))
    if first is not None and first.candidates:
        named = [code for code in first.candidates if _is_named(code, hint)]
        if len(named) == 1:
            return PlaceOfRow(_narrower(named[0], region, address, home))
    if address and (code := _read(address, home).code):
        return PlaceOfRow(code)
    if home:
        return PlaceOfRow(home, assumed=bool(region))
    if first is not None and first.candidates:
        return PlaceOfRow(None, f"“{region[:20]}”不止一个地方叫这个名字，请写上省和市。")
    if region:
        return PlaceOfRow(None, "看不出工作地点在哪个县区，请写清楚省、市、县。")
    return PlaceOfRow(None, "没写工作地点。")


@lru_cache(maxsize=8192)
def _read(text: str, home: str | None) -> AddressReading:
    return read_address(text, home)


def forget_readings() -> None:
    """Addresses are read anew: the table of regions has changed."""
    _read.cache_clear()


def _narrower(code: str, region: str, address: str, home: str | None) -> str:
    """The town that the address adds, if it lies inside `code`."""
    if not address or len(code) >= 9:
        return code
    found = _read(address if address.startswith(region) else f"{region} {address}", home or code).code
    return found if found and len(found) >= len(code) and contains(code, found) else code


def _is_named(code: str, hint: str) -> bool:
    """Whether a wider place of `code` stands in the hint (重庆, 合肥)."""
    names = path(code)[:-1]
    return any(name.rstrip("省市区县")[:4] in hint for name in names if len(name) >= 2)
