"""SNS's own rules: names, endpoints, what each protocol can and cannot do. Pure."""
