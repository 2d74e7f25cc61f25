"""The rows of the table, one AWS service a file."""
