"""Parts of a profile: blocks of rows give the profile of all of them."""

import json

import pytest

import equipoise
from equipoise._equipoise import ProfilePart
from equipoise._options import settings
from equipoise._rows import given


def part(texts, labels):
    return ProfilePart.of(given((texts, labels), None), settings({}, None))


def test_parts_of_blocks_give_the_profile_of_all_rows(rows):
    (texts, labels), _ = rows
    texts, labels = [*texts, *texts[:20]], [*labels, *labels[:10], *labels[-10:]]
    whole = equipoise.profile((texts, labels)).to_dict()
    parts = [part(texts[at : at + 17], labels[at : at + 17]) for at in range(0, len(texts), 17)]
    merged = ProfilePart.from_bytes(parts.pop().to_bytes())
    for other in parts:
        merged = merged.merge(other)
    expected = {**whole, "n_near_duplicates": None, "conflicts": []}
    assert whole["n_duplicates"] >= 20 and whole["n_conflicts"] > 0
    assert json.loads(merged.profile()) == expected


def test_a_block_may_have_one_label_and_other_bytes_are_no_part():
    assert json.loads(part(["a b", "c"], ["x", "x"]).profile())["labels"][0]["n"] == 2
    with pytest.raises(equipoise.UsageError, match="no part of a profile"):
        ProfilePart.from_bytes(b"{}")
