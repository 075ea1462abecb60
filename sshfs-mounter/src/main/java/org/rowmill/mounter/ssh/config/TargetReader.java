package org.rowmill.mounter.ssh.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.cluster.ClusterNode;

/** Reads the target of a session from the options of a host. */
final class TargetReader {

    private static final Pattern TIME = Pattern.compile("(\\d+)([smhdwSMHDW]?)");

    private final HostQuery query;
    private final HostOptions options;
    private final UserHome home;
    private final String host;
    private final String user;
    private final int port;
    private final Tokens tokens;

    TargetReader(HostQuery query, HostOptions options, UserHome home) throws NodeFault {
        this.query = query;
        this.options = options;
        this.home = home;
        this.host = options.first("hostname").orElse(query.alias());
        this.user = options.first("user").orElseGet(() -> System.getProperty("user.name"));
        this.port = port(options.first("port").orElse(String.valueOf(ClusterNode.DEFAULT_PORT)), query.alias());
        this.tokens = new Tokens(
                home.home(),
                query.alias(),
                host,
                options.first("hostkeyalias"),
                user,
                port,
                options.first("proxyjump").orElse(""));
    }

    SshTarget read() throws NodeFault {
        return new SshTarget(
                query.alias(),
                host,
                user,
                port,
                route(),
                hostKeyRules(),
                keys(),
                Algorithms.of(options),
                connectTimeout());
    }

    static int port(String text, String where) throws NodeFault {
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

    private Route route() {
        Optional<String> jumps = options.first("proxyjump");
        if (jumps.isPresent()) {
            return new Route.Jumps(List.of(jumps.get().split("\\s*,\\s*")));
        }
        Optional<String> command = options.first("proxycommand");
        if (command.isPresent()) {
            return new Route.Command(tokens.expandCommand(command.get()));
        }
        Route.Family family =
                switch (options.first("addressfamily").orElse("any").toLowerCase(Locale.ROOT)) {
                    case "inet" -> Route.Family.INET;
                    case "inet6" -> Route.Family.INET6;
                    default -> Route.Family.ANY;
                };
        return new Route.Direct(options.first("bindaddress"), options.first("bindinterface"), family);
    }

    private HostKeyRules hostKeyRules() {
        Optional<String> alias = options.first("hostkeyalias").map(name -> name.toLowerCase(Locale.ROOT));
        HostKeyRules.Checking checking =
                switch (options.first("stricthostkeychecking").orElse("ask").toLowerCase(Locale.ROOT)) {
                    case "yes", "true" -> HostKeyRules.Checking.YES;
                    case "no", "false", "off" -> HostKeyRules.Checking.NO;
                    case "accept-new" -> HostKeyRules.Checking.ACCEPT_NEW;
                    default -> HostKeyRules.Checking.ASK;
                };
        return new HostKeyRules(
                alias.orElseGet(() -> hostKeyName(host, port)),
                alias.isPresent(),
                checking,
                paths(fileList("userknownhostsfile")),
                paths(fileList("globalknownhostsfile")),
                paths(fileList("revokedhostkeys")),
                options.isOn("hashknownhosts"),
                options.isOn("nohostauthenticationforlocalhost"));
    }

    private static String hostKeyName(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return port == ClusterNode.DEFAULT_PORT ? name : "[" + name + "]:" + port;
    }

    private UserKeys keys() {
        return new UserKeys(
                paths(options.files("identityfile")),
                paths(options.files("certificatefile")),
                options.isOn("identitiesonly"),
                agent(),
                !options.isOff("pubkeyauthentication"));
    }

    /** Takes the names of several files from one line, in which ssh -G does not quote blanks. */
    private List<String> fileList(String name) {
        List<String> values = options.files(name);
        if (values.size() != 1) {
            return values;
        }
        List<String> names = new ArrayList<>();
        for (String word : values.get(0).split(" ")) {
            boolean starts = word.startsWith("/") || word.startsWith("~") || names.isEmpty();
            if (starts) {
                names.add(word);
            } else {
                names.set(names.size() - 1, names.get(names.size() - 1) + " " + word);
            }
        }
        return names;
    }

    private List<Path> paths(List<String> names) {
        return names.stream()
                .map(name -> home.path(tokens.expand(name)))
                .distinct()
                .toList();
    }

    private Optional<Path> agent() {
        String configured = options.all("identityagent").stream().findFirst().orElse("SSH_AUTH_SOCK");
        if (configured.equalsIgnoreCase("none")) {
            return Optional.empty();
        }
        String variable = configured.equals("SSH_AUTH_SOCK")
                ? configured
                : configured.startsWith("$") && !configured.startsWith("${") ? configured.substring(1) : "";
        Optional<String> name = variable.isEmpty()
                ? Optional.of(tokens.expand(configured))
                : Optional.ofNullable(System.getenv(variable));
        return name.filter(text -> !text.isBlank()).map(home::path);
    }

    private Optional<Duration> connectTimeout() {
        return options.first("connecttimeout")
                .map(TIME::matcher)
                .filter(Matcher::matches)
                .map(found -> {
                    long number = Long.parseLong(found.group(1));
                    return switch (found.group(2).toLowerCase(Locale.ROOT)) {
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(number);
                        case "w" -> Duration.ofDays(7 * number);
                        default -> Duration.ofSeconds(number);
                    };
                })
                .filter(time -> !time.isZero());
    }
}
