"""Metric history through boto3, on the in-memory CloudWatch."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from botocore.exceptions import ClientError

from alerting.live.clients import Connection
from alerting.live.history import Query, read_history
from alerting.live.shelf import Shelf
from alerting.output import BadInput
from alerting.rehearsal.cloud import memory_cloud
from alerting.replay import MetricKey, Series

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
END = int(datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp())
DAY = 86_400


def key(name="Orders", statistic="Average", **dimensions):
    return MetricKey.of("Shop", name, dimensions, statistic)


def two_weeks(level=0.0, every=300):
    stamps = np.arange(END - 14 * DAY, END + 1800, every)
    return Series.of(stamps, level + stamps // every % 7, spacing=every)


@pytest.fixture
def cloud():
    with memory_cloud() as cloud:
        yield cloud


@pytest.fixture
def connection(cloud):
    return Connection(cloud.client, cloud.account_id, cloud.region)


@pytest.fixture
def calls(cloud):
    """What was asked of GetMetricData."""
    asked = []
    cloud.client("cloudwatch").meta.events.register(
        "before-parameter-build.cloudwatch.GetMetricData",
        lambda params, **_: asked.append(dict(params)),
    )
    return asked


def read(connection, *queries, days=14, **more):
    return read_history(connection, queries, days=days, now=NOW, **more)


def test_a_metric_comes_back_as_it_was_up_to_the_last_whole_hour(cloud, connection):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    query = Query(key(), 300)
    series = read(connection, query).series(query)
    assert (series.start, series.end) == (END - 14 * DAY, END)
    assert series.stamps.tolist() == list(range(END - 14 * DAY, END, 300))
    assert series.values.tolist() == two_weeks().values[: series.values.size].tolist()


def test_what_put_metric_data_put_there_is_read_by_its_statistic(cloud, connection):
    stamp = NOW - timedelta(hours=3)
    cloud.client("cloudwatch").put_metric_data(
        Namespace="Shop",
        MetricData=[
            {"MetricName": "Orders", "Timestamp": stamp, "Value": 2.0},
            {"MetricName": "Orders", "Timestamp": stamp, "Values": [5.0], "Counts": [2]},
        ],
    )
    queries = {s: Query(key(statistic=s), 60) for s in ("Sum", "Maximum", "SampleCount", "p50")}
    history = read(connection, *queries.values())
    found = {name: history.series(query).values.tolist() for name, query in queries.items()}
    assert found == {"Sum": [12.0], "Maximum": [5.0], "SampleCount": [3.0], "p50": [5.0]}


def test_one_call_takes_five_hundred_metrics(cloud, connection, calls):
    queries = [Query(key(f"Orders{at}"), 86_400) for at in range(501)]
    cloud.gaps.metric_data.hold("us-east-1", key("Orders500"), two_weeks(every=86_400))
    history = read(connection, *queries)
    assert [len(call["MetricDataQueries"]) for call in calls] == [500, 1]
    assert list(history.found) == [queries[500]]


def test_the_in_memory_cloudwatch_refuses_the_five_hundred_and_first_query(cloud):
    one = {
        "MetricStat": {"Metric": {"Namespace": "A", "MetricName": "b"}, "Period": 60, "Stat": "Sum"}
    }
    with pytest.raises(ClientError, match="greater than 500"):
        cloud.client("cloudwatch").get_metric_data(
            MetricDataQueries=[{"Id": f"m{at}", **one} for at in range(501)],
            StartTime=NOW - timedelta(days=1),
            EndTime=NOW,
        )


def test_pages_of_100_800_datapoints_are_put_together(cloud, connection):
    queries = [Query(key(f"Orders{at}"), 300) for at in range(26)]
    for at, query in enumerate(queries):
        cloud.gaps.metric_data.hold("us-east-1", query.key, two_weeks(level=at))
    history = read(connection, *queries)
    assert history.calls == 2, "26 metrics of 4,032 datapoints are 104,832"
    for at, query in enumerate(queries):
        series = history.series(query)
        assert series.stamps.size == 4032
        assert series.values[0] == two_weeks(level=at).values[0]


def test_throttled_calls_are_repeated(cloud, connection, calls, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    cloud.gaps.metric_data.throttle(2)
    assert read(connection, Query(key(), 300)).found


def test_throttling_that_does_not_end_is_told_in_awss_words(cloud, connection, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    cloud.gaps.metric_data.throttle(100)
    with pytest.raises(BadInput, match="GetMetricData: Throttling: Rate exceeded"):
        read(connection, Query(key(), 300))


@pytest.mark.parametrize(
    ("code", "advice"),
    [("ExpiredToken", "sign in again"), ("AccessDenied", "allow cloudwatch:GetMetricData")],
)
def test_a_refusal_comes_with_what_to_do(connection, monkeypatch, code, advice):
    client = connection.clients("cloudwatch", "us-east-1")
    error = ClientError({"Error": {"Code": code, "Message": "No."}}, "GetMetricData")

    def refuse(**_):
        raise error

    client.meta.events.register("before-call.cloudwatch.GetMetricData", refuse)
    with pytest.raises(BadInput, match=f"GetMetricData: {code}: No.; .*{advice}"):
        read(connection, Query(key(), 300))


def test_a_metric_without_a_datapoint_is_not_among_those_found(cloud, connection):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    misspelt = Query(key("Ordrs"), 300)
    history = read(connection, Query(key(), 300), misspelt)
    assert misspelt not in history.found
    assert history.series(misspelt) is None


def test_dimensions_tell_metrics_apart(cloud, connection):
    cloud.gaps.metric_data.hold("us-east-1", key(Site="a"), two_weeks())
    history = read(connection, Query(key(Site="a"), 300), Query(key(Site="b"), 300))
    assert list(history.found) == [Query(key(Site="a"), 300)]


def test_a_second_look_costs_nothing(cloud, connection, calls, tmp_path):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    query = Query(key(), 300)
    first = read(connection, query, shelf=Shelf(tmp_path))
    again = read_history(
        connection, [query], days=14, now=NOW + timedelta(hours=5), shelf=Shelf(tmp_path)
    )
    assert len(calls) == 1
    assert again.found == first.found
    assert (again.calls, again.asked, again.cost) == (0, 0, 0)


@pytest.mark.parametrize(
    "query",
    [Query(key(), 60), Query(key(statistic="Sum"), 300), Query(key(Site="a"), 300)],
    ids=["period", "statistic", "dimensions"],
)
def test_what_is_kept_answers_that_one_query_only(cloud, connection, calls, tmp_path, query):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    read(connection, Query(key(), 300), shelf=Shelf(tmp_path))
    read(connection, query, shelf=Shelf(tmp_path))
    assert len(calls) == 2


def test_another_account_or_region_does_not_see_what_is_kept(cloud, connection, calls, tmp_path):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    read(connection, Query(key(), 300), shelf=Shelf(tmp_path))
    other = Connection(cloud.client, "111122223333", "us-east-1")
    read(other, Query(key(), 300), shelf=Shelf(tmp_path))
    assert len(calls) == 2


def test_after_a_day_it_is_read_anew_and_so_it_is_when_asked(cloud, connection, calls, tmp_path):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    query = Query(key(), 300)
    read(connection, query, shelf=Shelf(tmp_path))
    read_history(connection, [query], days=14, now=NOW + timedelta(days=2), shelf=Shelf(tmp_path))
    read(connection, query, shelf=Shelf(tmp_path, fresh=True))
    assert len(calls) == 3


def test_a_spoilt_file_on_disk_is_read_anew(cloud, connection, calls, tmp_path):
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    read(connection, Query(key(), 300), shelf=Shelf(tmp_path))
    (file,) = tmp_path.iterdir()
    file.write_text("{")
    assert read(connection, Query(key(), 300), shelf=Shelf(tmp_path)).found
    assert len(calls) == 2


def test_a_disk_that_cannot_be_written_to_is_no_reason_to_stop(cloud, connection, tmp_path):
    (tmp_path / "file").write_text("")
    cloud.gaps.metric_data.hold("us-east-1", key(), two_weeks())
    assert read(connection, Query(key(), 300), shelf=Shelf(tmp_path / "file")).found


def test_the_cost_is_that_of_the_metrics_asked_for(cloud, connection):
    queries = [Query(key(f"Orders{at}"), 300) for at in range(50)]
    assert read(connection, *queries).cost == Decimal("0.0005")


def test_data_is_asked_for_as_far_back_as_cloudwatch_keeps_it(cloud, connection, calls):
    read(connection, Query(key(), 10), Query(key(), 60), Query(key(), 300), days=60)
    found = {
        call["MetricDataQueries"][0]["MetricStat"]["Period"]: NOW - call["StartTime"]
        for call in calls
    }
    assert timedelta(hours=2) < found[10] <= timedelta(hours=3)
    assert timedelta(days=14) < found[60] <= timedelta(days=15)
    assert found[300] == timedelta(days=60, minutes=30)


def test_the_band_of_cloudwatch_stands_beside_the_rows_it_has_one_for(cloud, connection):
    series = two_weeks()
    cloud.gaps.metric_data.hold("us-east-1", key(), series)

    def band(seen, width):
        first_day = seen.stamps < END - 13 * DAY
        return tuple(np.where(first_day, np.nan, seen.values + side * width) for side in (-1, 1))

    cloud.gaps.metric_data.band = band
    metric, of_band = Query(key(), 300), Query(key(), 300, 2.5)
    history = read(connection, metric, of_band)
    lower, upper = history.band(of_band, history.series(metric))
    assert np.isnan(lower[:288]).all()
    assert (upper - lower)[288:] == pytest.approx(5.0)
    assert (upper + lower)[288:] / 2 == pytest.approx(history.series(metric).values[288:])
    assert history.metrics == 3, "a band is billed beside the metric it is of"


def test_what_cloudwatch_forbids_is_told_apart_from_silence(connection):
    query = Query(key(), 300)

    def forbid(parsed, **_):
        parsed["MetricDataResults"] = [
            {
                "Id": "q0",
                "Timestamps": [],
                "Values": [],
                "StatusCode": "Forbidden",
                "Messages": [{"Code": "Forbidden", "Value": "Not yours."}],
            }
        ]

    client = connection.clients("cloudwatch", "us-east-1")
    client.meta.events.register("after-call.cloudwatch.GetMetricData", forbid)
    assert read(connection, query).refused == {query: "Forbidden: Not yours."}
