"""The commands ``parkg review``, ``publish``, ``withdraw`` and ``carry-over``: what waits, and what is done with it."""

import json
from typing import Any

import click

from kg.console import read_catalogue
from kg.desk import desk_of
from kg.errors import ContributionFaulty
from kg.names import brief
from kg.settings import Settings

_note = click.option("--note", default="", help="Why, or what is said; some moves take one.")
_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
SHOWN = 20


@click.group(invoke_without_command=True)
@_json
@click.pass_context
def review(context: click.Context, as_json: bool) -> None:
    """List the contributions that moved last and where they stand; with a command, look at one or move it.

    Example: PARKG_TOKEN=parkg_… parkg review accept abcdefghijkl --note "Read beside the report."
    """
    if context.invoked_subcommand is None:
        with desk_of(context.obj, read_catalogue()) as desk:
            found = desk.waiting()
        click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(map(_line, found)) or "nothing waits")


@review.command()
@click.argument("id")
@_json
@click.pass_obj
def show(settings: Settings, id: str, as_json: bool) -> None:
    """Show what happened to a contribution, and what its last edition changes.

    Example: parkg review show abcdefghijkl
    """
    with desk_of(settings, read_catalogue()) as desk:
        one = desk.show(id)
    if as_json:
        click.echo(json.dumps(one, ensure_ascii=False))
        return
    click.echo(_line(one))
    for event in one["events"]:
        click.echo(f"  {event['at']}  {event['who']}  {event['did']}  {event['note']}".rstrip())
    for name in ("adds", "removes", "follows"):
        triples = one["changes"][name] or []
        click.echo(f"{name}: {len(triples)}")
        click.echo("".join(f"  {triple}\n" for triple in triples[:SHOWN]), nl=False)
        if len(triples) > SHOWN:
            click.echo(f"  … and {len(triples) - SHOWN} more (--json gives them all)")
    if one["changes"]["contradicts"]:
        click.echo(one["changes"]["contradicts"])


def _mover(did: str, help: str) -> click.Command:
    @click.command(name=did, help=f"{help}\n\nExample: parkg {did if did in ('publish', 'withdraw') else 'review ' + did} "
                                  "abcdefghijkl --note \"As agreed.\"")
    @click.argument("id")
    @_note
    @_json
    @click.pass_obj
    def moved(settings: Settings, id: str, note: str, as_json: bool) -> None:
        with desk_of(settings, read_catalogue()) as desk:
            one = desk.move(id, did, note)
        click.echo(json.dumps(one, ensure_ascii=False) if as_json else _line(one))

    return moved


for _did, _help in (("comment", "Say something about a contribution."), ("request-changes", "Ask for changes, with a note."),
                    ("accept", "Accept a contribution, so that it can be published."), ("refuse", "Refuse it, with a note.")):
    review.add_command(_mover(_did, _help))
publish = _mover("publish", "Publish an accepted contribution as the next revision.")
withdraw = _mover("withdraw", "Take a contribution back, with a note that says why.")


@click.command(name="carry-over")
@click.argument("ids", nargs=-1)
@_json
@click.pass_context
def carry_over(context: click.Context, ids: tuple[str, ...], as_json: bool) -> None:
    """Publish cases of an earlier edition of the shapes as versions of the newest: IDS, or all that there are.

    Exit code 1 where one needs a person; what to mend is told. Example: PARKG_TOKEN=parkg_… parkg carry-over
    """
    told: list[dict[str, Any]] = []
    with desk_of(context.obj, read_catalogue()) as desk:
        for id in ids or [one["id"] for one in desk.behind()]:
            try:
                told.append({**desk.move(id, "carry-over", ""), "findings": []})
            except ContributionFaulty as error:
                told.append({"id": id, "detail": str(error), "findings": error.findings})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo("\n".join(map(_outcome, told)) or "Every published case is of the newest edition of the shapes.")
    context.exit(1 if any(one["findings"] for one in told) else 0)


def _outcome(one: dict[str, Any]) -> str:
    if not one["findings"]:
        return _line(one)
    found = (f"  {brief(each['record'])} {brief(each['field'])}: {each['message']} {each['write']}" for each in one["findings"]
             if each["strength"] == "must")
    return "\n".join([f"{one['id']}  {one['detail']}", *found])


def _line(one: dict[str, Any]) -> str:
    version = f", version {one['version']}" if one["version"] else ""
    return (f"{one['id']}  {one['state']}{version}  {one['experience']}  edition {one['edition']} of {one['sent_by']}, "
            f"{one['moved']}")
