"""Answers data sources of pulumi-aws from an account, for programs that run outside the engine.

The program asks the same of the engine's provider when it is deployed (`alerting.finding`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from alerting.account.row import Call
from alerting.live.clients import Clients

Send = Callable[[Call], Mapping[str, Any]]
"""Sends a call to AWS and returns the response."""


def answers(send: Send) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
    """What `record` takes as `lookups`: what lists resources by tag, and what is asked of them.

    Args:
        send: Sends a call to the account. What it raises is raised where the program asks.
    """
    return {
        "aws:apigatewayv2/getApi:getApi": lambda args: _api(send, args),
        "aws:autoscaling/getAmiIds:getAmiIds": lambda args: _groups(send, args),
        "aws:lb/getTargetGroup:getTargetGroup": lambda args: _target_group(send, args),
        "aws:msk/getBrokerNodes:getBrokerNodes": lambda args: _brokers(send, args),
        "aws:rds/getCluster:getCluster": lambda args: _db_cluster(send, args),
        "aws:rds/getInstance:getInstance": lambda args: _db_instance(send, args),
        "aws:resourcegroupstaggingapi/getResources:getResources": lambda args: _tagged(send, args),
    }


def sender(clients: Clients, region: str) -> Send:
    """Sends calls through boto3."""

    def send(call: Call) -> Mapping[str, Any]:
        return getattr(clients(call.service, region), call.operation)(**call.params)

    return send


def _tagged(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    params = {
        "ResourceTypeFilters": args.get("resourceTypeFilters", []),
        "TagFilters": [
            {"Key": each["key"], "Values": each.get("values", [])}
            for each in args.get("tagFilters", [])
        ],
    }
    call = Call("resourcegroupstaggingapi", "get_resources", params)
    listed = [
        {
            "resourceArn": each["ResourceARN"],
            "tags": {tag["Key"]: tag["Value"] for tag in each.get("Tags", [])},
        }
        for page in _pages(send, call, "PaginationToken")
        for each in page["ResourceTagMappingList"]
    ]
    return {**args, "id": "resources", "resourceTagMappingLists": listed}


def _groups(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    filters = [{"Name": each["name"], "Values": each["values"]} for each in args.get("filters", [])]
    call = Call("autoscaling", "describe_auto_scaling_groups", {"Filters": filters})
    groups = [
        group for page in _pages(send, call, "NextToken") for group in page["AutoScalingGroups"]
    ]
    names = [group["AutoScalingGroupName"] for group in groups]
    arns = [group["AutoScalingGroupARN"] for group in groups]
    return {**args, "id": "groups", "names": names, "arns": arns}


def _target_group(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    call = Call("elbv2", "describe_target_groups", {"TargetGroupArns": [args["arn"]]})
    [group] = send(call)["TargetGroups"]
    return {**args, "id": args["arn"], "loadBalancerArns": group.get("LoadBalancerArns", [])}


def _brokers(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    call = Call("kafka", "list_nodes", {"ClusterArn": args["clusterArn"]})
    nodes = [
        {"brokerId": node["BrokerNodeInfo"]["BrokerId"]}
        for page in _pages(send, call, "NextToken")
        for node in page["NodeInfoList"]
        if "BrokerNodeInfo" in node
    ]
    return {**args, "id": args["clusterArn"], "nodeInfoLists": nodes}


def _db_instance(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    name = args["dbInstanceIdentifier"]
    [found] = send(Call("rds", "describe_db_instances", {"DBInstanceIdentifier": name}))[
        "DBInstances"
    ]
    return {**args, "id": name, "dbClusterIdentifier": found.get("DBClusterIdentifier", "")}


def _db_cluster(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    name = args["clusterIdentifier"]
    [found] = send(Call("rds", "describe_db_clusters", {"DBClusterIdentifier": name}))["DBClusters"]
    return {**args, "id": name, "engine": found["Engine"]}


def _api(send: Send, args: Mapping[str, Any]) -> dict[str, Any]:
    found = send(Call("apigatewayv2", "get_api", {"ApiId": args["apiId"]}))
    return {**args, "id": args["apiId"], "protocolType": found["ProtocolType"]}


def _pages(send: Send, call: Call, token: str) -> Iterator[Mapping[str, Any]]:
    """The pages of an answer; AWS says where it goes on, by a token of this name."""
    params = dict(call.params)
    while True:
        page = send(Call(call.service, call.operation, params))
        yield page
        if not page.get(token):
            return
        params[token] = page[token]
