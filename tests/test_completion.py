"""What the Tab key gives: real shells, the script of ``parkg completion``, the graph that is built."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest

from tests.machine import ROOT, need
from tests.servers import PARKG

LINE = "parkg query show_ce\tto\tFINA\tentry\tentire\t-f csv\n"
SHELLS = {
    "bash": (["bash", "--noprofile", "--norc", "-i"], 'eval "$(parkg completion bash)"\n'),
    "zsh": (["zsh", "-f", "-i"], 'eval "$(parkg completion zsh)"\n'),
    "fish": (["fish", "--no-config", "--interactive"], "parkg completion fish | source\n"),
}
# Calls the function that bash calls, as bash does, and prints what it leaves.
CALL_FROM_BASH = r"""
compopt() { asked=$2; }
COMP_LINE=$1 COMP_POINT=${#1}
_parkg_completion parkg
printf '%s\n' "${COMPREPLY[@]}" $asked
"""


@pytest.fixture
def environment(folder, tmp_path):
    """An environment in which ``parkg`` is the command of this checkout, over what is shipped."""
    command = tmp_path / "bin/parkg"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom kg.cli import main\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    return {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "PARKG_DATA": str(folder.path), "TERM": "dumb",
            "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def script():
    return subprocess.run([*PARKG, "completion", "bash"], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def tab(environment, script):
    """Tell what bash is given, and what it is asked to do, for a line behind whose last letter Tab is pressed."""
    def press(line, breaks="", **more):
        setting = f"COMP_WORDBREAKS={breaks!r}\n" if breaks else ""
        done = subprocess.run(["bash", "--norc", "-c", script + setting + CALL_FROM_BASH, "bash", line],
                              env={**environment, **more}, capture_output=True, text=True, timeout=30, check=False)
        assert done.stderr == ""
        return [text for text in done.stdout.splitlines() if text]
    return press


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_when_pressed_in_a_shell_then_the_query_is_completed_and_answered(shell, environment, parkg):
    need(shutil.which(shell), shell)
    command, setup = SHELLS[shell]
    said = typed_into(command, [setup, "echo re''ady\n", LINE, "exit\n"], environment, after={1: "ready"})
    for row in parkg("query", "show_cell", "tool=financing", "entry_way=entire-chain", "-f", "csv").stdout.splitlines()[1:]:
        assert row in said


def typed_into(command, lines, environment, after):
    """Type lines into a shell at a terminal of its own, some only after it said a word; return all that it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    said, ends = "", time.monotonic() + 60
    try:
        for number, line in enumerate(lines):
            os.write(terminal, line.encode())
            while number in after and after[number] not in said and time.monotonic() < ends:
                said += shown(terminal)
        while os.waitpid(pid, os.WNOHANG) == (0, 0) and time.monotonic() < ends:
            said += shown(terminal)
        return said + shown(terminal)
    finally:
        os.close(terminal)


def shown(terminal):
    if not select.select([terminal], [], [], 0.2)[0]:
        return ""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:  # the shell has ended
        return ""


@pytest.mark.parametrize(("line", "expected"), [
    ("parkg que", ["query"]),
    ("parkg query show_ce", ["show_cell"]),
    ("parkg query SHOW_CE", ["show_cell"]),
    ("parkg query show_cell ", ["tool=", "entry_way=", "language=", "nospace"]),
    ("parkg query show_cell tool=quality ", ["entry_way=", "language=", "nospace"]),
    ("parkg query show_cell tool=fi", ["financing"]),
    ("parkg query show_cell tool=Calid", ["quality"]),
    ("parkg query show_cell tool=\"fi", ["financing"]),
    ("parkg query find_paths product=hon", ["honey"]),
    ("parkg query find_paths place=country/CHI", ["country/chile"]),
    ("parkg query list_path_tools language=", ["en", "es"]),
    ("parkg query list_things class=par:EntryW", ["EntryWay"]),
    ("parkg query find_statements thing=tool", ["tool-application/", "tool-step/", "tool/", "nospace"]),
    ("parkg query show_cell --format=cs", ["csv"]),
    ("parkg query show_cell -f t", ["table", "tsv"]),
    ("parkg sparql -f tur", ["turtle"]),
    ("parkg sparql que", ["default"]),
    ("parkg build --source ", ["dirnames"]),
    ("parkg explain experience/ket", ["experience/ketal"]),
    ("parkg explain experience/ketal par:usesT", ["usesTool"]),
    ("parkg coverage tool", ["toolbox"]),
])
def test_tab_when_pressed_in_bash_then_what_it_puts_behind_its_last_sign(line, expected, tab):
    assert tab(line) == expected


@pytest.mark.parametrize("line", ["parkg quxx", "parkg query show_xx", "parkg query show_xx tool=", "parkg query show_cell tule=",
                                  "parkg query show_cell tool=xx", "parkg --data nowhere query show_cell tool=fi"])
def test_tab_when_nothing_fits_then_nothing_at_all(line, tab):
    assert tab(line) == []


def test_tab_when_a_setting_cannot_be_then_nothing_at_all(tab):
    assert tab("parkg query show_cell tool=fi", PARKG_PORT="eight") == []


def test_tab_when_bash_does_not_part_words_at_the_equals_sign_then_the_whole_word(tab):
    assert tab("parkg query show_cell tool=fi", breaks=" ") == ["tool=financing"]


@pytest.mark.parametrize(("shell", "line"), [
    ("zsh", "plain,show_cell:Which experiences used this tool on this entry way, and where is that said?"),
    ("fish", "plain,show_cell\tWhich experiences used this tool on this entry way, and where is that said?"),
])
def test_tab_when_the_shell_shows_words_on_a_name_then_the_question(shell, line, environment):
    asked = {**environment, "COMP_WORDS": "parkg query show_ce", "_PARKG_COMPLETE": f"{shell}_complete"}
    done = subprocess.run(["parkg"], env=asked, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines() == [line]
