package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** {@code --connect direct}: nodes whose SSH servers forward no ports connect to the head by TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectIT {

    private static final Duration START = Duration.ofSeconds(60);
    private static final int FIRST_PORT = 23_000;
    private static final int LAST_PORT = 23_099;

    /** The password of a run, 48 hexadecimal digits, or a private key. */
    private static final String SECRET = "(?<![0-9a-f])[0-9a-f]{48}(?![0-9a-f])|PRIVATE KEY";

    private Testbed testbed;

    @TempDir
    private Path project;

    @BeforeAll
    void up() {
        testbed = Testbed.up(2);
        for (int node = 1; node <= 2; node++) {
            testbed.rexec(
                    node,
                    "sed -i 's/^AllowTcpForwarding yes/AllowTcpForwarding no/' /etc/ssh/sshd_config"
                            + " && pkill -HUP -o -x sshd");
        }
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    @AfterEach
    void nothingOfTheRunIsLeftOnNodes() {
        for (int node = 1; node <= 2; node++) {
            testbed.awaitNoProcesses(node, START);
        }
    }

    private ProducerCommand command(String command, Path csv, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, project, "--ssh-cluster-csv-path", csv));
        arguments.addAll(List.of("--connect", "direct", "--port", FIRST_PORT, "--port-count", 100));
        arguments.addAll(List.of(more));
        return ProducerCommand.of(arguments.toArray())
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    private ProducerCommand.Running start(Path csv) {
        return command("run", csv, "-v", "--cpu-limit", 1, "--no-http", "--no-progress")
                .start();
    }

    private void slowRows(int rows) {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index) throws InterruptedException { Thread.sleep(50); return 3 * index; }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(rows));
    }

    private void awaitReady(ProducerCommand.Running running, int... nodes) {
        for (int node : nodes) {
            running.awaitErr(START, testbed.address(node) + ": ready");
        }
    }

    private List<List<Object>> query(String sql) {
        return DuckDb.query(project.resolve("tables/Slow"), sql);
    }

    private String headAddress() {
        return testbed.address(254);
    }

    /** Lists the addresses and ports that accept connections in the head's network. */
    private List<String> listeners() {
        return testbed.head("ss", "-H", "-ltn")
                .lines()
                .map(line -> line.strip().split("\\s+")[3])
                .map(address -> address.replace("[::ffff:", "").replace("]", ""))
                .toList();
    }

    @Test
    void nodesComputeThroughOneMoreListenerOnTheAddressThatTheyReach() {
        slowRows(1000);
        try (ProducerCommand.Running running = start(testbed.clusterCsv())) {
            awaitReady(running, 1, 2);

            assertThat(listeners())
                    .hasSize(2)
                    .anySatisfy(listener -> assertThat(listener).startsWith("127.0.0.1:"))
                    .anySatisfy(listener -> assertThat(listener).startsWith(headAddress() + ":"))
                    .allSatisfy(listener -> assertThat(Integer.parseInt(listener.replaceFirst(".*:", "")))
                            .isBetween(FIRST_PORT, LAST_PORT))
                    .extracting(listener -> listener.replaceFirst(".*:", ""))
                    .doesNotHaveDuplicates();
            running.await().succeeded();
            assertThat(running.err()).doesNotContain("warning");
        }
        assertThat(query("SELECT count(*), count(DISTINCT index), sum(value) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("1000", "1000", "1498500");
        assertThat(query("SELECT DISTINCT node FROM $")).hasSize(3);
    }

    /** Returns the first line of the response to a request from node 1. */
    private String asked(String port, String header) {
        return testbed.exec(
                        1,
                        "exec 3<>/dev/tcp/" + headAddress() + "/" + port + " && printf 'GET /metrics HTTP/1.0\\r\\n"
                                + header + "\\r\\n' >&3 && head -1 <&3")
                .strip();
    }

    @Test
    void metricsAreServedToOtherComputersThatSendTheToken() throws IOException {
        slowRows(1500);
        Path token = testbed.home().resolve("metrics-token");
        try (ProducerCommand.Running running = ProducerCommand.of(
                        "run", project, "-v", "--http-address", headAddress(), "--http-token-file", token)
                .behind(testbed.headPrefix().toArray(String[]::new))
                .start()) {
            Pattern served = Pattern.compile("metrics at http://" + Pattern.quote(headAddress()) + ":(\\d+)/metrics");
            await().atMost(START).until(() -> served.matcher(running.err()).find());
            Matcher found = served.matcher(running.err());
            assertThat(found.find()).isTrue();
            String port = found.group(1);

            String word = Files.readString(token).strip();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                    .isEqualTo("rw-------");
            assertThat(asked(port, "")).contains(" 401 ");
            assertThat(asked(port, "Authorization: Bearer " + word.replace('a', 'b') + "0\\r\\n"))
                    .contains(" 401 ");
            assertThat(asked(port, "Authorization: Bearer " + word + "\\r\\n")).contains(" 200 ");
            assertThat(running.err()).doesNotContain(word);
        }
    }

    @Test
    void noKeyOrPasswordIsVisibleOnNodeOrHead() throws IOException {
        slowRows(1500);
        try (ProducerCommand.Running running = start(testbed.clusterCsv(1))) {
            awaitReady(running, 1);

            String node = testbed.rexec(
                    1,
                    "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | tr -cd '[:print:]\\n';"
                            + " find /home ~ /tmp -path '*rowmill*' -type f -size -100k -exec cat {} + 2>/dev/null"
                            + " | tr -cd '[:print:]\\n'");
            assertThat(node).contains("agent.sh").doesNotContainPattern(SECRET);
            assertThat(processes(running)).contains("consumer-").doesNotContainPattern(SECRET);
            assertThat(project.resolve(".rowmill")).isDirectory();
            try (Stream<Path> files = Files.walk(project)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(file.toString()).doesNotContainPattern("(?i)\\.(p12|jks|pem|key)$");
                    assertThat(text(file)).as("%s", file).doesNotContainPattern(SECRET);
                }
            }
            running.signal("INT");
            assertThat(running.await().exitCode()).isEqualTo(130);
        }
    }

    /** Returns the command lines and environments of a run's processes. */
    private static String processes(ProducerCommand.Running running) {
        return Stream.concat(
                        Stream.of(running.process().toHandle()),
                        running.process().descendants())
                .map(process -> Path.of("/proc", Long.toString(process.pid())))
                .map(process -> text(process.resolve("cmdline")) + "\n" + text(process.resolve("environ")) + "\n")
                .reduce("", String::concat);
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNodeBehindAFirewallIsSkippedWithTheRuleThatAllowsIt() throws IOException {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                @Column int value(int index) throws InterruptedException {
                    while (!Files.exists(Path.of("go"))) { Thread.sleep(20); }
                    return index;
                }
                @Column String node(RowContext context) { return context.node(); }
                """);
        testbed.onlySsh();
        try (ProducerCommand.Running running = start(testbed.clusterCsv(1))) {
            Pattern warning = Pattern.compile("warning: " + testbed.address(1)
                    + ": broker: it cannot connect to this computer at " + headAddress()
                    + ", port (\\d+): .*On this computer: sudo ufw allow from " + testbed.address(1)
                    + " to any port (\\d+) proto tcp; or run without --connect direct");
            await().atMost(START).until(() -> warning.matcher(running.err()).find());

            Matcher warned = warning.matcher(running.err());
            assertThat(warned.find()).isTrue();
            assertThat(warned.group(1)).isEqualTo(warned.group(2));
            assertThat(listeners()).contains(headAddress() + ":" + warned.group(2));
            Files.createFile(project.resolve("go"));
            running.await().succeeded();
        } finally {
            testbed.allPorts();
        }
        assertThat(query("SELECT count(*) FROM $ WHERE node != '" + testbed.address(1) + "'")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("10");
    }

    @Test
    void nodesChecksTheDirectConnection() {
        ProducerCommand.Result open =
                command("nodes", testbed.clusterCsv(1), "--json").run().succeeded();
        assertThat(open.out()).contains("\"verdict\" : \"usable\"").containsPattern("\"broker_ms\" : \\d+\\.\\d+");

        testbed.onlySsh();
        try {
            ProducerCommand.Result closed =
                    command("nodes", testbed.clusterCsv(1)).run();
            assertThat(closed.exitCode()).isEqualTo(2);
            assertThat(closed.out())
                    .contains(
                            "fails: broker",
                            headAddress() + ", port " + (FIRST_PORT + 1),
                            "sudo ufw allow from " + testbed.address(1) + " to any port " + (FIRST_PORT + 1)
                                    + " proto tcp");
        } finally {
            testbed.allPorts();
        }
    }
}
