package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The destination of a session. A value of the cluster file overrides the SSH configuration, which overrides the
 * defaults.
 *
 * @param host name or IP address to connect to
 * @param user who logs in
 * @param port of the SSH server
 * @param hostKeyName the name of the host in known_hosts
 * @param keyFiles key files that are configured; empty: use the default ones
 * @param onlyTheseKeys whether other keys of the SSH agent are not tried
 * @param agent socket of the SSH agent, if there is one
 * @param jumps jump hosts in the order of the path, each {@code [user@]host[:port]}
 */
record SshTarget(
        String host,
        String user,
        int port,
        String hostKeyName,
        List<Path> keyFiles,
        boolean onlyTheseKeys,
        Optional<Path> agent,
        List<String> jumps) {

    private static final Pattern JUMP =
            Pattern.compile("(?:ssh://)?(?:(?<user>.+)@)?(?:\\[(?<ip>.+)]|(?<name>[^:]+))(?::(?<port>\\w+))?");

    SshTarget {
        keyFiles = List.copyOf(keyFiles);
        jumps = List.copyOf(jumps);
    }

    static SshTarget of(ClusterNode node, Path directory) throws NodeFault {
        return of(node.address(), node.user(), node.port(), node.keyFile(), directory);
    }

    /** Makes the target of a jump host. */
    static SshTarget ofJump(String text, List<String> before, Path directory) throws NodeFault {
        Matcher matcher = JUMP.matcher(text);
        SshTarget target = matcher.matches()
                ? of(
                        matcher.group("name") == null ? matcher.group("ip") : matcher.group("name"),
                        Optional.ofNullable(matcher.group("user")),
                        matcher.group("port") == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(port(matcher.group("port"), text)),
                        Optional.empty(),
                        directory)
                : of(text, Optional.empty(), OptionalInt.empty(), Optional.empty(), directory);
        return before.isEmpty() ? target : target.through(before);
    }

    private SshTarget through(List<String> others) {
        return new SshTarget(host, user, port, hostKeyName, keyFiles, onlyTheseKeys, agent, others);
    }

    private static SshTarget of(
            String alias, Optional<String> user, OptionalInt port, Optional<Path> keyFile, Path directory)
            throws NodeFault {
        SshConfig config = config(alias, directory);
        if (config.first("ProxyJump").isEmpty() && config.first("ProxyCommand").isPresent()) {
            throw new NodeFault(
                    ConnectionStep.CONNECT,
                    "the SSH configuration has a ProxyCommand for " + alias + ", which Rowmill does not support",
                    "Use ProxyJump instead, or give an address that can be reached directly.");
        }
        String host =
                config.first("HostName").orElse(alias).replace("%h", alias).replace("%%", "%");
        String finalUser = user.or(() -> config.first("User")).orElseGet(() -> System.getProperty("user.name"));
        int finalPort = port.isPresent()
                ? port.getAsInt()
                : config.first("Port").isPresent() ? port(config.first("Port").get(), alias) : ClusterNode.DEFAULT_PORT;
        List<Path> keys = keyFile.map(List::of)
                .orElseGet(() -> config.all("IdentityFile").stream()
                        .filter(name -> !name.equalsIgnoreCase("none"))
                        .map(name -> SshConfig.path(tokens(name, host, finalUser, finalPort), directory))
                        .toList());
        boolean only = keyFile.isPresent() || config.isOn("IdentitiesOnly");
        return new SshTarget(
                host,
                finalUser,
                finalPort,
                config.first("HostKeyAlias").orElseGet(() -> hostKeyName(host, finalPort)),
                keys,
                only,
                agent(config, directory),
                config.first("ProxyJump")
                        .map(jumps -> List.of(jumps.split("\\s*,\\s*")))
                        .orElse(List.of()));
    }

    private static SshConfig config(String alias, Path directory) throws NodeFault {
        try {
            return SshConfig.of(alias, directory);
        } catch (IOException e) {
            throw new NodeFault(
                    ConnectionStep.RESOLVE,
                    "the SSH configuration cannot be read: " + e,
                    "Make " + directory.resolve("config") + " and what it includes readable, in UTF-8.");
        }
    }

    private static int port(String text, String where) throws NodeFault {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below, like numbers that are out of range.
        }
        throw new NodeFault(
                ConnectionStep.RESOLVE,
                "the SSH configuration has the port '" + text + "' for " + where,
                "Give a port from 1 to 65535 there, or in column ssh_port.");
    }

    private static Optional<Path> agent(SshConfig config, Path directory) {
        List<String> configured = config.all("IdentityAgent");
        if (configured.isEmpty() || configured.get(0).equals("SSH_AUTH_SOCK")) {
            return Optional.ofNullable(System.getenv("SSH_AUTH_SOCK"))
                    .filter(name -> !name.isBlank())
                    .map(Path::of);
        }
        return config.first("IdentityAgent").map(name -> SshConfig.path(name, directory));
    }

    private static String hostKeyName(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return port == ClusterNode.DEFAULT_PORT ? name : "[" + name + "]:" + port;
    }

    private static String tokens(String text, String host, String user, int port) {
        return text.replace("%d", System.getProperty("user.home"))
                .replace("%h", host)
                .replace("%r", user)
                .replace("%u", System.getProperty("user.name"))
                .replace("%p", String.valueOf(port))
                .replace("%%", "%");
    }

    /**
     * Returns a command of OpenSSH for this target, to be shown to the user.
     *
     * @param program {@code ssh} or {@code ssh-copy-id}
     */
    String command(String program) {
        return program + (port == ClusterNode.DEFAULT_PORT ? "" : " -p " + port) + " " + user + "@" + host;
    }

    @Override
    public String toString() {
        return user + "@" + host + (port == ClusterNode.DEFAULT_PORT ? "" : ":" + port);
    }
}
