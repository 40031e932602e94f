"""Learn the model that reads an occupation out of a posting title (app/occupations/data/title_model.npz).

    python scripts/train_titles.py TITLES_CSV [--folds 5] [--epochs 18] [--no-save]

TITLES_CSV has `job_title, csco_code` (source and licence: app/occupations/data/LICENCES.md).
Official names, their everyday names and the office's own everyday table are learnt as further titles.
Numpy only; one or two minutes. `--folds` first measures the whole reader by cross-validation, grouped by
exact title, on titles it has not seen.

The model: the marks of a title (app/occupations/title_features.py), weighted by rarity, are summed to a
point of `WIDTH` numbers, squashed, and compared with one point for each occupation; softmax, Adam, dropout.
Weights are stored as signed bytes with one scale a row.
"""

import argparse
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.occupations.classification import classification, everyday_names
from app.occupations.normalise import plain
from app.occupations.reading import settle
from app.occupations.title_features import features

OUT = Path(__file__).resolve().parent.parent / "app" / "occupations" / "data" / "title_model.npz"
WIDTH = 96
BATCH = 96
RATE = 3e-3
DROP = 0.6
KNOWN_WORD_WEIGHT = 0.3
FLOOR = 2


@dataclass
class Samples:
    """Titles as lists of feature numbers with weights, their class numbers and how much each counts."""

    ids: list[np.ndarray]
    values: list[np.ndarray]
    classes: np.ndarray
    weights: np.ndarray


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def vocabulary(texts: list[set[str]], floor: int) -> tuple[dict[str, int], np.ndarray]:
    """Features that occur in at least `floor` texts, and their rarity weight log((1+n)/(1+count)) + 1."""
    counts = Counter(mark for marks in texts for mark in marks)
    kept = sorted(mark for mark, count in counts.items() if count >= floor)
    rarity = np.log((1 + len(texts)) / (1 + np.array([counts[mark] for mark in kept]))) + 1
    return {mark: at for at, mark in enumerate(kept)}, rarity.astype("f4")


def encode(marks: set[str], numbers: dict[str, int], rarity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Feature numbers of one title and their weights, of length 1 together."""
    ids = np.array(sorted(numbers[mark] for mark in marks if mark in numbers), dtype="i8")
    values = rarity[ids]
    return ids, values / max(float(np.sqrt((values**2).sum())), 1e-6)


class TitleNet:
    """Sum of feature points -> tanh -> softmax over all occupations, trained by Adam."""

    def __init__(self, marks: int, classes: int, seed: int) -> None:
        self.dice = np.random.default_rng(seed)
        self.inner = (self.dice.standard_normal((marks, WIDTH)) * 0.1).astype("f4")
        self.outer = (self.dice.standard_normal((classes, WIDTH)) * 0.05).astype("f4")
        self.bias = np.zeros(classes, "f4")
        self.memory = {name: (np.zeros_like(a), np.zeros_like(a)) for name, a in self._weights().items()}
        self.steps = 0

    def _weights(self) -> dict[str, np.ndarray]:
        return {"inner": self.inner, "outer": self.outer, "bias": self.bias}

    def _adam(self, name: str, slope: np.ndarray, rate: float, rows: np.ndarray | slice) -> None:
        first, second = self.memory[name]
        first[rows] = 0.9 * first[rows] + 0.1 * slope
        second[rows] = 0.999 * second[rows] + 0.001 * slope * slope
        step = first[rows] / (1 - 0.9**self.steps) / (np.sqrt(second[rows] / (1 - 0.999**self.steps)) + 1e-8)
        self._weights()[name][rows] -= rate * step

    def _point(
        self, data: Samples, chosen: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        ids = np.concatenate([data.ids[i] for i in chosen])
        values = np.concatenate([data.values[i] for i in chosen])
        lengths = np.array([len(data.ids[i]) for i in chosen])
        owner = np.repeat(np.arange(len(chosen)), lengths)
        starts = np.r_[0, np.cumsum(lengths)[:-1]]
        return np.add.reduceat(self.inner[ids] * values[:, None], starts), ids, values, owner

    def step(self, data: Samples, chosen: np.ndarray, rate: float) -> None:
        """Learn from one batch."""
        self.steps += 1
        sums, ids, values, owner = self._point(data, chosen)
        squashed = np.tanh(sums)
        mask = (self.dice.random(squashed.shape) > DROP).astype("f4") / (1 - DROP)
        point = squashed * mask
        scores = point @ self.outer.T + self.bias
        scores -= scores.max(1, keepdims=True)
        slope = np.exp(scores)
        slope /= slope.sum(1, keepdims=True)
        slope[np.arange(len(chosen)), data.classes[chosen]] -= 1
        slope *= (data.weights[chosen] / len(chosen))[:, None]
        back = (slope @ self.outer) * mask * (1 - squashed**2)
        self._adam("outer", slope.T @ point, rate, slice(None))
        self._adam("bias", slope.sum(0), rate, slice(None))
        order = np.argsort(ids, kind="stable")
        rows, starts = np.unique(ids[order], return_index=True)
        self._adam("inner", np.add.reduceat(back[owner[order]] * values[order, None], starts), rate, rows)

    def fit(self, data: Samples, epochs: int) -> "TitleNet":
        """Learn from all samples `epochs` times with a falling rate."""
        batches = -(-len(data.ids) // BATCH)
        for epoch in range(epochs):
            order = self.dice.permutation(len(data.ids))
            for at in range(batches):
                done = (epoch * batches + at) / (epochs * batches)
                self.step(data, order[at * BATCH : (at + 1) * BATCH], RATE * (1 - done))
        return self

    def scores(self, data: Samples) -> np.ndarray:
        """Logarithm of the chance of each occupation, titles x occupations."""
        sums, *_ = self._point(data, np.arange(len(data.ids)))
        scores = np.tanh(sums) @ self.outer.T + self.bias
        scores -= scores.max(1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(1, keepdims=True))


def known_words() -> list[tuple[str, str]]:
    """Official names, their everyday names and the office's own table, as titles with codes."""
    words = {(entry.name, entry.code) for entry in classification().values()}
    words |= {(alias, entry.code) for entry in classification().values() for alias in entry.aliases}
    words |= set(everyday_names().items())
    return sorted(words)


def samples(rows: list[tuple[set[str], int, float]], numbers: dict[str, int], rarity: np.ndarray) -> Samples:
    """Encode marks, class and weight of each title."""
    coded = [encode(marks, numbers, rarity) for marks, _, _ in rows]
    kept = [i for i, (ids, _) in enumerate(coded) if len(ids)]
    return Samples(
        [coded[i][0] for i in kept],
        [coded[i][1] for i in kept],
        np.array([rows[i][1] for i in kept]),
        np.array([rows[i][2] for i in kept], "f4"),
    )


def measure(titles: list, words: list, codes: list[str], options: argparse.Namespace) -> None:
    """Cross-validate the reader: exact codes on unseen titles, majors 4-6 and all."""
    names = sorted({plain(name) for name, _, _ in titles})
    np.random.default_rng(0).shuffle(names)
    fold_of = {name: at % options.folds for at, name in enumerate(names)}
    right: list[tuple[bool, bool, float, bool]] = []
    for fold in range(options.folds):
        train = [(m, c, 1.0) for name, m, c in titles if fold_of[plain(name)] != fold] + words
        test = [(name, m, c) for name, m, c in titles if m and fold_of[plain(name)] == fold]
        numbers, rarity = vocabulary([marks for marks, _, _ in train], FLOOR)
        net = TitleNet(len(numbers), len(codes), 0).fit(samples(train, numbers, rarity), options.epochs)
        logs = net.scores(samples([(m, c, 1.0) for _, m, c in test], numbers, rarity))
        for (name, _, truth), row in zip(test, logs, strict=True):
            code, chance = settle(row, codes, name)
            right.append((codes[truth][0] in "456", code == codes[truth], chance, int(row.argmax()) == truth))
        say(f"fold {fold}: {report(right)}")
    for low, high in ((0, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 2)):
        part = [ok for _, ok, chance, _ in right if low <= chance < high]
        say(f"said chance {low}-{high}: {len(part)} titles, right {np.mean(part or [0]):.3f}")


def report(right: list[tuple[bool, bool, float, bool]]) -> str:
    """Shares of right readings so far, and of the learnt part alone."""
    blue = [row for row in right if row[0]]
    share, learnt = (float(np.mean([row[at] for row in blue])) for at in (1, 3))
    every = float(np.mean([row[1] for row in right]))
    return f"majors 4-6 {share:.4f} (learnt alone {learnt:.4f}), all {every:.4f} of {len(right)}"


def squeeze(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Signed bytes and one scale for each row."""
    scale = np.abs(weights).max(1) / 127 + 1e-12
    return np.round(weights / scale[:, None]).astype("i1"), scale.astype("f4")


def save(net: TitleNet, numbers: dict[str, int], rarity: np.ndarray, codes: list[str]) -> None:
    """Write features, codes and the squeezed tables."""
    inner, inner_scale = squeeze(net.inner)
    outer, outer_scale = squeeze(net.outer)
    np.savez_compressed(
        OUT,
        marks=np.frombuffer("\n".join(numbers).encode(), "u1"),
        codes=np.frombuffer("\n".join(codes).encode(), "u1"),
        rarity=rarity,
        inner=inner,
        inner_scale=inner_scale,
        outer=outer,
        outer_scale=outer_scale,
        bias=net.bias,
    )
    say(f"{OUT.name}: {len(numbers)} features, {OUT.stat().st_size} bytes")


def main() -> None:
    """Measure if asked, then learn from everything and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("titles", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    codes = list(classification())
    number = {code: at for at, code in enumerate(codes)}
    with options.titles.open(encoding="utf-8-sig", newline="") as handle:
        rows = [(row["job_title"], row["csco_code"]) for row in csv.DictReader(handle)]
    titles = [(text, features(text), number[code]) for text, code in rows]
    words = [(features(w), number[code], KNOWN_WORD_WEIGHT) for w, code in known_words()]
    if options.folds:
        measure(titles, words, codes, options)
    if not options.no_save:
        train = [(marks, code, 1.0) for _, marks, code in titles] + words
        numbers, rarity = vocabulary([marks for marks, _, _ in train], FLOOR)
        data = samples(train, numbers, rarity)
        net = TitleNet(len(numbers), len(codes), 0).fit(data, options.epochs)
        save(net, numbers, rarity, codes)


if __name__ == "__main__":
    main()
