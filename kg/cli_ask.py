"""The command ``parkg ask``: a question in plain words, answered by the query of the catalogue that fits it best."""

import json
import shutil
import sys

import click

from kg.ask import ask
from kg.asked import as_tree, candidate_lines, command_of, named_lines
from kg.console import read_catalogue, tell
from kg.hits import as_lines
from kg.inquire import asking
from kg.settings import Settings
from kg.tables import as_text


@click.command(name="ask")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer, its query and the other queries as JSON.")
@click.pass_context
def ask_question(context: click.Context, words: tuple[str, ...], as_json: bool) -> None:
    """Answer a question in plain words, English or Spanish; exit code 1 where no query of the catalogue fits it.

    Example: parkg ask which tools did Maqueo use
    """
    settings: Settings = context.obj
    with asking(settings, read_catalogue()) as inquiry:
        pinned = inquiry.pinned()
        asked = ask(" ".join(words), pinned)
        best = asked.candidates[0] if asked.candidates else None
        text = pinned.bound(best.query.name, best.given) if best else ""
        if as_json:
            tree = as_tree(asked)
            if best:
                tree["answer"] |= {"sparql": text, "results": json.loads(pinned.answer(text, "json"))}
            click.echo(json.dumps(tree, ensure_ascii=False))
        elif best:
            tell(f"asked as: {command_of(best)}  (with --show after it: the SPARQL)")
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
            click.echo(as_text(pinned.table(text), width))
    if not as_json:
        for word, near in asked.mended.items():
            tell(f"{word} was read as {near}")
        others = asked.candidates[1:] or ([] if best else asked.near)
        click.echo("\n".join([*([] if best else ["No query of the catalogue fits this question."]),
                              *(["", "It names:", *lines] if (lines := list(named_lines(asked))) else []),
                              *(["", "You may also have meant:" if best else "Near it:",
                                 *candidate_lines(others, asked.language)] if others else []),
                              *(["", "Texts with words of it:", *as_lines(asked.found)] if asked.found.found else [])]))
    context.exit(0 if best else 1)
