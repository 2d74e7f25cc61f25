"""A real account, over boto3: reading it, its metrics' past, and proving delivery."""
