# shellcheck shell=sh
# Finds what the build and the tests need, and installs it if permitted. The scripts in ops and the image in
# .devcontainer source this file. POSIX sh; it defines functions only.

# Prints the major version of the JDK in directory $1; fails if javac or java is missing.
jdk_version() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] || return 1
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p'
}

# Prints directories that may hold a JDK, in order of preference: JAVA_HOME, the JDK on the PATH, any other.
jdk_places() {
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    if command -v javac >/dev/null 2>&1; then
        dirname "$(dirname "$(readlink -f "$(command -v javac)")")"
    fi
    for jdk_place in /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
        [ ! -d "$jdk_place" ] || readlink -f "$jdk_place"
    done
}

# Prints the first JDK 17 or newer.
find_jdk() {
    jdk_places | while IFS= read -r jdk_home; do
        jdk_major=$(jdk_version "$jdk_home") || continue
        if [ "${jdk_major:-0}" -ge 17 ]; then
            printf '%s\n' "$jdk_home"
            break
        fi
    done
}

# Prints every JDK 17 or newer, one of each version, separated by ':'.
find_all_jdks() {
    jdk_seen=' '
    jdk_found=
    jdk_all=$(jdk_places)
    jdk_ifs=$IFS
    IFS='
'
    for jdk_home in $jdk_all; do
        jdk_major=$(jdk_version "$jdk_home") || continue
        case "$jdk_seen" in *" $jdk_major "*) continue ;; esac
        if [ "${jdk_major:-0}" -ge 17 ]; then
            jdk_seen="$jdk_seen$jdk_major "
            jdk_found="$jdk_found${jdk_found:+:}$jdk_home"
        fi
    done
    IFS=$jdk_ifs
    printf '%s\n' "$jdk_found"
}

# Succeeds if $1 is Maven 3.8 or newer. Needs JAVA_HOME, because Maven prints its version from Java.
is_maven() {
    "$1" -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | {
        read -r maven_major maven_minor || return 1
        [ "$maven_major" -gt 3 ] || { [ "$maven_major" -eq 3 ] && [ "$maven_minor" -ge 8 ]; }
    }
}

# Prints the first Maven 3.8 or newer; $1 is the JDK to run it with.
find_maven() {
    for maven_place in "${MAVEN_HOME:-/nowhere}/bin/mvn" "$(command -v mvn || true)" /usr/share/maven/bin/mvn \
        /opt/maven/bin/mvn /opt/apache-maven*/bin/mvn "$HOME"/.sdkman/candidates/maven/current/bin/mvn; do
        if [ -x "$maven_place" ] && JAVA_HOME=$1 is_maven "$maven_place"; then
            printf '%s\n' "$maven_place"
            break
        fi
    done
}

# Sets JAVA_HOME and MAVEN, or prints what to install and returns 2.
find_build_tools() {
    JAVA_HOME=$(find_jdk)
    MAVEN=
    [ -z "$JAVA_HOME" ] || MAVEN=$(find_maven "$JAVA_HOME")
    if [ -n "$JAVA_HOME" ] && [ -n "$MAVEN" ]; then
        export JAVA_HOME
        return 0
    fi
    if [ -z "$JAVA_HOME" ]; then
        echo "Rowmill needs a JDK 17 or newer with javac; none found in JAVA_HOME, on the PATH or in /usr/lib/jvm." >&2
    else
        echo "Rowmill needs Maven 3.8 or newer; none found in MAVEN_HOME, on the PATH or in /usr/share/maven." >&2
    fi
    echo "Install both: Debian, Ubuntu: sudo apt-get install openjdk-17-jdk-headless maven (or openjdk-21-jdk-headless)" >&2
    echo "              Fedora:         sudo dnf install java-21-openjdk-devel maven" >&2
    echo "              macOS:          brew install openjdk@21 maven" >&2
    return 2
}

# Runs a command as root; fails if that needs a password.
run_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

# Runs apt-get as root without any question.
run_apt() {
    run_as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" \
        </dev/null >/dev/null
}

# Installs the Debian packages named by the arguments; fails if that is not permitted.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || return 1
    echo "Installing $* with apt-get." >&2
    run_apt update && run_apt install -y --no-install-recommends "$@"
}

# Does the same as find_build_tools, and first installs what is missing if permitted.
require_build_tools() {
    if find_build_tools 2>/dev/null; then
        return 0
    fi
    if [ -z "$JAVA_HOME" ]; then
        # The newest Debian has no package of JDK 17; older Ubuntu releases have none of JDK 21.
        apt_install openjdk-17-jdk-headless maven || apt_install openjdk-21-jdk-headless maven || true
    else
        apt_install maven || true
    fi
    find_build_tools
}

# Prints what the full test run needs, one COMMAND:PACKAGE a line: the packages are Debian's. Tests mount small file
# systems, list processes, start some in sessions of their own, and make SSH nodes that differ in shell and clock.
test_tools() {
    printf '%s\n' mount:mount ps:procps setsid:util-linux sshd:openssh-server ssh:openssh-client sshfs:sshfs \
        fusermount3:fuse3 ip:iproute2 nft:nftables newuidmap:uidmap tcsh:tcsh fish:fish faketime:faketime \
        strace:strace python3:python3 shellcheck:shellcheck
}

# Prints the packages of test_tools, one a line.
test_packages() { test_tools | sed 's/.*://'; }

# Prints the packages of test_tools whose command is missing.
missing_test_packages() {
    for test_tool in $(test_tools); do
        PATH=$PATH:/usr/sbin:/sbin command -v "${test_tool%%:*}" >/dev/null || printf '%s\n' "${test_tool##*:}"
    done
}

# Installs what the full test run needs if it is missing; prints what to install and returns 2 if that is not permitted.
require_test_tools() {
    missing=$(missing_test_packages | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # a list of words
    if ! apt_install $missing; then
        echo "The tests need these packages: $missing. On Debian and Ubuntu: sudo apt-get install $missing" >&2
        return 2
    fi
    case " $missing " in
        # The package starts a server; the tests start their own.
        *" openssh-server "*) run_as_root systemctl disable -q --now ssh.socket ssh.service 2>/dev/null || true ;;
    esac
}
