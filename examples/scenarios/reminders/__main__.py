"""The program of this folder's stacks, which is the project's own."""

import pulumi

from alerting.program import deploy, load_settings

config = pulumi.Config()
stack = deploy(load_settings(config), config)

for name, value in stack.outputs.items():
    pulumi.export(name, value)
