# The node agent: supervises the consumer and the mount of a run on this node, and ends both when the head is gone.
#
#     sh agent.sh NAME SECONDS BOOT SEAT      in the home directory
#
# NAME: the name of the mount point in ~/.rowmill-remote. SECONDS: after this time without a heartbeat, the head is
# gone. BOOT and SEAT name this machine, until it is booted again and for ever (Machine.java): other machines may have
# the same home.
#
# Commands on standard input, one per line, as NodeAgent.java sends them:
#
#     token WORD      first line; each report of this script begins with WORD, to tell it from output of the consumer
#     . NUMBER        heartbeat; each has another number
#     in DIRECTORY    working directory of the next consumer
#     arg TEXT        next word of its command
#     umask NUMBER    umask of all consumers
#     env LINE        environment variable of all consumers, see world.sh
#     start           starts the consumer
#     > TEXT          writes a line to its standard input: ConsumerSettings.java, then
#                     ConsumerControl.java
#     kill            kills the consumer
#     end             ends everything; so does the end of standard input
#     abort           kills the consumer and the mount, then ends everything
#
# Reports on standard output, as AgentOutput.java reads them:
#
#     WORD ready
#     WORD started PID
#     WORD locale NAME OTHER              programs of rows use the locale OTHER, because the node has no NAME
#     WORD zone NAME                      programs of rows use UTC, because the node does not know the time zone NAME
#     WORD ended CODE HELD                the consumer's exit code, and the rows that it was computing, in hexadecimal
#     WORD mount ended                    sshfs has ended
#     WORD mount gone                     the mount is gone, or another one is in its place
#     WORD mount pending SECONDS NUMBER   a probe of the mount has not returned; NUMBER: latest heartbeat
#
# The functions of world.sh are put before this script.
#
# Files in the state directory ~/.rowmill-remote/.NAME: the machine (machine), and a pipe that processes of this script
# have open (alive); process ids of this script (agent), of the mount (mounter, sshfs), of the consumer's process group
# (consumer) and of the probe (probe), for processes of this script only; the number of the latest heartbeat (heartbeat)
# and of the latest probe that returned (probed); the consumer's standard input (in) and its held rows (in-hand);
# the number of the mount point's directory without the mount (bare), whether the project is mounted (mounted), whether
# the mount was lost (lost), and whether the head was gone (gone).
set -u
umask 077
mask=077
variables=
name=$1
timeout=$2
boot=$3
seat=$4
base=$PWD/.rowmill-remote
state=$base/.$name
mount=$base/$name

unmount() {
    { fusermount3 -uz "$1" || fusermount -uz "$1" || umount -l "$1" || umount -f "$1"; } >/dev/null 2>&1
}

# A sleep may outlive the shell that started it. The SSH connection ends only when no process has its output open, so
# this one does not.
wait_a_second() { sleep 1 >/dev/null 2>&1; }

# Removes a mount point, with files that a row wrote into it after the mount was gone. Renames it first: no system
# renames a directory on which something is still mounted, and such a directory must not be removed.
remove() { # MOUNT STATE
    mv "$1" "$2/left" 2>/dev/null
    rm -rf "$2" 2>/dev/null || rm -rf "$2"
}

# Returns whether a process has the pipe of a state directory open. Process ids would say nothing: they are reused, and
# those of another container mean other processes here. Waits for two seconds before it says no.
has_reader() { # STATE
    [ -p "$1/alive" ] || return 1
    (: >"$1/alive") >/dev/null 2>&1 &
    writer=$!
    (sleep 3 && kill -KILL "$writer") >/dev/null 2>&1 & # even if this script ends before
    tenths=20
    while [ "$tenths" -gt 0 ] && kill -0 "$writer" 2>/dev/null; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    ! kill -KILL "$writer" 2>/dev/null
}

# Removes what killed agents of this machine have left, for example before it was booted again.
remove_own_leftovers() {
    for left in "$base"/.*/agent; do
        [ -e "$left" ] || continue
        left=${left%/agent}
        { read -r left_boot left_seat <"$left/machine"; } 2>/dev/null || continue
        if [ "$left_boot" = "$boot" ]; then
            has_reader "$left" || remove_leftover "$left"
        elif [ "$left_seat" = "$seat" ]; then
            remove_leftover "$left"
        fi
    done
}

# Removes what killed agents of other machines have left, in the background. One that is alive elsewhere writes a
# heartbeat every two seconds, and ends after $timeout seconds without one.
remove_other_leftovers() {
    for left in "$base"/.*/agent; do
        [ -e "$left" ] || continue
        left=${left%/agent}
        left_boot=
        { read -r left_boot left_seat <"$left/machine"; } 2>/dev/null
        # A subshell: for a function, the shell would keep the old output open.
        ([ "$left_boot" = "$boot" ] || remove_if_silent "$left") </dev/null >/dev/null 2>&1 5>&- &
    done
}

remove_if_silent() { # STATE
    before=$(cat "$1/heartbeat" 2>/dev/null)
    seconds=$((timeout + 5))
    while [ "$seconds" -gt 0 ]; do
        wait_a_second
        kill -0 "$$" 2>/dev/null || return
        seconds=$((seconds - 1))
    done
    [ "$(cat "$1/heartbeat" 2>/dev/null)" != "$before" ] || remove_leftover "$1"
}

remove_leftover() { # STATE
    old_mount=$base/${1##*/.}
    ! is_mounted "${1##*/.}" || unmount "$old_mount"
    remove "$old_mount" "$1"
}

# Removes what an agent of Rowmill 0.1 has left whose mount is on this machine.
remove_unnamed_leftovers() {
    for left in "$base"/.*/agent; do
        [ -e "$left" ] || continue
        [ ! -e "${left%/agent}/machine" ] || continue
        kill -0 "$(cat "$left")" 2>/dev/null && continue
        left=${left%/agent}
        ! is_mounted "${left##*/.}" || remove_leftover "$left"
    done
}

is_mounted() { grep -q "/[.]rowmill-remote/$1 fuse" /proc/mounts 2>/dev/null; }

# Makes the directories. A name that a run uses for the first time: nothing of it exists.
make_state() {
    mkdir -p "$state" "$mount" && mkfifo "$state/alive" && ls -di ".rowmill-remote/$name" >"$state/bare" &&
        echo "$boot $seat" >"$state/machine" && echo "$$" >"$state/agent"
}

remove_unnamed_leftovers
remove_own_leftovers
mkdir -p "$base" # another machine may just remove it, because it is empty
make_state 2>/dev/null || {
    rm -rf "$state"
    make_state
} || exit 1
exec 5<>"$state/alive"
remove_other_leftovers
IFS= read -r first || {
    remove "$mount" "$state"
    exit 1
}
token=${first#token }
directory=$PWD
set --

report() { printf '%s %s\n' "$token" "$*"; }

# Returns whether a process group has a process. A zombie does not count.
is_alive() { kill -0 "-$1" 2>/dev/null; }

await_end() { # GROUP TENTHS
    tenths=$2
    while [ "$tenths" -gt 0 ] && is_alive "$1"; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
}

end_consumer() {
    group=$(cat "$state/consumer" 2>/dev/null) || return 0
    await_end "$group" 15 # it ends by itself at the end of its standard input
    kill -TERM "-$group" 2>/dev/null
    await_end "$group" 10
    kill -KILL "-$group" 2>/dev/null
}

# Only SIGKILL ends processes that wait for an answer over a dead link, and with them the mount. Probe and mounter write
# into the state directory when sshfs ends, so they are killed before it.
end_mount() {
    for process in probe mounter sshfs; do
        pid=$(cat "$state/$process" 2>/dev/null) && [ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null
    done
    [ ! -e "$state/sshfs" ] || unmount "$mount"
}

end_all() {
    trap '' HUP INT TERM PIPE
    kill -KILL "$mount_watch" 2>/dev/null
    end_consumer
    end_mount
    remove "$mount" "$state"
    rmdir "$base" 2>/dev/null
}

# Ends everything if heartbeats stop, or this script was killed. It writes no output: a write to a head that no longer
# reads would block.
watch_head() {
    silent=0
    last=
    while kill -0 "$$" 2>/dev/null; do
        wait_a_second
        heartbeat=
        { read -r heartbeat <"$state/heartbeat"; } 2>/dev/null
        if [ "${heartbeat:-$last}" != "$last" ]; then
            last=$heartbeat
            silent=0
        else
            silent=$((silent + 1))
        fi
        if [ "$silent" -ge "$timeout" ]; then
            : >"$state/gone"
            kill -KILL "$$" 2>/dev/null
            break # it may stay as a zombie, which counts as alive
        fi
    done
    end_all
}

# Every two seconds, starts a process that looks for a name which no cache can contain. In a mount that hangs, the
# process does not return.
probe() {
    returned=
    { read -r returned <"$state/probed"; } 2>/dev/null
    if [ "$returned" != "$probes" ]; then
        waited=$((waited + 1))
        heartbeat=
        { read -r heartbeat <"$state/heartbeat"; } 2>/dev/null
        [ "$waited" -lt 2 ] || report mount pending "$waited" "$heartbeat"
    elif [ "$pauses" -lt 1 ]; then
        pauses=1
    else
        pauses=0
        waited=0
        probes=$((probes + 1))
        (
            [ -e "$mount/.rowmill-look-$$-$probes" ]
            echo "$probes" >"$state/probed"
        ) &
        echo "$!" >"$state/probe"
    fi
}

lose() { # HOW
    : >"$state/lost"
    report mount "$1"
    kill_consumer
}

# Detects that the mount is lost. This process does not touch the mount itself, since it could block for ever: a probe
# does.
watch_mount() {
    unset expected # nothing: the list of mounts does not show the mount, as in some containers
    # The mount point as the kernel's list of mounts writes it.
    point=$(cd "$mount" && pwd -P | sed 's/\\/\\134/g; s/ /\\040/g')
    probes=0
    pauses=0
    echo 0 >"$state/probed"
    while kill -0 "$$" 2>/dev/null; do
        wait_a_second
        [ -e "$state/mounted" ] || continue
        read -r sshfs <"$state/sshfs"
        if ! kill -0 "$sshfs" 2>/dev/null; then
            lose ended
            return
        fi
        if [ -r /proc/self/mountinfo ]; then
            found=$(grep -F " $point " /proc/self/mountinfo)
            expected=${expected-$found}
            if [ -n "$expected" ] && [ "$found" != "$expected" ]; then
                lose gone
                return
            fi
        fi
        probe
    done
}

# A consumer that has just been started may not have its own process group yet.
kill_consumer() {
    { read -r group <"$state/consumer" && { kill -KILL "-$group" || kill -KILL "$group"; }; } 2>/dev/null
}

# Enters the world of the head. Reports what this node lacks, once.
enter_world() {
    umask "$mask"
    unset_locale
    set_variables "$variables"
    missing=$(missing_locale)
    [ -z "$missing" ] || unset LC_ALL LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_CTYPE LANG
    use_utf8
    [ -z "$missing" ] || report locale "$missing" "${LC_ALL-}"
    missing=$(missing_zone)
    [ -z "$missing" ] || report zone "$missing"
}

# Runs the consumer in its own process group. Its standard input ends when this script ends for any reason. Code 96
# reports that the working directory does not exist.
run_consumer() {
    cd "$directory" || {
        report ended 96
        return
    }
    enter_world
    if command -v setsid >/dev/null; then setsid "$@" <&3 3<&- & else
        set -m
        "$@" <&3 3<&- &
    fi
    exec 3<&-
    consumer=$!
    echo "$consumer" >"$state/consumer"
    report started "$consumer"
    wait "$consumer"
    code=$?
    rm -f "$state/consumer"
    kill -KILL "-$consumer" 2>/dev/null
    # watch_head has ended it: no crash, but a head that was gone. This script may still be a zombie, and count as alive.
    [ ! -e "$state/gone" ] && kill -0 "$$" 2>/dev/null || return
    [ ! -e "$state/lost" ] || report mount ended
    report ended "$code" "$(od -An -v -tx1 <"$state/in-hand" 2>/dev/null | tr -d ' \n')"
}

start() {
    rm -f "$state/in" "$state/in-hand"
    # shellcheck disable=SC2094 # both ends of a pipe
    # The consumer gets an open reading end: to open the pipe after this script has ended would block for ever.
    mkfifo "$state/in" && exec 4<>"$state/in" 3<"$state/in"
    (
        exec 4>&- 5>&-
        run_consumer "$@"
    ) &
    exec 3<&-
}

trap : HUP INT TERM
trap '' PIPE
(
    trap '' HUP INT TERM
    watch_mount
) </dev/null 4>&- &
mount_watch=$!
(
    trap '' HUP INT TERM
    watch_head
) </dev/null 4>&- &
head_watch=$!
report ready
while IFS= read -r line; do
    case $line in
        '. '*) echo "${line#. }" >"$state/heartbeat" ;;
        'in '*) directory=${line#in } ;;
        'arg '*) set -- "$@" "${line#arg }" ;;
        'umask '*) mask=${line#umask } ;;
        'env '*)
            variables="$variables${line#env }
"
            ;;
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
kill -KILL "$head_watch" 2>/dev/null
exec 4>&-
end_all
