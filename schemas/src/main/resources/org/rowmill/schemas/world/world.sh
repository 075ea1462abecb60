# shellcheck shell=sh
# Shell functions that enter the world of project code, as World.java defines it. They are part of the node agent, and
# of the command that starts the head if its locale has no UTF-8.

# Sets environment variables. Each line: a name, a space, and the value as printf %b reads it. Commands of the shell
# only: no other process sees a value in a command line.
set_variables() { # LINES
    set -f
    fields=$IFS
    IFS='
'
    for line in $1; do
        text=$(printf '%b.' "${line#* }")
        export "${line%% *}=${text%.}"
    done
    IFS=$fields
    set +f
}

# Removes the variables of language and time zone that this computer has set.
unset_locale() {
    unset LANG LANGUAGE TZ LC_ALL LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_PAPER LC_NAME \
        LC_ADDRESS LC_TELEPHONE LC_MEASUREMENT LC_IDENTIFICATION
}

# Prints the first locale that the variables name and this computer does not have.
missing_locale() {
    command -v locale >/dev/null || return 0
    for value in "${LC_ALL-}" "${LC_CTYPE-}" "${LC_NUMERIC-}" "${LC_TIME-}" "${LC_COLLATE-}" "${LC_MONETARY-}" \
        "${LC_MESSAGES-}" "${LANG-}"; do
        case $value in '' | C | POSIX) continue ;; esac
        if [ -n "$(LC_ALL=$value locale charmap 2>&1 >/dev/null)" ]; then
            printf %s "$value"
            return
        fi
        [ "$value" != "${LC_ALL-}" ] || return 0 # it hides the others
    done
}

# Chooses a locale with UTF-8, unless the variables name one: Java can open all files only in such a locale. Prefers the
# same language.
use_utf8() {
    named=${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}
    for locale in '' "${named%%[.@]*}.UTF-8" C.UTF-8 C.utf8 en_US.UTF-8; do
        if [ "$(LC_ALL=${locale:-${LC_ALL-}} locale charmap 2>/dev/null)" = UTF-8 ]; then
            [ -z "$locale" ] || export LC_ALL="$locale"
            return
        fi
    done
    export LC_ALL=C.UTF-8 # a system without the command "locale" may have it
}

# Prints the time zone if this computer does not know it.
missing_zone() {
    case ${TZ-} in
        *[!A-Za-z0-9/_+-]* | /* | '') ;;
        */*) [ -e "${TZDIR:-/usr/share/zoneinfo}/$TZ" ] || printf %s "$TZ" ;;
    esac
}
