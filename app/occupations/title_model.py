"""The learnt part of reading an occupation out of a title (weights made by scripts/train_titles.py)."""

from functools import cache

import numpy as np
import numpy.typing as npt

from app.occupations.classification import DATA
from app.occupations.title_features import features

Floats = npt.NDArray[np.float32]


class TitleModel:
    """Sum of feature points -> tanh -> one score for each occupation; the chance is their softmax."""

    def __init__(self, parts: dict[str, npt.NDArray[np.generic]]) -> None:
        """`parts` are the arrays of the weights file; tables come as signed bytes with a scale a row."""
        marks = parts["marks"].tobytes().decode().split("\n")
        self._numbers = {mark: at for at, mark in enumerate(marks)}
        self.codes = parts["codes"].tobytes().decode().split("\n")
        self._rarity = parts["rarity"].astype(np.float32)
        self._inner = parts["inner"]
        self._inner_scale = parts["inner_scale"].astype(np.float32)
        self._outer = parts["outer"].astype(np.float32) * parts["outer_scale"].astype(np.float32)[:, None]
        self._bias = parts["bias"].astype(np.float32)

    def logs(self, text: str) -> Floats | None:
        """Logarithm of the chance of each of `codes`; None when the model knows no part of the text."""
        ids = [self._numbers[mark] for mark in features(text) if mark in self._numbers]
        if not ids:
            return None
        rows = np.sort(np.array(ids))
        weights = self._rarity[rows]
        weights = weights / np.sqrt((weights * weights).sum()) * self._inner_scale[rows]
        point = np.tanh(weights @ self._inner[rows].astype(np.float32))
        scores: Floats = self._outer @ point + self._bias
        scores -= scores.max()
        scores -= np.log(np.exp(scores).sum())
        return scores


@cache
def title_model() -> TitleModel:
    """The shipped model, read once for each process (about 1 MB)."""
    with np.load(DATA / "title_model.npz") as packed:
        return TitleModel({name: packed[name] for name in packed.files})
