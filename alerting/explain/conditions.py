"""When alarms fire, in words: of a metric out of logs with what it is made of."""

from collections.abc import Mapping

from alerting.account import Account, Item, Kind
from alerting.cloudwatch import logs, words


class Conditions:
    """The conditions of an account's alarms."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._filters: dict[tuple[object, object], tuple[Item, str]] = {}
        for one in account.of(Kind.METRIC_FILTER):
            for metric in one.get("metricTransformations", ()):
                key = metric.get("metricNamespace"), metric.get("metricName")
                self._filters[key] = one, str(metric.get("metricValue"))
        found = account.of(Kind.LOG_DETECTOR)
        self._detectors = {one.get("detectorName"): one for one in found}

    def of(self, alarm: Item) -> str:
        """When an alarm fires."""
        return words.condition(alarm.data, called=self._called, named=self._label)

    def _label(self, ref: str) -> str:
        """What the one alarm of that name or ARN is called."""
        found = self._account.find(Kind.ALARM, ref)
        return found[0].label if len(found) == 1 else ref

    def _called(
        self, namespace: str, name: str, statistic: str, dimensions: Mapping[str, str]
    ) -> str:
        if (namespace, name) in self._filters:
            one, value = self._filters[namespace, name]
            group, pattern = str(one.get("logGroupName")), str(one.get("filterPattern"))
            return logs.filtered(statistic, value, group, pattern)
        detector = self._detectors.get(dimensions.get(logs.DETECTOR))
        if (namespace, name) == (logs.ANOMALIES, logs.ANOMALY_COUNT) and detector is not None:
            groups = detector.get("logGroupArnList")
            if isinstance(groups, list) and groups:
                return logs.odd(str(groups[0]), dimensions.get(logs.PRIORITY, ""))
        return words.subject(statistic, name, dimensions)
