"""Prints what the program of another revision declares; run as a script in that revision's folder.

It is run by path, so that `alerting` is the revision's own package where it has one: the program
needs the components it was written for. Only the Deployment's JSON, which has a version, passes
between the two.
"""

import sys
from pathlib import Path


def main(stack: str) -> None:
    """Record the stack of the current folder and print it."""
    sys.path[0] = str(Path.cwd())  # this file's folder is today's; nothing may come from there
    from alerting.recording import record
    from alerting.stackfile import read_stack

    out, sys.stdout = sys.stdout, sys.stderr  # what the program itself prints is no Deployment
    file = read_stack(stack)
    deployment = record(
        file.program, config=file.config, secret_keys=file.secret_keys, stack=file.stack
    )
    out.write(deployment.to_json())


if __name__ == "__main__":
    main(sys.argv[1])
