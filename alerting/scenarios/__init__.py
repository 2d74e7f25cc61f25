"""Unit tests for alarms: series and expectations in a file, replayed and judged."""
