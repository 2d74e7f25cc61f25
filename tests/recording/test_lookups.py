"""What data sources answer without a cloud, policy documents above all."""

import pulumi_aws as aws
import pytest

from alerting.lookups import policy_document
from alerting.recording import record

RESOURCES = "aws:resourcegroupstaggingapi/getResources:getResources"


def looked_up(lookups=None):
    """What a program is told that lists resources by tag."""
    told = []

    def program():
        filters = [{"key": "team", "values": ["shop"]}]
        found = aws.resourcegroupstaggingapi.get_resources(tag_filters=filters)
        told.append(found.resource_tag_mapping_lists)

    record(program, project="p", lookups=lookups)
    return told[0]


def test_without_a_cloud_what_lists_resources_has_no_list():
    assert looked_up() is None


def test_an_answer_can_be_made_from_what_is_asked():
    def answer(args):
        team = args["tagFilters"][0]["values"][0]
        return {"resourceTagMappingLists": [{"resourceArn": f"arn-of-{team}", "tags": {}}]}

    [one] = looked_up({RESOURCES: answer})
    assert one.resource_arn == "arn-of-shop"


def statement(**given):
    (made,) = policy_document({"statements": [given]})["Statement"]
    return made


def test_a_document_without_statements():
    assert policy_document({}) == {"Version": "2012-10-17", "Statement": []}


def test_version_and_id_are_kept():
    document = policy_document({"version": "2008-10-17", "policyId": "mine"})
    assert (document["Version"], document["Id"]) == ("2008-10-17", "mine")


def test_a_statement_allows_unless_it_says_otherwise():
    assert statement(actions=["*"])["Effect"] == "Allow"
    assert statement(actions=["*"], effect="Deny")["Effect"] == "Deny"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ],
)
def test_one_value_stands_alone_and_several_in_a_list(key, name):
    assert statement(**{key: ["a"]})[name] == "a"
    assert statement(**{key: ["a", "b"]})[name] == ["a", "b"]


def test_principals_are_gathered_by_their_type():
    principals = [
        {"type": "AWS", "identifiers": ["a"]},
        {"type": "AWS", "identifiers": ["b"]},
        {"type": "Service", "identifiers": ["c"]},
    ]
    assert statement(principals=principals)["Principal"] == {"AWS": ["a", "b"], "Service": "c"}


def test_everybody_is_a_star():
    everybody = [{"type": "*", "identifiers": ["*"]}]
    assert statement(principals=everybody)["Principal"] == "*"
    assert statement(notPrincipals=everybody)["NotPrincipal"] == "*"


def test_conditions_are_gathered_by_their_test():
    conditions = [
        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]},
        {"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["o"]},
        {"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]},
    ]
    assert statement(conditions=conditions)["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "1", "aws:PrincipalOrgID": "o"},
        "Bool": {"aws:SecureTransport": "false"},
    }
