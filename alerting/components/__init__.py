"""What becomes AWS resources: one component a file."""
