"""Texts that are near an earlier one, found by Equipoise, rensa and datasketch: processor seconds, memory, and how many.

    python near.py NEAR_BENCH SOURCE N [N …]

NEAR_BENCH is the built example of that name. SOURCE is a file of real texts, one a line; of its pieces N texts of 14 to 45 words are put
together, and of every twentieth a near copy with one word at an end changed follows. Each way runs as a process of its own, one after the
other. rensa and datasketch give candidates, which are compared exactly here, so that all three count the same thing.
"""

import os
import random
import sys
import tempfile
import time

WORDS, THRESHOLD, BANDS, ROWS = 3, 0.85, 16, 4


def make(source, n, path):
    draw = random.Random(7)
    with open(source, encoding="utf-8") as lines:
        real = [words for words in (line.rstrip("\n").rpartition(";")[0].split() or line.split() for line in lines) if len(words) >= 6]
    made = []
    while len(made) < n - n // 20:
        a, b = draw.choice(real), draw.choice(real)
        words = a[: draw.randint(3, len(a))] + b[draw.randint(0, len(b) - 3) :]
        if 14 <= len(words) <= 45:
            made.append(words)
    long = [words for words in made if len(words) >= 36]
    for _ in range(n // 20):
        copy = list(draw.choice(long))
        copy[draw.choice([0, -1])] = f"changed{draw.randint(0, 999)}"
        made.append(copy)
    draw.shuffle(made)
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(" ".join(words) + "\n" for words in made)


def grams(text):
    words = text.split()
    return {" ".join(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))}


def is_near(a, b):
    return len(a & b) >= THRESHOLD * len(a | b)


def with_rensa(path):
    from rensa import RMinHash, RMinHashLSH
    lsh = RMinHashLSH(THRESHOLD, BANDS * ROWS, BANDS)
    with open(path, encoding="utf-8") as lines:
        sets = [grams(line) for line in lines]
    n_near = 0
    for at, own in enumerate(sets):
        sketch = RMinHash(BANDS * ROWS, 42)
        sketch.update(list(own))
        n_near += any(is_near(own, sets[other]) for other in lsh.query(sketch))
        lsh.insert(at, sketch)
    print(n_near)


def with_datasketch(path):
    from datasketch import MinHash, MinHashLSH
    lsh = MinHashLSH(params=(BANDS, ROWS), num_perm=BANDS * ROWS)
    with open(path, encoding="utf-8") as lines:
        sets = [grams(line) for line in lines]
    sketches = MinHash.generator(([gram.encode() for gram in own] for own in sets), num_perm=BANDS * ROWS, seed=42)
    n_near = 0
    for at, (own, sketch) in enumerate(zip(sets, sketches)):
        n_near += any(is_near(own, sets[other]) for other in lsh.query(sketch))
        lsh.insert(at, sketch)
    print(n_near)


def measured(command):
    """Processor seconds, wall seconds, MB at the peak, and what it printed."""
    began = time.monotonic()
    out, inside = os.pipe()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, inside, 1), (os.POSIX_SPAWN_CLOSE, out)])
    os.close(inside)
    with os.fdopen(out) as pipe:
        printed = pipe.read().strip()
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1000, printed


def main(near_bench, source, sizes):
    print(f"{'':<34}{'texts':>10}{'CPU s':>9}{'wall s':>9}{'MB':>8}{'near':>9}")
    for n in map(int, sizes):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "texts.txt")
            make(source, n, path)
            ways = {
                f"equipoise, words {WORDS}, {THRESHOLD}": [near_bench, path, "words", str(WORDS), str(THRESHOLD)],
                "equipoise, characters 4, 0.6": [near_bench, path, "characters", "4", "0.6"],
                f"rensa, verified, {BANDS} x {ROWS}": [sys.executable, __file__, "--rensa", path],
                f"datasketch, verified, {BANDS} x {ROWS}": [sys.executable, __file__, "--datasketch", path],
            }
            for name, command in ways.items():
                cpu, wall, memory, near = measured(command)
                print(f"{name:<34}{n:>10}{cpu:>9.1f}{wall:>9.1f}{memory:>8.0f}{near:>9}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--rensa":
        with_rensa(sys.argv[2])
    elif sys.argv[1] == "--datasketch":
        with_datasketch(sys.argv[2])
    else:
        main(sys.argv[1], sys.argv[2], sys.argv[3:])
