"""The scripts themselves. No word in them comes from anywhere but the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fieldkit.cli.completing.words import (
    FILES,
    FOLDERS,
    Value,
    globals_,
    groups,
    options,
    places,
    valued,
    values,
)
from fieldkit.cli.contract import GLOBALS, Argument, Verb

FIND_VERB = """    for ((i = {first}; i < {here}; i++)); do
        word="${{{words}[i]}}"
        if [[ -n $skip ]]; then skip=""; continue; fi
        case "$word" in
            {valued}) skip=1 ;;
            -*) ;;
            *) case "$verb" in "") verb="$word" ;; {grouping}) verb="$verb $word" ;; esac ;;
        esac
    done
"""
"""Which verb the words before the one that is being typed name."""

FIND_FISH_VERB = """function __fieldkit_verb
    set -l verb ''
    set -l skip ''
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $word
            case {valued}
                set skip 1
            case '-*'
            case '*'
                switch $verb
                    case ''
                        set verb $word
                    case {grouping}
                        set verb "$verb $word"
                end
        end
    end
    test "$verb" = "$argv[1]"
end"""
"""The same for fish, as a question: whether they name this one. Its own helpers take the folder behind
`--home` for a verb.
"""


def bash(verbs: Sequence[Verb]) -> str:
    """For bash 4 and newer."""

    def take(value: Value) -> str:
        if value.folders or value.files:
            kind = "-d" if value.folders else "-f"
            return f'compopt -o filenames; mapfile -t COMPREPLY < <(compgen {kind} -- "$cur")'
        return f'mapfile -t COMPREPLY < <(compgen -W "{" ".join(value.words)}" -- "$cur")'

    def offer(words: Sequence[str], files: bool) -> str:
        more = '; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$cur")' if files else ""
        return f'mapfile -t COMPREPLY < <(compgen -W "{" ".join(words)}" -- "$cur"){more}'

    find = _find(verbs, first=1, here="COMP_CWORD", words="COMP_WORDS")
    return (
        "# bash completion for fieldkit: source <(fieldkit completion bash)\n"
        "_fieldkit() {\n"
        '    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"\n'
        '    local verb="" word skip="" i\n'
        f"    COMPREPLY=()\n{find}{_cases(verbs, take, offer)}"
        "}\n"
        "complete -F _fieldkit fieldkit\n"
    )


def zsh(verbs: Sequence[Verb]) -> str:
    """For zsh: autoloaded from $fpath, or sourced."""

    def take(value: Value) -> str:
        if value.folders or value.files:
            return "_path_files -/" if value.folders else "_files"
        return f"compadd -- {' '.join(value.words)}" if value.words else ":"

    def offer(words: Sequence[str], files: bool) -> str:
        return f"compadd -- {' '.join(words)}" + ("; _files" if files else "")

    find = _find(verbs, first=2, here="CURRENT", words="words")
    return (
        "#compdef fieldkit\n"
        "_fieldkit() {\n"
        '    local verb="" word skip="" i prev="${words[CURRENT-1]}"\n'
        f"{find}{_cases(verbs, take, offer)}"
        "}\n"
        'if [[ "$funcstack[1]" = _fieldkit ]]; then _fieldkit "$@"; else compdef _fieldkit fieldkit; fi\n'
    )


def fish(verbs: Sequence[Verb]) -> str:
    """For fish 3 and newer."""
    grouping = " ".join(f"'{name}'" for name in groups(verbs) if name)
    find = FIND_FISH_VERB.format(valued=" ".join(valued()), grouping=grouping)
    return (
        "\n".join(("# fish completion for fieldkit", find, "complete -c fieldkit -f", *_fish_lines(verbs)))
        + "\n"
    )


SCRIPTS: dict[str, Callable[[Sequence[Verb]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
"""By the name of the shell."""


def _find(verbs: Sequence[Verb], *, first: int, here: str, words: str) -> str:
    grouping = "|".join(name for name in groups(verbs) if name)
    return FIND_VERB.format(first=first, here=here, words=words, valued="|".join(valued()), grouping=grouping)


def _cases(
    verbs: Sequence[Verb],
    take: Callable[[Value], str],
    offer: Callable[[Sequence[str], bool], str],
) -> str:
    lines = ['    case "$verb $prev" in']
    for value in sorted(values(verbs), key=lambda one: not one.verb):
        pattern = f'"{value.verb} {value.option}"' if value.verb else f'*" {value.option}"'
        lines.append(f"        {pattern}) {take(value)}; return ;;")
    lines += ["    esac", '    case "$verb" in']
    first = next((options(verb) for verb in verbs if not verb.path), globals_())
    for name, words in groups(verbs).items():
        lines.append(f'        "{name}") {offer((*words, *first) if not name else words, False)} ;;')
    for verb in verbs:
        if verb.path:
            words, files = places(verb)
            lines.append(f'        "{verb.name}") {offer((*words, *options(verb)), files)} ;;')
    return "\n".join([*lines, "    esac", ""])


def _fish_lines(verbs: Sequence[Verb]) -> Iterator[str]:
    for argument in GLOBALS:
        yield _fish_option("", argument)
    for group, words in groups(verbs).items():
        for word in words:
            said = next((verb.summary for verb in verbs if verb.name == f"{group} {word}".strip()), "")
            told = f" -d {_quoted(said)}" if said else ""
            yield f"complete -c fieldkit -n {_seen(group)} -a {word}{told}"
    for verb in verbs:
        for argument in verb.arguments:
            if argument.is_option:
                yield _fish_option(_seen(verb.name), argument)
        words, files = places(verb) if verb.path else ((), False)
        if words:
            yield f"complete -c fieldkit -n {_seen(verb.name)} -a '{' '.join(words)}'"
        if files:
            yield f"complete -c fieldkit -n {_seen(verb.name)} -F"


def _fish_option(where: str, argument: Argument) -> str:
    parts = ["complete -c fieldkit", f"-n {where}" if where else "", f"-l {argument.name.lstrip('-')}"]
    if argument.choices:
        parts.append(f"-x -a '{' '.join(argument.choices)}'")
    elif argument.value in FOLDERS:
        parts.append("-x -a '(__fish_complete_directories)'")
    elif argument.value:
        parts.append("-r -F" if argument.value in FILES else "-x")
    return " ".join(filter(None, [*parts, f"-d {_quoted(argument.help)}"]))


def _seen(verb: str) -> str:
    return f"\"__fieldkit_verb '{verb}'\""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
