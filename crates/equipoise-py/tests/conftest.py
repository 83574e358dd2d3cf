"""What several tests share: a small imbalanced set, the command, and a server that stands in for a model."""

import json
import os
import random
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

SERVER = Path(os.environ.get("FAULT_SERVER", Path(__file__).parents[3] / "target/debug/fault-server"))


@pytest.fixture
def server():
    """The address of a server that answers after 150 ms."""
    if not SERVER.exists() or os.name == "nt":
        pytest.skip(f"{SERVER} is not built")
    started = subprocess.Popen([SERVER, "--latency-ms", "150", "--seed", "1"], stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://[^/\s]+", started.stdout.readline()).group(0)
    finally:
        started.terminate()


def ledger(url):
    """What the server at `url` was asked and has billed."""
    with urllib.request.urlopen(url + "/ledger") as answer:
        return json.load(answer)


@pytest.fixture(scope="session")
def command():
    """Runs the command that comes with the package."""

    def run(*args, first, cwd=None):
        return subprocess.run([sys.executable, "-m", "equipoise", first, *args], capture_output=True, text=True, cwd=cwd)

    return run


WORDS = {
    "joy": "happy sunny garden friends laugh music dance party smile warm".split(),
    "anger": "furious slammed door shouting traffic rude bill broken noisy late".split(),
    "surprise": "suddenly unexpected letter wow stunned curious odd amazed twist reveal".split(),
    "delivery": "parcel late courier truck tracking door delivered address box week".split(),
    "refund": "money back refund account bank charged twice returned cash card".split(),
}
COMMON = "i feel the a today about my this so very was at home again with it".split()


def made_texts(seed, counts):
    """Texts and labels, so many of each label, in a random order."""
    r = random.Random(seed)

    def text(label):
        words = (r.choice(WORDS[label]) if r.random() < 0.4 else r.choice(COMMON) for _ in range(r.randint(6, 14)))
        return " ".join(words)

    rows = [(text(label), label) for label, n in counts.items() for _ in range(n)]
    r.shuffle(rows)
    return [text for text, _ in rows], [label for _, label in rows]


@pytest.fixture(scope="session")
def rows():
    """Training rows (90 of `joy`, 60 of `anger`, 20 of `surprise`), and at least 50 rows of each label to judge on."""
    return made_texts(3, {"joy": 90, "anger": 60, "surprise": 20}), made_texts(4, {"joy": 60, "anger": 55, "surprise": 50})
