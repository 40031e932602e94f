"""去向: where someone is led after signing in. Only ever to a page of ours."""

import re

# No "//host", no "/\\host", no control characters: what a browser might read as another site.
_OURS = re.compile(r"/(?![/\\])[A-Za-z0-9._~/?&=%+,:@-]*")


def safe_next(address: str) -> str:
    """The address when it is a path of this site, else an empty string."""
    return address if _OURS.fullmatch(address) and not address.startswith("/log") else ""
