"""The command line: `python -m sim scenario=proactive`. The only file that knows Hydra.

Hydra reads arguments and composes groups; values are set and checked by sim.door. Nothing is ever
instantiated from a configuration, and no job folder is made.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.door.guide import HELP, version, wants_help, wants_version

if TYPE_CHECKING:
    from sim.door.arms import Comparison, Compose
    from sim.door.axes import Swept
    from sim.door.overrides import Asked, Request

REFUSED, INTERRUPTED = 2, 130
POLICY_ROOT = "policy_root"  # the root without the groups of the world
STUDY = ("-m", "--multirun")
STUDY_WORDS = ("task=curve", "task=map", "task=robust", "task=why")  # studies by their nature


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer a command line; the exit code is 0, or 2 for a mistake that the user can mend."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if wants_help(words):
        print(HELP, end="")
        return 0
    if wants_version(words):
        print(f"demarche {version()}")
        return 0
    from sim.door.ahead import workers_at_hand
    from sim.door.interrupt import heard
    from sim.errors import UserError

    try:
        with heard(), workers_at_hand(words) if arguments is None else nullcontext():
            return answer(words)
    except BrokenPipeError:  # the reader of the pipe has seen enough
        sys.stderr.close()
        return 0
    except UserError as error:
        print(f"demarche: {error}", *notes_on(error), sep="\n", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt as error:
        print("demarche: interrupted.", *notes_on(error), sep="\n", file=sys.stderr)
        return INTERRUPTED


def notes_on(error: BaseException) -> list[str]:
    """What was added to an error on its way: where the finished part of a job is."""
    return getattr(error, "__notes__", [])


def answer(words: Sequence[str]) -> int:
    """Screen, compose, check, then do the task."""
    from sim.door.experiments import expanded
    from sim.door.overrides import screen_arguments, sort_request
    from sim.door.screen import groups, screen
    from sim.kernels import use_cache
    from sim.paths import conf_dir

    use_cache()  # before anything imports numba
    is_study = any(one in STUDY for one in words)
    words = [one for one in words if one not in STUDY]
    screen_arguments(words)
    conf = conf_dir()
    screen(conf)
    words, is_experiment = expanded(words)
    if is_study or is_experiment or any(word in STUDY_WORDS for word in words):
        return task_study(words, conf)
    request = sort_request(parse(words), groups(conf))
    return task_of(request)(request, conf)


def task_study(words: Sequence[str], conf: Path) -> int:
    """Many points in the same worlds: run them, or say what that would take."""
    from sim.door.axes import Swept
    from sim.door.parts import by_parts
    from sim.door.screen import groups
    from sim.door.study_arms import build_study, told_task

    found = parse_study(words)
    axes = [one for one in found if isinstance(one, Swept)]
    asked, task, check = told_task([one for one in found if not isinstance(one, Swept)])
    if task == "curve":
        from sim.door.curve import axes_of_curve

        asked, axes = axes_of_curve(asked, axes)
    if task == "robust":
        from sim.door.robust import axes_of_robust

        asked, axes = axes_of_robust(asked, axes)
    with composer(conf) as compose:
        if task == "map":
            from sim.door.map import axes_of_map, run_map

            build = partial(build_study, groups=groups(conf), compose=by_parts(compose))
            return run_map(*axes_of_map(asked, axes), build, check)
        if task == "why":
            from sim.door.why import build_why, run_why

            return run_why(build_why(asked, axes, groups(conf), compose), check)
        study = build_study(asked, axes, groups(conf), compose)
    from sim.door.study_job import check_study, run_study  # heavy

    if task == "curve":
        from sim.door.curve import run_curve

        return run_curve(study, check)
    if task == "robust":
        from sim.door.robust import run_robust

        return run_robust(study, check)
    return check_study(study) if check else run_study(study)


def task_of(request: Request) -> Callable[[Request, Path], int]:
    """The function of a task: a closed registry."""
    from sim.errors import unknown

    tasks = {
        "run": task_run, "rank": task_rank, "list": task_list, "explain": task_explain,
        "check": task_check, "validate": task_validate, "import": task_import,
        "backcast": task_backcast, "calibrate": task_calibrate,
    }  # fmt: skip
    if request.task not in tasks:
        studies = [word.partition("=")[2] for word in STUDY_WORDS]
        raise unknown("task: the word", request.task, [*tasks, *studies])
    return tasks[request.task]


def task_run(request: Request, conf: Path) -> int:
    """Run the comparison, print its answer, write its folder."""
    from sim.errors import UserError

    comparison = compared(request, conf)  # first: a mistyped key may be what names no policy
    if not request.names_policy:
        raise UserError(
            "Nothing to compare: name a scenario, such as scenario=proactive, or a policy key, "
            "such as tone=witty. task=list shows them all."
        )
    from sim.door.job import run_job  # heavy: only what was found good gets this far

    return run_job(comparison)


def task_rank(request: Request, conf: Path) -> int:
    """Run the scenario, status_quo if none is named, and print its leagues."""
    comparison = compared(request, conf)
    from sim.door.job import run_job

    return run_job(comparison, rank=True)


def task_list(request: Request, conf: Path) -> int:
    """Print scenarios and groups with their questions."""
    from sim.door.explain import listing

    compared(request, conf)
    print(listing(conf))
    return 0


def task_explain(request: Request, conf: Path) -> int:
    """Print what a key means."""
    from dataclasses import replace

    from sim.door.explain import explanation
    from sim.door.overrides import READING

    arm = compared(request, conf).scenario
    print(explanation(request.key, replace(arm, values={**arm.values, READING: arm.reading}), conf))
    return 0


def task_check(request: Request, conf: Path) -> int:
    """Validate and estimate, without running."""
    from sim.door.check import report

    print(report(compared(request, conf)))
    return 0


def task_validate(request: Request, conf: Path) -> int:
    """Run the status quo and print it beside the published patterns and the facts held out."""
    comparison = compared(request, conf)
    from sim.door.overrides import refuse_policy
    from sim.door.trust_arms import TASK, trials_of  # heavy
    from sim.door.validate import run_validation

    refuse_policy(request, TASK)
    with composer(conf) as compose:
        trials = trials_of(request, compose, comparison.baseline)
    return run_validation(request, comparison, trials)


def task_calibrate(request: Request, conf: Path) -> int:
    """Run the status quo all over the priors, and ask which of them the patterns allow; with data=
    refit the accounts of an imported past."""
    comparison = compared(request, conf)
    if request.folder:
        from sim.door.refit import run_refit

        return run_refit(request, comparison.baseline)
    from sim.door.calibrate import run_calibration  # heavy

    return run_calibration(request, comparison)


def task_import(request: Request, conf: Path) -> int:
    """Read exports of accounts of one's own, and write tables that everything else can use."""
    comparison = compared(request, conf)
    from sim.door.own_data import run_import

    return run_import(request, comparison.baseline)


def task_backcast(request: Request, conf: Path) -> int:
    """Predict the second half of an imported past from the first."""
    comparison = compared(request, conf)
    from sim.door.backcast import run_backcast  # heavy

    return run_backcast(request, comparison.baseline)


def compared(request: Request, conf: Path) -> Comparison:
    """The checked arms of a request."""
    from sim.door.arms import build_comparison
    from sim.errors import UserError

    with composer(conf) as compose:
        comparison = build_comparison(request, compose)
    arm, looks_up = comparison.scenario, request.task in ("list", "explain")
    if arm.executor.kind != "local" and not looks_up:
        raise UserError(
            f"'executor={arm.executor.kind}' is for studies: add -m, or leave it out."
        )
    if arm.study.precision is not None and not looks_up:
        raise UserError(
            f"'study.precision={arm.study.precision:g}' is for studies of points, such as "
            "-m scenario=proactive,reactive: a comparison runs worlds= worlds. Leave it out, or "
            "make it a study."
        )
    return comparison


def parse(words: Sequence[str]) -> list[Asked]:
    """Arguments read with Hydra's grammar; sweeps and packages are refused."""
    from sim.door.guide import COMMA, DECIMALS, SWEEPS
    from sim.door.overrides import Asked
    from sim.errors import UserError

    asked = []
    for word in words:
        key, _, text = word.partition("=")
        if key == "key":  # a name to look up, which may be GROUP=OPTION
            asked.append(Asked(key=key, value=text.strip("'\""), text=text.strip("'\"")))
            continue
        one = read_override(word)
        if one.is_sweep_override():
            raise UserError(f"'{word}': {SWEEPS}{DECIMALS if COMMA.fullmatch(text) else ''}")
        asked.append(Asked(key=key, value=one.value(), text=text))
    return asked


def read_override(word: str) -> Any:
    """One argument, read by Hydra."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    from sim.errors import UserError

    key, _, text = word.partition("=")
    try:
        one = OverridesParser.create().parse_override(word)
        one.value()
    except HydraException:
        if "" in [part.strip() for part in text.split(",")] or "choice()" in text:
            raise UserError(
                f"'{word}' has an empty axis: give it values, such as {key}=a,b."
            ) from None
        raise UserError(
            f"'{word}' cannot be read: put text with commas, quotes, brackets or signs in "
            f"quotes, such as {key}=\"'some text'\"."
        ) from None
    return one


def parse_study(words: Sequence[str]) -> list[Asked | Swept]:
    """Arguments of a study: what varies becomes an axis, the rest is as ever."""
    from sim.door.axes import Swept
    from sim.errors import UserError

    found: list[Asked | Swept] = []
    for word in words:
        one = read_override(word)
        key, _, text = word.partition("=")
        if not one.is_sweep_override():
            found += parse([word])
        elif one.is_interval_sweep():
            sweep = one.value()
            found.append(Swept(key=key, text=text, interval=(sweep.start, sweep.end),
                               log="log" in sweep.tags))  # fmt: skip
        elif one.is_range_sweep() or isinstance(getattr(one.value(), "list", None), list):
            found.append(Swept(key=key, text=text, values=tuple(listed(one, key))))
        else:
            raise UserError(f"'{word}': list the values, such as {key}=a,b.")
    return found


def listed(one: Any, key: str) -> Iterator[Asked]:
    """The values of a list or a range, after its size has been looked at."""
    from hydra.core.override_parser.types import QuotedString

    from sim.door.axes import refuse_endless
    from sim.door.overrides import Asked
    from sim.errors import UserError

    sweep = one.value()
    if one.is_range_sweep():
        if not all(math.isfinite(one) for one in (sweep.start, sweep.stop, sweep.step)):
            raise UserError(f"'{one.input_line}': a range goes from one finite number to another.")
        if not sweep.step:
            raise UserError(f"'{key}': a range needs a step that is not 0.")
        refuse_endless([key], [max(0, round((sweep.stop - sweep.start) / sweep.step))])
    else:
        refuse_endless([key], [len(sweep.list)])
    for item in sweep.range() if one.is_range_sweep() else sweep.list:
        if isinstance(item, QuotedString):
            yield Asked(key=key, value=item.text, text=item.text)
        else:
            value = float(f"{item:.12g}") if isinstance(item, float) else item
            yield Asked(key=key, value=value, text=str(one._get_value_element_as_str(value)))


@contextmanager
def composer(conf: Path) -> Iterator[Compose]:
    """Composes group choices into a tree of plain dictionaries.

    Policy is composed with Hydra's compose API, under a root that names no group of the world; an
    option of a world group is one file and no other file touches it, so that it is read as it is:
    Hydra would take a second over them (tests/door/test_parts.py holds this against Hydra alone).
    With `policy_alone` the world is left out; `alone(group, option)` reads one group, nothing else.
    """
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from sim.compose import option_of
    from sim.door.screen import policy_root, world_options
    from sim.errors import UserError

    world = world_options(conf)

    def composed(choices: Mapping[str, str], policy_alone: bool) -> Mapping[str, Any]:
        tree = read(POLICY_ROOT, [f"{key}={one}" for key, one in choices.items()
                                  if key not in world])  # fmt: skip
        if policy_alone:
            return tree
        chosen = {group: choices.get(group, option) for group, option in world.items()}
        return {**tree, **{one: option_of(conf, one, option) for one, option in chosen.items()}}

    def alone(group: str, option: str) -> Mapping[str, Any]:
        """The section of one group, without reading any other file."""
        if group in world:
            return {group: option_of(conf, group, option)}
        return read(f"{group}/{option}", [])

    def read(name: str, words: list[str]) -> Mapping[str, Any]:
        try:
            tree = compose(name, words)
            plain = OmegaConf.to_container(tree, resolve=False)
        except (HydraException, OmegaConfBaseException) as error:
            reason = " ".join(str(error).split())
            raise UserError(f"The configuration cannot be composed: {reason}") from None
        assert isinstance(plain, dict)
        return {str(key): node for key, node in plain.items()}

    composed.alone = alone  # type: ignore[attr-defined]
    GlobalHydra.instance().clear()  # a notebook or an earlier call may have left one open
    ConfigStore.instance().store(name=POLICY_ROOT, node=policy_root(conf))
    with initialize_config_dir(str(conf), version_base="1.3", job_name="sim"):
        yield composed


if __name__ == "__main__":
    sys.exit(main())
