"""How resources are found by tag, and what their ARNs say of their metrics: every kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.catalog import CatalogueError, Listing, Lookup, found_set, service, service_names
from alerting.catalog.search import read_search
from alerting.resource import Resource

HERE = "us-east-1:123456789012"
ELB = f"arn:aws:elasticloadbalancing:{HERE}"
MSK = f"arn:aws:kafka:{HERE}:cluster/logs/5d3c2b1a-1111-2222-3333-444455556666-7"
MACHINE = f"arn:aws:states:{HERE}:stateMachine:orders"
PARTNER = "aws.partner/example.com/42"

EXAMPLES = [
    (
        "alb",
        f"{ELB}:loadbalancer/app/shop/50dc",
        "app/shop/50dc",
        {"LoadBalancer": "app/shop/50dc"},
    ),
    (
        "alb",
        f"{ELB}:targetgroup/web/73e2",
        "targetgroup/web/73e2",
        {"LoadBalancer": "app/shop/50dc", "TargetGroup": "targetgroup/web/73e2"},
    ),
    (
        "nlb",
        f"{ELB}:loadbalancer/net/shop/50dc",
        "net/shop/50dc",
        {"LoadBalancer": "net/shop/50dc"},
    ),
    (
        "nlb",
        f"{ELB}:targetgroup/web/73e2",
        "targetgroup/web/73e2",
        {"LoadBalancer": "net/shop/60ab", "TargetGroup": "targetgroup/web/73e2"},
    ),
    ("apigateway-http", "arn:aws:apigateway:us-east-1::/apis/a1b2", "a1b2", {"ApiId": "a1b2"}),
    ("aurora", f"arn:aws:rds:{HERE}:cluster:shop", "shop", {"DBClusterIdentifier": "shop"}),
    (
        "autoscaling",
        f"arn:aws:autoscaling:{HERE}:autoScalingGroup:5d3c:autoScalingGroupName/web",
        "web",
        {"AutoScalingGroupName": "web"},
    ),
    (
        "cloudfront",
        "arn:aws:cloudfront::123456789012:distribution/E1ABC",
        "E1ABC",
        {"DistributionId": "E1ABC"},
    ),
    ("dynamodb", f"arn:aws:dynamodb:{HERE}:table/orders", "orders", {"TableName": "orders"}),
    ("ebs", f"arn:aws:ec2:{HERE}:volume/vol-0a1b", "vol-0a1b", {"VolumeId": "vol-0a1b"}),
    ("ec2", f"arn:aws:ec2:{HERE}:instance/i-0a1b", "i-0a1b", {"InstanceId": "i-0a1b"}),
    (
        "ecs",
        f"arn:aws:ecs:{HERE}:service/main/web",
        "main/web",
        {"ClusterName": "main", "ServiceName": "web"},
    ),
    ("eks", f"arn:aws:eks:{HERE}:cluster/main", "main", {"ClusterName": "main"}),
    (
        "elasticache",
        f"arn:aws:elasticache:{HERE}:cluster:shop-001",
        "shop-001",
        {"CacheClusterId": "shop-001"},
    ),
    (
        "elasticache",
        f"arn:aws:elasticache:{HERE}:serverlesscache:shop",
        "shop",
        {"ServerlessCacheName": "shop"},
    ),
    ("eventbridge", f"arn:aws:events:{HERE}:rule/nightly", "nightly", {"RuleName": "nightly"}),
    (
        "eventbridge",
        f"arn:aws:events:{HERE}:rule/{PARTNER}/nightly",
        f"{PARTNER}/nightly",
        {"EventBusName": PARTNER, "RuleName": "nightly"},
    ),
    (
        "firehose",
        f"arn:aws:firehose:{HERE}:deliverystream/logs",
        "logs",
        {"DeliveryStreamName": "logs"},
    ),
    ("kinesis", f"arn:aws:kinesis:{HERE}:stream/clicks", "clicks", {"StreamName": "clicks"}),
    ("lambda", f"arn:aws:lambda:{HERE}:function:thumbs", "thumbs", {"FunctionName": "thumbs"}),
    ("msk", MSK, "logs", {"Cluster Name": "logs"}),
    ("msk", MSK, "logs/1", {"Cluster Name": "logs", "Broker ID": "1"}),
    ("nat", f"arn:aws:ec2:{HERE}:natgateway/nat-0a1b", "nat-0a1b", {"NatGatewayId": "nat-0a1b"}),
    (
        "opensearch",
        f"arn:aws:es:{HERE}:domain/search",
        "search",
        {"DomainName": "search", "ClientId": "123456789012"},
    ),
    (
        "rds",
        "arn:aws-cn:rds:cn-north-1:123456789012:db:shop",
        "shop",
        {"DBInstanceIdentifier": "shop"},
    ),
    ("sns", f"arn:aws:sns:{HERE}:alerts.fifo", "alerts.fifo", {"TopicName": "alerts.fifo"}),
    ("sqs", f"arn:aws:sqs:{HERE}:jobs.fifo", "jobs.fifo", {"QueueName": "jobs.fifo"}),
    ("stepfunctions", MACHINE, "orders", {"StateMachineArn": MACHINE}),
    ("vpn", f"arn:aws:ec2:{HERE}:vpn-connection/vpn-0a1b", "vpn-0a1b", {"VpnId": "vpn-0a1b"}),
]
"""Kind, ARN as the Service Authorization Reference has its form, id and dimensions."""

OTHERS = [
    ("alb", f"{ELB}:loadbalancer/net/shop/50dc"),
    ("nlb", f"{ELB}:loadbalancer/classic"),
    ("apigateway-http", "arn:aws:apigateway:us-east-1::/apis/a1b2/stages/live"),
    ("apigateway-http", "arn:aws:apigateway:us-east-1::/restapis/a1b2"),
    ("eventbridge", f"arn:aws:events:{HERE}:event-bus/orders"),
    ("kinesis", f"arn:aws:kinesis:{HERE}:stream/clicks/consumer/report:1700000000"),
    ("sns", f"arn:aws:sns:{HERE}:alerts:5d3c2b1a-1111-2222-3333-444455556666"),
    ("stepfunctions", f"arn:aws:states:{HERE}:activity:approve"),
]
"""What comes with a query for a kind and is not of it."""

UNKNOWN = [
    ("ecs", f"arn:aws:ecs:{HERE}:service/web"),
    ("rds", f"arn:aws:rds:{HERE}:cluster:shop"),
    ("lambda", f"arn:aws:lambda:{HERE}:function:thumbs:live"),
    ("sqs", "no ARN at all"),
]
"""What must not be passed over in silence."""


LOOKED_UP = {
    Lookup.BALANCER: ["app/shop/50dc", "net/shop/60ab"],
    Lookup.BROKER: ["1", "2"],
    Lookup.CLUSTER: ["none"],
    Lookup.ENGINE: ["aurora-postgresql"],
    Lookup.PROTOCOL: ["HTTP"],
}


def look_up(what: Lookup, arn: str) -> list[str]:
    return LOOKED_UP[what]


@pytest.mark.parametrize(("kind", "arn", "id", "dimensions"), EXAMPLES)
def test_an_arn_says_the_dimensions(kind, arn, id, dimensions):
    search = service(kind).search
    assert search.matched([arn]) == ([arn], [])
    assert Resource(id, dimensions) in search.resources([arn], look_up)


def test_every_kind_is_found_or_says_what_to_give_instead():
    found = {kind for kind, *_ in EXAMPLES}
    instead = {name for name in service_names() if service(name).search.instead}
    assert instead == {"apigateway-rest", "billing", "s3", "scheduler"}
    assert found | instead == set(service_names())


def test_every_form_has_an_example():
    for kind in service_names():
        forms = {tuple(sorted(form.dimensions)) for form in service(kind).search.forms}
        assert forms == {tuple(sorted(d)) for one, _, _, d in EXAMPLES if one == kind}


@pytest.mark.parametrize("kind", sorted({kind for kind, *_ in EXAMPLES}))
def test_what_is_found_has_dimensions_that_alarms_to_begin_with_are_made_for(kind):
    made, problems = found_set(kind, service(kind).search.stand_ins())
    assert problems == []
    assert made


@pytest.mark.parametrize(("kind", "arn"), OTHERS)
def test_what_is_of_another_kind_is_left_out(kind, arn):
    assert service(kind).search.matched([arn]) == ([], [])


@pytest.mark.parametrize(("kind", "arn"), UNKNOWN)
def test_what_nothing_is_known_of_is_told(kind, arn):
    assert service(kind).search.matched([arn]) == ([], [arn])


@pytest.mark.parametrize(
    ("kind", "arn", "looked_up"),
    [
        pytest.param("alb", f"{ELB}:targetgroup/web/1", ["net/shop/60ab"], id="network's"),
        pytest.param("alb", f"{ELB}:targetgroup/web/1", [], id="no balancer's"),
        pytest.param("rds", f"arn:aws:rds:{HERE}:db:shop-1", ["shop"], id="member of a cluster"),
        pytest.param("aurora", f"arn:aws:rds:{HERE}:cluster:graph", ["neptune"], id="Neptune"),
        pytest.param(
            "apigateway-http",
            "arn:aws:apigateway:us-east-1::/apis/a1b2",
            ["WEBSOCKET"],
            id="WebSocket",
        ),
    ],
)
def test_what_turns_out_to_be_of_another_kind_is_left_out(kind, arn, looked_up):
    search = service(kind).search
    assert search.matched([arn]) == ([arn], [])
    assert search.resources([arn], lambda *_: looked_up) == ()


def test_a_cluster_stands_for_its_brokers_too():
    found = service("msk").search.resources([MSK], look_up)
    assert [one.id for one in found] == ["logs", "logs/1", "logs/2"]


def test_nothing_is_looked_up_where_the_arn_says_it():
    def never(what, arn):
        raise AssertionError(arn)

    for kind, arn, *_ in EXAMPLES:
        search = service(kind).search
        if all(form.lookup is None for form in search.forms):
            assert search.resources([arn], never)


def test_an_arn_that_is_listed_twice_is_one_resource():
    assert service("sqs").search.matched([f"arn:aws:sqs:{HERE}:jobs"] * 2)[0] == [
        f"arn:aws:sqs:{HERE}:jobs"
    ]


def test_auto_scaling_lists_its_groups_itself():
    """The Tagging API returns none of them."""
    own = [name for name in service_names() if service(name).search.listing is not Listing.TAGGING]
    assert own == ["autoscaling"]


def test_a_part_has_only_the_alarms_that_its_whole_cannot_have():
    resources = service("alb").search.resources(
        [f"{ELB}:loadbalancer/app/shop/50dc", f"{ELB}:targetgroup/web/73e2"], look_up
    )
    made, _ = found_set("alb", resources)
    of_the_group = {key for id, key in made if id.startswith("targetgroup/")}
    assert of_the_group == {"unhealthy-hosts"}
    assert ("app/shop/50dc", "target-5xx") in made


@given(st.text(alphabet="abcXYZ019-_.", min_size=1, max_size=40))
def test_ids_are_told_apart_whatever_resources_are_called(name):
    search = service("ecs").search
    arns = [f"arn:aws:ecs:{HERE}:service/a/{name}", f"arn:aws:ecs:{HERE}:service/b/{name}"]
    first, second = search.resources(arns, look_up)
    assert first.id != second.id
    assert first.dimensions["ServiceName"] == second.dimensions["ServiceName"] == name


SOUND = {
    "types": ["rds:db"],
    "arns": [{"arn": "arn:*:rds:*:*:db:{id}", "dimensions": {"DBInstanceIdentifier": "{id}"}}],
}


def form(**changes):
    return {**SOUND, "arns": [{**SOUND["arns"][0], **changes}]}


def test_the_sound_search_of_these_tests_is_sound():
    assert read_search(SOUND)[1] == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "needs exactly one of arns and instead"),
        ({**SOUND, "instead": "an id"}, "needs exactly one of arns and instead"),
        ({**SOUND, "colour": "red"}, "colour: is not known"),
        ({**SOUND, "types": []}, "types: belong to what the Tagging API lists"),
        ({**SOUND, "listing": "auto-scaling"}, "types: belong to what the Tagging API lists"),
        ({**SOUND, "listing": "guessing"}, "listing: must be one of tagging, auto-scaling"),
        (form(arn="arn:*:rds:*:*:db:{id"), "arns.0.arn: must be of the form of an ARN"),
        (form(arn=7), "arns.0.arn: has the wrong type"),
        (form(id="{name}"), "arns.0: '{name}' names name, which nothing says"),
        (form(dimensions={"D": "{db}"}), "arns.0: '{db}' names db, which nothing says"),
        (form(lookup="owner"), "arns.0.lookup: must be one of balancer, broker, cluster"),
        ({"types": ["rds:db"], "arns": [{"arn": "a"}]}, "arns.0.dimensions: is required"),
    ],
)
def test_a_misprint_in_how_resources_are_found_is_refused(data, said):
    search, problems = read_search(data)
    assert search is None
    assert said in str(problems[0])


def test_a_service_must_say_how_its_resources_are_found():
    from alerting.catalog.preset import read_service

    data = {"title": "Shop", "namespace": "Shop", "published": "always", "presets": {}}
    with pytest.raises(CatalogueError, match="shop: search: is required"):
        read_service("shop", data)
