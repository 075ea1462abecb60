package org.rowmill.schemas.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All a consumer must know, handed to it on standard input so that the password stands in no command line and no file.
 * Standard input stays open: its end tells the consumer to end, as the head's death does.
 *
 * @param run the run's id
 * @param node name of the node, as {@code RowContext.node()} gives it
 * @param host where the broker listens
 * @param port its port
 * @param user the run's user
 * @param password the run's password
 * @param slots rows computed at once; 0: one a CPU that the consumer may use
 * @param project the project's root on this node
 * @param classPath the project's jar and its libraries
 * @param tables class names of the run's tables, in the order the messages number them
 * @param inHand file of 8 bytes a slot in which the consumer keeps the number of the row that the slot is computing, plus
 *     one; 0 is idle. It outlives a killed consumer
 * @param httpPort port on loopback to serve metrics on; -1: none
 * @param certificate the only one that the broker may show, by TLS; empty: the way to the broker needs no encryption, since it
 *     is loopback or within SSH
 */
public record ConsumerSettings(
        String run,
        String node,
        String host,
        int port,
        String user,
        String password,
        int slots,
        Path project,
        List<Path> classPath,
        List<String> tables,
        Path inHand,
        int httpPort,
        Optional<X509Certificate> certificate) {

    private static final String PROTOCOL = "protocol";
    private static final String END = ".";

    private static final String EXPECTED = "the settings of a consumer were expected on standard input"
            + " (it is started by producer.jar, not by hand)";

    public ConsumerSettings {
        Objects.requireNonNull(run);
        Objects.requireNonNull(node);
        Objects.requireNonNull(host);
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        Objects.requireNonNull(project);
        Objects.requireNonNull(inHand);
        Objects.requireNonNull(certificate);
        classPath = List.copyOf(classPath);
        tables = List.copyOf(tables);
        if (slots < 0) {
            throw new IllegalArgumentException("slots: 0 or more was expected, not " + slots);
        }
    }

    /**
     * The same where it is known how many rows are computed at once.
     *
     * @param cpus that the consumer may use
     * @return settings with 1 slot or more
     */
    public ConsumerSettings withSlots(int cpus) {
        return with(slots > 0 ? slots : cpus);
    }

    /**
     * The same where there is room for fewer rows at once.
     *
     * @param most 1 or more
     * @return settings with at most so many slots
     */
    public ConsumerSettings limitedTo(int most) {
        return with(Math.min(slots, most));
    }

    private ConsumerSettings with(int known) {
        return new ConsumerSettings(
                run,
                node,
                host,
                port,
                user,
                password,
                known,
                project,
                classPath,
                tables,
                inHand,
                httpPort,
                certificate);
    }

    /**
     * The same with another port for metrics.
     *
     * @param port port on loopback; -1: none
     * @return new settings
     */
    public ConsumerSettings withHttpPort(int port) {
        return new ConsumerSettings(
                run,
                node,
                host,
                this.port,
                user,
                password,
                slots,
                project,
                classPath,
                tables,
                inHand,
                port,
                certificate);
    }

    /**
     * Writes them as lines; does not close.
     *
     * @param out the consumer's standard input
     * @throws IOException when the consumer is gone
     */
    public void writeTo(OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(PROTOCOL).append(' ').append(ConsumerControl.PROTOCOL_VERSION).append('\n');
        line(text, "run", run);
        line(text, "node", node);
        line(text, "host", host);
        line(text, "port", Integer.toString(port));
        line(text, "user", user);
        line(text, "password", password);
        line(text, "slots", Integer.toString(slots));
        line(text, "project", project.toString());
        classPath.forEach(path -> line(text, "classPath", path.toString()));
        tables.forEach(table -> line(text, "table", table));
        line(text, "inHand", inHand.toString());
        line(text, "httpPort", Integer.toString(httpPort));
        if (certificate.isPresent()) {
            line(text, "certificate", encoded(certificate.get()));
        }
        out.write(text.append(END).append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @param in standard input; what follows the settings is left in it
     * @return the settings
     * @throws IOException when it ends early or is something else
     */
    public static ConsumerSettings readFrom(InputStream in) throws IOException {
        checkVersion(nextLine(in));
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String line = nextLine(in); !END.equals(line); line = nextLine(in)) {
            int space = line.indexOf(' ');
            if (space < 0) {
                throw new IOException(EXPECTED);
            }
            values.computeIfAbsent(line.substring(0, space), key -> new ArrayList<>())
                    .add(line.substring(space + 1));
        }
        try {
            values.replaceAll((key, written) ->
                    written.stream().map(ConsumerSettings::decoded).toList());
            return of(values);
        } catch (IllegalArgumentException e) {
            // No base 64, number, path, or at least one slot.
            throw new IOException(EXPECTED + ": " + e.getMessage(), e);
        }
    }

    private static String nextLine(InputStream in) throws IOException {
        return InputLines.next(in).orElseThrow(() -> new IOException(EXPECTED));
    }

    private static void checkVersion(String line) throws IOException {
        if (!line.startsWith(PROTOCOL + " ")) {
            throw new IOException(EXPECTED);
        }
        String version = line.substring(PROTOCOL.length() + 1);
        if (!version.equals(Integer.toString(ConsumerControl.PROTOCOL_VERSION))) {
            throw new IOException("this consumer.jar uses version " + ConsumerControl.PROTOCOL_VERSION
                    + " of the consumer protocol, but the producer.jar that started it uses version " + version
                    + ". Use the consumer.jar that is packed into that producer.jar");
        }
    }

    private static ConsumerSettings of(Map<String, List<String>> values) throws IOException {
        return new ConsumerSettings(
                one(values, "run"),
                one(values, "node"),
                one(values, "host"),
                Integer.parseInt(one(values, "port")),
                one(values, "user"),
                one(values, "password"),
                Integer.parseInt(one(values, "slots")),
                Path.of(one(values, "project")),
                values.getOrDefault("classPath", List.of()).stream()
                        .map(Path::of)
                        .toList(),
                values.getOrDefault("table", List.of()),
                Path.of(one(values, "inHand")),
                Integer.parseInt(one(values, "httpPort")),
                values.containsKey("certificate")
                        ? Optional.of(certificate(one(values, "certificate")))
                        : Optional.empty());
    }

    private static String encoded(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that has no encoding", e);
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

    private static String one(Map<String, List<String>> values, String key) throws IOException {
        List<String> found = values.getOrDefault(key, List.of());
        if (found.size() != 1) {
            throw new IOException("one value of " + key + " was expected, not " + found.size());
        }
        return found.get(0);
    }

    private static String decoded(String value) {
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }

    /** Base 64, since a path may hold any character but NUL, line ends too. */
    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(' ');
        text.append(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
        text.append('\n');
    }
}
