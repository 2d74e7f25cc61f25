"""The delivery rules as a policy pack: `pulumi preview --policy-pack policy`."""

from pulumi_policy import PolicyPack
from rules import POLICIES

PolicyPack("alert-delivery", policies=POLICIES)
