"""What a stack costs: told from its settings before a preview, and from what it declares after."""

import shutil
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi_aws import cloudwatch

from alerting.account import Account, Item, Kind
from alerting.cloudwatch.bill import Line, bill, total
from alerting.cloudwatch.prices import PER_THOUSAND_USES
from alerting.explain.bill import charges, on_top
from alerting.explain.data import as_data
from alerting.explain.explanation import explain, explanation_of
from alerting.explain.markdown import as_markdown
from alerting.recording import record
from alerting.settings import Settings
from alerting.stackfile import StackFile, read_stack

ROOT = Path(__file__).parents[2]
PLACE: Any = {"account_id": "123456789012", "region": "us-east-1"}
FOLDERS = [ROOT, *(file.parent for file in sorted(ROOT.glob("*/**/Pulumi.yaml")))]
OURS = "from alerting.program import"
STACKS = [
    (file.name.split(".")[1], folder)
    for folder in FOLDERS
    if not {".venv", "engine"} & set(folder.relative_to(ROOT).parts)
    and OURS in (folder / "__main__.py").read_text()
    for file in sorted(folder.glob("Pulumi.*.yaml"))
]
"""Every committed stack whose program is the one of the project."""


def settings_of(stack: StackFile) -> Settings:
    """As the program reads them."""
    prefix = f"{stack.project}:"
    given = {key.removeprefix(prefix): value for key, value in stack.config.items()}
    secrets = {key.removeprefix(prefix) for key in stack.secret_keys}
    plain = {key: v for key, v in given.items() if ":" not in key and key not in secrets}
    region = stack.config.get("aws:region", PLACE["region"])
    place: Any = {**PLACE, "region": region}
    return Settings.parse(plain, stack=stack.stack, place=place, secrets=secrets)


def priced(lines: Iterable[Line]) -> dict[str, Line]:
    """What costs something, by kind: the order of a bill means nothing here."""
    return {line.kind: line for line in lines if line.amount}


def changed(stack: StackFile, **config: Any) -> StackFile:
    values = {**stack.config, **{f"{stack.project}:{key}": v for key, v in config.items()}}
    return StackFile(stack.path, stack.stack, stack.project, values, stack.secret_keys, stack._raw)


@pytest.mark.parametrize(("stack", "folder"), STACKS, ids=lambda part: str(part).rsplit("/", 1)[-1])
def test_the_budget_counts_what_explain_bills(stack: str, folder: Path):
    file = read_stack(stack, folder)
    assert priced(bill(settings_of(file).charges)) == priced(explain(file).bill)


def test_the_committed_stacks_are_all_among_them():
    assert {("dev", ROOT), ("prod", ROOT)} <= set(STACKS)


def test_of_the_catalogue_too(tmp_path: Path):
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copy(ROOT / "tests/catalog/stack/Pulumi.catalogue.yaml", tmp_path)
    file = read_stack("catalogue", tmp_path)
    assert priced(bill(settings_of(file).charges)) == priced(explain(file).bill)


def test_with_everything_switched_on_too():
    severities = {
        "notify": {"default": True, "heartbeat": {}},
        "page": {"encryption": "none", "remind": {"after": "1h"}},
        "backstop": {},
        "theirs": {"topicArn": "arn:aws:sns:us-east-1:111122223333:theirs"},
    }
    orders = {"namespace": "Shop", "name": "Orders", "statistic": "Sum"}
    alarms = {
        **read_stack("prod", ROOT).config["anomaly-alerting:alarms"],
        "both": {"all": ["shop-errors", "database-full"]},
        "orders-odd": {
            "metric": orders,
            "band": {"width": 2},
            "onlyWhen": {"metric": orders, "atLeast": 100},
            "escalate": {"width": 4, "severity": "page"},
        },
    }
    file = changed(
        read_stack("prod", ROOT),
        severities=severities,
        alarms=alarms,
        secondPath={"severity": "page"},
        windows={"nightly": {"cron": "0 2 * * *", "lasts": "2h", "timezone": "UTC"}},
        learnUntil="2026-12-15",
        dashboard={},
        budget=100,
    )
    explained = explain(file)
    assert priced(bill(settings_of(file).charges)) == priced(explained.bill)
    kinds = {"dashboard", "band alarm", "composite alarm", "KMS key"}
    assert kinds <= priced(explained.bill).keys()


METRICS = st.fixed_dictionaries(
    {"namespace": st.just("Shop"), "name": st.sampled_from(["Orders", "Errors"])},
    optional={"period": st.sampled_from([10, 60, 300]), "statistic": st.just("p90")},
)
MATH = st.integers(1, 4).map(
    lambda count: {
        "expression": " + ".join(f"m{n}" for n in range(count)),
        "using": {f"m{n}": {"namespace": "Shop", "name": f"M{n}"} for n in range(count)},
    }
)
ALARMS = (
    st.builds(lambda metric: {"metric": metric, "threshold": {"above": 1}}, METRICS)
    | st.builds(lambda metric: {"metric": {**metric, "period": 60}, "band": {}}, METRICS)
    | st.builds(lambda math: {"math": math, "threshold": {"above": 1}}, MATH)
    | st.builds(lambda math: {"math": math, "band": {"width": 2}}, MATH)
    | st.just({"preset": "rds.cpu", "dimensions": {"DBInstanceIdentifier": "shop"}})
)
CONFIGS = st.fixed_dictionaries(
    {
        "alarms": st.dictionaries(st.sampled_from("abcdef"), ALARMS, min_size=1, max_size=6),
        "severities": st.sampled_from(
            [
                {},
                {"notify": {"encryption": "none"}},
                {"notify": {}, "page": {}},
                {"notify": {"topicArn": "arn:aws:sns:us-east-1:123456789012:theirs"}},
            ]
        ),
    },
    optional={"dashboard": st.just({})},
)


@settings(max_examples=15, deadline=None)
@given(CONFIGS)
def test_with_any_other_config_too(config: Mapping[str, Any]):
    file = changed(read_stack("dev", ROOT), **config)
    assert priced(bill(settings_of(file).charges)) == priced(explain(file).bill)


# What explain shows


def test_the_budget_is_shown_with_what_is_left():
    explained = explain(changed(read_stack("dev", ROOT), budget=25))
    assert explained.left == "23.60"
    assert as_data(explained)["cost"]["budget"] == "25.00"
    assert "| left of the budget | of 25.00 | 23.60 |" in as_markdown(explained)


def test_a_quantity_that_only_aws_knows_counts_as_the_least():
    """The sum is then the least, and what is left the most."""

    def program():
        query = 'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/EC2", InstanceId)'
        cloudwatch.MetricAlarm(
            "fleet",
            metric_queries=[{"id": "q", "expression": query, "period": 300, "return_data": True}],
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
            threshold=90,
        )

    explained = explanation_of(record(program), budget=Decimal(25))
    assert (explained.together, explained.left) == ("from 0.10", "at most 24.90")


def test_without_a_budget_nothing_is_said_of_one():
    explained = explain(read_stack("dev", ROOT))
    assert explained.left is None
    assert "budget" not in as_markdown(explained)


def test_a_stack_beyond_its_budget_cannot_be_explained_either():
    with pytest.raises(
        ValueError, match=r"budget: is 1\.00 USD a month, and the stack costs 1\.40"
    ):
        explain(changed(read_stack("dev", ROOT), budget=1))


# By kind


def account_with(*kinds: Kind) -> Account:
    items = tuple(Item(kind, f"arn:{number}", {}) for number, kind in enumerate(kinds))
    return Account("123456789012", "us-east-1", items)


@pytest.mark.parametrize(
    ("kind", "line", "amount"),
    [
        (Kind.KEY, "1 KMS key", "1.00"),
        (Kind.DASHBOARD, "1 dashboard", "3.00"),
        (Kind.SCHEDULE, "1 schedule", "0.00"),
        (Kind.STATE_MACHINE, "1 state machine", "0.00"),
        (Kind.EVENT_RULE, "1 event rule", "0.00"),
        (Kind.MUTE_RULE, "1 mute rule", None),
        (Kind.DETECTOR, "1 anomaly detector", None),
        (Kind.LOG_DETECTOR, "1 log anomaly detector", None),
    ],
)
def test_what_stands_around_alarms_is_on_the_bill(kind: Kind, line: str, amount: str | None):
    [found] = bill(charges(account_with(kind)))
    assert found.things == line
    assert found.amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    "kind", [Kind.TOPIC, Kind.SUBSCRIPTION, Kind.QUEUE, Kind.FUNCTION, Kind.ROLE]
)
def test_what_is_billed_by_use_alone_is_not(kind: Kind):
    assert not list(charges(account_with(kind)))


def test_metrics_that_log_filters_write_are_counted_once_each():
    def written(name: str, **more: Any) -> Item:
        metric = {"metricNamespace": "Shop", "metricName": name, "metricValue": "1", **more}
        return Item(Kind.METRIC_FILTER, f"arn:{name}{more}", {"metricTransformations": [metric]})

    filters = (written("Errors"), written("Errors"), written("Slow", dimensions={"Path": "$.path"}))
    account = Account("123456789012", "us-east-1", filters)
    [line] = bill(charges(account))
    assert (line.things, line.quantity, line.certain) == ("2 custom metrics", 2, False)
    assert total([line]) == Decimal("0.60")


@pytest.mark.parametrize("kind", PER_THOUSAND_USES)
def test_what_is_paid_by_use_is_told(kind: str):
    what, _ = PER_THOUSAND_USES[kind]
    assert on_top([], [kind]).startswith(f"A thousand {what}: ")


def test_a_program_of_ones_own_has_a_bill_too():
    assert explanation_of(record(lambda: None)).bill == ()
