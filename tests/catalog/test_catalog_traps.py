"""What presets elsewhere got wrong, kept out of these: in a figure, or said in a sentence."""

import pytest

from alerting.catalog import Limit, find, service
from tests.catalog.every_preset import PRESETS, deployment

SAID = [
    ("alb.response-time", "few samples"),
    ("apigateway-rest.5xx", "shared by APIs of one name"),
    ("apigateway-http.5xx", "Route"),
    ("lambda.errors", "invocation's start"),
    ("lambda.throttles", "T/(T+I)"),
    ("lambda.concurrency", "Other functions"),
    ("lambda.spillover", "no figure per FunctionName alone"),
    ("sqs.age", "poison"),
    ("sqs.age", "dead-letter queue the age starts anew"),
    ("sqs.dead-letters", "falls silent"),
    ("sqs.sent", "count retries"),
    ("sqs.nothing-sent", "15 minutes late"),
    ("sns.failed", "every retry is counted"),
    ("dynamodb.system-errors", "dead"),
    ("dynamodb.user-errors", "no dimension"),
    ("dynamodb.read-throttles", "GlobalSecondaryIndexName"),
    ("dynamodb.throttled-requests", "all of them must be"),
    ("rds.free-storage", "in bytes"),
    ("ec2.cpu-credits", "every 5 minutes only"),
    ("ec2.ebs-io-balance", "basic monitoring only"),
    ("ebs.burst-balance", "Nitro"),
    ("ec2.cpu", "detailed monitoring"),
    ("ec2.network-in", "every 5 minutes only"),
    ("ec2.disk", "differ with the image"),
    ("ecs.tasks-missing", "insights switched off"),
    ("ecs.cpu", "0 tasks"),
    ("s3.5xx", "EntireBucket"),
    ("eventbridge.failed-invocations", "EventBusName"),
    ("billing.total", "reset"),
    ("msk.active-controller", "about 1/N"),
    ("msk.disk", "Express"),
    ("msk.time-lag", "not ASCII"),
    ("opensearch.free-storage", "period of 1 minute"),
    ("elasticache.cpu", "90 divided by the number of vCPUs"),
    ("elasticache.hit-rate", "0.8"),
    ("vpn.tunnel-down", "between 0 and 1"),
    ("vpn.data-in", "no proof of life"),
]


@pytest.mark.parametrize(("name", "words"), SAID)
def test_what_a_preset_cannot_help_it_says(name, words):
    preset = find(name)
    assert words in f"{preset.why} {preset.blind}"


def only(name):
    [metric] = find(name).metrics.values()
    return metric


def sets(name):
    return {str(one) for one in find(name).dimensions}


def test_each_service_has_its_own_spelling_of_5xx():
    spelt = {
        name: find(f"{name}.5xx").metrics["errors"].name
        for name in ("apigateway-rest", "apigateway-http", "s3", "cloudfront")
    }
    assert spelt == {
        "apigateway-rest": "5XXError",
        "apigateway-http": "5xx",
        "s3": "5xxErrors",
        "cloudfront": "5xxErrorRate",
    }


def test_errors_of_the_balancer_are_counted_on_the_balancer_alone():
    assert sets("alb.elb-5xx") == {"LoadBalancer"}


@pytest.mark.parametrize("balancer", ["alb", "nlb"])
def test_hosts_need_balancer_and_target_group_and_never_an_average(balancer):
    unhealthy, healthy = f"{balancer}.unhealthy-hosts", f"{balancer}.healthy-hosts"
    assert sets(unhealthy) == sets(healthy) == {"LoadBalancer, TargetGroup"}
    assert (only(unhealthy).statistic, only(healthy).statistic) == ("Minimum", "Maximum")


def test_counts_of_the_balancer_are_sums():
    for preset in service("alb").presets.values():
        for metric in preset.metrics.values():
            if metric.unit == "Count" and "HostCount" not in metric.name:
                assert metric.statistic == "Sum", preset.name


def test_errors_that_come_only_when_there_are_some_are_good_when_missing():
    for name in (
        *("alb.elb-5xx", "alb.target-5xx", "alb.target-4xx", "alb.rejected-connections"),
        *("alb.target-connection-errors", "nlb.port-allocation-errors", "firehose.throttled"),
        *("eventbridge.failed-invocations", "dynamodb.system-errors", "opensearch.key-error"),
        *("sqs.dead-letters", "stepfunctions.failed", "opensearch.key-inaccessible"),
    ):
        assert find(name).missing == "notBreaching", name


def test_times_have_the_unit_of_their_service():
    assert {
        name: find(name).unit
        for name in (
            *("alb.response-time", "apigateway-rest.latency", "lambda.duration"),
            *("cloudfront.origin-latency", "rds.replica-lag", "aurora.replica-lag"),
        )
    } == {
        "alb.response-time": "Seconds",
        "apigateway-rest.latency": "Milliseconds",
        "lambda.duration": "Milliseconds",
        "cloudfront.origin-latency": "Milliseconds",
        "rds.replica-lag": "Seconds",
        "aurora.replica-lag": "Milliseconds",
    }


def test_no_average_of_ones_and_zeros_is_compared_with_one_or_more():
    for preset in service("lambda").presets.values():
        for metric in preset.metrics.values():
            if metric.name in ("Errors", "Throttles", "DeadLetterErrors"):
                assert metric.statistic == "Sum", preset.name


def test_figures_of_an_account_have_no_dimensions():
    for name in (
        *("lambda.account-concurrency", "dynamodb.user-errors", "sns.sms-spend"),
        *("dynamodb.account-read-capacity", "eventbridge.latency", "scheduler.dropped"),
    ):
        assert sets(name) == {"none"}, name


def test_a_success_rate_points_down_and_is_counted_where_it_is_published():
    assert (find("sns.sms-success").side, sets("sns.sms-success")) == (
        "below",
        {"Country, SMSType"},
    )
    for name in (
        "kinesis.put-record-success",
        "kinesis.get-records-success",
        "firehose.s3-success",
    ):
        assert find(name).side == "below"


def test_throttles_of_an_index_have_its_full_name():
    for name in ("dynamodb.read-throttles", "dynamodb.write-throttles"):
        assert sets(name) == {"TableName", "TableName, GlobalSecondaryIndexName"}
    assert sets("dynamodb.system-errors") == {"TableName, Operation"}


def test_consumed_capacity_is_divided_by_its_period():
    for name in ("dynamodb.read-capacity", "dynamodb.write-capacity", "firehose.bytes-of-limit"):
        assert "/ PERIOD(" in (find(name).expression or "")


def test_gauges_of_a_database_are_not_summed():
    assert only("rds.connections").statistic == "Average"
    assert only("rds.free-storage").statistic == "Minimum"
    assert only("opensearch.free-storage").statistic == "Minimum"


def test_credits_have_the_period_they_come_at_and_no_band():
    for name in ("ec2.cpu-credits", "ec2.cpu-surplus-credits", "rds.cpu-credits"):
        assert (find(name).period, find(name).limits) == (300, (Limit.THRESHOLD,)), name


def test_an_instance_without_detailed_monitoring_has_data_in_each_period():
    for name in ("ec2.cpu", "ec2.network-in", "ec2.network-out"):
        assert find(name).period == 300


def test_what_must_be_switched_on_is_named():
    for name, words in {
        "autoscaling.instances-missing": "group metrics",
        "s3.requests": "metrics configuration",
        "ecs.tasks-missing": "Container Insights",
        "eks.node-cpu": "Container Insights",
        "rds.load": "Performance Insights",
        "lambda.memory": "Lambda Insights",
        "ec2.disk": "CloudWatch agent",
        "cloudfront.cache-hits": "additional metrics",
        "billing.total": "billing alerts",
        "msk.heap": "PER_BROKER",
    }.items():
        assert words in find(name).needs, name
    assert find("autoscaling.cpu").needs == ""


def test_insights_switched_off_are_not_taken_for_healthy_tasks():
    assert find("ecs.tasks-missing").missing == "breaching"


def test_metrics_of_one_region_say_so():
    elsewhere = {preset.name.partition(".")[0] for preset in PRESETS if preset.region}
    assert elsewhere == {"billing", "cloudfront"}
    assert all(
        "Region=Global" in str(one)
        for p in service("cloudfront").presets.values()
        for one in p.dimensions
    )
    assert only("cloudfront.function-errors").name == "FunctionExecutionErrors"


def test_shares_of_counts_are_gated_on_traffic():
    for preset in PRESETS:
        if preset.expression and "errors" in preset.expression:
            assert preset.gate is not None, preset.name


def test_the_months_charges_have_no_band_and_the_days_ignore_the_reset():
    assert find("billing.total").limits == (Limit.THRESHOLD,)
    assert (find("billing.daily").expression or "").startswith("IF(DIFF(charges) > 0")


def test_the_controller_is_a_maximum_and_tunnels_have_both():
    assert only("msk.active-controller").statistic == "Maximum"
    assert only("vpn.tunnel-down").statistic == "Minimum"
    assert only("vpn.vpn-down").statistic == "Maximum"


def test_the_hit_rate_is_compared_as_a_percentage():
    assert (find("elasticache.hit-rate").figure, find("elasticache.hit-rate").unit) == (
        80,
        "Percent",
    )


def test_no_alarm_names_a_unit_and_each_says_what_missing_data_is():
    for alarm in deployment().resources:
        if alarm.type == "aws:cloudwatch/metricAlarm:MetricAlarm":
            assert "unit" not in alarm.inputs
            assert "treatMissingData" in alarm.inputs


def test_percentiles_of_few_samples_are_ignored():
    for alarm in deployment().resources:
        if str(alarm.inputs.get("extendedStatistic", "")).startswith("p"):
            assert alarm.inputs["evaluateLowSampleCountPercentiles"] == "ignore", alarm.name


def test_clusters_are_spelt_as_most_metrics_spell_them():
    for preset in service("aurora").presets.values():
        for one in preset.dimensions:
            assert set(one.asked) <= {"DBClusterIdentifier", "DBInstanceIdentifier"}
