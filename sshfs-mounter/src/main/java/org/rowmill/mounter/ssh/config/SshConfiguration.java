package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The SSH configuration of the user who runs Rowmill. OpenSSH reads it ({@code ssh -G}), so that a host means the same
 * as for ssh; where there is no OpenSSH, Rowmill reads it. Thread-safe.
 */
public final class SshConfiguration {

    /** Nodes behind one jump host connect at about the same time. Later, the files may have changed. */
    private static final Duration VALIDITY = Duration.ofSeconds(10);

    /** DNS (CanonicalizeHostname) and commands ({@code Match exec}) can take long. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Pattern JUMP =
            Pattern.compile("(?:ssh://)?(?:(?<user>.+)@)?(?:\\[(?<ip>.+)]|(?<name>[^:]+))(?::(?<port>\\w+))?/?");

    private final UserHome home;
    private final OpenSshClient client;
    private final Map<HostQuery, Known> known = new ConcurrentHashMap<>();

    private record Known(HostOptions options, long nanos) {

        boolean isValid() {
            return System.nanoTime() - nanos < VALIDITY.toNanos();
        }
    }

    /**
     * Makes a configuration.
     *
     * @param directory of the user's SSH files {@code config}, {@code known_hosts}, {@code id_*}; usually
     *     {@code ~/.ssh}
     */
    public SshConfiguration(Path directory) {
        this(directory, "ssh", LIMIT);
    }

    /**
     * Makes a configuration.
     *
     * @param program name of the program {@code ssh}
     * @param limit for one answer of the program
     */
    SshConfiguration(Path directory, String program, Duration limit) {
        this.home = UserHome.of(directory);
        this.client = new OpenSshClient(program, home, limit);
    }

    /**
     * Returns where the session of a node leads.
     *
     * @throws NodeFault if the configuration cannot be read
     */
    public SshTarget target(ClusterNode node) throws NodeFault {
        return target(new HostQuery(node.address(), node.user(), node.port(), node.keyFile()));
    }

    /**
     * Returns where a jump host is.
     *
     * @param text {@code [user@]host[:port]}
     * @param before the route to it; empty: as its own configuration says
     * @throws NodeFault if the configuration cannot be read
     */
    public SshTarget jumpHost(String text, Optional<Route> before) throws NodeFault {
        Matcher matcher = JUMP.matcher(text);
        HostQuery query = matcher.matches()
                ? new HostQuery(
                        matcher.group("name") == null ? matcher.group("ip") : matcher.group("name"),
                        Optional.ofNullable(matcher.group("user")),
                        matcher.group("port") == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(TargetReader.port(matcher.group("port"), text)),
                        Optional.empty())
                : new HostQuery(text, Optional.empty(), OptionalInt.empty(), Optional.empty());
        SshTarget target = target(query);
        return before.map(target::by).orElse(target);
    }

    private SshTarget target(HostQuery query) throws NodeFault {
        return new TargetReader(query, options(query), home).read();
    }

    private HostOptions options(HostQuery query) throws NodeFault {
        Known before = known.get(query);
        if (before != null && before.isValid()) {
            return before.options();
        }
        Optional<HostOptions> byClient = client.options(query);
        HostOptions options = byClient.isPresent() ? byClient.get() : ownOptions(query);
        known.put(query, new Known(options, System.nanoTime()));
        return options;
    }

    private HostOptions ownOptions(HostQuery query) throws NodeFault {
        try {
            return ConfigFile.read(query, home);
        } catch (IOException e) {
            throw new NodeFault(
                    ConnectionStep.RESOLVE,
                    "the SSH configuration cannot be read: " + e.getMessage(),
                    "Make " + home.configFile() + " and what it includes readable, or install the program ssh"
                            + " (package openssh-client).");
        }
    }
}
