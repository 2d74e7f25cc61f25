"""The stack on an in-memory AWS, with metric data replayed. Nothing leaves the machine."""
