"""What goes wrong between a stack file and its program, said to the person who wrote them."""

import traceback
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from alerting.output import BadInput
from alerting.problems import Problem


@contextmanager
def stack_errors(stack: str) -> Generator[None]:
    """Turn the errors of reading and running a stack into bad input, with file and line.

    Raises:
        BadInput: the stack is not there, its config has mistakes, or its program fails.
    """
    from alerting.settings import SettingsError
    from alerting.stackfile import StackFileError

    try:
        yield
    except (BadInput, KeyboardInterrupt):
        raise
    except StackFileError as error:
        raise BadInput(str(error)) from None
    except Exception as error:
        mistakes = _cause(error, SettingsError)
        if isinstance(mistakes, SettingsError):
            raise BadInput(_with_lines(stack, mistakes.problems)) from None
        raise BadInput(_failure(error)) from error


def _cause(error: BaseException, kind: type[Exception]) -> BaseException | None:
    """The error itself or the one it came from; the engine's SDK wraps what a program raises."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, kind):
        seen = seen.__cause__ or seen.__context__
    return seen


def _with_lines(stack: str, problems: tuple[Problem, ...]) -> str:
    from alerting.stackfile import read_stack

    file = read_stack(stack)
    lines = [
        f"{file.path.name}:{file.line_of(problem.path) or 1}: {problem}" for problem in problems
    ]
    count = f"{len(lines)} mistakes" if len(lines) > 1 else "a mistake"
    return "\n  ".join((f"the config of stack {stack} has {count}", *lines))


def _failure(error: Exception) -> str:
    """The program's own error, and where in the program it was raised."""
    here = Path.cwd()
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(here) and ".venv" not in frame.filename
    ]
    where = (
        f" ({Path(frames[-1].filename).relative_to(here)}:{frames[-1].lineno})" if frames else ""
    )
    return f"the program fails: {type(error).__name__}: {error}{where}"
