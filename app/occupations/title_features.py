"""What the title model looks at: runs of neighbouring signs in the cleaned title."""

from app.occupations.normalise import clean_title

LONGEST_TITLE = 60
LONGEST_RUN = 3


def features(text: str) -> set[str]:
    """Every run of 1 to 3 signs of the cleaned title between its edge marks; empty when nothing is left.

    Runs of the raw title and known words as further marks were tried and made unseen titles worse.
    """
    title = clean_title(text)[:LONGEST_TITLE]
    if not title:
        return set()
    edged = f"^{title}$"
    return {
        edged[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(edged) - size + 1)
    } - {"^", "$"}
