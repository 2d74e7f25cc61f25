"""What the values of a metric can be."""

import doctest

import pytest

from alerting.cloudwatch import bounds as module
from alerting.cloudwatch.bounds import bounds


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (("AWS/EC2", "CPUUtilization", "Average"), (0.0, 100.0)),
        (("AWS/EC2", "CPUUtilization", "p99"), (0.0, 100.0)),
        (("AWS/EC2", "CPUUtilization", "Sum"), (0.0, None)),
        (("AWS/EC2", "CPUUtilization", "SampleCount"), (0.0, None)),
        (("AWS/EC2", "NetworkIn", "Average"), (None, None)),
        (("AWS/ECS", "CPUUtilization", "Average"), (None, None)),
        (("Shop", "Latency", "PR(:300)"), (0.0, 100.0)),
        (("Shop", "Latency", "tc90"), (0.0, None)),
    ],
)
def test_a_percentage_ends_at_100_and_a_count_begins_at_0(metric, expected):
    assert bounds(*metric) == expected


def test_the_example_holds():
    assert doctest.testmod(module).failed == 0
