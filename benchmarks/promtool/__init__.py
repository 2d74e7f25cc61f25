"""Prometheus's own tester of alerts, built from source to be measured beside ours."""
