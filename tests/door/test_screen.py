"""What YAML would do behind the reader's back is refused, with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.door.screen import MAX_BYTES, screen, screen_file
from sim.errors import UserError

BOMB = "a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("keep: no\n", "true or false"),
        ("keep: Yes\n", "true or false"),
        ("days: 010\n", "octal"),
        ("start: 12:30:00\n", "base 60"),
        ("p: .nan\n", "finite"),
        ("p: -.inf\n", "finite"),
        ("p: 0x10\n", "another base"),
        ("a: {b: {_target_: os.system}}\n", "_target_"),
        ("a: ['_target_']\n", "_target_"),
        ("a: ${oc.env:HOME}\n", "interpolation"),
        ("a: !!python/object:os.system {}\n", "tag"),
        (BOMB, "alias"),
        ("a: [1, 2\n", "not readable YAML"),
        ("a: \t3\n", "not readable YAML"),
        ("a: 1\na: 2\n", "stands here twice"),
        ("<<: {a: 1}\n", "merges in silence"),
        ("{a: {1: 2}}\n", "a key is a word"),
        ("? [a]\n: 1\n", "a list or a mapping"),
        (f"a: {'9' * 5_000}\n", "not readable YAML"),
        ("[" * 90 + "]" * 90 + "\n", "inside each other"),
    ],
)
def test_traps_are_refused(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "trap.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        screen_file(path, "trap.yaml")


@pytest.mark.parametrize(
    "text", ["a: 'no'\n", 'a: "010"\n', "a: 10\n", "a: 2016-01-04\n", "a: 2016-13-45\n", "a: 1e3\n",
             "a: -0.5\n"],
)
def test_plain_words_pass(text: str, tmp_path: Path) -> None:
    path = tmp_path / "fine.yaml"
    path.write_text(text, encoding="utf-8")
    screen_file(path, "fine.yaml")


def test_size_is_checked_before_parsing(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: 1\n" + "#" * MAX_BYTES, encoding="utf-8")
    with pytest.raises(UserError, match="larger than"):
        screen_file(path, "large.yaml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("days: {value: 3}\n", "policy only"),
        ("defaults: [{override /audience: small}]\n", "audience"),
        ("defaults: [{override /posture: {a: 1}}]\n", "one plain name"),
        ('defaults: [{override /posture: "a\\0"}]\n', "one plain name"),
        ("defaults: [{override /posture: ../x}]\n", "one plain name"),
        ("defaults: [{override /posture: [mixed, table]}]\n", "one plain name"),
        ("defaults: [posture]\n", "one plain name"),
        ("policy: {news: {value: 3}}\n", "sections"),
        ("", "empty"),
        ("question: x\npolicy:\n", "policy has the sections"),
        ("question: x\npolicy: {tone: 3}\n", "tone is a section"),
        ("question: 1e400\n", "one line of text"),
        ("answered_by: shares\n", "a list of measures"),
        ("answered_by: [[shares]]\n", "a list of measures"),
        ("answered_by: [share]\n", "Did you mean 'shares'"),
        ("answered_by: [favourability_shift]\n", "answered_by: the measure"),
        ("answered_by: [hours]\n", "answered_by: the measure"),
        ("defaults: mixed\n", "defaults is a list"),
        ("defaults:\n", "defaults is a list"),
    ],
)
def test_a_scenario_holds_policy_only(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        screen(tmp_path)
