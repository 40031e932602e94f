"""What the title model looks at: runs of neighbouring signs in the cleaned and in the raw title."""

import re

from app.occupations.normalise import clean_title, plain

LONGEST_TITLE = 60
LONGEST_RUN = 3
# A Latin word or a number is one sign: `cnc` says something, its letters do not.
_SIGN = re.compile(r"[a-z]+|\d+|.", re.DOTALL)


def features(text: str) -> set[str]:
    """Runs of 1 to 3 signs between edge marks: `c` of the cleaned title, `r` of the raw one.

    Empty when nothing is left of the cleaned title. Known words as further marks made unseen titles worse.
    """
    title = clean_title(text)
    if not title:
        return set()
    return _runs("c", title) | _runs("r", plain(text[:LONGEST_TITLE]))


def _runs(kind: str, text: str) -> set[str]:
    signs = ["^", *_SIGN.findall(text[:LONGEST_TITLE]), "$"]
    runs = {
        kind + "".join(signs[at : at + size])
        for size in range(1, LONGEST_RUN + 1)
        for at in range(len(signs) - size + 1)
    }
    return runs - {f"{kind}^", f"{kind}$"}
