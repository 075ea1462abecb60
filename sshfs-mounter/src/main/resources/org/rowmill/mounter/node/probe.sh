# The probe: prints what a node has, one line each: a word, a space, a value. ProbeOutput.java reads them. The head
# pipes machine.sh and this script into `sh -s rowmill`. The first line, @rowmill, separates the output from what the
# login prints.
# Variables that the head sets before: $wanted, names of files that the cache may contain; $scratch, the directory for
# scratch files; $oldest_java, the oldest Java that can be used; $nonce, a word that no other probe has.
# shellcheck shell=sh disable=SC2154 # the head sets them
umask 077
LC_ALL=C # the head parses what programs print
export LC_ALL
say() { printf '%s %s\n' "$1" "$2"; }
fault() {
    say fault "$1"
    say end .
    exit 0
}
printf '\n@rowmill\n'
[ "${1:-}" = rowmill ] || fault 'its login runs another shell instead of the command (for example an exec in .bashrc)'
cd || fault 'the home directory cannot be entered'
say home "$(pwd)"
say_machine
say system "$(uname -s)"
say machine "$(uname -m)"
if ls /lib/ld-musl-* >/dev/null 2>&1; then say libc musl; else say libc glibc; fi

# Counts the CPUs that the kernel lets this process use. Without variables of OpenMP, whose number nproc would print.
count_cpus() {
    (
        unset OMP_NUM_THREADS OMP_THREAD_LIMIT
        nproc 2>/dev/null || allowed_cpus || getconf _NPROCESSORS_ONLN 2>/dev/null || sysctl -n hw.ncpu
    )
}

# Counts the CPUs of a list such as 0-3,8 of the kernel.
allowed_cpus() {
    [ -r /proc/self/status ] || return 1
    total=0
    for range in $(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status | tr ',' ' '); do
        total=$((total + ${range#*-} - ${range%-*} + 1))
    done
    [ "$total" -gt 0 ] && echo "$total"
}

cpus=$(count_cpus)
case $cpus in '' | 0 | *[!0-9]*) cpus=1 ;; esac

# Lowers the number of CPUs to what a control group allows.
allow() { # QUOTA PERIOD (in microseconds)
    case ${1:-max}${2:-x} in *[!0-9]*) return ;; esac
    [ $((($1 + $2 - 1) / $2)) -ge "$cpus" ] || cpus=$((($1 + $2 - 1) / $2))
}

# Reads the limits of a control group and of the groups above it. In a container, the directories of some may be
# missing, or all of them but the first.
allow_groups() { # DIRECTORY GROUP
    group=${2%/}
    while :; do
        if [ -r "$1$group/cpu.max" ]; then
            # shellcheck disable=SC2046 # two words: quota and period
            allow $(cat "$1$group/cpu.max")
        elif [ -r "$1$group/cpu.cfs_quota_us" ]; then
            allow "$(cat "$1$group/cpu.cfs_quota_us")" "$(cat "$1$group/cpu.cfs_period_us")"
        fi
        [ -n "$group" ] || break
        group=${group%/*}
    done
}

if [ -r /proc/self/cgroup ]; then
    for top in /sys/fs/cgroup /sys/fs/cgroup/unified; do
        allow_groups "$top" "$(sed -n 's/^0:://p' /proc/self/cgroup)"
    done
    for top in /sys/fs/cgroup/cpu /sys/fs/cgroup/cpu,cpuacct /sys/fs/cgroup/cpuacct,cpu; do
        [ ! -d "$top" ] ||
            allow_groups "$top" "$(sed -n 's/^[0-9]*:\([^:]*,\)*cpu\(,[^:]*\)*://p' /proc/self/cgroup)"
    done
fi
say cpus "$cpus"
say time "$(date +%s)"
say load "$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null)"
say memory "$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo 2>/dev/null)"
say disk "$(df -Pk . 2>/dev/null | sed -n '2s/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\).*/\1/p')"

# Checks that a directory can hold files and programs: libraries of rows unpack native code there. On a full disk, a file
# can be created but not written.
try_scratch() { # DIRECTORY
    try=$1/.rowmill-$nonce
    result=none
    if (printf '#!/bin/sh\nexit 0\n' >"$try" && chmod 700 "$try") 2>/dev/null; then
        result=files
        if "$try" 2>/dev/null; then result=programs; fi
    fi
    rm -f "$try"
}

# Without "scratch yes", the head uses the state directory in the home directory instead of /tmp.
try_scratch "$scratch"
case $result in
    programs) say scratch yes ;;
    files)
        [ "$scratch" != /tmp ] || try_scratch .
        if [ "$scratch" != /tmp ] || [ "$result" != programs ]; then say scratch yes; fi
        ;;
esac

# Checks whether a command is a Java that is new enough. The file "release" is read first: starting Java takes longer.
is_java() { # COMMAND
    [ -x "$1" ] && [ -f "$1" ] || return 1
    real=$(readlink -f "$1" 2>/dev/null || printf %s "$1")
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${real%/bin/java}/release" 2>/dev/null)
    [ -n "$version" ] || version=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | sed 1q)
    if [ "${version:-0}" -ge "${oldest_java:-17}" ]; then
        say java "$version $real"
        return 0
    fi
    [ -z "$version" ] || say oldjava "$version"
    return 1
}

# Prints the path of the Java that a login shell finds: its PATH may be longer than the one here. csh accepts no command
# after -l, but reads its start-up file without it.
login_java() {
    case ${SHELL:-/bin/sh} in
        *csh) "$SHELL" -c 'which java' ;;
        *) "${SHELL:-/bin/sh}" -l -c 'command -v java' ;;
    esac </dev/null 2>/dev/null | sed -n '/^\//p' | tail -n 1
}

find_java() {
    for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java)" /usr/lib/jvm/*/bin/java /opt/java/*/bin/java \
        /opt/jdk*/bin/java "$HOME"/.sdkman/candidates/java/current/bin/java \
        /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java .cache/rowmill/*.jre/bin/java; do
        ! is_java "$java" || return 0
    done
    is_java "$(login_java)"
}

find_java || :
PATH=$PATH:/usr/sbin:/sbin:/usr/local/bin
if command -v sshfs >/dev/null; then
    say sshfs "$(command -v sshfs)"
    help=$(sshfs -h 2>&1)
    case $help in *no_contain_symlinks*) say option no_contain_symlinks ;; esac
    case $help in *renamexdev*) say option workaround=renamexdev ;; esac # since sshfs 3.3.2
fi
if { [ -r /dev/fuse ] && [ -w /dev/fuse ]; } 2>/dev/null && (: <>/dev/fuse) 2>/dev/null; then say fuse yes; fi
if command -v fusermount3 >/dev/null || command -v fusermount >/dev/null; then say fusermount yes; fi
install='install the package sshfs'
for manager in 'apt-get:sudo apt-get install sshfs' 'dnf:sudo dnf install fuse-sshfs' 'yum:sudo yum install fuse-sshfs' \
    'zypper:sudo zypper install sshfs' 'pacman:sudo pacman -S sshfs' 'apk:sudo apk add sshfs' \
    'brew:install macFUSE and sshfs from macfuse.io'; do
    if command -v "${manager%%:*}" >/dev/null; then install=${manager#*:}; break; fi
done
say install "$install"

# If the cache exceeds one gigabyte, removes files that were not used in the last 24 hours, except the four of them that
# were used last.
if [ "$(du -sk .cache/rowmill 2>/dev/null | cut -f 1)" -gt 1048576 ] 2>/dev/null; then
    find .cache/rowmill -maxdepth 1 -type f -mtime +0 -exec ls -t {} + | tail -n +5 | while IFS= read -r old; do
        rm -f "$old"
    done
fi
for name in $wanted; do
    if [ -e ".cache/rowmill/$name" ]; then
        touch -c ".cache/rowmill/$name"
        say cached "$name"
    fi
done
say end .
