import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.cloudwatch.insights import FUNCTIONS, Fleet, fleet_query, members, parse_fleet


def test_each_member_is_a_series_of_its_own():
    assert fleet_query("AWS/EC2", "CPUUtilization", "Average", over=["InstanceId"]) == (
        'SELECT AVG("CPUUtilization") FROM SCHEMA("AWS/EC2", "InstanceId") '
        'GROUP BY "InstanceId" ORDER BY AVG() DESC'
    )


def test_other_dimensions_narrow_the_fleet():
    query = fleet_query(
        "AWS/ECS", "CPUUtilization", "Maximum", over=["ServiceName"], where={"ClusterName": "shop"}
    )
    assert query == (
        'SELECT MAX("CPUUtilization") FROM SCHEMA("AWS/ECS", "ClusterName", "ServiceName") '
        'WHERE "ClusterName" = \'shop\' GROUP BY "ServiceName" ORDER BY MAX() DESC'
    )


def test_quotes_in_a_value_end_nothing():
    query = fleet_query("Shop", "Orders", "Sum", over=["Page"], where={"Shop": "Joe's \\ Co"})
    assert "WHERE \"Shop\" = 'Joe\\'s \\\\ Co' GROUP" in query


def test_percentiles_are_refused():
    with pytest.raises(ValueError, match=r"must be one of Average, .* over a fleet, got 'p90'"):
        fleet_query("AWS/ApplicationELB", "TargetResponseTime", "p90", over=["LoadBalancer"])


def test_a_fleet_needs_members():
    with pytest.raises(ValueError, match="tells the members of the fleet apart"):
        fleet_query("AWS/EC2", "CPUUtilization", "Average", over=[])


def test_the_lowest_are_kept_where_they_are_asked_for():
    query = fleet_query("AWS/RDS", "FreeStorageSpace", "Minimum", over=["Db"], lowest_first=True)
    assert query.endswith("ORDER BY MIN() ASC")


TEXT = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=12)


@given(
    fleet=st.builds(
        Fleet,
        namespace=TEXT,
        metric=TEXT,
        statistic=st.sampled_from(sorted(FUNCTIONS)),
        over=st.lists(TEXT, min_size=1, max_size=3, unique=True).map(tuple),
        where=st.dictionaries(TEXT, TEXT, max_size=3),
    ),
    lowest_first=st.booleans(),
)
def test_what_a_query_looks_at_can_be_told_from_it(fleet, lowest_first):
    query = fleet_query(
        fleet.namespace,
        fleet.metric,
        fleet.statistic,
        over=fleet.over,
        where=fleet.where,
        lowest_first=lowest_first,
    )
    assert parse_fleet(query) == fleet


@pytest.mark.parametrize(
    "query",
    [
        None,
        "m1 / m2",
        'SELECT AVG("CPUUtilization") FROM SCHEMA("AWS/EC2", "InstanceId")',
        'SELECT AVG(CPUUtilization) FROM "AWS/EC2" GROUP BY InstanceId ORDER BY AVG() DESC',
        'SELECT P90("A") FROM SCHEMA("B", "C") GROUP BY "C" ORDER BY P90() DESC',
        'SELECT AVG("A") FROM SCHEMA("B", "C") GROUP BY "C" ORDER BY MAX() DESC',
    ],
)
def test_of_any_other_query_nothing_is_told(query):
    assert parse_fleet(query) is None


def test_members_in_words():
    assert members(["InstanceId"], []) == "any InstanceId"
    assert members(["Broker ID"], ["shop"]) == "any Broker ID of shop"
    assert members(["A", "B"], ["x", "y"]) == "any A / B of x / y"
