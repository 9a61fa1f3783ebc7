"""What is typed: command lines right, nearly right and hostile, each made from a seed and a number.

    case(seed, number) -> words, files beside them, whether they must be refused, what must be named

A case knows what a good answer is: "must" refuses what can never be right, and every refusal names
one of `named`. The kinds take turns by their weights, so that any slice has all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from verification.fuzz import files, tables
from verification.fuzz.known import Key, central, keys, names, options, possible

LETTERS = "abcdefghijklmnopqrstuvwxyz_"
SECRET = "s3cret-that-nobody-may-see"
SECRET_NAME = "DEMARCHE_FUZZ_SECRET"

WRONG = (
    "true", "false", "null", "[1,2]", "[]", "{}", "{a: 1}", "'text'", '""', "''", "1e3", "3.5", "",
    "None", "auto", "1_000", "1,000", "[[1]]", "{value: 3}", "0", "-0", "+3", "1.", ".5", "1e",
    "2016-01-04", "a b", "'", '"', "[1", "{a", "a:b", "(1)", "1;2", "%", "\\", "a=b", "=",
)  # fmt: skip
EXTREME = (
    "nan", "NaN", "inf", "-inf", "+inf", "Infinity", ".nan", ".inf", "1e308", "-1e308", "1e309",
    "1e-320", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "9" * 400, "-1", "-0.0", "0.1e-999", "1e+1000000", "-" + "9" * 50,
    "4294967296", "2147483648", "0.30000000000000004", "1" + "0" * 300 + ".0",
)  # fmt: skip
NO_NUMBERS = ("nan", "NaN", "inf", "-inf", "+inf", "Infinity", ".nan", ".inf")
ODD = (
    "\u0441\u0442\u043e\u043b", "\u4e2d\u6587", "\U0001f600", "e\u0301", "\u202ereversed",
    "\u200bhidden", "\ufeffbom", "na\u00efve", "\u0130\u0131", "\udcff\udcfe", "a\x00b", "a\nb",
    "a\tb", "\x1b[31mred", " ", "\u00a0", "\u3000", "a" * 1_999, "\u00df", "\uffff", "\r", "\x7f",
    "'\u0441'", '"\U0001f600"', "'\udc80'", "\u0661\u0662", "\u00bd",
)  # fmt: skip
TRAPS = (
    "no", "yes", "on", "off", "y", "n", "No", "TRUE", "1e3", "0o7", "0x10", "010", "1:30",
    "12:30:00", "~", "&a 1", "*a", "<<: *a", "{a: 1, a: 2}", "\t3", "3\t", "!!int 3", "!!str a",
    "!!python/object/apply:os.system [ls]", "| a", "> a", "- a", "? a", "a: b", "#", "3 # three",
    "{<<: {a: 1}}", "[1, 2", "2016-02-30", "1_0", "0b1", "@a", "`a`", "%TAG", "---", "...",
    "\u0085", "\u2028", "= ", "null", "Null", "NULL", "''", "\"\\x00\"", "'''", '"""',
)  # fmt: skip
INJECTED = (
    "_target_=os.system", "sharing.p0={_target_: os.system}", "sharing._target_=os.system",
    "question='_target_'", "_partial_=true", "_recursive_=true", "_convert_=all", "_args_=[1]",
    "sharing._partial_=true", "sharing={_args_: [1]}", "results=${oc.env:%s}", "seed=${seed}",
    "question='${oc.env:%s}'", 'question="${oc.env:%s}"', "question=\\${oc.env:%s}",
    "results=${oc.decode:'3'}", "results=${hydra:runtime.cwd}", "days=${oc.select:seed}",
    "start=${now:%%Y}", "hydra.run.dir=/tmp/x", "hydra/launcher=basic", "hydra.job.env_set.A=b",
    "hydra={run: {dir: x}}", "hydra.sweep.dir=../x", "+x=1", "++x=1", "~days", "--cfg=job",
    "--config-dir=/tmp", "-cn=x", "--multirun=1", "posture@policy=mixed", "@days=3",
    "defaults=[posture: mixed]", "defaults=[/hydra/launcher: x]", "question=$(id)", "results=`id`",
    "question='{{7*7}}'", "question='%(a)s'", "question='{0.__class__}'",
    "question='<script>alert(1)</script>'", "question='=1+1'", "task=__import__", "task=os.system",
    "key=${oc.env:%s}", "key=_target_", "key=../x", "from=${oc.env:%s}", "data=${oc.env:%s}",
    "against=${oc.env:%s}", "scenario='${oc.env:%s}'", "from=/etc/passwd", "data=/etc",
)  # fmt: skip
INJECTED_AND_FINE = ("question=",)  # text of a question may hold signs: it is only told
PATHS = (
    "../x", "../../etc/passwd", "/etc/passwd", "/", ".", "..", "~", "~root", "~nobody/x", "a/../b",
    "a//b", "con", "nul", "x" * 300, "/dev/zero", "/dev/stdin", "/proc/self/mem", "C:\\x", "\\\\x",
    "%2e%2e/x", "file:///etc/passwd", "http://localhost/x", "a b", "-", "a.csv", "$HOME/x", "*",
)  # fmt: skip
NAMED_PATHS = ("scenario", "against", "study.name", "experiment", "tone", "audience", "platform")
FILES = ("network.table", "network.markets", "calendar", "platforms.adoption")
AXES = (
    "{k}=", "{k}=,", "{k}=a,", "{k}=,a", "{k}={v},{v}", "{k}=range(1,1)", "{k}=range(1,0)",
    "{k}=range(0,10,0)", "{k}=range(0,1e9)", "{k}=range(1,5000)", "{k}=interval(1,1)",
    "{k}=interval(2,1)", "{k}=interval(nan,1)", "{k}=interval(0,inf)", "{k}=interval(1)",
    "{k}=interval(a,b)", "{k}=tag(log,interval(0,1))", "{k}=tag(x,interval(0,1))",
    "{k}=choice()", "{k}=choice({v})", "{k}=choice({v},nan)", "{k}=shuffle(1,2)", "{k}=sort(2,1)",
    "{k}=glob(*)", "{k}=cast(1)", "{k}=int(1.5,2)", "{k}=range(nan,3)", "{k}=[1],[2]",
    "{k}={{a:1}},{{a:2}}", "{k}={v},null", "{k}={v},true", "{k}={v},'x'", "{k}=float(1,2)",
    "{k}=range(0.1,0.3,0.1)", "{k}=tag(interval(0,1))", "{k}=interval(0,1)", "{k}={v},-1",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is typed, what lies beside it, and what a good answer is."""

    kind: str
    words: tuple[str, ...]
    files: dict[str, bytes] = field(default_factory=dict)  # below the working directory
    conf: dict[str, bytes] = field(default_factory=dict)  # added to a copy of conf/
    must: bool = False  # be refused
    named: tuple[str, ...] = ()  # of which a refusal names one


def case(seed: int, number: int) -> Case:
    """Case `number` of a seed."""
    dice = Random(f"{seed}/{number}")
    return KINDS[number % len(KINDS)](dice)


def combination(dice: Random) -> Case:
    """Options and values that are each possible; together they may contradict each other."""
    chosen = dice.sample(sorted(options()), dice.randint(0, 6))
    words = {group: dice.choice(options()[group]) for group in chosen if group != "executor"}
    for one in dice.sample(keys(), dice.randint(0, 6)):
        words.update({key: value for key, _, value in (word.partition("=") for word in one.words)})
        words[one.key] = possible(one, dice)
    return _of("combination", [f"{key}={value}" for key, value in words.items()])


def letter(dice: Random) -> Case:
    """A known key with one letter changed, added, left out or exchanged."""
    one = dice.choice(keys())
    place = dice.randrange(len(one.key))
    changed = mistyped(one.key, place, dice)
    if changed in names():
        return combination(dice)
    fine = changed.strip(".") or changed
    return _of("letter", [*one.words, f"{changed}={central(one)}"], must=True, named=(fine,))


def mistyped(word: str, place: int, dice: Random) -> str:
    """A word with a slip at one place."""
    slip = dice.randrange(4)
    new = dice.choice([one for one in LETTERS if one != word[place]])
    if slip == 0:
        return word[:place] + new + word[place + 1 :]
    if slip == 1:
        return word[:place] + new + word[place:]
    if slip == 2 and len(word) > 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]


def option(dice: Random) -> Case:
    """An option with one letter changed."""
    group = dice.choice(sorted(options()))
    name = dice.choice(options()[group])
    changed = mistyped(name, dice.randrange(len(name)), dice)
    must = changed not in options()[group]
    return _of("option", [f"{group}={changed}"], must=must, named=(group, f"{changed}"))


def _valued(kind: str, values: tuple[str, ...], always: tuple[str, ...] = ()
            ) -> Callable[[Random], Case]:  # fmt: skip
    """A known key with a value out of a list."""

    def made(dice: Random) -> Case:
        one = dice.choice(keys())
        value = dice.choice(values)
        must = value in always and one.declared.is_numeric and not one.declared.choices
        return _of(kind, [*one.words, f"{one.key}={value}"], must=must)

    return made


def unicode(dice: Random) -> Case:
    """Signs from everywhere, in keys and in values."""
    odd = dice.choice(ODD)
    one = dice.choice(keys())
    place = dice.randrange(4)
    if place == 0:
        return _of("unicode", [f"{odd}={central(one)}"], must=True, named=(odd[:20], "no key", "'"))
    if place == 1:
        return _of("unicode", [f"question={odd}"], named=("question", "cannot be read"))
    if place == 2:
        return _of("unicode", [odd], must=True, named=("no '='", "no option", "key=value"))
    return _of("unicode", [*one.words, f"{one.key}={odd}"])


def injected(dice: Random) -> Case:
    """What would run code or read the environment elsewhere."""
    word = dice.choice(INJECTED).replace("%s", SECRET_NAME)
    must = not word.startswith(INJECTED_AND_FINE) or "_target_" in word or "${" in word
    alone = dice.random() < 0.7 or word.startswith(("key=", "task="))
    words = [word] if alone else ["-m", "scenario=mixed,proactive", word]
    return Case(kind="injected", words=_checked(words), must=must, named=_names([word]))


def path(dice: Random) -> Case:
    """Names that become paths."""
    value = dice.choice(PATHS)
    key = dice.choice((*NAMED_PATHS, *FILES, "results", "from", "data", "hydra.run.dir"))
    quoted = f"'{value}'" if dice.random() < 0.7 else value
    words = [f"{key}={quoted}"]
    words += ["platforms=several"] if key == "platforms.adoption" else []
    must = key in (*FILES, "scenario", "against", "experiment", "tone", "audience", "platform")
    return _of("path", words, must=must, named=_names(words))


def axis(dice: Random) -> Case:
    """A study whose axes are malformed."""
    one = dice.choice(keys())
    told = dice.choice(AXES).format(k=one.key, v=possible(one, dice))
    beside = ["scenario=proactive"] if dice.random() < 0.5 else []
    return Case(kind="axis", words=("-m", "task=check", *one.words, *beside, told),
                named=(*_names([told, *one.words]), "key of policy"))  # fmt: skip


def garbage(dice: Random) -> Case:
    """Random signs."""
    signs = "=.,+~-'\"[]{}()$:;&*!?|<>#%@\\/ \tabz019_\u00e9\U0001f600"
    words = ["".join(dice.choices(signs, k=dice.randint(0, 30))) for _ in range(dice.randint(1, 3))]
    return Case(kind="garbage", words=(*words, "task=check"), named=("'",))


def task(dice: Random) -> Case:
    """Other tasks, with keys and words that there may not be."""
    one = dice.choice(keys())
    told = dice.choice((one.key, mistyped(one.key, 0, dice), dice.choice(ODD), dice.choice(TRAPS)))
    words = dice.choice((
        [*one.words, "task=explain", f"key={told}"], ["task=list", f"{one.key}={central(one)}"],
        [f"task={told}"], ["task=explain"], ["task=import", f"data={told}"], ["task=rank=x"],
        ["task=backcast", f"data={told}"], ["task=calibrate", f"from={told}.x"],
        ["task=curve", "study.check=true", f"{one.key}={told}"],
        ["task=map", "study.check=true", f"{one.key}={told}"],
        ["task=why", "study.check=true", f"scenario={told}"],
        ["task=robust", "study.check=true", f"scenario={told}"],
    ))  # fmt: skip
    return Case(kind="task", words=tuple(words), named=(*_names(words), "task", "'"))


def table(dice: Random) -> Case:
    """A network table as nobody should send it."""
    name, content, must = tables.hostile(dice)
    words = ["network.table=given.csv"]
    if dice.random() < 0.3:
        words += ["network.background=none"]
    return Case(kind=f"table: {name}", words=_checked(words), files={"given.csv": content},
                must=must, named=("given.csv", "network"))  # fmt: skip


def calendar(dice: Random) -> Case:
    """A calendar as nobody should send it."""
    name, content, must = tables.hostile_calendar(dice)
    return Case(kind=f"calendar: {name}", words=_checked(["calendar=given.csv"]), must=must,
                files={"given.csv": content}, named=("given.csv", "calendar"))  # fmt: skip


def experiment(dice: Random) -> Case:
    """An experiment written down with the traps of YAML in it."""
    name, content, must = files.experiment(dice)
    return Case(kind=f"experiment: {name}", words=("task=check", "experiment=given"), must=must,
                files={"experiments/given/experiment.yaml": content},
                named=("experiments/given/experiment.yaml", "'"))  # fmt: skip


def scenario(dice: Random) -> Case:
    """A scenario of one's own with the traps of YAML in it."""
    name, content, must = files.scenario(dice)
    return Case(kind=f"scenario: {name}", words=_checked(["scenario=given"]), must=must,
                conf={"scenario/given.yaml": content}, named=("given", "policy"))  # fmt: skip


def _of(kind: str, words: list[str], must: bool = False, named: tuple[str, ...] = ()) -> Case:
    return Case(kind=kind, words=_checked(words), must=must, named=named or _names(words))


def _checked(words: list[str]) -> tuple[str, ...]:
    return (*words, "task=check")


def _names(words: list[str]) -> tuple[str, ...]:
    """What a refusal may name: keys typed, their last parts, the options chosen."""
    found = []
    for word in words:
        key, _, value = word.partition("=")
        found += [key, key.rpartition(".")[2], key.partition(".")[0], value.strip("'\"")[:40]]
    return tuple(one for one in dict.fromkeys(found) if len(one.strip("'\" ")) > 1)


wrong = _valued("wrong type", WRONG)
extreme = _valued("extreme", EXTREME, NO_NUMBERS)
trap = _valued("trap", TRAPS)
KINDS: tuple[Callable[[Random], Case], ...] = (
    combination, letter, wrong, extreme, trap, table, axis, unicode, combination, letter, wrong,
    injected, experiment, extreme, table, combination, letter, path, trap, task, garbage,
    combination, letter, table, wrong, axis, extreme, calendar, option, scenario,
)  # fmt: skip


def described(one: Case) -> str:
    """A case as it would be typed again."""
    return " ".join(ascii(word) for word in one.words)


__all__ = ["Case", "Key", "case", "described"]
