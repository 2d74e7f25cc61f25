"""Resource policies are evaluated as IAM evaluates them."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.account import Unknown
from alerting.delivery.policies import Decision, Request, Verdict, decide

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:page"
ALARM = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:cpu-high"
SERVICE = "cloudwatch.amazonaws.com"
CONTEXT = {
    "aws:SourceArn": ALARM,
    "AWS:SourceAccount": ACCOUNT,
    "aws:SecureTransport": "true",
    "aws:TagKeys": ["team", "stage"],
    "aws:SourceOrgID": Unknown(),
}
REQUEST = Request(SERVICE, "sns:Publish", TOPIC, CONTEXT, unseen=("aws:resourcetag/*",))


def allow(**values: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sns:Publish",
        "Resource": TOPIC,
    }
    return {**statement, **values}


def deny(**values: Any) -> dict[str, Any]:
    return allow(**{"Effect": "Deny", "Principal": "*", **values})


def without(statement: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key not in keys}


def says(*statements: Any, request: Request = REQUEST) -> Decision:
    return decide({"Version": "2012-10-17", "Statement": list(statements)}, request)


def verdict(*statements: Any, request: Request = REQUEST) -> Verdict:
    return says(*statements, request=request).verdict


def under(operator: str, key: str, *values: Any) -> Verdict:
    """What an otherwise fitting statement says under one condition."""
    return verdict(allow(Condition={operator: {key: list(values)}}))


def test_nothing_said_is_a_no():
    assert decide(None, REQUEST).verdict is Verdict.NOT_ALLOWED
    assert verdict(deny(Action="sns:Subscribe")) is Verdict.NOT_ALLOWED


def test_a_fitting_statement_allows_and_is_named():
    assert says(allow(Sid="Alarms")) == Decision(Verdict.ALLOWED, "statement 'Alarms' allows it")


def test_an_explicit_deny_wins_wherever_it_stands():
    assert verdict(deny(), allow()) is Verdict.DENIED
    assert verdict(allow(), deny(Sid="No")) is Verdict.DENIED
    assert says(allow(), deny(Sid="No")).reason == "statement 'No' denies it"


def test_a_policy_may_be_text_and_have_a_single_statement():
    assert decide(json.dumps({"Statement": allow()}), REQUEST).verdict is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", Verdict.ALLOWED),
        ({"AWS": "*"}, Verdict.ALLOWED),
        ({"AWS": ["*"]}, Verdict.ALLOWED),
        ({"Service": SERVICE}, Verdict.ALLOWED),
        ({"Service": ["events.amazonaws.com", SERVICE]}, Verdict.ALLOWED),
        ({"AWS": ACCOUNT, "Service": SERVICE}, Verdict.ALLOWED),
        ({"Service": "events.amazonaws.com"}, Verdict.NOT_ALLOWED),
        ({"Service": "cloudwatch.amazonaws.com.cn"}, Verdict.NOT_ALLOWED),
        ({"AWS": ACCOUNT}, Verdict.NOT_ALLOWED),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Verdict.NOT_ALLOWED),
        ({"Federated": "cognito-identity.amazonaws.com"}, Verdict.NOT_ALLOWED),
        ({"Service": []}, Verdict.NOT_ALLOWED),
        ({"Service": Unknown()}, Verdict.CANNOT_TELL),
        ({"Planet": "Mars"}, Verdict.CANNOT_TELL),
    ],
)
def test_whom_a_principal_names_for_a_service(principal: Any, expected: Verdict):
    assert verdict(allow(Principal=principal)) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ACCOUNT, Verdict.ALLOWED),
        (f"arn:aws:iam::{ACCOUNT}:root", Verdict.ALLOWED),
        (f"arn:aws:iam::{ACCOUNT}:role/deploy", Verdict.ALLOWED),
        (f"arn:aws:iam::{ACCOUNT}:role/other", Verdict.NOT_ALLOWED),
        (f"arn:aws-cn:iam::{ACCOUNT}:root", Verdict.NOT_ALLOWED),
        ("111122223333", Verdict.NOT_ALLOWED),
    ],
)
def test_an_account_in_a_principal_stands_for_its_identities(value: str, expected: Verdict):
    role = Request(f"arn:aws:iam::{ACCOUNT}:role/deploy", "sns:Publish", TOPIC)

    assert verdict(allow(Principal={"AWS": value}), request=role) is expected


def test_not_principal_is_everybody_else():
    statement = without(deny(), "Principal")
    spared, hit = {"Service": SERVICE}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}

    assert verdict(allow(), {**statement, "NotPrincipal": spared}) is Verdict.ALLOWED
    assert verdict(allow(), {**statement, "NotPrincipal": hit}) is Verdict.DENIED


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("SNS:publish", Verdict.ALLOWED),
        ("sns:*", Verdict.ALLOWED),
        ("sns:Publ?sh", Verdict.ALLOWED),
        ("*", Verdict.ALLOWED),
        (["sns:Subscribe", "sns:Pub*"], Verdict.ALLOWED),
        ("sns:Pub", Verdict.NOT_ALLOWED),
        ("sqs:Publish", Verdict.NOT_ALLOWED),
        ([], Verdict.NOT_ALLOWED),
        (["sns:Subscribe", Unknown()], Verdict.CANNOT_TELL),
        (["sns:Publish", Unknown()], Verdict.ALLOWED),
    ],
)
def test_actions_have_wildcards_and_no_case(action: Any, expected: Verdict):
    assert verdict(allow(Action=action)) is expected


def test_not_action_is_every_other_action():
    statement = without(allow(), "Action")

    assert verdict({**statement, "NotAction": "sns:Subscribe"}) is Verdict.ALLOWED
    assert verdict({**statement, "NotAction": "sns:pub*"}) is Verdict.NOT_ALLOWED


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", Verdict.ALLOWED),
        (f"arn:aws:sns:*:{ACCOUNT}:pa?e", Verdict.ALLOWED),
        ("arn:aws:sns:*", Verdict.ALLOWED),
        ("arn:*:page", Verdict.NOT_ALLOWED),
        (f"arn:aws:sns:us-east-1:{ACCOUNT}:PAGE", Verdict.NOT_ALLOWED),
        (f"{TOPIC}-old", Verdict.NOT_ALLOWED),
        ("arn:aws:sns:us-east-1:${aws:SourceAccount}:page", Verdict.CANNOT_TELL),
        (Unknown(), Verdict.CANNOT_TELL),
    ],
)
def test_resources_have_wildcards_within_the_parts_of_an_arn(resource: Any, expected: Verdict):
    assert verdict(allow(Resource=resource)) is expected


def test_not_resource_is_every_other_resource():
    statement = without(deny(), "Resource")

    assert verdict(allow(), {**statement, "NotResource": TOPIC}) is Verdict.ALLOWED
    assert verdict(allow(), {**statement, "NotResource": f"{TOPIC}-old"}) is Verdict.DENIED


def test_an_unknown_resource_is_covered_by_a_star_alone():
    request = Request(SERVICE, "sns:Publish", Unknown(), CONTEXT)

    assert verdict(allow(Resource="*"), request=request) is Verdict.ALLOWED
    assert verdict(allow(), request=request) is Verdict.CANNOT_TELL


YES, NO, OPEN = Verdict.ALLOWED, Verdict.NOT_ALLOWED, Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "aws:SourceAccount", [ACCOUNT], YES),
        ("StringEquals", "AWS:SOURCEACCOUNT", [ACCOUNT], YES),
        ("StringEquals", "aws:SourceAccount", ["111122223333", ACCOUNT], YES),
        ("StringEquals", "aws:SourceAccount", [int(ACCOUNT)], YES),
        ("StringEquals", "aws:SourceAccount", ["111122223333"], NO),
        ("StringEquals", "aws:SourceAccount", [], NO),
        ("StringEquals", "aws:SourceArn", ["arn:aws:cloudwatch:*"], NO),
        ("StringEquals", "aws:SourceArn", [ALARM.upper()], NO),
        ("StringEqualsIgnoreCase", "aws:SourceArn", [ALARM.upper()], YES),
        ("StringNotEquals", "aws:SourceAccount", [ACCOUNT], NO),
        ("StringNotEquals", "aws:SourceAccount", ["111122223333", ACCOUNT], NO),
        ("StringNotEquals", "aws:SourceAccount", ["111122223333"], YES),
        ("StringNotEqualsIgnoreCase", "aws:SourceArn", [ALARM.upper()], NO),
        ("StringLike", "aws:SourceArn", ["arn:*:cpu-h?gh"], YES),
        ("StringLike", "aws:SourceArn", ["arn:*:disk-*"], NO),
        ("StringNotLike", "aws:SourceArn", ["arn:*:disk-*"], YES),
        ("ArnEquals", "aws:SourceArn", [f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"], YES),
        ("ArnLike", "aws:SourceArn", [f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:*"], YES),
        ("ArnLike", "aws:SourceArn", [f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:*"], NO),
        ("ArnLike", "aws:SourceArn", [f"arn:aws:*:{ACCOUNT}:alarm:*"], NO),
        ("ArnLike", "aws:SourceArn", ["arn:aws:cloudwatch:*"], OPEN),
        ("ArnLike", "aws:SourceAccount", ["arn:aws:cloudwatch:*:*:*"], NO),
        ("ArnNotLike", "aws:SourceArn", [f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"], NO),
        ("ArnNotEquals", "aws:SourceArn", ["arn:aws:events:*:*:rule/*"], YES),
        ("Bool", "aws:SecureTransport", ["true"], YES),
        ("Bool", "aws:SecureTransport", [True], YES),
        ("Bool", "aws:SecureTransport", ["false"], NO),
        # a key the request does not have
        ("StringEquals", "aws:SourceVpce", ["vpce-1"], NO),
        ("StringNotEquals", "aws:SourceVpce", ["vpce-1"], YES),
        ("ArnLike", "aws:PrincipalArn", ["*"], NO),
        ("ArnNotLike", "aws:PrincipalArn", ["*"], YES),
        ("Bool", "aws:MultiFactorAuthPresent", ["false"], NO),
        ("StringEqualsIfExists", "aws:SourceVpce", ["vpce-1"], YES),
        ("StringEqualsIfExists", "aws:SourceAccount", ["111122223333"], NO),
        ("StringNotEqualsIfExists", "aws:SourceVpce", ["vpce-1"], YES),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", ["true"], YES),
        ("Null", "aws:SourceVpce", ["true"], YES),
        ("Null", "aws:SourceVpce", [False], NO),
        ("Null", "aws:SourceArn", ["false"], YES),
        # several values in the request
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["team", "owner"], YES),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["owner"], NO),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["team"], YES),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["team", "stage"], NO),
        ("ForAnyValue:StringLike", "aws:TagKeys", ["st*"], YES),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "stage", "owner"], YES),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], NO),
        ("ForAllValues:StringEquals", "aws:RequestTags", ["team"], YES),
        ("ForAnyValue:StringEquals", "aws:RequestTags", ["team"], NO),
        ("ForAnyValue:StringNotEquals", "aws:RequestTags", ["team"], NO),
        ("ForAnyValue:StringEqualsIfExists", "aws:RequestTags", ["team"], YES),
        # what cannot be told
        ("IpAddress", "aws:SourceIp", ["10.0.0.0/8"], OPEN),
        ("NumericLessThan", "aws:SourceAccount", [5], OPEN),
        ("StringSmells", "aws:SourceAccount", ["x"], OPEN),
        ("StringEquals", "aws:SourceOrgID", ["o-1"], OPEN),
        ("StringEquals", "aws:ResourceTag/team", ["platform"], OPEN),
        ("StringEquals", "aws:SourceAccount", ["${aws:ResourceAccount}"], OPEN),
        ("StringEquals", "aws:SourceAccount", [Unknown()], OPEN),
        ("StringEquals", "aws:SourceAccount", [Unknown(), ACCOUNT], YES),
    ],
)
def test_conditions(operator: str, key: str, values: list[Any], expected: Verdict):
    assert under(operator, key, *values) is expected


def test_all_conditions_of_a_statement_have_to_hold():
    block = {
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SecureTransport": "true"},
    }
    assert verdict(allow(Condition=block)) is Verdict.ALLOWED

    block["StringEquals"]["aws:SourceAccount"] = "111122223333"
    assert verdict(allow(Condition=block)) is Verdict.NOT_ALLOWED


UNDECIDED = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}


def test_a_deny_that_cannot_be_decided_leaves_an_allow_open():
    assert verdict(allow(), deny(Condition=UNDECIDED)) is Verdict.CANNOT_TELL


def test_a_deny_that_cannot_be_decided_does_not_matter_where_nothing_is_allowed():
    assert verdict(deny(Condition=UNDECIDED)) is Verdict.NOT_ALLOWED


def test_an_allow_that_cannot_be_decided_does_not_matter_beside_one_that_can():
    assert verdict(allow(Condition=UNDECIDED), allow()) is Verdict.ALLOWED


def test_an_explicit_deny_decides_whatever_else_cannot_be_decided():
    assert verdict(allow(Condition=UNDECIDED), deny()) is Verdict.DENIED


def test_what_cannot_be_decided_says_which_operator_it_is():
    decision = says(allow(Sid="Alarms", Condition=UNDECIDED))

    assert decision.reason.startswith("statement 'Alarms': it asks for IpAddress aws:SourceIp")


def test_a_no_says_which_condition_the_nearest_statement_fails_on():
    condition = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    decision = says(
        allow(Sid="Owner", Principal={"AWS": ACCOUNT}), allow(Sid="Alarms", Condition=condition)
    )

    assert decision == Decision(
        Verdict.NOT_ALLOWED,
        "no statement allows it; statement 'Alarms' does not: it asks for StringEquals "
        f"aws:SourceAccount 111122223333, and the request brings {ACCOUNT}",
    )


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("{'Statement': []}", "the policy is not JSON"),
        ("", "the policy is not JSON"),
        ("[" * 100_000, "the policy is not JSON"),
        ("[]", "the policy is not a JSON object"),
        ({}, "the policy has no statements"),
        ({"Statement": []}, "the policy has no statements"),
        ({"Statement": ["x"]}, "a statement of the policy is not a JSON object"),
        ({"Statement": allow(Effect="allow")}, "Effect must be Allow or Deny, got 'allow'"),
        ({"Statement": allow(Principal=SERVICE)}, "Principal must be * or an object"),
        ({"Statement": allow(Action=5)}, "Action must be text, got 5"),
        ({"Statement": allow(Condition=[])}, "Condition must be an object"),
        ({"Statement": allow(Condition={"Bool": "x"})}, "Condition.Bool must be an object"),
        ({"Statement": without(allow(), "Principal")}, "neither Principal nor NotPrincipal"),
        ({"Statement": without(allow(), "Action")}, "neither Action nor NotAction"),
        ({"Statement": without(allow(), "Resource")}, "neither Resource nor NotResource"),
    ],
)
def test_what_is_no_policy_is_malformed_and_says_why(policy: Any, said: str):
    decision = decide(policy, REQUEST)

    assert decision.verdict is Verdict.MALFORMED
    assert said in decision.reason


@pytest.mark.parametrize(
    "policy",
    [
        Unknown(),
        {"Statement": Unknown()},
        {"Statement": [Unknown()]},
        {"Statement": [allow(Effect=Unknown())]},
        {"Statement": [allow(Condition=Unknown())]},
        {"Statement": [allow(Condition={"Bool": Unknown()})]},
        {"Statement": [allow(), Unknown()]},
    ],
)
def test_what_is_not_known_yet_cannot_be_told(policy: Any):
    assert decide(policy, REQUEST).verdict is Verdict.CANNOT_TELL


def test_an_identity_policy_names_no_principal_and_a_trust_policy_no_resource():
    identity = Request(None, "firehose:PutRecord", TOPIC)
    trust = Request(SERVICE, "sts:AssumeRole", None)

    statement = without(allow(Action="firehose:Put*"), "Principal")
    assert verdict(statement, request=identity) is Verdict.ALLOWED
    statement = without(allow(Action="sts:AssumeRole"), "Resource")
    assert verdict(statement, request=trust) is Verdict.ALLOWED


STATEMENTS = st.builds(
    lambda effect, principal, action, condition: {
        "Effect": effect,
        "Principal": principal,
        "Action": action,
        "Resource": "*",
        "Condition": condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["*", {"Service": SERVICE}, {"AWS": ACCOUNT}, {"Service": "x.amazonaws.com"}]),
    st.sampled_from(["sns:*", "sns:Publish", "sns:Subscribe", ["sqs:*", "SNS:publish"]]),
    st.sampled_from(
        [
            {},
            {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}},
            {"Bool": {"aws:SecureTransport": "false"}},
            UNDECIDED,
        ]
    ),
)


@given(st.lists(STATEMENTS, min_size=1, max_size=6), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_the_order_of_statements_never_matters(
    statements: list[dict[str, Any]], shuffler: random.Random
):
    shuffled = shuffler.sample(statements, len(statements))

    assert verdict(*shuffled) is verdict(*statements)


@given(st.lists(STATEMENTS, min_size=1, max_size=5), st.data())
@settings(deadline=None, max_examples=150)
def test_hiding_a_value_changes_a_verdict_only_to_cannot_tell(
    statements: list[dict[str, Any]], data: st.DataObject
):
    plain = verdict(*statements)
    number = data.draw(st.integers(0, len(statements) - 1))
    element = data.draw(st.sampled_from(["Effect", "Principal", "Action", "Resource", "Condition"]))
    hidden = [dict(statement) for statement in statements]
    hidden[number][element] = Unknown()

    # A deny that is in doubt leaves a plain no where nothing allows the request either way.
    same = {Verdict.DENIED: {Verdict.DENIED, Verdict.NOT_ALLOWED}}.get(plain, {plain})
    assert verdict(*hidden) in same | {Verdict.CANNOT_TELL}
