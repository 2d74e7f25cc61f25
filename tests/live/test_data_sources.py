"""What has the tags, from the API to the dimensions: for every kind whose tags moto knows.

moto's network load balancers have ARNs of application ones, its MSK clusters' lack the last part,
and its ElastiCache clusters go by another type; of the rest it lists nothing by tag. Those kinds'
ARNs are in `tests/catalog/test_search.py`.
"""

from collections.abc import Callable
from typing import Any

import pytest

from alerting.account.row import Call
from alerting.catalog import service
from alerting.finding import find_all
from alerting.live.data_sources import answers, sender
from alerting.recording import record
from alerting.rehearsal.cloud import MemoryCloud, memory_cloud
from alerting.settings.tagged import Found, Query

TAGS = {"team": "shop"}
LIST = [{"Key": "team", "Value": "shop"}]
SMALL = [{"key": "team", "value": "shop"}]


def spec(kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": LIST}]


def network(cloud: MemoryCloud) -> tuple[str, list[str]]:
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = {"a": "10.0.1.0/24", "b": "10.0.2.0/24"}
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"us-east-1{zone}")
        for zone, block in zones.items()
    ]
    return vpc, [each["Subnet"]["SubnetId"] for each in made]


def alb(cloud: MemoryCloud) -> set[str]:
    """A balancer with a target group, and a target group that has none."""
    elb, (vpc, subnets) = cloud.client("elbv2"), network(cloud)
    made = elb.create_load_balancer(Name="shop", Subnets=subnets, Tags=LIST)["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    groups = [
        elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc, Tags=LIST)
        for name in ("web", "unused")
    ]
    web = groups[0]["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": web}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    return {arn.partition(":loadbalancer/")[2], web.rpartition(":")[2]}


def role(cloud: MemoryCloud) -> str:
    document = '{"Version": "2012-10-17", "Statement": []}'
    iam = cloud.client("iam")
    return iam.create_role(RoleName="any", AssumeRolePolicyDocument=document)["Role"]["Arn"]


def group(cloud: MemoryCloud) -> set[str]:
    auto_scaling = cloud.client("autoscaling")
    auto_scaling.create_launch_configuration(
        LaunchConfigurationName="any", ImageId="ami-12c6146b", InstanceType="t3.micro"
    )
    for name, team in (("web", "shop"), ("else", "books")):
        auto_scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName="any",
            MinSize=0,
            MaxSize=0,
            AvailabilityZones=["us-east-1a"],
            Tags=[{"Key": "team", "Value": team, "PropagateAtLaunch": False}],
        )
    return {"web"}


def aurora(cloud: MemoryCloud) -> set[str]:
    cloud.client("rds").create_db_cluster(
        DBClusterIdentifier="cluster",
        Engine="aurora-mysql",
        MasterUsername="admin",
        MasterUserPassword="not-a-secret",
        Tags=LIST,
    )
    return {"cluster"}


def rds(cloud: MemoryCloud) -> set[str]:
    """An instance on its own, and a member of a cluster."""
    aurora(cloud)
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier="member",
        DBInstanceClass="db.r6g.large",
        Engine="aurora-mysql",
        DBClusterIdentifier="cluster",
        Tags=LIST,
    )
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier="shop", DBInstanceClass="db.t3.micro", Engine="postgres", Tags=LIST
    )
    return {"shop"}


def dynamodb(cloud: MemoryCloud) -> set[str]:
    cloud.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=LIST,
    )
    return {"orders"}


def ec2(cloud: MemoryCloud) -> set[str]:
    made = cloud.client("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=spec("instance"),
    )
    return {made["Instances"][0]["InstanceId"]}


def ebs(cloud: MemoryCloud) -> set[str]:
    made = cloud.client("ec2").create_volume(
        Size=1, AvailabilityZone="us-east-1a", TagSpecifications=spec("volume")
    )
    return {made["VolumeId"]}


def nat(cloud: MemoryCloud) -> set[str]:
    made = cloud.client("ec2").create_nat_gateway(
        SubnetId=network(cloud)[1][0],
        ConnectivityType="private",
        TagSpecifications=spec("natgateway"),
    )
    return {made["NatGateway"]["NatGatewayId"]}


def ecs(cloud: MemoryCloud) -> set[str]:
    client = cloud.client("ecs")
    client.create_cluster(clusterName="main")
    client.register_task_definition(
        family="web", containerDefinitions=[{"name": "web", "image": "web", "memory": 1}]
    )
    client.create_service(
        cluster="main", serviceName="web", taskDefinition="web", desiredCount=0, tags=SMALL
    )
    return {"main/web"}


def firehose(cloud: MemoryCloud) -> set[str]:
    there = {"RoleARN": role(cloud), "BucketARN": "arn:aws:s3:::any"}
    cloud.client("firehose").create_delivery_stream(
        DeliveryStreamName="logs", ExtendedS3DestinationConfiguration=there, Tags=LIST
    )
    return {"logs"}


def function(cloud: MemoryCloud) -> set[str]:
    cloud.client("lambda").create_function(
        FunctionName="thumbs",
        Role=role(cloud),
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": b"-"},
        Tags=TAGS,
    )
    return {"thumbs"}


def sns(cloud: MemoryCloud) -> set[str]:
    arn = cloud.client("sns").create_topic(Name="alerts", Tags=LIST)["TopicArn"]
    cloud.client("sns").subscribe(TopicArn=arn, Protocol="sms", Endpoint="+15550100")
    return {"alerts"}


def sqs(cloud: MemoryCloud) -> set[str]:
    for name, tags in (("jobs", TAGS), ("else", {"team": "books"}), ("bare", {})):
        cloud.client("sqs").create_queue(QueueName=name, tags=tags)
    return {"jobs"}


def machine(cloud: MemoryCloud) -> set[str]:
    cloud.client("stepfunctions").create_state_machine(
        name="orders",
        definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}',
        roleArn=role(cloud),
        tags=SMALL,
    )
    return {"orders"}


KINDS: dict[str, Callable[[MemoryCloud], set[str]]] = {
    "alb": alb,
    "aurora": aurora,
    "autoscaling": group,
    "dynamodb": dynamodb,
    "ebs": ebs,
    "ec2": ec2,
    "ecs": ecs,
    "firehose": firehose,
    "lambda": function,
    "nat": nat,
    "rds": rds,
    "sns": sns,
    "sqs": sqs,
    "stepfunctions": machine,
}
"""What makes one tagged resource of a kind; the ids that are to be found."""


def found(kind: str, send: Callable[[Call], Any]) -> Found:
    """What the program finds, asking the account."""
    seen: list[dict[str, Found]] = []
    query = Query(kind=kind, tags=TAGS, most=100, may_be_empty=False)
    record(lambda: seen.append(find_all({"set": query})), project="p", lookups=answers(send))
    return seen[0]["set"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_the_tags_is_found_and_nothing_else(kind: str) -> None:
    with memory_cloud() as cloud:
        ids = KINDS[kind](cloud)
        made = found(kind, sender(cloud.client, "us-east-1"))
    assert {resource.id for resource in made.resources} == ids
    assert made.unknown == ()
    names = {tuple(sorted(form.dimensions)) for form in service(kind).search.forms}
    assert {tuple(sorted(resource.dimensions)) for resource in made.resources} <= names


def test_every_page_of_an_answer_is_read() -> None:
    with memory_cloud() as cloud:
        for number in range(120):
            cloud.client("sqs").create_queue(QueueName=f"jobs-{number}", tags=TAGS)
        assert len(found("sqs", sender(cloud.client, "us-east-1")).arns) == 120


def test_the_brokers_of_a_cluster_are_read_page_by_page() -> None:
    pages = {
        None: {"NodeInfoList": [{"BrokerNodeInfo": {"BrokerId": 1.0}}], "NextToken": "more"},
        "more": {"NodeInfoList": [{"BrokerNodeInfo": {"BrokerId": 2.0}}, {"NodeType": "OTHER"}]},
    }
    asked = answers(lambda call: pages[call.params.get("NextToken")])
    answer = asked["aws:msk/getBrokerNodes:getBrokerNodes"]({"clusterArn": "arn"})
    assert answer["nodeInfoLists"] == [{"brokerId": 1.0}, {"brokerId": 2.0}]


def test_of_an_api_the_protocol_is_asked() -> None:
    apis = {"a1b2": {"ProtocolType": "WEBSOCKET"}}
    asked = answers(lambda call: apis[call.params["ApiId"]])
    answer = asked["aws:apigatewayv2/getApi:getApi"]({"apiId": "a1b2"})
    assert answer["protocolType"] == "WEBSOCKET"


def test_what_aws_refuses_is_raised_where_the_program_asks() -> None:
    def refuse(call: Call) -> Any:
        raise PermissionError(f"{call.service}: not for you")

    with pytest.raises(PermissionError, match="resourcegroupstaggingapi: not for you"):
        found("sqs", refuse)
