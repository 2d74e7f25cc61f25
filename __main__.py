"""A stack of alarms and the people they tell, as `Pulumi.<stack>.yaml` says."""

import pulumi

from alerting.program import deploy, load_settings

config = pulumi.Config()
stack = deploy(load_settings(config), config)

for name, value in stack.outputs.items():
    pulumi.export(name, value)
