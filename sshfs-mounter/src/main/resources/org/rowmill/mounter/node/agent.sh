# Owns what a run has on this node, the consumer and the mount, and ends both when the head is gone or silent.
#
#     sh agent.sh NAME SECONDS      in the home directory
#
# NAME is that of the mount point in ~/.rowmill-remote; after SECONDS without a line the head counts as gone.
# Standard input, a line each, as NodeGuard.java writes them:
#
#     token WORD      the first one; begins the lines of this script among those of the consumer
#     . NUMBER        the head is there; another number each time
#     in DIRECTORY    where the next consumer works
#     arg TEXT        one more word of its command line
#     start           starts it
#     > TEXT          a line for its standard input: ConsumerSettings.java, then ConsumerControl.java
#     kill            ends it at once
#     end             ends everything, as the end of standard input does
#     abort           the same at once: the mount is lost
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

# Removes a mount point with what a row wrote into it when the mount was gone already. It is renamed first: no system
# renames a directory on which something is still mounted, and that must not be removed.
remove() { # MOUNT STATE
    mv "$1" "$2/left" 2>/dev/null
    rm -rf "$2" 2>/dev/null || rm -rf "$2"
}

# What guards left behind that were killed, by a power loss say. A number may be another process's by now; that only
# keeps what is left until it has ended.
sweep() {
    for left in "$base"/.*/guard; do
        [ -e "$left" ] || continue
        kill -0 "$(cat "$left")" 2>/dev/null && continue
        left=${left%/guard}
        dead=$base/${left##*/.}
        ! grep -q "/[.]rowmill-remote/${left##*/.} fuse" /proc/mounts 2>/dev/null || unmount "$dead"
        remove "$dead" "$left"
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

# Only SIGKILL frees processes that wait for an answer over a dead link, and with it the mount. The two that would write
# into the state directory when sshfs ends go before it.
end_mount() {
    for one in probe mounter sshfs; do
        pid=$(cat "$state/$one" 2>/dev/null) && [ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null
    done
    [ ! -e "$state/sshfs" ] || unmount "$mount"
}

end_all() {
    trap '' HUP INT TERM PIPE
    kill -KILL "$mounting" 2>/dev/null
    end_consumer
    end_mount
    remove "$mount" "$state"
    rmdir "$base" 2>/dev/null
}

# The connection ends when nobody has its output open any more, and a sleep outlives the shell that started it.
rest() { sleep 1 >/dev/null 2>&1; }

# Writes to nobody: who waits for a head that reads no more cannot end what is here.
watch() {
    silent=0
    last=
    while kill -0 "$$" 2>/dev/null; do
        rest
        beat=
        { read -r beat <"$state/beat"; } 2>/dev/null
        if [ "${beat:-$last}" != "$last" ]; then
            last=$beat
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

# Looks for a name that no cache can know, every two seconds; no look comes back from a mount that hangs.
probe() {
    back=
    { read -r back <"$state/probed"; } 2>/dev/null
    if [ "$back" != "$looks" ]; then
        waited=$((waited + 1))
        beat=
        { read -r beat <"$state/beat"; } 2>/dev/null
        [ "$waited" -lt 2 ] || say mount silent "$waited" "$beat"
    elif [ "$rests" -lt 1 ]; then
        rests=1
    else
        rests=0
        waited=0
        looks=$((looks + 1))
        (
            [ -e "$mount/.rowmill-look-$$-$looks" ]
            echo "$looks" >"$state/probed"
        ) &
        echo "$!" >"$state/probe"
    fi
}

lose() { # HOW
    : >"$state/lost"
    say mount "$1"
    kill_consumer
}

# Does not touch the mount: whoever does may wait for ever. A probe does, a process of its own.
watch_mount() {
    expected=
    # As the kernel's list of mounts writes it.
    place=$(cd "$mount" && pwd -P | sed 's/\\/\\134/g; s/ /\\040/g')
    looks=0
    rests=0
    echo 0 >"$state/probed"
    while kill -0 "$$" 2>/dev/null; do
        rest
        [ -e "$state/mounted" ] || continue
        read -r sshfs <"$state/sshfs"
        if ! kill -0 "$sshfs" 2>/dev/null; then
            lose ended
            return
        fi
        if [ -r /proc/self/mountinfo ]; then
            found=$(grep -F " $place " /proc/self/mountinfo)
            expected=${expected:-$found}
            if [ -z "$found" ] || [ "$found" != "$expected" ]; then
                lose gone
                return
            fi
        fi
        probe
    done
}

kill_consumer() {
    { read -r group <"$state/consumer" && kill -KILL "-$group"; } 2>/dev/null
}

# Names of files are UTF-8 on the head, whatever they are here; by them Java knows the files of the project.
speak_utf8() {
    for locale in '' C.UTF-8 C.utf8 en_US.UTF-8; do
        [ "$(LC_ALL=${locale:-${LC_ALL-}} locale charmap 2>/dev/null)" != UTF-8 ] || break
    done
    [ -z "$locale" ] || export LC_ALL="$locale"
}

# The consumer gets a process group of its own; its standard input ends when this script does, however that is.
run_consumer() {
    cd "$directory" || {
        say ended 96
        return
    }
    speak_utf8
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
    [ ! -e "$state/lost" ] || say mount ended
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
    watch_mount
) </dev/null 4>&- &
mounting=$!
(
    trap '' HUP INT TERM
    watch
) </dev/null 4>&- &
watching=$!
say ready
while IFS= read -r line; do
    case $line in
        '. '*) echo "${line#. }" >"$state/beat" ;;
        'in '*) directory=${line#in } ;;
        'arg '*) set -- "$@" "${line#arg }" ;;
        start)
            start "$@"
            set --
            ;;
        '> '*) printf '%s\n' "${line#> }" >&4 ;;
        kill) kill_consumer ;;
        abort)
            kill_consumer
            end_mount
            break
            ;;
        end) break ;;
    esac
done
kill -KILL "$watching" 2>/dev/null
exec 4>&-
end_all
