"""How fast is text read into facts? Run: `python bench/reading.py [documents]`. Prints figures beside targets; asserts nothing.

Three questions: megabytes a second of UTF-8 in one process; whether time grows with length and no faster; how far the pipeline is
from one bare pass of every pattern over the same text. Time is that of the processor, so that what else the machine does counts
little; a machine that is busy still gives lower figures.

Documents are made up (`reading_texts`), all different, the same every run, and the questions are asked of two kinds of them. Time
goes with what is found rather than with bytes, so a corpus must be as dense as real texts to say how fast those are read. An
earlier corpus had 16 facts a kilobyte, two to three times what real texts hold, and with ten templates its sentences flattered
whatever remembers words. The first corpus now follows what was measured on real texts and our samples, figure by figure (printed
first); the old one stays as the second row, for texts that are nothing but facts.
"""

from __future__ import annotations

import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import reading_texts as texts

from banggiao.reading import read, rules

DOCUMENTS = 5_000
ROUNDS = 3
TARGET_RATE, TARGET_GROWTH, TARGET_BARE = 1.0, 1.15, 3.0
# Per cent of the documents for the bare pass, which is slow.
BARE_SHARE = 5
# Measured with `reading_texts.py` on five real texts, which are not ours to hand on, and on these with our sixteen samples.
REAL = {
    "KB a text": (9.2, 3.9),
    "facts/KB": (5.2, 8.3),
    "sentences/KB": (5.1, 7.3),
    "words a sentence": (31.3, 22.3),
    "sentences a line": (1.1, 1.3),
    "% body": (67.6, 75.6),
    "% without a fact": (61.2, 50.4),
    "% said before": (2.0, 0.6),
    "new pairs/KB of 80": (89.9, 98.4),
}


def main() -> None:
    """Measure and print; the number of documents may be given."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    print(f"machine: {platform.machine()}, {platform.python_implementation()} {platform.python_version()}, {platform.system()}")
    corpora = {
        "as real": [texts.document(random.Random(number)) for number in range(count)],
        "dense": [texts.dense_document(random.Random(number)) for number in range(count)],
    }
    figures = {name: texts.measured(corpus) for name, corpus in corpora.items()}
    print(f"\n{'what the texts are like':<24} {'real':>8} {'+samples':>9} {'as real':>9} {'dense':>8}")
    for row, known in REAL.items():
        print(f"{row:<24} {known[0]:>8.1f} {known[1]:>9.1f} {figures['as real'][row]:>9.1f} {figures['dense'][row]:>8.1f}")
    for name, corpus in corpora.items():
        assert len(set(corpus)) == count, "documents must differ"
        _measure(f"{name}: {figures[name]['facts/KB']:.0f} facts/KB", corpus)


def _measure(name: str, documents: Sequence[str]) -> None:
    """The three questions of one corpus."""
    size = sum(len(text.encode()) for text in documents) / 1e6
    print(f"\n{name} - {len(documents)} documents, {size:.1f} MB; one process, {ROUNDS} rounds, seconds of the processor")
    print(f"{'question':<34} {'target':>8} {'figure':>8} {'ratio':>6} {'spread':>7}")
    read(documents[0].encode(), "warm-up.txt")

    # What is read is let go, as `read --jsonl` does: a heap of results would measure the garbage collector.
    times = _rounds(lambda: sum(len(read(text.encode(), "bench.txt").facts) for text in documents))
    _row("MB/s", TARGET_RATE, [size / seconds for seconds in times], more=True)

    base = "\n\n".join(documents[:20])
    doubled = [_best(partial(read, text.encode(), "bench.txt")) for text in (base, base * 2, base * 4)]
    _row("time of 2n against 2 x time of n", TARGET_GROWTH, [doubled[1] / doubled[0] / 2])
    _row("time of 4n against 4 x time of n", TARGET_GROWTH, [doubled[2] / doubled[0] / 4])

    share = documents[:: 100 // BARE_SHARE]
    whole = _rounds(lambda: sum(len(read(text.encode(), "bench.txt").facts) for text in share))
    bare = _rounds(lambda: _bare(share))
    _row("pipeline against one bare pass", TARGET_BARE, [a / b for a, b in zip(whole, bare, strict=True)])


def _bare(documents: Sequence[str]) -> int:
    """Every pattern of the package once over every text, and nothing else."""
    found = 0
    patterns = [rule.pattern for rule in rules.all_rules()]
    for text in documents:
        seen = rules.shadow(text)
        for pattern in patterns:
            for _match in pattern.finditer(seen):
                found += 1
    return found


def _rounds(work: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return times


def _best(work: Callable[[], object]) -> float:
    return min(_rounds(work))


def _row(question: str, target: float, figures: list[float], *, more: bool = False) -> None:
    figure = statistics.median(figures)
    ratio = figure / target if more else target / figure
    spread = max(figures) - min(figures)
    print(f"{question:<34} {target:>8.2f} {figure:>8.2f} {ratio:>6.2f} {spread:>7.2f}", flush=True)


if __name__ == "__main__":
    main()
