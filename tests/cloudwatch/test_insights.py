import pytest

from alerting.cloudwatch.insights import fleet_query


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
