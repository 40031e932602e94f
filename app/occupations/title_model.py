"""The learnt part of reading an occupation out of a title (weights made by scripts/train_titles.py)."""

from functools import cache

import numpy as np
import numpy.typing as npt

from app.occupations.classification import DATA
from app.occupations.title_features import features

Floats = npt.NDArray[np.float64]
# Turns scores into chances; fitted by cross-validation, see the table that scripts/train_titles.py prints.
SHARPNESS = 22.0


def chances(scores: Floats) -> Floats:
    """Softmax of the scores of all occupations, sharpened to come true about as often as it says."""
    powers: Floats = np.exp(SHARPNESS * (scores - scores.max()))
    powers /= powers.sum()
    return powers


def balance(values: Floats, is_raw: npt.NDArray[np.bool_]) -> Floats:
    """Mark weights with the cleaned and the raw half of a title made equally long, 1 together."""
    halves = np.where(is_raw, (values * values * is_raw).sum(), (values * values * ~is_raw).sum())
    balanced: Floats = values / np.sqrt(np.maximum(2 * halves, 1e-12))
    return balanced


class TitleModel:
    """A linear score for each occupation over the runs of signs in a title; only large weights are kept."""

    def __init__(self, parts: dict[str, npt.NDArray[np.generic]]) -> None:
        """`parts`: marks, codes, rarity of marks and, mark by mark, the classes they speak for and how."""
        marks = parts["marks"].tobytes().decode().split("\n")
        self._numbers = {mark: at for at, mark in enumerate(marks)}
        self._is_raw = np.array([mark[0] == "r" for mark in marks])
        self.codes = parts["codes"].tobytes().decode().split("\n")
        self._rarity = parts["rarity"].astype(np.float64)
        self._starts = parts["starts"].astype(np.int64)
        # As narrow as they are stored: only what a title needs is widened.
        self._classes, self._weights = parts["classes"], parts["weights"]

    def chances(self, text: str) -> Floats | None:
        """Chance of each of `codes`; None when the model knows no run of two signs of the cleaned title."""
        known = [mark for mark in features(text) if mark in self._numbers]
        if not any(mark[0] == "c" and len(mark) > 2 for mark in known):
            return None
        rows = sorted(self._numbers[mark] for mark in known)
        values = balance(self._rarity[rows], self._is_raw[rows])
        spans = [np.arange(self._starts[row], self._starts[row + 1]) for row in rows]
        places = np.concatenate(spans)
        shares = np.repeat(values, [len(span) for span in spans])
        scores = np.zeros(len(self.codes))
        np.add.at(scores, self._classes[places], shares * self._weights[places].astype(np.float64))
        return chances(scores)


@cache
def title_model() -> TitleModel:
    """The shipped model, read once for each process."""
    with np.load(DATA / "title_model.npz") as packed:
        return TitleModel({name: packed[name] for name in packed.files})
