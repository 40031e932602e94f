"""中文字体: finds a font on this machine that can be put into a PDF, or says which package brings one."""

from functools import cache
from pathlib import Path
from typing import Final

from app.core.errors import AppError

# Files with TrueType outlines of Simplified Chinese, by preference, and where systems keep them.
_KNOWN: Final = (
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.ttf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "msyh.ttc",
    "simhei.ttf",
    "simsun.ttc",
    "PingFang.ttc",
    "DroidSansFallbackFull.ttf",
)
_FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)


class NoChineseFont(AppError):
    status, code = 503, "no_chinese_font"
    title = (
        "这台机器上没有中文字体，海报印不出来。"
        "Debian、Ubuntu 请运行：apt install fonts-wqy-microhei，再试一次。"
    )


def find_font(folders: tuple[Path, ...] = _FOLDERS) -> Path:
    """The best known Chinese font below `folders`. Raises NoChineseFont."""
    return _find(folders)


@cache
def _find(folders: tuple[Path, ...]) -> Path:
    found: dict[str, Path] = {}
    for folder in folders:
        for path in folder.rglob("*.tt[cf]"):
            found.setdefault(path.name.lower(), path)
    for name in _KNOWN:
        if name.lower() in found:
            return found[name.lower()]
    raise NoChineseFont
