#!/usr/bin/env python3
"""Prints the intervals that tests/analysis/bootstrap_test.cc expects, from SciPy's own BCa (python3-scipy)."""
import numpy as np
from scipy import stats

SKEWED = [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 11, 13, 16, 21, 30]
TCP = [62.3, 62.1, 74.8, 62.6, 63.0, 62.2, 77.1, 62.4, 72.9, 62.0, 61.9, 62.8]
UDP = [49.1, 60.2, 49.4, 48.9, 48.8, 49.6, 49.0, 61.3, 49.2, 48.7, 50.1, 49.3]


def fast(runs, axis=-1):
    return np.quantile(runs, 0.2, axis=axis)


def interval(samples, statistic, method="BCa"):
    n = len(samples[0])
    errors = stats.t.ppf(0.975, n - 1) * np.sqrt(n / (n - 1))  # Hesterberg's expansion.
    result = stats.bootstrap([np.array(sample) for sample in samples], statistic, paired=True, vectorized=False,
                             method=method, n_resamples=100_000, confidence_level=2 * stats.norm.cdf(errors) - 1,
                             random_state=1)
    return "{:.4f} [{:.4f}, {:.4f}]".format(statistic(*samples), *result.confidence_interval)


print("mean of skewed    ", interval([SKEWED], np.mean))
print("the same unmoved  ", interval([SKEWED], np.mean, "percentile"))
print("ratio, fast runs  ", interval([TCP, UDP], lambda a, b: fast(a) / fast(b)))
print("difference        ", interval([TCP, UDP], lambda a, b: fast(a) - fast(b)))
print("ratio of means    ", interval([TCP, UDP], lambda a, b: np.mean(a) / np.mean(b)))
print("their difference  ", interval([TCP, UDP], lambda a, b: np.mean(a) - np.mean(b)))
