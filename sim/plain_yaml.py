"""YAML as a configuration takes it: plain values, and nothing behind the reader's back.

As Hydra has it, numbers with an exponent are numbers and dates are text. What YAML would do in
silence is unreadable here: a key given twice, a merge (<<), a key that is no text, and what makes
the parser itself stumble, such as a number of thousands of digits.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
EXPONENT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+")
DATE, FLOAT = "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float"


class Loader(Base):  # type: ignore[misc]
    """The safe loader with what is said above."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen: set[str] = set()
        for key, _ in node.value:
            told = _objection(key, seen)
            if told:
                raise yaml.constructor.ConstructorError(None, None, told, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


Loader.yaml_implicit_resolvers = {
    sign: [one for one in resolvers if one[0] != DATE]
    for sign, resolvers in Base.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(FLOAT, re.compile(rf"^{EXPONENT.pattern}$"), list("-+.0123456789"))


def _objection(key: Any, seen: set[str]) -> str:
    """Why a key cannot stand; empty where it can."""
    if key.tag.endswith(":merge"):
        return "'<<' merges in silence: write the keys out"
    if not key.tag.endswith(":str"):
        shown = key.value if isinstance(key.value, str) else "a list or a mapping"
        return f"a key is a word, and this is none: {shown}"
    return f"the key '{key.value}' stands here twice" if key.value in seen else ""


def load(text: str) -> Any:
    """The plain values of one document; whatever is wrong with it is a YAMLError."""
    try:
        return yaml.load(text, Loader=Loader)
    except (ValueError, OverflowError, RecursionError) as error:
        raise yaml.YAMLError(str(error).partition(";")[0]) from None
