"""Asks AWS which resources have the tags of a set, while the program runs.

The answers are data sources of pulumi-aws, so they come with the credentials and the Region of the
stack's own provider, in every preview and every deployment.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pulumi_aws as aws

from alerting.catalog import Listing, Lookup, service
from alerting.settings.tagged import Found, Query


def find_all(queries: Mapping[str, Query]) -> dict[str, Found]:
    """What is found, by the name of the set; of a set of which nobody can be asked, nothing.

    That is so where the program is recorded without a cloud: then the data sources answer without
    a list.
    """
    found: dict[str, Found] = {}
    for name, query in queries.items():
        search = service(query.kind).search
        arns = _listed(query, search.listing, search.types)
        if arns is None:
            continue
        ours, unknown = search.matched(arns)
        sound = len(ours) <= query.most and not unknown
        resources = search.resources(ours, _look_up) if sound else ()
        found[name] = Found(tuple(ours), resources, tuple(unknown))
    return found


def _listed(query: Query, listing: Listing, types: Sequence[str]) -> Sequence[str] | None:
    """ARNs of what has the tags; None: nobody can be asked."""
    if listing is Listing.AUTO_SCALING:
        filters = [
            aws.autoscaling.GetAmiIdsFilterArgs(name=f"tag:{key}", values=[value])
            for key, value in sorted(query.tags.items())
        ]
        # The data source has a wrong name: it lists Auto Scaling groups.
        return aws.autoscaling.get_ami_ids(filters=filters).arns
    answer = aws.resourcegroupstaggingapi.get_resources(
        resource_type_filters=types,
        tag_filters=[
            aws.resourcegroupstaggingapi.GetResourcesTagFilterArgs(key=key, values=[value])
            for key, value in sorted(query.tags.items())
        ],
    )
    listed = cast("Sequence[Any] | None", answer.resource_tag_mapping_lists)
    return None if listed is None else [one.resource_arn for one in listed]


def _look_up(what: Lookup, arn: str) -> list[str]:
    """What the ARN of a resource does not say."""
    name = re.split("[:/]", arn)[-1]
    match what:
        case Lookup.BALANCER:
            balancers = aws.lb.get_target_group(arn=arn).load_balancer_arns
            return [balancer.partition(":loadbalancer/")[2] for balancer in balancers]
        case Lookup.BROKER:
            nodes = aws.msk.get_broker_nodes(cluster_arn=arn).node_info_lists
            return [f"{node.broker_id:.0f}" for node in nodes]
        case Lookup.CLUSTER:
            instance = aws.rds.get_instance(db_instance_identifier=name)
            return [instance.db_cluster_identifier or "none"]
        case Lookup.ENGINE:
            return [aws.rds.get_cluster(cluster_identifier=name).engine]
        case Lookup.PROTOCOL:
            return [aws.apigatewayv2.get_api(api_id=name).protocol_type]
