"""Learn the model that reads an occupation out of a posting title (app/occupations/data/title_model.npz).

    python scripts/train_titles.py TITLES_CSV [--folds 5] [--no-save]

TITLES_CSV has `job_title, csco_code` (source and licence: app/occupations/data/LICENCES.md).
Official names, their everyday names, the office's own everyday table and the titles written for this project
(written_titles.tsv) are learnt as further titles, each kind with its weight.
Numpy only; two minutes and 6 GB, as much again for each fold. `--folds` first measures the whole reader by
cross-validation, grouped by exact title, on titles it has not seen.

The model: ridge regression of the class marks on the runs of signs of a title
(app/occupations/title_features.py), weighted by rarity, solved in the space of titles: (K + r/w) a = Y,
weights = X'a. Weights under SMALLEST are dropped, and marks without one over LOUD: measured, this costs
nothing.
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
from app.occupations.normalise import clean_title, plain
from app.occupations.reading import settle
from app.occupations.title_features import features
from app.occupations.title_model import balance, chances

OUT = Path(__file__).resolve().parent.parent / "app" / "occupations" / "data" / "title_model.npz"
RIDGE = 0.5
WRITTEN = Path(__file__).with_name("written_titles.tsv")
KNOWN_WORD_WEIGHT = 0.3
# By cross-validation: with 0.3 and 0.6 real titles are read no better than without, though written ones are.
WRITTEN_WEIGHT = 0.15
FEWEST = 2
SMALLEST, LOUD = 0.02, 0.08

Titles = list[tuple[str, set[str], int]]
Known = list[tuple[set[str], int, float]]


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass
class Weights:
    """The learnt model: marks with their rarity, and weights, marks x occupations, small ones being zero."""

    numbers: dict[str, int]
    rarity: np.ndarray
    table: np.ndarray

    def encode(self, marks: set[str]) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the known marks of one title and their balanced values."""
        known = sorted(mark for mark in marks if mark in self.numbers)
        ids = np.array([self.numbers[mark] for mark in known], dtype="i8")
        return ids, balance(self.rarity[ids].astype("f8"), np.array([mark[0] == "r" for mark in known], bool))

    def scores(self, marks: set[str]) -> np.ndarray | None:
        """Score of each occupation, or None as TitleModel.chances does."""
        if not any(mark in self.numbers for mark in marks if mark[0] == "c" and len(mark) > 2):
            return None
        ids, values = self.encode(marks)
        return values @ self.table[ids]


def vocabulary(texts: list[set[str]]) -> tuple[dict[str, int], np.ndarray]:
    """Marks that occur in at least FEWEST texts, and their rarity log((1+n)/(1+count)) + 1."""
    counts = Counter(mark for marks in texts for mark in marks)
    kept = sorted(mark for mark, count in counts.items() if count >= FEWEST)
    rarity = np.log((1 + len(texts)) / (1 + np.array([counts[mark] for mark in kept]))) + 1
    return {mark: at for at, mark in enumerate(kept)}, rarity.astype("f4")


def learn(titles: Titles, words: Known, codes: list[str]) -> Weights:
    """The model of these titles and of words with their weights."""
    rows = [(marks, code, 1.0) for text, marks, code in titles if not contradicts(text, codes[code])] + words
    numbers, rarity = vocabulary([marks for marks, _, _ in rows])
    model = Weights(numbers, rarity, np.zeros((len(numbers), len(codes)), "f4"))
    owners: list[list[int]] = [[] for _ in numbers]
    shares: list[list[float]] = [[] for _ in numbers]
    for at, (marks, _, _) in enumerate(rows):
        for number, value in zip(*model.encode(marks), strict=True):
            owners[number].append(at)
            shares[number].append(float(value))
    lists = [(np.array(o), np.array(s, "f4")) for o, s in zip(owners, shares, strict=True)]
    kernel = np.zeros((len(rows), len(rows)), "f4")
    for own, share in lists:
        kernel[np.ix_(own, own)] += share[:, None] * share
    kernel[np.diag_indices(len(rows))] += RIDGE / np.array([weight for _, _, weight in rows], "f4")
    truth = np.zeros((len(rows), len(codes)), "f4")
    truth[np.arange(len(rows)), [code for _, code, _ in rows]] = 1
    answer = np.linalg.solve(kernel, truth)
    for number, (own, share) in enumerate(lists):
        line = share @ answer[own]
        model.table[number] = np.where(np.abs(line) > SMALLEST, line, 0)
    return keep_loud(model)


def keep_loud(model: Weights) -> Weights:
    """The model without marks that say little about every occupation."""
    loud = np.abs(model.table).max(axis=1) > LOUD
    names = [name for name, is_loud in zip(model.numbers, loud, strict=True) if is_loud]
    return Weights({name: at for at, name in enumerate(names)}, model.rarity[loud], model.table[loud])


def known_words() -> list[tuple[str, str]]:
    """Official names, their everyday names and the office's own table, as titles with codes."""
    words = {(entry.name, entry.code) for entry in classification().values()}
    words |= {(alias, entry.code) for entry in classification().values() for alias in entry.aliases}
    words |= set(everyday_names().items())
    return sorted(words)


def contradicts(text: str, code: str) -> bool:
    """A row whose whole title is an everyday word of another major of workers is a slip of its source.

    The source has, for example, 育儿嫂 as 种子繁育员. Such rows are measured on, not learnt.
    """
    known = everyday_names().get(clean_title(text))
    return known is not None and known[0] in "456" and code[0] in "456" and known[0] != code[0]


@dataclass(frozen=True)
class Verdict:
    """One unseen title: of majors 4-6, the reader right, the chance it gave, the model alone right."""

    blue: bool
    right: bool
    chance: float
    learnt_right: bool


def load(path: Path, codes: list[str]) -> tuple[Titles, Known, Titles]:
    """The titles of a file, the known words and the written titles, with their marks and class numbers."""
    number = {code: at for at, code in enumerate(codes)}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = [(row["job_title"], row["csco_code"]) for row in csv.DictReader(handle)]
    titles = [(text, features(text), number[code]) for text, code in rows]
    words = [(features(word), number[code], KNOWN_WORD_WEIGHT) for word, code in known_words()]
    lines = WRITTEN.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return titles, words, [(text, features(text), number[code]) for text, code in pairs]


def weigh(written: Titles, without: set[str]) -> Known:
    """Written titles to learn from, but those that read like one of `without`."""
    return [(marks, code, WRITTEN_WEIGHT) for text, marks, code in written if plain(text) not in without]


def cross_validate(path: Path, folds: int, only: int | None = None) -> list[Verdict]:
    """Verdicts on titles the model has not seen, grouped by exact title; `only` measures the first folds."""
    codes = list(classification())
    titles, words, written = load(path, codes)
    names = sorted({plain(name) for name, _, _ in titles})
    np.random.default_rng(0).shuffle(names)
    fold_of = {name: at % folds for at, name in enumerate(names)}
    verdicts: list[Verdict] = []
    for fold in range(only or folds):
        seen = [row for row in titles if fold_of[plain(row[0])] != fold]
        unseen = {name for name, its_fold in fold_of.items() if its_fold == fold}
        model = learn(seen, words + weigh(written, unseen), codes)
        for name, marks, truth in titles:
            if fold_of[plain(name)] == fold:
                scores = model.scores(marks)
                likely = chances(scores) if scores is not None else None
                code, chance = settle(likely, codes, name)
                learnt = likely is not None and int(likely.argmax()) == truth
                verdicts.append(Verdict(codes[truth][0] in "456", code == codes[truth], chance, learnt))
        say(f"fold {fold}: {report(verdicts)}")
    return verdicts


def report(verdicts: list[Verdict]) -> str:
    """Shares of right readings, and of the learnt part alone."""
    blue = [verdict for verdict in verdicts if verdict.blue]
    share, learnt = np.mean([v.right for v in blue]), np.mean([v.learnt_right for v in blue])
    every = np.mean([v.right for v in verdicts])
    return f"majors 4-6 {share:.4f} (learnt alone {learnt:.4f}), all {every:.4f} of {len(verdicts)}"


def report_chances(verdicts: list[Verdict]) -> None:
    """How often each said chance came true, and how many titles were left open."""
    for low, high in ((0, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 2)):
        part = [v.right for v in verdicts if low <= v.chance < high]
        say(f"said chance {low}-{high}: {len(part)} titles, right {np.mean(part or [0]):.3f}")


def save(model: Weights, codes: list[str]) -> None:
    """Write marks, their rarity, and mark by mark the classes and weights."""
    where, classes = np.nonzero(model.table)
    np.savez_compressed(
        OUT,
        marks=np.frombuffer("\n".join(model.numbers).encode(), "u1"),
        codes=np.frombuffer("\n".join(codes).encode(), "u1"),
        rarity=model.rarity.astype("f2"),
        starts=np.searchsorted(where, np.arange(len(model.numbers) + 1)).astype("i4"),
        classes=classes.astype("i2"),
        weights=model.table[where, classes].astype("f2"),
    )
    say(f"{OUT.name}: {len(model.numbers)} marks, {len(classes)} weights, {OUT.stat().st_size} bytes")


def main() -> None:
    """Measure if asked, then learn from everything and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("titles", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    if options.folds:
        report_chances(cross_validate(options.titles, options.folds))
    if not options.no_save:
        codes = list(classification())
        titles, words, written = load(options.titles, codes)
        save(learn(titles, words + weigh(written, set()), codes), codes)


if __name__ == "__main__":
    main()
