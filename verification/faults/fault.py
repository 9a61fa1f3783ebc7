"""A planted fault: a text in a file of sim/ and what stands in its place, and who should notice.

Who should notice is said beforehand: closed forms (`python -m verification --only`), run with the
reference engine, and the fast tests of the room that the file belongs to. The stored results of an
earlier state (tests/baseline) are never among them: they notice any change, right or wrong.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

NOTICED, MISSED = "noticed", "missed"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """at_first: what became of it when it was planted for the first time."""

    name: str
    file: str
    old: str
    new: str
    checks: tuple[str, ...]
    tests: tuple[str, ...]
    at_first: str = NOTICED

    @property
    def files(self) -> tuple[str, ...]:
        """The files of its tests."""
        return tuple(one.partition("::")[0] for one in self.tests)

    def planted(self, text: str) -> str:
        """The source with the fault in it."""
        if text.count(self.old) != 1:
            raise ValueError(f"'{self.name}': the text to change stands {text.count(self.old)} "
                             f"times in {self.file}, not once")  # fmt: skip
        return text.replace(self.old, self.new)

    def digest(self, root: Path) -> str:
        """A name for the fault, its file and what looks at it: when one of them changes, what was
        found before no longer counts."""
        found = hashlib.blake2b(repr((self.old, self.new, self.checks, self.tests)).encode(),
                                digest_size=8)  # fmt: skip
        looks = sorted((root / "verification").glob("*.py")) if self.checks else []
        for path in (root / self.file, *(root / one for one in self.files), *looks):
            found.update(path.read_bytes())
        return found.hexdigest()


def fault(name: str, file: str, old: str, new: str, tests: str = "", checks: str = "",
          at_first: str = NOTICED) -> Fault:  # fmt: skip
    """A fault from words: files of tests below tests/, without .py, or file::test, and names of
    checks; without tests, the one of the mechanism's own file."""
    named = tests or f"mechanisms/test_{Path(file).stem}"
    return Fault(
        name=name, file=file, old=old, new=new, checks=tuple(checks.split()), at_first=at_first,
        tests=tuple(f"tests/{file}.py{mark}{part}" for file, mark, part in
                    (one.partition("::") for one in named.split())),
    )  # fmt: skip
