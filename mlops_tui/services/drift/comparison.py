"""Compares two summaries column by column."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt

from mlops_tui.domain.drift.drift_limits import DriftLimits
from mlops_tui.domain.drift.drift_report import (
    JENSEN_SHANNON,
    WASSERSTEIN,
    DriftReport,
    FeatureDrift,
    FeatureKind,
    by_severity,
)
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.drift import category_effects, number_effects, p_values
from mlops_tui.services.drift.summary import (
    CategoryColumn,
    Column,
    NumberColumn,
    OtherColumn,
    Summary,
)

FEWEST = 10
"""Values that a verdict takes; fewer raise no alarm."""
NAMED_CATEGORIES = 20
"""New categories that a report names."""
LONGEST_LABEL = 60
USUAL = DriftLimits()


@dataclass(frozen=True, slots=True)
class Finding:
    """One effect of a column."""

    what: str
    """Empty for the distance, which the report has a column for."""
    effect: float
    excess: float
    """What is left of it without the noise that so few values make."""
    limit: float
    p: float
    n: int
    """The smaller number of values."""

    def is_drift(self, p_adjusted: float, level: float) -> bool:
        """Return whether it is above its limit, and more than noise explains."""
        return self.n >= FEWEST and self.excess > self.limit and p_adjusted <= level


@dataclass(frozen=True, slots=True)
class Compared:
    """A column with all that may be drift in it; the first finding is its effect, if it has one."""

    feature: FeatureDrift
    findings: tuple[Finding, ...] = ()


def compare(reference: Summary, current: Summary, limits: DriftLimits = USUAL) -> DriftReport:
    """Return how far the columns that both tables have are apart.

    A column has drifted if an effect (its distance, PSI, the share of missing values or of those
    out of range) is above its limit and is no chance: it still is above without its noise, and p
    is at most the level after Benjamini-Hochberg over all columns. Never by p alone.
    """
    shared = [name for name in reference.columns if name in current.columns]
    compared = [
        _compared(reference.columns[name], current.columns[name], limits) for name in shared
    ]
    return DriftReport(
        features=by_severity(_judged(compared, limits)),
        rows_reference=reference.rows,
        rows_current=current.rows,
        looked_at_reference=reference.looked_at,
        looked_at_current=current.looked_at,
        missing=tuple(name for name in reference.columns if name not in current.columns),
        additional=tuple(name for name in current.columns if name not in reference.columns),
    )


def _judged(compared: list[Compared], limits: DriftLimits) -> Iterable[FeatureDrift]:
    p_values_of_all = [finding.p for each in compared for finding in each.findings]
    p_adjusted = iter(p_values.adjusted(p_values_of_all))
    for each in compared:
        own = [(finding, next(p_adjusted)) for finding in each.findings]
        yield _verdict(each, own, limits.p)


def _verdict(each: Compared, own: list[tuple[Finding, float]], level: float) -> FeatureDrift:
    feature = each.feature
    if not own:
        return feature
    drifts = [finding for finding, p in own if finding.is_drift(p, level)]
    remarks = [feature.reason]
    remarks += [f"{it.what} {it.effect:.2g}, limit {it.limit:g}" for it in drifts if it.what]
    p_adjusted = None
    if feature.effect is not None:
        p_adjusted = own[0][1]
        fewest = min(feature.n_reference, feature.n_current)
        if fewest < FEWEST:
            remarks.append(f"too few values for a verdict ({fewest})")
        elif feature.effect > feature.limit and own[0][0] not in drifts:
            remarks.append("the effect is no more than noise with so few values")
    reason = "; ".join(filter(None, remarks))
    return replace(feature, drifted=bool(drifts), p_adjusted=p_adjusted, reason=reason)


def _compared(ours: Column, theirs: Column, limits: DriftLimits) -> Compared:
    if isinstance(ours, NumberColumn) and isinstance(theirs, NumberColumn):
        return _compared_numbers(ours, theirs, limits)
    if isinstance(ours, CategoryColumn) and isinstance(theirs, CategoryColumn):
        return _compared_categories(ours, theirs, limits)
    blank = _blank(ours, theirs, limits)
    if isinstance(ours, OtherColumn) and ours.reason:
        return Compared(replace(blank, reason=ours.reason))
    sides = (("reference", ours), ("current table", theirs))
    empty = [where for where, each in sides if isinstance(each, OtherColumn) and not each.reason]
    if empty:
        reason = f"no values in the {' and the '.join(empty)}"
        return Compared(replace(blank, reason=reason), (_of_nulls(ours, theirs, limits),))
    now = theirs.reason if isinstance(theirs, OtherColumn) else theirs.facts.dtype
    reason = f"{ours.facts.dtype} in the reference, now {now}"
    return Compared(replace(blank, drifted=True, reason=reason))


def _compared_numbers(ours: NumberColumn, theirs: NumberColumn, limits: DriftLimits) -> Compared:
    blank = _blank(ours, theirs, limits)
    remarks = _remarks(theirs)
    nulls = _of_nulls(ours, theirs, limits)
    reference, current = ours.numbers, theirs.numbers
    if not len(reference.values) or not len(current.values):
        reason = "; ".join((*remarks, "no finite values to compare"))
        return Compared(replace(blank, reason=reason), (nulls,))
    found = number_effects.effects(reference, current)
    p = p_values.p_of_ks(found.ks, reference.total, current.total)
    psi, psi_noise = number_effects.stability_index(reference, current)
    outside, n, m = _outside(ours, theirs), _count(theirs), _count(ours)
    out_of_range, fewest = outside / n, min(n, m)
    if reference.values[0] == reference.values[-1]:
        remarks.append("constant in the reference")
    feature = replace(
        blank,
        effect=found.wasserstein,
        noise=found.noise,
        p=p,
        psi=psi,
        out_of_range=out_of_range,
        quantiles_reference=number_effects.quantiles(reference),
        quantiles_current=number_effects.quantiles(current),
        histogram=number_effects.histogram(reference, current),
        reason="; ".join(remarks),
    )
    beyond = p_values.p_of_outside(outside, n, m)
    findings = (
        Finding(
            "", found.wasserstein, _excess(found.wasserstein, found.noise), blank.limit, p, fewest
        ),
        Finding("PSI", psi, psi - psi_noise, limits.psi, p, fewest),
        Finding("out of range", out_of_range, out_of_range, limits.out_of_range, beyond, fewest),
        nulls,
    )
    return Compared(feature, findings)


def _compared_categories(
    ours: CategoryColumn, theirs: CategoryColumn, limits: DriftLimits
) -> Compared:
    import numpy as np

    blank = _blank(ours, theirs, limits)
    counted = dict(zip(theirs.labels, theirs.counts.tolist(), strict=True))
    known = frozenset(ours.labels)
    new = [label for label in theirs.labels if label not in known]
    labels = [*ours.labels, *new]
    reference = np.concatenate((ours.counts, np.zeros(len(new), np.int64)))
    current = np.array([counted.get(label, 0) for label in labels], np.int64)
    distance = category_effects.jensen_shannon(reference, current)
    noise = category_effects.noise_of_categories(reference, current)
    p = p_values.p_of_counts(reference, current)
    psi, _noise = number_effects.psi_of_counts(reference, current)
    feature = replace(
        blank,
        effect=distance,
        noise=noise,
        p=p,
        psi=psi,
        new_categories=tuple(one_line(label, LONGEST_LABEL) for label in new[:NAMED_CATEGORIES]),
        new_category_count=len(new),
        histogram=category_effects.histogram(labels, reference, current),
    )
    fewest = min(feature.n_reference, feature.n_current)
    findings = (
        Finding("", distance, _excess(distance, noise), blank.limit, p, fewest),
        _of_nulls(ours, theirs, limits),
    )
    return Compared(feature, findings)


def _excess(effect: float, noise: float) -> float:
    """Return what is left of a distance without noise, which adds to its square."""
    return sqrt(max(0.0, effect**2 - noise**2))


def _blank(ours: Column, theirs: Column, limits: DriftLimits) -> FeatureDrift:
    """Return the column with nothing but its counts."""
    compared = theirs if isinstance(ours, OtherColumn) else ours
    is_number = isinstance(compared, NumberColumn)
    kind = FeatureKind.NUMBER if is_number else FeatureKind.CATEGORY
    name = ours.facts.name
    return FeatureDrift(
        name=name,
        kind=kind,
        drifted=False,
        effect=None,
        measure=WASSERSTEIN if is_number else JENSEN_SHANNON,
        limit=limits.of_effect(name, kind),
        p=None,
        psi=None,
        n_reference=_count(ours),
        n_current=_count(theirs),
        nulls_reference=_share(ours),
        nulls_current=_share(theirs),
        dtype=ours.facts.dtype,
    )


def _share(column: Column) -> float:
    return column.facts.nulls / column.facts.rows if column.facts.rows else 0.0


def _of_nulls(ours: Column, theirs: Column, limits: DriftLimits) -> Finding:
    n, m = theirs.facts.rows, ours.facts.rows
    if not n or not m:
        return Finding("missing values differ by", 0.0, 0.0, limits.nulls, 1.0, 0)
    difference = abs(_share(theirs) - _share(ours))
    both = (theirs.facts.nulls + ours.facts.nulls) / (n + m)
    excess = _excess(difference, sqrt(both * (1 - both) * (1 / n + 1 / m)))
    p = p_values.p_of_shares(theirs.facts.nulls, n, ours.facts.nulls, m)
    return Finding("missing values differ by", difference, excess, limits.nulls, p, min(n, m))


def _count(column: Column) -> int:
    return column.facts.rows - column.facts.nulls


def _outside(ours: NumberColumn, theirs: NumberColumn) -> float:
    """Return how many of theirs are outside our range; infinite ones unless we have such, too."""
    import numpy as np

    low = -np.inf if ours.infinite[0] else float(ours.numbers.values[0])
    high = np.inf if ours.infinite[1] else float(ours.numbers.values[-1])
    infinite = (count for own, count in zip(ours.infinite, theirs.infinite, strict=True) if not own)
    return theirs.numbers.outside(low, high) + sum(infinite)


def _remarks(theirs: NumberColumn) -> list[str]:
    found = []
    if theirs.unreadable:
        found.append(f"{theirs.unreadable:,} values are no numbers")
    if infinite := sum(theirs.infinite):
        found.append(f"{infinite:,} infinite values")
    return found
