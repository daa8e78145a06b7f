# bash completion for tui-mail, made by docs/generate.py
_tui_mail() {
    local cur prev command=''
    cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    local at
    for ((at = 1; at < COMP_CWORD; at++)); do
        case ${COMP_WORDS[at]} in
            demo|send|compose|contacts|outbox|list|read|search|export|import|sync|doctor|render|config) command=${COMP_WORDS[at]}; break ;;
        esac
    done
    COMPREPLY=()
    case "$command $prev" in
        " --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "demo --messages") :; return ;;
        "send --to") :; return ;;
        "send --cc") :; return ;;
        "send --bcc") :; return ;;
        "send --subject") :; return ;;
        "send --body") :; return ;;
        "send --attach") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "send --from") :; return ;;
        "send --at") :; return ;;
        "send --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "compose --cc") :; return ;;
        "compose --subject") :; return ;;
        "compose --body") :; return ;;
        "compose --attach") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "compose --template") :; return ;;
        "compose --from") :; return ;;
        "compose --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "contacts --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "outbox --trace") :; return ;;
        "outbox --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "list --folder") :; return ;;
        "list --query") :; return ;;
        "list --limit") :; return ;;
        "list --account") :; return ;;
        "list --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "read --folder") :; return ;;
        "read --account") :; return ;;
        "read --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "search --limit") :; return ;;
        "search --account") :; return ;;
        "search --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "export --folder") :; return ;;
        "export --query") :; return ;;
        "export --account") :; return ;;
        "export --format") COMPREPLY=($(compgen -W 'json eml mbox maildir' -- "$cur")); return ;;
        "export --output"|"export -o") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "export --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "import --folder") :; return ;;
        "import --account") :; return ;;
        "import --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "sync --account") :; return ;;
        "sync --folder") :; return ;;
        "sync --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "doctor --account") :; return ;;
        "doctor --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        "render --width") :; return ;;
        "config --config") compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    esac
    case $command in
        '')
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--config --version -V --verbose -v --help -h' -- "$cur"))
            else
                COMPREPLY=($(compgen -W 'demo send compose contacts outbox list read search export import sync doctor render config' -- "$cur"))
            fi ;;
        demo)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--messages --help -h' -- "$cur"))
            else
                :
            fi ;;
        send)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--to --cc --bcc --subject --body --attach --markdown --from --sign --encrypt --clear --at --trace --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        compose)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--cc --subject --body --attach --template --from --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        contacts)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--json --config --help -h' -- "$cur"))
            else
                if [[ $prev == export ]]; then compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); else COMPREPLY=($(compgen -W 'list import export' -- "$cur")); fi
            fi ;;
        outbox)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--trace --send --json --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        list)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--folder --query --limit --account --json --offline --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        read)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--folder --account --headers --raw --json --offline --config --help -h' -- "$cur"))
            else
                COMPREPLY=($(compgen -W latest -- "$cur"))
            fi ;;
        search)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--limit --account --json --offline --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        export)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--folder --query --account --format --output -o --force --offline --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        import)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--folder --account --config --help -h' -- "$cur"))
            else
                compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            fi ;;
        sync)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--account --folder --json --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        doctor)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--account --imap --smtp --json --config --help -h' -- "$cur"))
            else
                :
            fi ;;
        render)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--width --json --help -h' -- "$cur"))
            else
                compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            fi ;;
        config)
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W '--json --config --help -h' -- "$cur"))
            else
                if [[ $prev == import ]]; then compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); else COMPREPLY=($(compgen -W 'path show check import' -- "$cur")); fi
            fi ;;
    esac
}
complete -F _tui_mail tui-mail
