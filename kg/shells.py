"""Turns what may stand on a command line into what bash, zsh and fish understand, and gives the script that each of them needs.

click's own scripts will not do: bash takes ``tool=fi`` apart at the ``=`` and keeps all but what stands behind it, every shell
would put a space behind ``tool=``, and fish would cut a question at its comma. These hand over the line up to the cursor and get
whole words; for bash what it keeps is taken off again.

Source: Bash Reference Manual, sections 5.2 (COMP_WORDBREAKS) and 8.6; zsh manual, zshcompsys(1); fish manual, complete(1).
"""

import os
import re
from contextlib import suppress

from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete, add_completion_class
from click.shell_completion import split_arg_string as words_of_line

from kg.complete import GOING_ON

SHELLS = ("bash", "zsh", "fish")
OPEN = "open"  # the type of an item behind which no space belongs
_CURSOR = "\0"

_BASH = r"""%(complete_func)s() {
    local IFS=$'\n' line
    COMPREPLY=()
    for line in $(env COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" \
                  %(complete_var)s=bash_complete "$1" 2>/dev/null); do
        case ${line%%%%,*} in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            open) compopt -o nospace; COMPREPLY+=("${line#*,}") ;;
            plain) COMPREPLY+=("${line#*,}") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_ZSH = r"""#compdef %(prog_name)s
%(complete_func)s() {
    local -a plain open
    local line
    for line in "${(@f)$(env COMP_WORDS="${(j: :)words[1,CURRENT-1]} $PREFIX" \
                         %(complete_var)s=zsh_complete "${words[1]}" 2>/dev/null)}"; do
        case ${line%%%%,*} in
            dir) _path_files -/ ;;
            file) _path_files ;;
            open) open+=("${line#*,}") ;;
            plain) plain+=("${line#*,}") ;;
        esac
    done
    (( $#open )) && _describe -V word open -U -S ''
    (( $#plain )) && _describe -V word plain -U
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef %(complete_func)s %(prog_name)s
fi
"""
_FISH = r"""function %(complete_func)s
    set -l command (commandline -opc)
    for line in (env COMP_WORDS=(commandline -cp | string collect) %(complete_var)s=fish_complete $command[1] 2>/dev/null)
        set -l parts (string split -m 1 , -- $line)
        switch $parts[1]
            case dir
                __fish_complete_directories $parts[2]
            case file
                __fish_complete_path $parts[2]
            case plain open
                echo $parts[2]
        end
    end
end
complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Whole(ShellComplete):
    """A shell that hands over the line up to the cursor, gets whole words, and nothing at all where anything fails."""

    def get_completion_args(self) -> tuple[list[str], str]:
        *args, last = words_of_line(os.environ["COMP_WORDS"] + _CURSOR)
        return args[1:], last.removesuffix(_CURSOR)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        option, equals, _ = incomplete.partition("=")
        begun = option + equals if equals and option.startswith("-") else ""
        items = super().get_completions(args, incomplete)
        return [CompletionItem(begun + item.value, OPEN if item.type == "plain" and item.value.endswith(GOING_ON) else item.type,
                               help=item.help) for item in items]

    def complete(self) -> str:
        with suppress(Exception):  # whatever it is, it would stand in the middle of what somebody types
            return super().complete()
        return ""


@add_completion_class
class Bash(_Whole, BashComplete):
    """What bash needs: no word on an item, and of the item only what stands behind the last sign at which bash parts words."""

    source_template = _BASH

    def format_completion(self, item: CompletionItem[str]) -> str:
        _, incomplete = self.get_completion_args()
        kept = max(incomplete.rfind(sign) for sign in os.environ["COMP_BREAKS"] + _CURSOR) + 1
        escaped = re.sub(r"[^\w@%+=:,./#-]", r"\\\g<0>", item.value[kept:])
        return f"{item.type},{escaped}"


@add_completion_class
class Zsh(_Whole, ZshComplete):
    """What zsh needs: the word on an item behind a colon."""

    source_template = _ZSH

    def format_completion(self, item: CompletionItem[str]) -> str:
        value = item.value.replace("\\", "\\\\").replace(":", "\\:")
        return f"{item.type},{value}:{item.help}" if item.help else f"{item.type},{value}"


@add_completion_class
class Fish(_Whole, FishComplete):
    """What fish needs: the word on an item behind a tab, as click gives it."""

    source_template = _FISH
