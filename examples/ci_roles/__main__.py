"""Two roles for the workflows: one reads, for previews and drift; one deploys."""

import json

import pulumi
from permissions import deploying, reading, state_in
from pulumi_aws import iam

GITHUB = "token.actions.githubusercontent.com"

config = pulumi.Config()
repository = config.require("repository")
bucket = config.require("stateBucket")
environments = config.require_object("environments")

provider = iam.OpenIdConnectProvider(
    "github", url=f"https://{GITHUB}", client_id_lists=["sts.amazonaws.com"]
)


def trust(provider_arn: str, subjects: list[str]) -> str:
    """Who may assume a role: these workflows, and for AWS only (`aud`)."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": provider_arn},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {
                            f"{GITHUB}:aud": "sts.amazonaws.com",
                            f"{GITHUB}:sub": subjects,
                        }
                    },
                }
            ],
        }
    )


def role(name: str, subjects: list[str], statements: list[dict[str, object]]) -> iam.Role:
    """A role that these subjects may assume."""
    made = iam.Role(
        name,
        assume_role_policy=provider.arn.apply(lambda arn: trust(arn, subjects)),
        max_session_duration=3600,
    )
    iam.RolePolicy(
        f"{name}-policy",
        role=made.id,
        policy=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    return made


# A pull request's workflows and the scheduled ones on main read; only an environment, which has
# reviewers, deploys.
preview = role(
    "preview",
    [f"repo:{repository}:pull_request", f"repo:{repository}:ref:refs/heads/main"],
    [*reading(), *state_in(bucket)],
)
deploy = role(
    "deploy",
    [f"repo:{repository}:environment:{name}" for name in environments],
    [*reading(), *deploying(config.get("prefix", "")), *state_in(bucket)],
)

pulumi.export("preview_role", preview.arn)
pulumi.export("deploy_role", deploy.arn)
