package org.rowmill.schemas.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.rowmill.schemas.HomeDirectory;

/** Checks the fields of one line of the cluster file. */
final class ClusterFields {

    private static final int HIGHEST_PORT = 65_535;

    /** The first character is no hyphen, because ssh would read such a name as an option. */
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]*");

    private static final Pattern USER = Pattern.compile("[^\\s:@,/\"'-][^\\s:@,/\"']*");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

    private final Map<String, String> fields;
    private final BiConsumer<String, String> faults;
    private String address = "";
    private int port = ClusterNode.DEFAULT_PORT;

    /**
     * Makes a check of one line.
     *
     * @param fields values by column
     * @param faults receives the column and message of each fault
     */
    ClusterFields(Map<String, String> fields, BiConsumer<String, String> faults) {
        this.fields = fields;
        this.faults = faults;
    }

    /** Returns the node, which is usable only if there was no fault. */
    ClusterNode read(int line) {
        address = address(field("address"));
        OptionalInt written = number("ssh_port", 1, HIGHEST_PORT, "a port from 1 to 65535, or blank for 22");
        port = written.orElse(ClusterNode.DEFAULT_PORT);
        OptionalInt cpus =
                number("cpu_limit", Integer.MIN_VALUE, Integer.MAX_VALUE, "a whole number, 0 or blank for all CPUs");
        return new ClusterNode(
                address.isEmpty() ? "?" : address,
                user(),
                written,
                keyFile(),
                Math.max(0, cpus.orElse(0)),
                scratch(),
                Arrays.stream(field("labels").split("[\\s;|,]+"))
                        .filter(text -> !text.isEmpty())
                        .toList(),
                line);
    }

    /** Returns a key that is equal for two lines with the same SSH server. */
    String key() {
        return canonical(address) + " " + port;
    }

    private String address(String written) {
        if (written.isEmpty()) {
            return refused("address", written, "a host name or IP address");
        }
        if (written.contains("@")) {
            return refused("address", written, "a host name or IP address; the user has its own column, ssh_user");
        }
        boolean brackets = written.startsWith("[") && written.endsWith("]");
        String host = brackets ? written.substring(1, written.length() - 1) : written;
        if (host.contains(":")) {
            return isIpv6(host) ? host : refused("address", written, notIpv6(host));
        }
        if (NUMBERS.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            return refused("address", written, "an IP address of four numbers from 0 to 255");
        }
        return HOST.matcher(host).matches() && !brackets
                ? host
                : refused("address", written, "a host name or IP address");
    }

    private static String notIpv6(String host) {
        return host.indexOf(':') == host.lastIndexOf(':') || host.contains("]:")
                ? "a host name or IP address; the port has its own column, ssh_port"
                : "an IPv6 address such as 2001:db8::7";
    }

    /** Checks a text with a colon, for which Java makes no DNS request. */
    private static boolean isIpv6(String host) {
        try {
            InetAddress.getByName("[" + withoutZone(host) + "]");
            return !host.contains("]");
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String canonical(String host) {
        if (!host.contains(":")) {
            return host.toLowerCase(Locale.ROOT);
        }
        try {
            String zone = host.contains("%") ? host.substring(host.indexOf('%')) : "";
            return InetAddress.getByName("[" + withoutZone(host) + "]").getHostAddress() + zone;
        } catch (UnknownHostException e) {
            return host;
        }
    }

    /** Removes the interface after %, which need not exist on this computer. */
    private static String withoutZone(String host) {
        return host.contains("%") ? host.substring(0, host.indexOf('%')) : host;
    }

    private Optional<String> user() {
        String written = field("ssh_user");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (!USER.matcher(written).matches()) {
            refused("ssh_user", written, "a user's name on the node, or blank for the current user");
        }
        return Optional.of(written);
    }

    private Optional<Path> keyFile() {
        String written = field("local_ssh_file");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path key = Path.of(HomeDirectory.expand(written, System.getProperty("user.home")));
            if (!Files.isRegularFile(key) || !Files.isReadable(key)) {
                refused(
                        "local_ssh_file",
                        written,
                        "a private key that can be read, or blank for default keys and the agent");
            }
            return Optional.of(key);
        } catch (InvalidPathException e) {
            refused("local_ssh_file", written, "a path");
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            refused("local_ssh_file", written, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The directory is on the node, where ~ is another directory than here. */
    private Optional<String> scratch() {
        String written = field("scratch");
        try {
            HomeDirectory.expand(written, "");
        } catch (IllegalArgumentException e) {
            refused("scratch", written, String.valueOf(e.getMessage()));
        }
        return Optional.of(written).filter(text -> !text.isEmpty());
    }

    private OptionalInt number(String column, int least, int most, String expected) {
        String written = field(column);
        if (written.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(written);
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // reported below, like a number out of range
        }
        refused(column, written, expected);
        return OptionalInt.empty();
    }

    private String refused(String column, String written, String expected) {
        faults.accept(column, "\"" + written + "\" is invalid; expected: " + expected);
        return "";
    }

    private String field(String column) {
        return fields.getOrDefault(column, "");
    }
}
