"""`python -m alerting presets`."""

from rich.console import Console
from rich.text import Text

from alerting import output
from alerting.catalog.catalogue import UnknownPresetError, service, service_names
from alerting.catalog.page import limit_words, markdown, search_words, when_words
from alerting.catalog.preset import Preset, Service
from alerting.output import BadInput


def presets(name: str | None, *, page: str | None) -> None:
    """List all services, or explain the presets of one.

    Args:
        name: The service. Default: all.
        page: Where to write Markdown instead; `-` for standard output.

    Raises:
        BadInput: there is no such service, or the file cannot be written.
    """
    try:
        chosen = [service(one) for one in ((name,) if name else service_names())]
    except UnknownPresetError as error:
        raise BadInput(str(error)) from None
    if page is not None:
        output.write(page, markdown(chosen))
    elif name is None:
        _list(chosen, output.console())
    else:
        _explain(chosen[0], output.console())


def _list(services: list[Service], out: Console) -> None:
    for one in services:
        names = Text(", ".join(one.presets))
        output.hanging(out, Text(f"{one.name} ", "bold"), names, 18)
    out.print(Text("\nMore of each: python -m alerting presets SERVICE", "dim"))


def _explain(chosen: Service, out: Console) -> None:
    out.print(Text(f"{chosen.title}: {chosen.namespace}, {chosen.published}"))
    out.print(Text(f"{search_words(chosen)}\n"))
    for preset in chosen.presets.values():
        _explain_preset(preset, out)


def _explain_preset(preset: Preset, out: Console) -> None:
    mark = " (to begin with)" if preset.recommended else ""
    out.print(Text.assemble((preset.name, "bold"), mark))
    rows = {
        "fires": f"{preset.watched} is {limit_words(preset)}, {when_words(preset)}",
        "why": preset.why,
        "blind": preset.blind,
        "needs": preset.needs,
        "dimensions": " or ".join(str(one) for one in preset.dimensions),
        "source": preset.source,
    }
    for head, body in rows.items():
        if body:
            output.hanging(out, Text(f"  {head}"), Text(body), 14)
    out.print()
