# Owns what a run has on this node, the consumer and the mount, and ends both when the head is gone or silent.
#
#     sh guard.sh NAME SECONDS      in the home directory
#
# NAME is that of the mount point in ~/.rowmill-remote; after SECONDS without a line the head counts as gone.
# Standard input, a line each, as NodeGuard.java writes them:
#
#     token WORD      the first one; begins the lines of this script among those of the consumer
#     .               the head is there
#     in DIRECTORY    where the next consumer works
#     arg TEXT        one more word of its command line
#     start           starts it
#     > TEXT          a line for its standard input
#     kill            ends it at once
#     end             ends everything, as the end of standard input does
set -u
umask 077
name=$1
silence=$2
base=$PWD/.rowmill-remote
state=$base/.$name
mount=$base/$name

unmount() {
    { fusermount3 -uz "$1" || fusermount -uz "$1" || umount -l "$1" || umount -f "$1"; } >/dev/null 2>&1
}

# What guards left behind that were killed, by a power loss say. A number may be another process's by now; that only
# keeps what is left until it has ended.
sweep() {
    for left in "$base"/.*/guard; do
        [ -e "$left" ] || continue
        kill -0 "$(cat "$left")" 2>/dev/null && continue
        left=${left%/guard}
        dead=$base/${left##*/.}
        ! grep -q " $dead " /proc/mounts 2>/dev/null || unmount "$dead"
        rmdir "$dead" 2>/dev/null
        rm -rf "$left"
    done
}

sweep
mkdir -p "$state" "$mount" && echo "$$" >"$state/guard" || exit 1
IFS= read -r first || exit 1
token=${first#token }
directory=$PWD
set --

say() { printf '%s %s\n' "$token" "$*"; }

# Whether a process of the group is left; a zombie is none.
lives() { kill -0 "-$1" 2>/dev/null; }

await_end() { # GROUP TENTHS
    tenths=$2
    while [ "$tenths" -gt 0 ] && lives "$1"; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
}

end_consumer() {
    group=$(cat "$state/consumer" 2>/dev/null) || return 0
    await_end "$group" 15 # the end of its standard input tells it to
    kill -TERM "-$group" 2>/dev/null
    await_end "$group" 10
    kill -KILL "-$group" 2>/dev/null
}

# Only SIGKILL frees processes that wait for an answer over a dead link, and with it the mount.
end_mount() {
    sshfs=$(cat "$state/sshfs" 2>/dev/null) || return 0
    [ -z "$sshfs" ] || kill -KILL "$sshfs" 2>/dev/null
    unmount "$mount"
}

end_all() {
    trap '' HUP INT TERM PIPE
    end_consumer
    end_mount
    rm -rf "$state"
    rmdir "$mount" "$base" 2>/dev/null
}

watch() {
    silent=0
    while kill -0 "$$" 2>/dev/null; do
        sleep 1
        if [ -e "$state/beat" ]; then
            rm -f "$state/beat"
            silent=0
        else
            silent=$((silent + 1))
        fi
        if [ "$silent" -ge "$silence" ]; then
            kill -KILL "$$" 2>/dev/null
        fi
    done
    end_all
}

# The consumer gets a process group of its own; its standard input ends when this script does, however that is.
run_consumer() {
    cd "$directory" || {
        say ended 96
        return
    }
    if command -v setsid >/dev/null; then setsid "$@" <"$state/in" & else
        set -m
        "$@" <"$state/in" &
    fi
    consumer=$!
    echo "$consumer" >"$state/consumer"
    say started "$consumer"
    wait "$consumer"
    code=$?
    rm -f "$state/consumer"
    kill -KILL "-$consumer" 2>/dev/null
    say ended "$code" "$(od -An -v -tx1 <"$state/in-hand" 2>/dev/null | tr -d ' \n')"
}

start() {
    rm -f "$state/in" "$state/in-hand"
    mkfifo "$state/in" && exec 4<>"$state/in"
    (
        exec 4>&-
        run_consumer "$@"
    ) &
}

trap : HUP INT TERM
trap '' PIPE
(
    trap '' HUP INT TERM
    watch
) </dev/null 4>&- &
watching=$!
say ready
while IFS= read -r line; do
    case $line in
        .) : >"$state/beat" ;;
        'in '*) directory=${line#in } ;;
        'arg '*) set -- "$@" "${line#arg }" ;;
        start)
            start "$@"
            set --
            ;;
        '> '*) printf '%s\n' "${line#> }" >&4 ;;
        kill) kill -KILL "-$(cat "$state/consumer")" 2>/dev/null ;;
        end) break ;;
    esac
done
kill -KILL "$watching" 2>/dev/null
exec 4>&-
end_all
