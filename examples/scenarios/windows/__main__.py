"""A stack of alarms and the people they tell, as `Pulumi.<stack>.yaml` says."""

import gc

import pulumi

from alerting.program import deploy, load_settings

# Declaring makes many long-lived objects; with Python's defaults the collector of cycles looks
# through them again and again, for a third to a half of a large stack's CPU.
gc.set_threshold(100_000, 50, 1000)

config = pulumi.Config()
stack = deploy(load_settings(config), config)

for name, value in stack.outputs.items():
    pulumi.export(name, value)
