package org.rowmill.schemas.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a consumer needs to know before it starts to compute. The head writes it to the standard input of the consumer,
 * so that the password is in no command line and no file. Standard input then stays open for {@link ConsumerControl}.
 *
 * @param run id of the run
 * @param node name of the node, which {@code RowContext.node()} returns
 * @param broker how to connect to the broker
 * @param project what to compute
 * @param slots how many rows to compute at once
 * @param httpPort port on loopback for metrics, 0: any free port; empty: no metrics
 */
public record ConsumerSettings(
        String run, String node, BrokerAccess broker, Project project, Slots slots, OptionalInt httpPort) {

    private static final int LAST_PORT = 65_535;

    /** Checks the port. */
    public ConsumerSettings {
        Objects.requireNonNull(run);
        Objects.requireNonNull(node);
        Objects.requireNonNull(broker);
        Objects.requireNonNull(project);
        Objects.requireNonNull(slots);
        httpPort.ifPresent(port -> checkPort("httpPort", port, 0));
    }

    /**
     * How a consumer connects to the broker.
     *
     * @param host name or address
     * @param port TCP port, from 1
     * @param user user of this consumer
     * @param password its password
     * @param certificate the only certificate to accept from the broker, by TLS; empty: no TLS, because the connection
     *     stays on loopback or within SSH
     */
    public record BrokerAccess(
            String host, int port, String user, String password, Optional<X509Certificate> certificate) {

        /** Checks the port. */
        public BrokerAccess {
            Objects.requireNonNull(host);
            Objects.requireNonNull(user);
            Objects.requireNonNull(password);
            Objects.requireNonNull(certificate);
            checkPort("port", port, 1);
        }

        /** Leaves out user and password: this text can get into logs. */
        @Override
        public String toString() {
            return "BrokerAccess[" + host + ":" + port + "]";
        }
    }

    /**
     * What a consumer computes.
     *
     * @param root root of the project on this node
     * @param classPath jar of the project and its libraries
     * @param tables class names of the tables of the run; messages name a table by its position here
     */
    public record Project(Path root, List<Path> classPath, List<String> tables) {

        /** Copies the lists. */
        public Project {
            Objects.requireNonNull(root);
            classPath = List.copyOf(classPath);
            tables = List.copyOf(tables);
        }
    }

    /**
     * How many rows a consumer computes at once.
     *
     * @param count number of slots; 0: one for each CPU that the consumer can use
     * @param inHand file in which the consumer notes the row of each slot, see {@link HeldRow}; the head or the node
     *     agent reads it after a crash
     */
    public record Slots(int count, Path inHand) {

        /** Checks the number. */
        public Slots {
            Objects.requireNonNull(inHand);
            if (count < 0) {
                throw new IllegalArgumentException("slots: 0 or more was expected, not " + count);
            }
        }
    }

    private static void checkPort(String name, int port, int least) {
        if (port < least || port > LAST_PORT) {
            throw new IllegalArgumentException(name + ": " + least + " to " + LAST_PORT + " was expected, not " + port);
        }
    }

    /**
     * Replaces the number of slots if it is 0.
     *
     * @param cpus number of CPUs that the consumer can use
     * @return settings with 1 slot or more
     */
    public ConsumerSettings withSlots(int cpus) {
        return slots.count > 0 ? this : with(new Slots(cpus, slots.inHand));
    }

    /**
     * Reduces the number of slots if it is too large.
     *
     * @param most largest number of slots, from 1
     * @return settings with at most this number of slots
     */
    public ConsumerSettings limitedTo(int most) {
        return slots.count <= most ? this : with(new Slots(most, slots.inHand));
    }

    private ConsumerSettings with(Slots other) {
        return new ConsumerSettings(run, node, broker, project, other, httpPort);
    }

    /**
     * Sets the port for metrics.
     *
     * @param port port on loopback, 0: any free port
     * @return settings with this port
     */
    public ConsumerSettings withHttpPort(int port) {
        return new ConsumerSettings(run, node, broker, project, slots, OptionalInt.of(port));
    }

    /**
     * Writes the settings as lines, and leaves the stream open.
     *
     * @param out standard input of the consumer
     * @throws IOException if the consumer has ended
     */
    public void writeTo(OutputStream out) throws IOException {
        SettingLines lines = new SettingLines();
        lines.put("run", run);
        lines.put("node", node);
        lines.put("host", broker.host);
        lines.put("port", broker.port);
        lines.put("user", broker.user);
        lines.put("password", broker.password);
        broker.certificate.ifPresent(certificate -> lines.put("certificate", encoded(certificate)));
        lines.put("project", project.root);
        project.classPath.forEach(path -> lines.put("classPath", path));
        project.tables.forEach(table -> lines.put("table", table));
        lines.put("slots", slots.count);
        lines.put("inHand", slots.inHand);
        httpPort.ifPresent(port -> lines.put("httpPort", port));
        lines.writeTo(out);
    }

    /**
     * Reads settings that {@link #writeTo} wrote.
     *
     * @param in standard input; what follows the settings is left in it
     * @return the settings
     * @throws IOException if the input ends early, is something else, or has another version of the protocol
     */
    public static ConsumerSettings readFrom(InputStream in) throws IOException {
        SettingLines lines = SettingLines.readFrom(in);
        try {
            return new ConsumerSettings(
                    lines.one("run"),
                    lines.one("node"),
                    broker(lines),
                    new Project(
                            Path.of(lines.one("project")),
                            lines.all("classPath").stream().map(Path::of).toList(),
                            lines.all("table")),
                    new Slots(lines.number("slots"), Path.of(lines.one("inHand"))),
                    lines.optional("httpPort").isEmpty()
                            ? OptionalInt.empty()
                            : OptionalInt.of(lines.number("httpPort")));
        } catch (IllegalArgumentException e) {
            // A number out of range, an invalid path or certificate.
            throw new IOException("invalid settings of a consumer on standard input: " + e.getMessage(), e);
        }
    }

    private static BrokerAccess broker(SettingLines lines) throws IOException {
        return new BrokerAccess(
                lines.one("host"),
                lines.number("port"),
                lines.one("user"),
                lines.one("password"),
                lines.optional("certificate").map(ConsumerSettings::certificate));
    }

    private static String encoded(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding", e);
        }
    }

    private static X509Certificate certificate(String encoded) {
        byte[] der = Base64.getDecoder().decode(encoded);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificate: " + e.getMessage(), e);
        }
    }
}
