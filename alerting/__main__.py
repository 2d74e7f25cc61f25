"""`python -m alerting`."""

from alerting.cli import main

main()
