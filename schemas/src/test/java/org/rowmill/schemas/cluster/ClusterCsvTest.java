package org.rowmill.schemas.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.WrongInput;

class ClusterCsvTest {

    private static final String HEADER = "address,ssh_user,ssh_port,local_ssh_file,cpu_limit\n";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void setTheFile() {
        file = directory.resolve("cluster.csv");
    }

    @Test
    void eachLineIsANode() throws IOException {
        Path key = Files.createFile(directory.resolve("my key"));

        assertThat(read(HEADER + "10.0.0.1,me,2222,\"" + key + "\",4\n"))
                .containsExactly(new ClusterNode(
                        "10.0.0.1",
                        Optional.of("me"),
                        OptionalInt.of(2222),
                        Optional.of(key),
                        4,
                        Optional.empty(),
                        List.of(),
                        2));
    }

    @Test
    void blankFieldsAreLeftToSsh() throws IOException {
        assertThat(read(HEADER + "alias-of_config,,,,\nother,,,,-1"))
                .containsExactly(blank("alias-of_config", 2), blank("other", 3));
    }

    @Test
    void commentsBlankLinesQuotesByteOrderMarksAndWindowsLineEndsAreSupported() throws IOException {
        String text = "\ufeff# nodes\r\n\r\n" + HEADER.replace("\n", "\r\n")
                + "  # off,,,,\r\n#\"off\r\n\"10.0.0.1\" , ,\"\",, 0\r\n   \r\n";

        assertThat(read(text)).containsExactly(blank("10.0.0.1", 6));
    }

    @Test
    void leftoversOfSpreadsheetsAreIgnored() throws IOException {
        List<ClusterNode> two = List.of(blank("a", 2), blank("b", 4));
        assertThat(read("address,ssh_user,ssh_port,,\na,,,,\n,,,,\nb,,,,\n,,\n"))
                .isEqualTo(two);
        assertThat(read("address,ssh_user,ssh_port\na,,,,,,,\n\"\",\"\",\"\"\nb\n"))
                .isEqualTo(two);
        assertThat(read("address;ssh_user;ssh_port;;\r\na;;;;\r\n;;;;\r\nb;;;;\r\n"))
                .isEqualTo(two);
        assertThat(read("address\tssh_user\tssh_port\t\t\na\t\t\t\t\n\t\t\nb\t\t\n"))
                .isEqualTo(two);
        assertThat(
                        read(
                                "\ufeff\u00a0address\u00a0,ssh_user,ssh_port\n\u200ba\u00a0,\u00a0,\u3000\n\u00a0\n\u201cb\u201d,,\n"))
                .isEqualTo(two);
        assertThat(read("\"address\",\"ssh_user\",\"ssh_port\"  \n\" a \",\"\",\"\"\t\n\"# old, machine\",,\nb,,  \n"))
                .isEqualTo(two);
        assertThat(read("\"# nodes, all\",,\naddress,ssh_user\n,# off\na,\nb,").stream()
                        .map(ClusterNode::address))
                .containsExactly("a", "b");
    }

    @Test
    void aSeparatorInsideAValueNeedsTheOtherSeparatorOrQuotes() throws IOException {
        assertThat(read("address;labels\na;x,y\nb;\"p;q\"\n"))
                .extracting(ClusterNode::labels)
                .containsExactly(List.of("x", "y"), List.of("p", "q"));
    }

    @Test
    void ambiguousLeftoversAreReportedWithLineAndColumn() throws IOException {
        assertThat(faults("address,,ssh_user\na,,me\n"))
                .containsExactly(at(1, "column 2: it has no name, but columns after it have one: name or remove it"));
        assertThat(faults("address,ssh_user,,\na,me,,note\n"))
                .containsExactly(at(
                        2,
                        "4 values were found, 2 were expected as in the header: address,ssh_user. The last value,"
                                + " without a column, is \"note\""));
        assertThat(faults("address;ssh_user\na,me\n"))
                .containsExactly(at(2, "address: \"a,me\" is separated in another way than the header"));
        assertThat(faults("address,ssh_port\na,22.0\n"))
                .containsExactly(
                        at(2, "ssh_port: \"22.0\" is invalid; expected: a port from 1 to 65535, or blank for 22"));
    }

    @Test
    void columnsCanHaveAnyOrderAndSomeAreOptional() throws IOException {
        assertThat(read("labels,cpu_limit,Address,scratch\n\"gpu, big\",2,a,/fast\n"))
                .containsExactly(new ClusterNode(
                        "a",
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        2,
                        Optional.of("/fast"),
                        List.of("gpu", "big"),
                        2));
    }

    @Test
    void ipv6AddressesAreReadInAnySpelling() throws IOException {
        assertThat(read("address\n::1\n[2001:db8::7]\nfe80::1%eth0\n::ffff:10.0.0.7\n"))
                .extracting(ClusterNode::address)
                .containsExactly("::1", "2001:db8::7", "fe80::1%eth0", "::ffff:10.0.0.7");
    }

    @Test
    void aTildeIsTheHomeDirectory() throws IOException {
        assertThat(faults(HEADER + "a,,,~/no such key,\n"))
                .containsExactly(
                        file + ":2: local_ssh_file: \"~/no such key\" is invalid; expected: a private key that can"
                                + " be read, or blank for default keys and the agent");
        Path home = Path.of(System.getProperty("user.home"));
        Path key = Files.createTempFile(home, ".rowmill-test", ".key");
        try {
            assertThat(read(HEADER + "a,,,~/" + key.getFileName() + ",\n")
                            .get(0)
                            .keyFile())
                    .contains(key);
        } finally {
            Files.delete(key);
        }
    }

    @Test
    void aFileWithoutLinesHasNoNodes() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read(HEADER)).isEmpty();
    }

    @Test
    void allFaultsAreReportedTogether() throws IOException {
        assertThat(faults(HEADER + """
            ,me,,,
            me@host,,,,
            host:22,,,,
            1:2:x,,,,
            10.0.0.256,,,,
            -oProxyCommand=x,,,,
            a,b c,0,,many
            b,,1,,,x
            "c,,,,
            ok,,,,
            OK,,22,,
            """))
                .containsExactly(
                        at(2, "address: \"\" is invalid; expected: a host name or IP address"),
                        at(
                                3,
                                "address: \"me@host\" is invalid; expected: a host name or IP address; the user has"
                                        + " its own column, ssh_user"),
                        at(
                                4,
                                "address: \"host:22\" is invalid; expected: a host name or IP address; the port has"
                                        + " its own column, ssh_port"),
                        at(5, "address: \"1:2:x\" is invalid; expected: an IPv6 address such as 2001:db8::7"),
                        at(
                                6,
                                "address: \"10.0.0.256\" is invalid; expected: an IP address of four numbers from 0 to"
                                        + " 255"),
                        at(7, "address: \"-oProxyCommand=x\" is invalid; expected: a host name or IP address"),
                        at(8, "ssh_port: \"0\" is invalid; expected: a port from 1 to 65535, or blank for 22"),
                        at(8, "cpu_limit: \"many\" is invalid; expected: a whole number, 0 or blank for all CPUs"),
                        at(
                                8,
                                "ssh_user: \"b c\" is invalid; expected: a user's name on the node, or blank for the"
                                        + " current user"),
                        at(
                                9,
                                "6 values were found, 5 were expected as in the header: "
                                        + "address,ssh_user,ssh_port,local_ssh_file,cpu_limit. The last value, without"
                                        + " a column, is \"x\""),
                        at(10, "comma-separated values were expected, with quotes that end on the same line: \"c,,,,"),
                        at(
                                12,
                                "address: OK is already in line 11: a node that occurs twice would get too many rows;"
                                        + " remove one"));
    }

    @Test
    void aWrongHeaderIsReported() throws IOException {
        assertThat(faults("10.0.0.1,me,22,,\n"))
                .containsExactly(at(
                        1,
                        "the header was expected: address,ssh_user,ssh_port,local_ssh_file,cpu_limit;"
                                + " found: 10.0.0.1,me,22"));
        assertThat(faults("address,ssh_usr,address,colour\n"))
                .containsExactly(
                        at(
                                1,
                                "ssh_usr: unknown column, did you mean ssh_user? Known columns: address, ssh_user,"
                                        + " ssh_port, local_ssh_file, cpu_limit, scratch, labels"),
                        at(1, "address: the column occurs twice: remove one"),
                        at(
                                1,
                                "colour: unknown column. Known columns: address, ssh_user, ssh_port, local_ssh_file,"
                                        + " cpu_limit, scratch, labels"));
    }

    @Test
    void aMissingFileAndOneThatIsNotUtf8AreReported() throws IOException {
        assertThat(catchThrowableOfType(WrongInput.class, () -> ClusterCsv.read(file)))
                .hasMessage(file + ": the cluster file does not exist. To create one, run: init cluster-config");
        Files.write(file, "address\nh\u00f6st\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(catchThrowableOfType(WrongInput.class, () -> ClusterCsv.read(file)))
                .hasMessageContaining("UTF-8");
        assertThat(catchThrowableOfType(WrongInput.class, () -> ClusterCsv.read(directory)))
                .hasMessageContaining(directory.toString());
    }

    private static ClusterNode blank(String address, int line) {
        return new ClusterNode(
                address, Optional.empty(), OptionalInt.empty(), Optional.empty(), 0, Optional.empty(), List.of(), line);
    }

    private String at(int line, String message) {
        return file + ":" + line + ": " + message;
    }

    private List<ClusterNode> read(String text) throws IOException {
        return ClusterCsv.read(Files.writeString(file, text));
    }

    private List<String> faults(String text) throws IOException {
        Files.writeString(file, text);
        return catchThrowableOfType(WrongInput.class, () -> ClusterCsv.read(file))
                .faults();
    }
}
