# shellcheck shell=sh
# What the build needs and where it is: a JDK 17+ (with javac) and Maven 3.8+. Sourced by mvnw and the scripts of ops;
# POSIX sh, defines functions only.

# Major version of the JDK in directory $1; nothing when there is no javac that runs.
jdk_version() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] || return 1
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p'
}

# Directories where a JDK may be, best first: as the user chose, as the system chose, any.
jdk_places() {
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    if command -v javac >/dev/null 2>&1; then
        dirname "$(dirname "$(readlink -f "$(command -v javac)")")"
    fi
    for jdk_place in /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
        [ ! -d "$jdk_place" ] || readlink -f "$jdk_place"
    done
}

# The first JDK 17+.
find_jdk() {
    jdk_places | while IFS= read -r jdk_home; do
        jdk_major=$(jdk_version "$jdk_home") || continue
        if [ "${jdk_major:-0}" -ge 17 ]; then
            printf '%s\n' "$jdk_home"
            break
        fi
    done
}

# Every JDK 17+, one of each version, separated by ':'.
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

# Whether $1 is Maven 3.8+; it needs JAVA_HOME to tell.
is_maven() {
    "$1" -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | {
        read -r maven_major maven_minor || return 1
        [ "$maven_major" -gt 3 ] || { [ "$maven_major" -eq 3 ] && [ "$maven_minor" -ge 8 ]; }
    }
}

# The first Maven 3.8+; $1 is the JDK to ask it with.
find_maven() {
    for maven_place in "${MAVEN_HOME:-/nowhere}/bin/mvn" "$(command -v mvn || true)" /usr/share/maven/bin/mvn \
        /opt/maven/bin/mvn /opt/apache-maven*/bin/mvn "$HOME"/.sdkman/candidates/maven/current/bin/mvn; do
        if [ -x "$maven_place" ] && JAVA_HOME=$1 is_maven "$maven_place"; then
            printf '%s\n' "$maven_place"
            break
        fi
    done
}

# Sets JAVA_HOME and MAVEN, or says what to install and returns 2.
find_build_tools() {
    JAVA_HOME=$(find_jdk)
    MAVEN=
    [ -z "$JAVA_HOME" ] || MAVEN=$(find_maven "$JAVA_HOME")
    if [ -n "$JAVA_HOME" ] && [ -n "$MAVEN" ]; then
        export JAVA_HOME
        return 0
    fi
    if [ -z "$JAVA_HOME" ]; then
        echo "Rowmill needs a JDK 17 or newer with javac; none was found by JAVA_HOME, on the PATH or in /usr/lib/jvm." >&2
    else
        echo "Rowmill needs Maven 3.8 or newer; none was found by MAVEN_HOME, on the PATH or in /usr/share/maven." >&2
    fi
    echo "Install them, on Debian and Ubuntu: sudo apt-get install openjdk-17-jdk-headless maven (or openjdk-21-...)" >&2
    echo "          on Fedora:                sudo dnf install java-21-openjdk-devel maven" >&2
    echo "          on macOS:                 brew install openjdk@21 maven" >&2
    return 2
}

# Runs a command as root; fails where that is not allowed without a password.
run_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

# Runs apt-get as root without asking anything.
run_apt() {
    run_as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "$@" \
        </dev/null >/dev/null
}

# Installs the packages named, where this user may.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null || return 1
    echo "Installing $* with apt-get." >&2
    run_apt update && run_apt install -y --no-install-recommends "$@"
}

# As find_build_tools, and installs what is missing where it may.
require_build_tools() {
    if find_build_tools 2>/dev/null; then
        return 0
    fi
    if [ -z "$JAVA_HOME" ]; then
        # The newest Debian has no 17 any more, the oldest Ubuntu that counts no 21 by default.
        apt_install openjdk-17-jdk-headless maven || apt_install openjdk-21-jdk-headless maven || true
    else
        apt_install maven || true
    fi
    find_build_tools
}
