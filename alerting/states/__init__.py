"""Step Functions' own rules: the part of the Amazon States Language that machines here are in."""
