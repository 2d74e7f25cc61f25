"""The expected range of a metric, learned from its past.

An estimate of our own of what CloudWatch's ANOMALY_DETECTION_BAND would show, made from what AWS
tells of it: the model behind it is not public. Causal: only the past decides (see `estimate`).
"""

from alerting.band.estimate import Band, learn_band
from alerting.band.settings import BandSettings

__all__ = ["Band", "BandSettings", "learn_band"]
