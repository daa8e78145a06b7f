"""Writes the man page and the shell completions from the pages behind `--help`; `--check` says whether they are old."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tui_mail import __version__
from tui_mail.cli.manual import Operand, Option, Options, Page, Rows, Text
from tui_mail.cli.pages import MAIN, PAGES

HERE = Path(__file__).parent
COMMANDS = [page for page in PAGES if page.name]


# --- the man page


def man() -> str:
    """tui-mail.1 in the man macros."""
    lines = [
        f'.TH TUI-MAIL 1 "" "tui-mail {__version__}" "User Commands"',
        *(
            ".SH NAME",
            f"tui-mail \\- {roff(MAIN.line.rstrip('.'))}",
            ".SH SYNOPSIS",
            ".B tui-mail",
            "[\\-\\-config FILE]",
        ),
    ]
    for page in COMMANDS:
        lines += [".br", f".B {roff(page.program)}", roff(synopsis(page))]
    lines.append(".SH DESCRIPTION")
    lines += [line for left, right in MAIN.examples for line in (".TP", f".B {roff(left)}", roff(right))]
    lines += [*parts(MAIN, ".SS"), ".SH COMMANDS"]
    for page in COMMANDS:
        lines += [f'.SS "{roff(page.program)}"', roff(page.line[:1].upper() + page.line[1:])]
        lines += [line for example in page.examples for line in (".PP", *verbatim([example[0]]), *remark(example[1]))]
        lines += parts(page, ".PP\n.B")
    return "\n".join(lines) + "\n"


def synopsis(page: Page) -> str:
    words = [operand.shown for operand in page.operands]
    words += [f"{option.name} {option.value}" for option in page.options if option.required]
    return " ".join([*words, "[options]"])


def parts(page: Page, heading: str) -> list[str]:
    lines: list[str] = []
    for part in page.parts:
        if part.heading:
            lines.append(f'{heading} "{roff(part.heading)}"')
        match part:
            case Text(words, _) if re.search(r"(?m)^    |   ", words):
                lines += verbatim(words.split("\n"))
            case Text(words, _):
                lines += [".PP", *(roff(line) if line else ".PP" for line in words.split("\n"))]
            case Rows(_, rows):
                for left, right in rows:
                    lines += [".TP", f".B {roff(left)}", roff(right.replace("\n", " ")) or "\\&"]
            case Options(_, options):
                for option in options:
                    lines += [".TP", f".B {roff(option.shown)}", roff(option.words.replace("\n", " ")) or "\\&"]
    return lines


def verbatim(lines: list[str]) -> list[str]:
    return [".nf", *map(roff, lines), ".fi"]


def remark(words: str) -> list[str]:
    return [".RS", roff(words), ".RE"] if words else []


def roff(text: str) -> str:
    """The text with nothing in it that troff would take for itself."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    return "\\&" + text if text.startswith(".") else text


# --- completions


def bash() -> str:
    lines = [
        *("# bash completion for tui-mail, made by docs/generate.py", "_tui_mail() {", "    local cur prev command=''"),
        *("    cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}", "    local at"),
        *("    for ((at = 1; at < COMP_CWORD; at++)); do", "        case ${COMP_WORDS[at]} in"),
        f"            {'|'.join(page.name for page in COMMANDS)}) command=${{COMP_WORDS[at]}}; break ;;",
        *("        esac", "    done", "    COMPREPLY=()", '    case "$command $prev" in'),
    ]
    for page in PAGES:
        for option in page.options:
            if option.value:
                names = "|".join(f'"{page.name} {name}"' for name in (option.name, option.short) if name)
                lines.append(f"        {names}) {values(option)}; return ;;")
    lines += ["    esac", "    case $command in"]
    for page in PAGES:
        words = [name for option in page.options for name in (option.name, option.short) if name]
        lines += [f"        {page.name or chr(39) * 2})", "            if [[ $cur == -* ]]; then"]
        lines += [f"                COMPREPLY=($(compgen -W '{' '.join(words)}' -- \"$cur\"))", "            else"]
        lines += [f"                {bash_words(page)}", "            fi ;;"]
    lines += ["    esac", "}", "complete -F _tui_mail tui-mail"]
    return "\n".join(lines) + "\n"


def values(option: Option | Operand) -> str:
    if option.choices:
        return f"COMPREPLY=($(compgen -W '{' '.join(option.choices)}' -- \"$cur\"))"
    if option.kind == "file":
        return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")'
    return ":"


def bash_words(page: Page) -> str:
    if not page.name:
        return f"COMPREPLY=($(compgen -W '{' '.join(one.name for one in COMMANDS)}' -- \"$cur\"))"
    if page.name == "read":
        return 'COMPREPLY=($(compgen -W latest -- "$cur"))'
    files = any(operand.kind == "file" for operand in page.operands)
    chosen = next((operand for operand in page.operands if operand.choices), None)
    if files and chosen:
        return f"if [[ $prev == {chosen.choices[-1]} ]]; then {values(page.operands[-1])}; else {values(chosen)}; fi"
    return values(page.operands[0]) if page.operands else ":"


def zsh() -> str:
    lines = ["#compdef tui-mail", "# zsh completion for tui-mail, made by docs/generate.py", "", "_tui-mail() {"]
    lines += ["    local curcontext=$curcontext state line", "    typeset -A opt_args", "    _arguments -C \\"]
    lines += [f"        {one} \\" for one in zsh_options(MAIN)]
    lines += [
        "        '1: :->command' '*:: :->rest'",
        "    case $state in",
        "        command)",
        "            local -a commands=(",
    ]
    lines += [f"                '{page.name}:{zsh_text(page.line)}'" for page in COMMANDS]
    lines += [
        "            )",
        "            _describe command commands ;;",
        "        rest)",
        "            case $words[1] in",
    ]
    for page in COMMANDS:
        lines.append(f"                {page.name}) _arguments \\")
        found = [*zsh_options(page), *(zsh_operand(at, one) for at, one in enumerate(page.operands, 1))]
        lines += [f"                    {one} \\" for one in found[:-1]]
        lines.append(f"                    {found[-1]} ;;")
    lines += ["            esac ;;", "    esac", "}", "", '_tui-mail "$@"']
    return "\n".join(lines) + "\n"


def zsh_options(page: Page) -> Iterator[str]:
    for option in page.options:
        names = [name for name in (option.name, option.short) if name]
        value = f":{option.value}:{zsh_values(option)}" if option.value else ""
        for name in names:
            star = "*" if option.repeats else f"({' '.join(names)})"
            yield f"'{star}{name}[{zsh_text(option.words or option.value)}]{value}'"


def zsh_operand(at: int, operand: Operand) -> str:
    place = "*" if operand.repeats else f"{at}{':' if operand.optional else ''}"
    return f"'{place}:{operand.name}:{zsh_values(operand)}'"


def zsh_values(option: Option | Operand) -> str:
    if option.choices:
        return f"({' '.join(option.choices)})"
    if option.kind == "file":
        return "_files"
    return "(latest)" if isinstance(option, Operand) and option.name == "ID" else " "


def zsh_text(words: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", words.split("\n")[0]).replace("'", "’")


def fish() -> str:
    lines = ["# fish completion for tui-mail, made by docs/generate.py", "complete -c tui-mail -f"]
    for page in COMMANDS:
        lines.append(f"complete -c tui-mail -n __fish_use_subcommand -a {page.name} -d {fish_text(page.line)}")
    for page in PAGES:
        when = f"-n '__fish_seen_subcommand_from {page.name}'" if page.name else "-n __fish_use_subcommand"
        for option in page.options:
            short = f" -s {option.short.lstrip('-')}" if option.short else ""
            lines.append(
                f"complete -c tui-mail {when} -l {option.key.replace('_', '-')}{short}{fish_values(option)}"
                f" -d {fish_text(option.words or option.value)}"
            )
        for operand in page.operands:
            choices = operand.choices or (("latest",) if operand.name == "ID" else ())
            if choices:
                lines.append(f"complete -c tui-mail {when} -a '{' '.join(choices)}'")
            elif operand.kind == "file":
                is_second = any(one.choices for one in page.operands)  # `config import FILE`
                lines.append(f"complete -c tui-mail {when.replace(page.name, 'import') if is_second else when} -F")
    return "\n".join(lines) + "\n"


def fish_values(option: Option) -> str:
    if not option.value:
        return ""
    if option.choices:
        return f" -x -a '{' '.join(option.choices)}'"
    return " -r -F" if option.kind == "file" else " -x"


def fish_text(words: str) -> str:
    return "'" + words.split("\n")[0].replace("\\", "\\\\").replace("'", "\\'") + "'"


# --- what is written


def made() -> dict[Path, str]:
    completions = HERE / "completions"
    return {
        HERE / "tui-mail.1": man(),
        completions / "tui-mail.bash": bash(),
        completions / "_tui-mail": zsh(),
        completions / "tui-mail.fish": fish(),
    }


def main() -> int:
    old = [path for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        sys.stderr.write("".join(f"{path.name} is old: python docs/generate.py\n" for path in old))
        return int(bool(old))
    for path, text in made().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
