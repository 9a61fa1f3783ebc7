"""Numbers and verdicts as people write them: two or three figures, minus signs, k and M, units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.errors import counted
from sim.report.context import Context
from sim.report.reading import Reading, Span, headline
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
    "reach_per_hour": ("reaches", "target people per staff hour"),
}


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
    if span.lo is None or span.hi is None or span.hi == span.lo:
        return most - 1
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


def estimate_text(span: Span, unit: str) -> str:
    """+3.1 %; an exact zero reads 0."""
    if span.mean is None:
        return "no value"
    decimals = shared_decimals(span, unit)
    if span.mean and decimals < 0:  # a lopsided interval may be far wider than the estimate
        decimals = max(decimals, min(0, -magnitude(span.mean)))
    return join(fixed(span.mean, decimals, sign="+" if span.mean else "-"), unit)


def interval_text(span: Span, unit: str, named: bool = True) -> str | None:
    """From -2.3 to +9.4 %, or None where no interval was given."""
    if span.lo is None or span.hi is None:
        return None
    decimals = shared_decimals(span, unit)
    lo, hi = (fixed(end, decimals, sign="+" if end else "-") for end in (span.lo, span.hi))
    return join(f"{lo} to {hi}", unit if named else "")


def join(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()


def difference_text(reading: Reading) -> str:
    """The estimate with its interval in brackets, or the statement that there is none."""
    if reading.identical:
        return "exactly 0"
    span, unit = difference_span(reading)
    interval = interval_text(span, unit)
    tail = "no interval" if interval is None else f"95 %: {interval}"
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
    size = fixed(abs(span.mean or 0.0), shared_decimals(span, unit))
    return f"{join(size, unit if unit in ('%', 'points') else '')} " + (
        "more" if (span.mean or 0.0) >= 0 else "fewer"
    )


def comparison(lead: Reading, tested: str, base: str) -> str:
    """The body of the answer, without doubt or verdict."""
    verb, what = LEADS.get(lead.name, ("", ""))
    if lead.identical:
        subject = f"the same number of {what}" if what else f"the same {lead.label.lower()}"
        return f"{tested} gives exactly {subject} as {within(base)}"
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
    lo, hi, limit = lead.difference.lo, lead.difference.hi, worth * abs(lead.against.mean or 0.0)
    if lo is not None and hi is not None and min(abs(lo), abs(hi)) > limit:
        return f"by more than {margin}"
    return f"though perhaps by less than {margin}"


def answer_sentence(summary: Mapping[str, Any], context: Context) -> str:
    """The answer on the objective, in one sentence, doubt included."""
    lead, (tested, base) = headline(summary), arms(summary, context)
    worlds = int(summary["worlds"])
    if lead.identical:
        return f"{comparison(lead, tested, base)}: no difference in any world."
    interval = interval_text(*difference_span(lead))
    doubt = " (no interval)" if interval is None else f" (95 %: {interval})"
    if lead.scenario.mean == 0:
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
