"""Numbers and verdicts as people write them: two or three figures, minus signs, k and M, units."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from sim.errors import counted
from sim.report.context import Context
from sim.report.reading import Reading, Span, headline, readings
from sim.study.verdict import NOT_JUDGED, no_verdict

MINUS, DASH = "\u2212", "\u2013"
HARD_SPACE = "\u00a0"
MARKS = {"better": "▲", "worse": "▼", "equivalent": "=", "too close to call": "?"}
LEADS = {  # measure: (verb, what of it) for "A <verb> 3 % more <what> than B"
    "target_reach": ("reaches", "people in the target public"),
    "unique_reach": ("reaches", "people"),
    "frequent_reach": ("reaches", "people of the target public three times or more"),
    "impressions": ("earns", "impressions"),
    "shares": ("earns", "shares"),
    "likes": ("earns", "likes"),
    "followers_gained": ("gains", "followers"),
    "reach_per_hour": ("reaches", "target people per 1,000 staff hours"),
    "impressions_tags": ("earns", "impressions under tags"),
    "backlash": ("draws", "hostile shares per 1,000 impressions"),
}
SHARES = {  # measure: (verb, of what) for "A <verb> 64.6 % <of what>, 64.1 points more than B"
    "citizens_informed": ("informs", "of the citizens in the country of the crisis"),
    "first_frame_share": ("wins", "of the first frames"),
}
TIMED = {"hours_to_reach_50": "half the citizens", "hours_to_reach_90": "90 % of the citizens"}
CUT = re.compile(r"Censored in (\d+) of \d+ worlds of the tested arm and (\d+) of the other")


def rounded(value: float, figures: int = 3) -> float:
    """The value to so many significant figures."""
    if value == 0:
        return 0.0
    return round(value, figures - 1 - math.floor(math.log10(abs(value))))


def plain(value: float | None, figures: int = 3) -> str:
    """A quantity: 1.23 M, 412,000, 41.2, 0.0041."""
    if value is None:
        return "no value"
    value = rounded(value, figures)
    size = abs(value)
    for limit, sign in ((1e9, " bn"), (1e6, " M")):
        if size >= limit:
            return fixed(value / limit, decimals_of(value / limit, figures)) + sign
    if size and size < 1e-5:
        return f"{value:.1e}".replace("-", MINUS)
    return fixed(value, 0 if value == int(value) else decimals_of(value, figures))


def magnitude(value: float) -> int:
    """The place of the first figure: 1 for 45, -2 for 0.045."""
    return math.floor(math.log10(abs(value)))


def decimals_of(value: float, figures: int) -> int:
    """Decimals that show so many significant figures."""
    return max(0, figures - 1 - math.floor(math.log10(abs(value)))) if value else 0


def fixed(value: float, decimals: int, sign: str = "-") -> str:
    """Fixed decimals with thousands separators and a true minus."""
    if decimals < 0:
        value = round(value, decimals)
    return f"{value:{sign},.{max(0, decimals)}f}".replace("-", MINUS)


def shared_decimals(span: Span, unit: str = "") -> int:
    """Decimals that an estimate and its interval share; per cent never have more than two."""
    return min(2, width_decimals(span)) if unit in ("%", "points") else width_decimals(span)


def width_decimals(span: Span) -> int:
    """Two figures of the half-width, three of the largest number at most."""
    known = [abs(end) for end in (span.mean, span.lo, span.hi) if end]
    if not known:
        return 0
    most = 2 - math.floor(math.log10(max(known)))
    if span.lo is None or span.hi is None:
        return most - 1
    if span.hi == span.lo:  # known exactly
        return most
    return min(most, 1 - math.floor(math.log10((span.hi - span.lo) / 2)))


def is_share(unit: str) -> bool:
    return unit == "share"


def value_text(value: float | None, unit: str) -> str:
    """A value of an arm; a share is shown in per cent."""
    if value is not None and is_share(unit):
        return plain(100 * value) + " %"
    return plain(value)


def unit_text(label: str, unit: str) -> str:
    """The unit where the label does not already say it."""
    if is_share(unit):
        return "% of all"
    return "" if unit.lower() in label.lower() else unit


def difference_span(reading: Reading) -> tuple[Span, str]:
    """The paired difference as shown, with its unit: per cent, points, or the measure's own."""
    if is_share(reading.unit):
        return reading.difference.times(100), "points"
    if reading.relative is not None:
        return reading.relative.times(100), "%"
    return reading.difference, reading.unit


def own_decimals(value: float, shared: int) -> int:
    """Those of the interval, and up to one more where a number would read as nothing: a wide or
    lopsided interval may be far wider than its estimate, or than one of its ends."""
    if not value:
        return shared
    wanted = max(shared, min(max(1, shared + 1), -magnitude(value)))
    return wanted if round(value, wanted) else shared


def signed(value: float, shared: int) -> str:
    """+3.1; a zero, exact or after rounding, has no sign."""
    decimals = own_decimals(value, shared)
    some = round(value, decimals) != 0
    return fixed(value if some else 0.0, decimals, sign="+" if some else "-")


def estimate_text(span: Span, unit: str) -> str:
    """+3.1 %; an exact zero reads 0."""
    if span.mean is None:
        return "no value"
    return join(signed(span.mean, shared_decimals(span, unit)), unit)


def interval_text(span: Span, unit: str, named: bool = True) -> str | None:
    """From -2.3 to +9.4 %, or None where no interval was given."""
    if span.lo is None or span.hi is None:
        return None
    lo, hi = (signed(end, shared_decimals(span, unit)) for end in (span.lo, span.hi))
    return join(f"{lo} to {hi}", unit if named else "")


def join(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()


def difference_text(reading: Reading, level: str) -> str:
    """The estimate with its interval in brackets, or the statement that there is none."""
    if reading.identical:
        return "exactly 0"
    span, unit = difference_span(reading)
    interval = interval_text(span, unit)
    tail = "no interval" if interval is None else f"{level}: {interval}"
    return f"{estimate_text(span, unit)} ({tail})"


def name_of(name: str) -> str:
    """A scenario's name for a heading."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def arms(summary: Mapping[str, Any], context: Context) -> tuple[str, str]:
    """The headings of the tested arm and of the one it is compared with."""
    tested = context.scenario_label or name_of(summary["scenario"])
    base = context.against_label or name_of(summary["against"])
    return (f"{tested} (tested)", f"{base} (against)") if tested == base else (tested, base)


def within(name: str) -> str:
    """An arm's heading inside a sentence: "the status quo", "reactive"."""
    return "the status quo" if name == "Status quo" else name[:1].lower() + name[1:]


def verdict_text(reading: Reading, worlds: int) -> str:
    """The verdict in words, also where there is none."""
    if reading.better == "none":
        return NOT_JUDGED
    if reading.verdict:
        return reading.verdict
    return "no verdict: one world" if worlds <= 1 else no_verdict(reading.why_no_interval)


def wins_text(reading: Reading, worlds: int) -> str:
    """29 of 32, or a dash where winning means nothing."""
    if reading.wins is None or reading.better == "none":
        return DASH
    return f"{reading.wins} of {worlds}"


def title_of(summary: Mapping[str, Any], context: Context) -> str:
    """The finding as the title of a figure: "Proactive: +3 % target reach, too close to call"."""
    return finding(headline(summary), arms(summary, context)[0], int(summary["worlds"]))


def finding(one: Reading, tested: str, worlds: int) -> str:
    """One measure's finding in a line."""
    what = "target reach" if one.name == "target_reach" else one.label.lower()
    if one.identical:
        return f"{tested}: no difference in {what}"
    told = f"{tested}: {estimate_text(*difference_span(one))} {what}"
    return (
        f"{told} in one world, no verdict"
        if worlds <= 1
        else (f"{told}, {verdict_text(one, worlds)}")
    )


def amount(lead: Reading) -> str:
    """3.1 % more, 12 % fewer: the estimate without its sign."""
    span, unit = difference_span(lead)
    mean = abs(span.mean or 0.0)
    size = fixed(mean, own_decimals(mean, shared_decimals(span, unit)))
    return f"{join(size, unit if unit in ('%', 'points') else '')} " + (
        "more" if (span.mean or 0.0) >= 0 else "fewer"
    )


def comparison(lead: Reading, tested: str, base: str) -> str:
    """The body of the answer, without doubt or verdict."""
    verb, what = LEADS.get(lead.name, ("", ""))
    if lead.identical:
        subject = f"the same number of {what}" if what else f"the same {lead.label.lower()}"
        return f"{tested} gives exactly {subject} as {within(base)}"
    if lead.name in TIMED:
        return timed(lead, tested, base)
    if lead.name in SHARES:
        verb, what = SHARES[lead.name]
        level = value_text(lead.scenario.mean, lead.unit)
        return f"{tested} {verb} {level} {what}, {amount(lead)} than {within(base)}"
    if not verb:
        span, unit = difference_span(lead)
        return (
            f"{tested} changes {lead.label.lower()} by {estimate_text(span, unit)} "
            f"against {within(base)}"
        )
    if lead.scenario.mean == 0:
        there = value_text(lead.against.mean, lead.unit)
        return f"{tested} {verb} no {what}, where {within(base)} {verb} {there}"
    return f"{tested} {verb} {amount(lead)} {what} than {within(base)}"


def timed(lead: Reading, tested: str, base: str) -> str:
    """How much sooner; at least so much where the run ended before the other arm was there."""
    gap = lead.difference.mean or 0.0
    size = fixed(abs(gap), shared_decimals(lead.difference))
    found = CUT.search(lead.note)
    ours, theirs = (int(one) for one in found.groups()) if found else (0, 0)
    least = "at least " if gap < 0 and theirs and not ours else ""
    told = (
        f"{tested} reaches {TIMED[lead.name]} {least}{size} hours "
        f"{'sooner' if gap < 0 else 'later'} than {within(base)}"
    )
    if not ours:
        return told
    return f"{told}, timed to the end of the run where it came first"


def judgement(lead: Reading, worlds: int, worth: float) -> str:
    """The verdict as the end of the answer."""
    count = "" if lead.wins is None else f"in {lead.wins} of {counted(worlds, 'world')}"
    wins, ahead = (f"; {word} {count}" if count else "" for word in ("better", "ahead"))
    if lead.verdict is None:
        if worlds > 1 and "too few" in lead.why_no_interval:
            return f"{verdict_text(lead, worlds)} ({lead.why_no_interval.rpartition(': ')[2]})"
        reason = (
            "one world cannot tell luck from policy"
            if worlds <= 1
            else (lead.why_no_interval or "no honest interval could be given")
        )
        return f"no verdict, since {reason}"
    level = plain(100 * worth)
    size = sureness(lead, worth, f"the {level} % worth acting on")
    told = {
        "better": f"better, {size}{ahead}",
        "worse": f"worse, {size}{ahead}",
        "equivalent": f"equivalent, since any difference is below the {level} % worth acting on",
        "too close to call": f"too close to call{wins}",
    }
    return told.get(lead.verdict, lead.verdict + wins)


def sureness(lead: Reading, worth: float, margin: str) -> str:
    """How a clear difference lies to the margin: beyond it with its whole interval, or not."""
    span, limit = lead.difference, worth * abs(lead.against.mean or 0.0)
    if lead.relative is not None:
        span, limit = lead.relative, worth
    lo, hi = span.lo, span.hi
    if lo is not None and hi is not None and min(abs(lo), abs(hi)) > limit:
        return f"by more than {margin}"
    return f"though perhaps by less than {margin}"


def leads(summary: Mapping[str, Any], context: Context) -> list[Reading]:
    """The measures of the answer: those that answer the question, then the one that leads."""
    known, usual = readings(summary), headline(summary)
    named = [known[name] for name in context.answers if name in known]
    return named + [usual] * (usual.name not in context.answers)


def answer_sentence(summary: Mapping[str, Any], context: Context) -> str:
    """The answer, one sentence a measure, doubt included."""
    both, worlds = arms(summary, context), int(summary["worlds"])
    return " ".join(told_of(one, both, worlds, context) for one in leads(summary, context))


def told_of(lead: Reading, both: tuple[str, str], worlds: int, context: Context) -> str:
    """One measure of the answer in a sentence."""
    tested, base = both
    if lead.name in TIMED and lead.identical and lead.why_no_interval:
        return f"{lead.label}: no answer, since {lead.why_no_interval}."
    if lead.identical:
        return f"{comparison(lead, tested, base)}: no difference in any world."
    span, unit = difference_span(lead)
    if lead.name in TIMED:
        span, unit = lead.difference, lead.unit
    interval = interval_text(span, unit)
    doubt = " (no interval)" if interval is None else f" ({context.level}: {interval})"
    if lead.scenario.mean == 0 and lead.name in LEADS:
        doubt = ""  # nothing at all: the interval would only be that of the other arm
    told = f"{comparison(lead, tested, base)}{doubt}"
    if context.diagnostic:
        return f"{told}: a diagnostic that recommends nothing, since {context.diagnostic}."
    verdict = judgement(lead, worlds, context.worth)
    return f"{told}{stop(verdict)} {verdict}."


def stop(verdict: str) -> str:
    """What stands between a difference and its verdict: no colon before another."""
    return ";" if ":" in verdict else ":"


def bound(text: str) -> str:
    """Keep a number and its sign or unit on one line."""
    for sign in ("%", "M", "bn", "sd", "points"):
        text = text.replace(f" {sign}", HARD_SPACE + sign)
    return text
