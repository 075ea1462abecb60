package org.rowmill.mounter.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.rowmill.schemas.LocalCommand;

/**
 * Which machine a node is, whatever its name and address: what {@code machine.sh} prints there. Containers on one
 * computer are different machines with the same kernel. A text is blank if the system does not know it.
 *
 * @param boot names this run of the kernel
 * @param processes names the process namespace; each container has its own
 * @param host the host name
 * @param installation names the installation of the system; copies of a disk have the same
 */
public record Machine(String boot, String processes, String host, String installation) {

    /** A machine that says nothing about itself. It is none that is known. */
    public static final Machine UNKNOWN = new Machine("", "", "", "");

    private static final int NAME_DIGITS = 16;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Checks. */
    public Machine {
        Objects.requireNonNull(boot);
        Objects.requireNonNull(processes);
        Objects.requireNonNull(host);
        Objects.requireNonNull(installation);
    }

    /**
     * Finds out which machine this computer is. Starts a shell.
     *
     * @return the machine; {@link #UNKNOWN} if there is no shell, or it does not answer within 10 s
     */
    public static Machine ofThisComputer() {
        try {
            String script = NodeScripts.machine() + "say_machine\n";
            return parse(LocalCommand.run(List.of("sh", "-s"), script, LIMIT).out());
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static Machine parse(String lines) {
        Map<String, String> values = new HashMap<>();
        lines.lines().map(line -> line.split(" ", 2)).forEach(words -> {
            if (words.length == 2) {
                values.putIfAbsent(words[0], words[1].strip());
            }
        });
        return of(values);
    }

    /** Makes a machine of the values that {@code machine.sh} prints, by word. */
    static Machine of(Map<String, String> values) {
        return new Machine(
                values.getOrDefault("boot", ""),
                values.getOrDefault("processes", ""),
                values.getOrDefault("host", ""),
                values.getOrDefault("installation", ""));
    }

    /**
     * Returns whether this is certainly the same machine as another: its processes are visible there, and they share
     * their CPUs.
     *
     * @param other a machine
     * @return false if one of them is unknown
     */
    public boolean isSameAs(Machine other) {
        return sharesCpusWith(other) && processes.equals(other.processes) && host.equals(other.host);
    }

    /**
     * Returns whether both are on one computer, for example as containers.
     *
     * @param other a machine
     * @return false if one of them is unknown
     */
    public boolean sharesCpusWith(Machine other) {
        return !boot.isEmpty() && boot.equals(other.boot);
    }

    /**
     * Returns a name until the machine is booted again, for its state directories: several machines may have one home.
     * Two virtual machines that continue from one memory image differ at least by the node's name.
     *
     * @param node the node's name in the cluster
     */
    String bootName(String node) {
        return digits(boot, host, node);
    }

    /** Returns a name that stays when the machine is booted again. */
    String seatName(String node) {
        return digits(installation, host, node);
    }

    /** Returns a name that no other machine of a run has. */
    String runName(String node) {
        return digits(boot, processes, host, installation, node);
    }

    private static String digits(String... texts) {
        try {
            byte[] all = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(all))
                    .substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
