package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code nodes} and {@code status}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodesIT {

    private static final int GOOD = 1;
    private static final int NO_SSHFS = 2;

    private Testbed testbed;

    @TempDir
    private Path project;

    @BeforeAll
    void up() {
        testbed = Testbed.up(2, NO_SSHFS + ":nosshfs");
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    private ProducerCommand onHead(Object... arguments) {
        return ProducerCommand.of(arguments)
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    private ProducerCommand.Result nodes(Path csv, Object... more) {
        Object[] arguments = new Object[more.length + 4];
        arguments[0] = "nodes";
        arguments[1] = project;
        arguments[2] = "--ssh-cluster-csv-path";
        arguments[3] = csv;
        System.arraycopy(more, 0, arguments, 4, more.length);
        return onHead(arguments).run();
    }

    @Test
    void aUsableNodeIsMeasured() {
        ProducerCommand.Result result = nodes(testbed.clusterCsv(GOOD)).succeeded();

        assertThat(result.out().lines().findFirst().orElseThrow())
                .contains("node", "ssh_ms", "java", "sshfs", "read_mb_s", "write_mb_s", "file_ms", "broker_ms", "cpus")
                .contains("verdict");
        assertThat(result.out()).containsPattern(testbed.address(GOOD) + " .* usable\\R");
        assertThat(testbed.exec(GOOD, "ls -A ~/.rowmill-remote 2>/dev/null; grep rowmill-remote /proc/mounts; true"))
                .isBlank();
    }

    @Test
    void anUnusableNodeIsReportedWithItsFixAndAnExitCode() {
        ProducerCommand.Result some = nodes(testbed.clusterCsv());
        ProducerCommand.Result none = nodes(testbed.clusterCsv(NO_SSHFS));

        assertThat(some.exitCode()).isEqualTo(1);
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.out())
                .contains(
                        "fails: mount",
                        testbed.address(NO_SSHFS) + ": mount: it has no sshfs",
                        "apt-get install sshfs");
        assertThat(nodes(testbed.clusterCsv(), "--no-remote-mount-needed").exitCode())
                .isZero();
    }

    @Test
    void jsonIsPrintedForPrograms() {
        assertThat(nodes(testbed.clusterCsv(GOOD), "--json").succeeded().out())
                .contains("\"node\" : \"" + testbed.address(GOOD) + "\"", "\"verdict\" : \"usable\"")
                .containsPattern("\"cpus\" : \\d+");
    }

    @Test
    void statusAndMetricsDescribeTheRun() throws IOException {
        Files.writeString(project.resolve("data.txt"), "x".repeat(100_000));
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 20_000).boxed(); }
                @Column int value(int index) throws Exception { Thread.sleep(20); return index; }
                @Column int read() throws Exception { return Files.readString(Path.of("data.txt")).length(); }
                """);
        try (ProducerCommand.Running running = onHead(
                        "run", project, "-v", "--ssh-cluster-csv-path", testbed.clusterCsv(GOOD))
                .start()) {
            running.awaitErr(Duration.ofSeconds(60), testbed.address(GOOD) + ": ready");

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    onHead("status", project).run().succeeded().out())
                            .contains("table since", "Slow: ", "/20,000 rows", "slots")
                            .containsPattern(testbed.address(GOOD)
                                    + " +\\d+ +\\d+ +[\\d,]+ +[-\\d]+ +[\\d.]+ +0\\.0 +[1-9]\\d*"));
            assertThat(metrics(running))
                    .containsPattern("rowmill_mount_bytes_total\\{direction=\"read\",node=\"" + testbed.address(GOOD)
                            + "\"\\} [1-9]")
                    .containsPattern(
                            "rowmill_mount_operations_total\\{node=\"" + testbed.address(GOOD) + "\"\\} [1-9]");
            running.signal("INT");
            assertThat(running.await().exitCode()).isEqualTo(130);
        }
        assertThat(onHead("status", project).run().succeeded().out()).contains("No run of", "is active");
    }

    private String metrics(ProducerCommand.Running running) {
        Matcher port =
                Pattern.compile("metrics at http://127\\.0\\.0\\.1:(\\d+)/").matcher(running.err());
        assertThat(port.find()).isTrue();
        return testbed.head(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/" + port.group(1)
                        + "; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3");
    }
}
