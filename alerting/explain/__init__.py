"""What a stack does, whom it tells, how soon, and what it costs, in words."""
