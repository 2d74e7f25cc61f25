"""What holds for any stack file: refused ones say where, accepted ones can be deployed."""

import re
from collections import Counter
from typing import Any

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.program import deploy
from alerting.recording import record
from alerting.settings import Settings, SettingsError
from alerting.settings.models import (
    Alarm,
    Band,
    Math,
    Metric,
    Receiver,
    SecretRef,
    Severity,
    Threshold,
)

PLACE = {"account_id": "123456789012", "region": "us-east-1"}
NAMES = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", r"[\x20-\x7e]{1,255}"),
    "aws:iam/role:Role": ("name", r"[\w+=,.@-]{1,64}"),
    "aws:kms/alias:Alias": ("name", r"alias/[\w/-]{1,250}"),
    "aws:lambda/permission:Permission": ("statementId", r"[\w-]{1,100}"),
    "aws:sns/topic:Topic": ("name", r"[\w-]{1,256}"),
    "aws:sqs/queue:Queue": ("name", r"[\w-]{1,80}"),
}
"""By type, the output that holds the physical name, and what AWS accepts as one."""

# Few letters, so that names meet; some as long as the rules allow, so that limits are met.
short = st.from_regex(r"[ab][ab-]{0,3}", fullmatch=True)
long = st.sampled_from([37, 41, 63]).map("x".__mul__)
names = st.one_of(short, short, short, long)

receivers = st.sampled_from(
    [
        {"protocol": "email", "endpoint": "oncall@example.com"},
        {"protocol": "https", "endpoint": "https://example.com/alarms", "deadLetter": False},
        {"protocol": "sqs", "endpoint": "arn:aws:sqs:eu-west-1:123456789012:q", "raw": True},
        {
            "protocol": "sqs",
            "endpoint": "arn:aws:sqs:us-east-1:123456789012:q",
            "queuePolicy": "own",
        },
        {"protocol": "lambda", "endpoint": "arn:aws:lambda:us-east-1:123456789012:function:f"},
        {
            "protocol": "firehose",
            "endpoint": "arn:aws:firehose:us-east-1:123456789012:deliverystream/d",
        },
    ]
)
alarms = st.sampled_from(
    [
        {"metric": {"namespace": "N", "name": "M"}, "threshold": {"above": 0.5}},
        {"metric": {"namespace": "N", "name": "M", "statistic": "p99"}, "band": {"width": 2.5}},
        {
            "math": {"expression": "a", "using": {"a": {"namespace": "N", "name": "M"}}},
            "band": {},
        },
    ]
)
likely = st.fixed_dictionaries(
    {
        "receivers": st.dictionaries(names, receivers, min_size=1, max_size=3),
        "alarms": st.dictionaries(
            st.text("ab. /~", min_size=1, max_size=4) | st.just("x" * 251),
            alarms,
            min_size=1,
            max_size=3,
        ),
        "severities": st.dictionaries(names, st.just({}), max_size=2).map(
            lambda more: {**more, "notify": {}}
        ),
        "topicName": st.sampled_from(["{stack}-alerts", "t" * 200]),
    }
)
"""Stack files of which most are accepted."""

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
words = st.sampled_from(
    [
        field.alias or name
        for model in (Alarm, Metric, Math, Threshold, Band, Receiver, SecretRef, Severity)
        for name, field in model.model_fields.items()
    ]
)
sections = st.dictionaries(
    names,
    st.dictionaries(words, st.dictionaries(words, anything, max_size=3) | anything, max_size=4)
    | anything,
    max_size=3,
)
unlikely = st.fixed_dictionaries(
    {},
    optional={
        "receivers": sections,
        "alarms": sections,
        "severities": sections,
        "tags": anything,
        "topicName": anything,
    },
)
"""Stack files that are all but right."""


@given(unlikely)
@settings(max_examples=100)
def test_whatever_is_refused_is_refused_with_a_path(config: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.parse(config, stack="dev", place=PLACE)
    assert refused.value.problems
    assert all(problem.path for problem in refused.value.problems)


@given(likely, st.sampled_from(["dev", "s" * 30]))
@settings(max_examples=25)
def test_whatever_is_accepted_deploys_under_unique_names_that_aws_accepts(
    config: dict[str, Any], stack: str
) -> None:
    try:
        accepted = Settings.parse(config, stack=stack, place=PLACE)
    except SettingsError:
        return

    deployment = record(lambda: deploy(accepted, pulumi.Config("p")), project="p", stack=stack)

    for token, (key, form) in NAMES.items():
        made = [resource.outputs[key] for resource in deployment.of_type(token)]
        assert all(re.fullmatch(form, name, re.ASCII) for name in made)
        assert not [name for name, count in Counter(made).items() if count > 1]


def test_most_likely_stack_files_are_accepted() -> None:
    """The property above would hold of a reader that refuses everything."""
    outcomes = Counter[bool]()

    @given(likely, st.sampled_from(["dev", "s" * 30]))
    @settings(max_examples=25)
    def count(config: dict[str, Any], stack: str) -> None:
        try:
            Settings.parse(config, stack=stack, place=PLACE)
            outcomes[True] += 1
        except SettingsError:
            outcomes[False] += 1

    count()
    assert outcomes[True] > outcomes[False] > 0
