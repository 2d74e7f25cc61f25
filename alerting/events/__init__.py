"""EventBridge's own rules: what a rule matches, and what it hands to its targets."""
