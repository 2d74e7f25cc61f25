"""What a metric needs to be published at all."""

from functools import cache

from alerting.catalog.catalogue import services_with


def requirement(namespace: str, metric: str, region: str) -> str | None:
    """What must be so for a metric to have datapoints, as far as the catalogue knows.

    Args:
        namespace: For example `AWS/AutoScaling`.
        metric: For example `GroupInServiceInstances`.
        region: Where it is looked for.

    Returns:
        Words that say what must be switched on, or where to look instead; None: nothing is known.
    """
    needs, only_in = _needs(namespace).get(metric, ("", None))
    if only_in not in (None, region):
        return f"a stack in {only_in}: metrics of {namespace} are there only"
    return needs or None


@cache
def _needs(namespace: str) -> dict[str, tuple[str, str | None]]:
    """What must be switched on and the only Region, by metric."""
    return {
        metric.name: (preset.needs, preset.region)
        for service in services_with(namespace)
        for preset in service.presets.values()
        if preset.namespace == namespace and (preset.needs or preset.region)
        for metric in preset.metrics.values()
    }
