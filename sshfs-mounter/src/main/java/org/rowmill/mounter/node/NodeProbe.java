package org.rowmill.mounter.node;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a node has, as {@code probe.sh} found it.
 *
 * @param home the user's home directory
 * @param system the operating system
 * @param machine which machine it is
 * @param capacity CPUs, memory and disk
 * @param java the Java that is installed
 * @param sshfs what the mount needs
 * @param clockSeconds the node's clock, in seconds since 1970
 * @param hasScratch whether a file can be written in the scratch directory
 * @param cached names of wanted files that the node's cache contains
 */
public record NodeProbe(
        String home,
        OperatingSystem system,
        Machine machine,
        Capacity capacity,
        Java java,
        Sshfs sshfs,
        long clockSeconds,
        boolean hasScratch,
        Set<String> cached) {

    /** Checks and copies. */
    public NodeProbe {
        Objects.requireNonNull(home);
        Objects.requireNonNull(system);
        Objects.requireNonNull(machine);
        Objects.requireNonNull(capacity);
        Objects.requireNonNull(java);
        Objects.requireNonNull(sshfs);
        cached = Set.copyOf(cached);
    }

    /**
     * The operating system. An empty text is unknown.
     *
     * @param name printed by {@code uname -s}
     * @param machine printed by {@code uname -m}
     * @param libc glibc or musl
     */
    public record OperatingSystem(String name, String machine, String libc) {}

    /**
     * What rows can use. Empty values are unknown.
     *
     * @param cpus number of CPUs that a process may use
     * @param load average load of the last minute
     * @param memoryKiB available memory
     * @param diskKiB free space of the home directory's file system
     */
    public record Capacity(int cpus, Optional<String> load, OptionalLong memoryKiB, OptionalLong diskKiB) {}

    /**
     * The Java that is installed.
     *
     * @param command starts a Java 17 or newer; empty: there is none
     * @param version feature version of {@code command}; without a command, that of an older Java, if there is one
     */
    public record Java(Optional<String> command, OptionalInt version) {}

    /**
     * What the mount needs.
     *
     * @param isInstalled whether the command {@code sshfs} exists
     * @param hasFuse whether the user may open {@code /dev/fuse} and a {@code fusermount} exists
     * @param options the optional ones of our sshfs options that this sshfs supports
     * @param installCommand how to install sshfs there
     */
    public record Sshfs(boolean isInstalled, boolean hasFuse, List<String> options, String installCommand) {
        /** Copies. */
        public Sshfs {
            options = List.copyOf(options);
        }

        /**
         * Returns whether the node can mount the project.
         *
         * @return false if sshfs or FUSE is missing
         */
        public boolean isUsable() {
            return isInstalled && hasFuse;
        }
    }
}
