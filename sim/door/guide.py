"""The help text; imported before anything heavy, so that --help answers at once."""

from __future__ import annotations

import re

HELP = """\
Demarche: which way of posting serves a foreign ministry's network best?

  python -m sim scenario=NAME [key=value ...]        (or: demarche scenario=NAME ...)

Runs the scenario and the one it is compared with in the same worlds, prints the answer and
writes figures and tables to results/.

Tasks
  task=run       run the comparison (the default)
  task=rank      leagues of ministries and missions by followers, reach and impact
  task=list      scenarios and groups, each with its question
  task=explain   what a key, section, group or option means: task=explain key=sharing.p0,
                 key=tone, key=tone=witty
  task=check     check the configuration, estimate time and memory, without running
  task=validate  the trust card: published patterns and facts held out, what agrees, what not
  task=curve     how much a policy gains with investment, from low to high (docs/studies.md)
  task=map       in which circumstances one policy beats another, over two numbers of the world
  task=robust    whether a verdict survives other forms of the model: kinds of opinion, feeds, decay
  task=why       what makes two policies differ: timing, volume, quality, latency, framing
  task=calibrate fit parameters to the published patterns; long, and goes on where it was
  task=import    tables from exports of your own accounts: from=FOLDER (docs/own_data.md)
  task=backcast  the second half of their past from the first: data=FOLDER, as imported
  task=calibrate data=FOLDER: parameters of your own accounts from their past, as imported

Policy: what the tested arm does, and the other does not
  scenario=      status_quo proactive reactive mixed adaptive silent headquarters_only
                 witty sharp cultural_local serious_investment concentrate_on_top_15
                 floor_for_all clearance_bound autonomous rebuttal pre_emption sister_sharing
                 ally_asymmetry cross_platform cross_platform_repetition (with platforms=several)
                 hashtag_join hashtag_launch hashtag_hijacked (with tags=open)
  posture=       table reactive proactive mixed adaptive silent headquarters_only
  tone=          table formal informal witty sharp cultural imitate
  language=      table local common bilingual
  investment=    low medium high hours fte schedule schedule_hours concentrate floor
  training=      none share                     exchange=  none network region
  clearance=     table central autonomous       tone_cap=  none by_rank
  rebuttal= answering= sister_sharing= pre_emption=   (task=list says what)
  notification=  none push (of citizens in a crisis; needs crisis=DATE)
  crossposting=  none all listed livestreams (with platforms=several)
  tagging=       none join launch (with tags=open or tags=contested)
  policy.*       single values, such as posture=mixed policy.posture.rho=0.4

World: the same for both arms
  against=       the scenario to compare with (status_quo)
  audience=      readers (2.64 million people), small (20,000), readers_44m
  network=       default, middle (a fictitious ministry)
  contamination= none, light, heavy: false accounts inflate counts of others
  network.table= a table of your own accounts
  circumstance=  none rising_interest rival_surge late_loud_ally star_post leaders_news
                 tag_hijack
                 (a scenario of that name: in the tested arm alone)
  website=       none linked
  tags=          none open contested (people look at tags; rivals take ours up)
  platforms=     one, several (platforms.used=telegram+facebook)
  feed= decay= opinion=   kinds of feed, of passing attention, of minds (task=list says what)
  days=          measured days (90)              start=   first day (2016-01-04)
  objective=     the measure that leads the answer (target_reach)
  fair=          what both arms have alike: hours, volume, quality (attention: a diagnostic)
  steelman=true  tune both sides on other worlds first, so that neither is a straw man
  worlds=        paired worlds (auto)            seed=    root of all luck (1)
  parameters=    prior (drawn from wide ranges), central (none drawn), posterior (rows of a
                 calibration, by task=calibrate: posterior=FILE; docs/trust.md)
  workers=       processes (auto)                results= folder (results)
  Every key of task=explain can be set: sharing.p0=0.01 fixes that parameter.

Studies: many points in the same worlds, one result (docs/studies.md)
  -m             scenario=reactive,proactive tone=formal,witty: every combination
                 "policy.posture.rho=interval(0,1)", in quotes: sampled (study.design,
                 study.samples)
  study.name=    its folder results/studies/NAME; the same command goes on where it was
  study.precision= look at 16, 32, 64, ... worlds until intervals are so narrow
  experiment=    a study written down in experiments/NAME

Examples
  python -m sim scenario=proactive
  python -m sim scenario=reactive tone=witty
  python -m sim scenario=proactive against=reactive audience=small days=14 worlds=4
  python -m sim task=explain key=policy
"""

SWEEPS = (
    "Sweeps are studies: add -m to run every point in the same worlds. Else give each key one "
    "value."
)
COMMA = re.compile(r"[-+]?\d+,\d+")
DECIMALS = " Decimals take a point, such as 0.5."


def wants_help(arguments: list[str]) -> bool:
    """Whether somebody asks what this is, in any of the usual ways."""
    return not arguments or any(word in ("-h", "--help", "help") for word in arguments)


def wants_version(arguments: list[str]) -> bool:
    """Whether somebody asks for the version."""
    return any(word in ("--version", "-V", "version") for word in arguments)


def version() -> str:
    """The version of the distribution, or of the checkout where none is installed."""
    import tomllib
    from importlib import metadata
    from pathlib import Path

    try:
        return metadata.version("demarche")
    except metadata.PackageNotFoundError:
        described = Path(__file__).resolve().parents[2] / "pyproject.toml"
        text = described.read_text(encoding="utf-8") if described.is_file() else ""
        return str(tomllib.loads(text).get("project", {}).get("version", "unknown"))
