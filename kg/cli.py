"""Turns a command line into a call of what composes the graph; prints the outcome. Exit codes: 0, 1 a finding, 2 a failure.

Further commands join by the entry point group ``parkg.commands``, as ``serve`` of the package api and ``token`` do.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TextIO

import click
from click.shell_completion import CompletionItem, get_completion_class

from kg import complete
from kg.console import FINDINGS_SHOWN, build_and_tell, outcome_lines, progress_bar, read_catalogue, served, tell
from kg.errors import OntologyInconsistent, ParkgError, ShapesViolated
from kg.explain import explain
from kg.hits import as_lines as hit_lines
from kg.hits import as_tree as hits_as_tree
from kg.inquire import Inquiry, asking
from kg.parameters import LANGUAGES, Parameter
from kg.reason import read_rules
from kg.reasons import as_lines, as_tree, term_of
from kg.settings import Settings, read_settings, shipped
from kg.shells import SHELLS
from kg.store.engine import GRAPH_FORMATS, RESULT_FORMATS, Opened
from kg.store.rdf import NamedNode, Triple
from kg.store.sparql import query_form
from kg.tables import as_text


class Commands(click.Group):
    """Commands whose errors are one message on stderr and an exit code, never a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ParkgError as error:
            tell(str(error))
            ctx.exit(1 if isinstance(error, ShapesViolated | OntologyInconsistent) else 2)
        except BrokenPipeError:
            raise
        except (OSError, UnicodeDecodeError) as error:
            tell(f"cannot read or write: {error}")
            ctx.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *entry_points(group="parkg.commands").names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for point in entry_points(group="parkg.commands", name=cmd_name):
            command = point.load()
            assert isinstance(command, click.Command)
            return command
        return super().get_command(ctx, cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Complete a command without loading those that join, which takes long; options as click does."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        own = {name: command.get_short_help_str() for name, command in self.commands.items()}
        return [CompletionItem(name, help=own.get(name)) for name in self.list_commands(ctx) if name.startswith(incomplete)]


def _data_of(context: click.Context) -> Path:
    return context.find_root().params.get("data") or read_settings().data


def _items(told: Mapping[str, str]) -> list[CompletionItem[str]]:
    return [CompletionItem(text, help=word or None) for text, word in told.items()]


def _completed_parameters(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem[str]]:
    given = context.params["parameters"]
    return _items(complete.parameters(context.params["name"], given, typed, _data_of(context)))


def _completed_values(type: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]:
    """Return what completes an argument with the values of a type of parameter."""
    parameter = Parameter("value", type, "any", "a value")
    return lambda context, _, typed: _items(complete.values(parameter, typed, _data_of(context)))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="parkg", message="parkg %(version)s")
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (PARKG_DATA, default ./var).")
@click.option("--time-limit-s", type=click.FloatRange(0.01, 3600), help="Seconds that a query may take (PARKG_TIME_LIMIT_S, 10).")
@click.pass_context
def main(context: click.Context, data: Path | None, time_limit_s: float | None) -> None:
    """A knowledge graph of how small producers and rural entrepreneurs reach a market.

    Example: parkg query show_cell tool=financing entry_way=entire-chain
    """
    settings = read_settings()
    context.obj = replace(settings, data=data or settings.data, time_limit_s=time_limit_s or settings.time_limit_s)


@main.command()
@click.option("--source", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A folder laid out as the checkout (ontology/, kg/data/, kg/rules/); default: what is installed.")
@click.option("--reasoner", is_flag=True, help="Have HermiT check the whole too (needs the extra 'reasoner').")
@click.option("--json", "as_json", is_flag=True, help="Print the revision as JSON.")
@click.pass_obj
def build(settings: Settings, source: Path | None, reasoner: bool, as_json: bool) -> None:
    """Read, check and infer the graph, and serve it from now on.

    Example: parkg build --reasoner
    """
    built = build_and_tell(settings, source, reasoner)
    if as_json:
        click.echo(json.dumps({**asdict(built.revision), "fresh": built.fresh}))


@main.command()
@click.argument("name", required=False, shell_complete=lambda _context, _argument, typed: _items(complete.names(typed)))
@click.argument("parameters", nargs=-1, shell_complete=_completed_parameters)
@click.option("--format", "-f", "format", type=click.Choice(["table", *RESULT_FORMATS]), default="table", show_default=True)
@click.option("--json", "format", flag_value="json", help="The same as --format json.")
@click.option("--show", is_flag=True, help="Print the SPARQL with the values in place instead of asking it.")
@click.pass_obj
def query(settings: Settings, name: str | None, parameters: tuple[str, ...], format: str, show: bool) -> None:
    """Ask a query of the catalogue; without a name, list the catalogue.

    Example: parkg query list_tool_experiences tool=financing
    """
    catalogue = read_catalogue()
    if name is None:
        click.echo("\n".join(f"{entry.name}\n    {entry.question}\n    parkg query {entry.usage()}" for entry in catalogue.all()))
        return
    given = {}
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if not equals:
            example = catalogue.get(name).usage()
            raise click.UsageError(f"Write a parameter as name=value, not {parameter!r}. Example: parkg query {example}")
        given[key] = value
    with asking(settings, catalogue) as inquiry:
        text = inquiry.bound(name, given)
        if show:
            click.echo(text)
        else:
            _print_answer(inquiry, text, format)


@main.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--format", "-f", "format", type=click.Choice(["table", *RESULT_FORMATS, *GRAPH_FORMATS]),
              help="Default: a table, or Turtle where the answer is a graph.")
@click.option("--json", "format", flag_value="json", help="The same as --format json.")
@click.pass_obj
def sparql(settings: Settings, file: TextIO, format: str | None) -> None:
    """Ask the SPARQL in a file; - is standard input.

    Example: parkg sparql question.rq --format csv
    """
    text = file.read()
    form = query_form(text, bool(settings.allowed_hosts))
    formats = ["table", *RESULT_FORMATS] if form in ("SELECT", "ASK") else [*GRAPH_FORMATS]
    if format and format not in formats:
        raise click.UsageError(f"The answer to this query cannot be written as {format}; choose from {', '.join(formats)}.")
    with asking(settings, read_catalogue()) as inquiry:
        _print_answer(inquiry, text, format or formats[0])


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", "kinds", multiple=True, help="Only things of this kind, such as experience; may be repeated.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of labels and snippets.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="The most things that are given.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def search(settings: Settings, words: tuple[str, ...], kinds: tuple[str, ...], language: str, limit: int, as_json: bool) -> None:
    """Find things by the words of their labels and texts, in either language.

    Example: parkg search miel chiloe --kind experience
    """
    with asking(settings, read_catalogue()) as inquiry:
        hits = inquiry.search(" ".join(words), language, kinds, limit)
        counted = inquiry.counted(" ".join(words), kinds=kinds)
    if as_json:
        click.echo(json.dumps(hits_as_tree(hits, counted), ensure_ascii=False))
        return
    for word, near in hits.mended.items():
        tell(f"nothing has the word {word}; {near} was searched for")
    for word in hits.unknown:
        tell(f"nothing has the word {word}")
    of_kinds = f" of the kind {' or '.join(kinds)}; without --kind all kinds are searched" if kinds else ""
    click.echo("\n".join(hit_lines(hits)) or f"nothing was found{of_kinds}")
    there = sum(things for kind, things in counted.kinds.items() if not kinds or kind in kinds)
    if there > len(hits.found):
        tell(f"these are the first {len(hits.found)} of {there}{' or more' * counted.at_least}; --limit gives up to 100")


@main.command()
@click.argument("document", required=False, shell_complete=_completed_values("par:Document"))
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.pass_context
def coverage(context: click.Context, document: str | None, as_json: bool) -> None:
    """List every passage with what it yielded; exit code 1 if one yielded nothing without a reason.

    Example: parkg coverage toolbox
    """
    with asking(context.obj, read_catalogue()) as inquiry:
        text = inquiry.bound("count_passage_statements", {"document": document} if document else {})
        table = inquiry.table(text)
        _print_answer(inquiry, text, "json" if as_json else "table")
    silent = [row[1].text for row in table.rows
              if row[1] and not row[5] and all(cell is None or cell.text == "0" for cell in (row[2], row[4]))]
    for label in silent:
        tell(f"no statement and no reason: {label}")
    context.exit(1 if silent else 0)


@main.command(name="verify")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes as JSON.")
@click.option("--all", "every", is_flag=True, help="Print every finding, not only the first of each check.")
@click.pass_context
def verify_graph(context: click.Context, as_json: bool, every: bool) -> None:
    """Check everything that must hold of the graph, in one table; exit code 1 on any finding.

    Example: parkg verify --all
    """
    # Imported here because it takes as long as all else together, and no other command needs it.
    from kg.verify import read_checks, verify

    folder, revision = served(context.obj)
    with progress_bar() as progress:
        graph = Opened(folder.directory(revision))
        outcomes = verify(graph, read_checks(shipped("checks")), shipped("ontology") / "shapes", progress)
    if as_json:
        click.echo(json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False))
    else:
        click.echo("\n".join(outcome_lines(outcomes, None if every else FINDINGS_SHOWN)))
    context.exit(1 if any(outcome.findings for outcome in outcomes) else 0)


@main.command(name="explain")
@click.argument("subject", shell_complete=_completed_values("iri"))
@click.argument("property", shell_complete=_completed_values("iri"))
@click.argument("value", shell_complete=_completed_values("iri"))
@click.option("--json", "as_json", is_flag=True, help="Print the reason as JSON.")
@click.pass_context
def explain_statement(context: click.Context, subject: str, property: str, value: str, as_json: bool) -> None:
    """Say why a statement holds: the passages that state it, or the rule and what it rests on; exit code 1 if it does not hold.

    A thing is written as kind/key, prefixed name or IRI, a text in quotes with its language ('"Ketal"@en').

    Example: parkg explain experience/ketal par:usesTool tool/quality
    """
    folder, revision = served(context.obj)
    triple = Triple(term_of(subject), term_of(property), term_of(value, literal=True))
    reason = explain(triple, read_rules(shipped("rules")), Opened(folder.directory(revision)))
    if not reason.holds:  # a name that nothing has is told as that
        with asking(context.obj, read_catalogue()) as inquiry:
            for name, text in (("subject", subject), ("property", property), ("value", value)):
                if text != "a" and isinstance(term_of(text, literal=name == "value"), NamedNode):
                    inquiry.named(name, text)
    click.echo(json.dumps(as_tree(reason), ensure_ascii=False) if as_json else "\n".join(as_lines(reason)))
    context.exit(0 if reason.holds else 1)


@main.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what lets a shell complete commands, names of queries, their parameters and values.

    bash and zsh take it by: eval "$(parkg completion bash)"

    Example: parkg completion fish | source
    """
    shell_class = get_completion_class(shell)
    assert shell_class
    click.echo(shell_class(main, {}, "parkg", "_PARKG_COMPLETE").source(), nl=False)


def _print_answer(inquiry: Inquiry, query: str, format: str) -> None:
    if format == "table":
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(as_text(inquiry.table(query), width))
    else:
        answer = inquiry.answer(query, format)
        sys.stdout.buffer.write(answer if answer.endswith(b"\n") else answer + b"\n")
