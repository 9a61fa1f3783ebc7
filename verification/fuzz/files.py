"""The YAML that a user may write: experiments and scenarios, with what YAML does behind one's back.

    experiment(dice), scenario(dice) -> (what is wrong, the bytes, whether it can never be right)
"""

from __future__ import annotations

from random import Random

Made = tuple[str, bytes, bool]
TRAPS = {  # a value in the place of %s, and whether it must be refused wherever it stands
    "word no": ("no", True), "word Yes": ("Yes", True), "word on": ("on", True),
    "word off": ("off", True), "quoted no": ("'no'", False), "octal": ("010", True),
    "octal of 1.2": ("0o7", True), "hex": ("0x1F", True), "binary": ("0b11", True),
    "base 60": ("1:30", True), "seconds": ("12:30:00", True), "exponent": ("1e3", False),
    "nan": (".nan", True), "NaN": (".NaN", True), "inf": ("-.inf", True), "null": ("~", False),
    "empty": ("", False), "date": ("2016-01-04", False), "no date": ("2016-02-30", True),
    "month 13": ("2016-13-45", True), "time": ("2016-01-04 25:61:61", True),
    "underscored": ("1_000", False), "anchor": ("&a 3", True), "alias": ("*a", True),
    "merge": ("{<<: {days: 3}}", True), "merge of nothing": ("{<<: 3}", True),
    "duplicate": ("{a: 1, a: 2}", True), "tag": ("!!python/object/apply:os.system ['true']", True),
    "name": ("!!python/name:os.system", True), "module": ("!!python/module:os", True),
    "local tag": ("!x 3", True), "binary tag": ("!!binary aGk=", True), "set": ("!!set {a}", True),
    "string tag": ("!!str 3", True), "target": ("{_target_: os.system}", True),
    "target key": ("{'_tar\\x67et_': os.system}", False), "target in text": ("'_target_'", True),
    "escaped target": ('{"_target\\x5f": os.system}', True),
    "environment": ("${oc.env:HOME}", True),
    "interpolation": ("'${days}'", True), "escaped interpolation": ('"\\x24{days}"', True),
    "tab": ("\t3", False), "list": ("[1, 2", True), "brace": ("{a", True),
    "deep": ("[" * 3000, True),
    "deep and closed": ("[" * 3000 + "]" * 3000, True), "deep braces": ("{a: " * 3000, True),
    "long number": ("9" * 5_000, True), "number": ("9" * 400, False),
    "key list": ("{[1]: 2}", True),
    "key map": ("{{a: 1}: 2}", True), "long text": ("'" + "x" * 3_000 + "'", True),
    "document": ("3\n---\ndays: 4", True), "directive": ("3\n...\n%YAML 9.9\n---\n4", True),
    "block": ("|\n    3", False), "quote": ("\"'\"", False), "comma": ("'a,b'", False),
    "newline": ('"a\\nb"', False), "NUL": ('"\\0"', False), "surrogate": ('"\\ud800"', False),
    "right to left": ('"\\u202e"', False), "bracket": ("']'", False), "backslash": ("'\\'", False),
    "huge": ("1e400", False), "list of lists": ("[[1], [2]]", False), "bool": ("true", False),
    "mapping": ("{a: 1}", False), "number key": ("{1: 2}", False), "null key": ("{~: 2}", False),
}  # fmt: skip
NO_DATES = ("no date", "month 13", "time")  # dates are text, so that as a question they are one
BOMB = "\n".join(
    ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    + [f"a{k}: &a{k} [{','.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 9)]
)
WHOLE = {  # files that are wrong as a whole
    "bomb": BOMB.encode(), "empty": b"", "list": b"- 1\n- 2\n", "text": b"hello\n",
    "number": b"3\n",
    "large": b"a: 1\n" + b"#" * 300_000, "UTF-16": "question: x".encode("utf-16"),
    "not UTF-8": b"question: \xff\xfe\n", "NUL": b"question: \x00\n",
    "tabs": b"question:\t\t- x\n\ty",
    "tab indent": b"fixed:\n\tdays: 3\n", "no colon": b"question\n", "pickle": b"\x80\x04\x95.",
    "comment": b"# nothing\n", "documents": b"---\n---\n---\n", "recursive": b"&a [*a]\n",
    "key bomb": ("{" + ", ".join(f"k{k}: 1" for k in range(15_000)) + "}").encode(),
    "deep indent": "\n".join(" " * k + f"k{k}:" for k in range(600)).encode(),
    "null": b"~\n", "root merge": b"<<: {question: x}\n",
    "root duplicate": b"question: a\nquestion: b\n",
}  # fmt: skip


def experiment(dice: Random) -> Made:
    """An experiment with one trap in it."""
    if dice.random() < 0.25:
        name = dice.choice(sorted(WHOLE))
        return name, WHOLE[name], True
    name = dice.choice(sorted(TRAPS))
    value, must = TRAPS[name]
    parts = {"question": '"Which?"', "fixed": "{audience: small, days: 28, worlds: 8}",
             "levers": "\n  scenario: [reactive, proactive]", "uncertainties": "\n  rivals: [loud]",
             "study": "{samples: 4}"}  # fmt: skip
    place = dice.choice((*parts, "unknown", "days", "seed", "lever"))
    if place in ("days", "seed"):
        parts["fixed"] = f"\n  {place}: {value}\n  audience: small"
    elif place == "lever":
        parts["levers"] += f"\n  tone: {value}"
    else:
        parts[place] = value
    text = "\n".join(f"{key}: {node}" for key, node in parts.items()) + "\n"
    must = must and not (place == "question" and name in NO_DATES)
    return f"{name} in {place}", text.encode("utf-8", "surrogatepass"), must or place == "unknown"


def scenario(dice: Random) -> Made:
    """A scenario with one trap in it."""
    if dice.random() < 0.25:
        name = dice.choice(sorted(WHOLE))
        return name, WHOLE[name], True
    name = dice.choice(sorted(TRAPS))
    value, must = TRAPS[name]
    parts = {"defaults": "\n  - override /posture: mixed", "question": '"Which?"',
             "policy": "{posture: {rho: {value: 0.5}}}"}  # fmt: skip
    place = dice.choice((*parts, "rho", "value", "world", "posture"))
    if place == "rho":
        parts["policy"] = f"\n  posture:\n    rho: {value}"
    elif place == "value":
        parts["policy"] = f"\n  posture:\n    rho:\n      value: {value}"
    elif place == "world":
        parts["days"] = value
    elif place == "posture":
        parts["defaults"] = f"\n  - override /posture: {value}"
    else:
        parts[place] = value
    text = "# @package _global_\n" + "\n".join(f"{key}: {node}" for key, node in parts.items())
    return f"{name} in {place}", (text + "\n").encode("utf-8", "surrogatepass"), must
