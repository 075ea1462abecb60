package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** A node is the machine that it is, whatever its address and its home. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachinesIT {

    private static final Duration START = Duration.ofSeconds(90);

    private Testbed testbed;

    @TempDir
    private Path project;

    @BeforeAll
    void up() throws IOException {
        testbed = Testbed.up(2, "1:root,limit=1", "2:root,limit=1");
        testbed.shareRootHome(2, 1);
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    private ProducerCommand command(String name, Path csv, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(name, project, "--ssh-cluster-csv-path", csv));
        arguments.addAll(List.of(more));
        return ProducerCommand.of(arguments.toArray())
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new));
    }

    private void rowsThatMeet(int consumers) {
        Projects.table(project, "Met", "Integer", Projects.MEET + """
                @Override public Stream<Integer> index() { return IntStream.range(0, 40).boxed(); }
                @Column String node(int index, RowContext context) throws Exception {
                    meet(context, %d);
                    Thread.sleep(100);
                    return context.node();
                }
                """.formatted(consumers));
    }

    @Test
    void nodesWithOneHomeDoNotDisturbEachOther() {
        rowsThatMeet(3);

        ProducerCommand.Result result = command("run", testbed.clusterCsv(), "-v", "--cpu-limit", 1)
                .run()
                .succeeded();

        assertThat(result.err()).doesNotContain("warning", "lost", "replaces it");
        assertThat(DuckDb.query(project.resolve("tables/Met"), "SELECT count(*), count(DISTINCT node) FROM $"))
                .containsExactly(List.of(40L, 3L));
        await().atMost(START)
                .untilAsserted(() -> assertThat(testbed.rexec(1, "ls -A ~/.rowmill-remote 2>/dev/null; true"))
                        .isBlank());
    }

    @Test
    void aMachineWithTwoNamesComputesOnce() throws IOException {
        Path csv = testbed.clusterCsv(1);
        String second = testbed.addAddress(1);
        String line = Files.readAllLines(csv).get(1);
        Files.writeString(
                csv, Files.readString(csv).stripTrailing() + "\n" + line.replaceFirst("^[^,]*", second) + "\n");
        Projects.table(project, "Held", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 4).boxed(); }
                @Column int value(int index) throws InterruptedException {
                    while (!Files.exists(Path.of("go"))) { Thread.sleep(50); }
                    return index;
                }
                """);
        try (ProducerCommand.Running running = command("run", csv).start()) {
            running.awaitErr(START, "is the same machine as line");
            Files.createFile(project.resolve("go"));

            String err = running.await().succeeded().err();

            assertThat(err.lines().filter(text -> text.startsWith("warning: ")))
                    .singleElement()
                    .asString()
                    .contains("line 2", "line 3", testbed.address(1), "Remove one of the two lines.");
        }
    }

    /** As in a container that sees another list of mounts. */
    @Test
    void aMountThatIsNotListedIsUsedWithOneWarning() {
        testbed.rexec(
                1,
                "mkdir -p /run/proc && mount --bind /proc /run/proc && mount -t tmpfs hidden /proc"
                        + " && for name in self stat sys loadavg meminfo cpuinfo; do"
                        + " ln -s /run/proc/$name /proc/$name; done && mount --bind /bin/false /bin/mount");
        rowsThatMeet(2);
        try {
            ProducerCommand.Result result = command("run", testbed.clusterCsv(1), "--cpu-limit", 1)
                    .run()
                    .succeeded();

            assertThat(result.err().lines().filter(line -> line.startsWith("warning: ")))
                    .singleElement()
                    .asString()
                    .contains(testbed.address(1), "the list of mounts there does not show the project's");
        } finally {
            testbed.rexec(1, "umount /bin/mount /proc /run/proc");
        }
    }

    @Test
    void variablesOfANodeDoNotChangeItsNumberOfCpus() {
        String before = cpus();
        testbed.setEnvironment(1, "OMP_NUM_THREADS=64", "OMP_THREAD_LIMIT=1");

        assertThat(cpus()).isEqualTo(before);
    }

    private String cpus() {
        String json = command("nodes", testbed.clusterCsv(1), "--json")
                .run()
                .succeeded()
                .out();
        return json.replaceAll("(?s).*\"cpus\" : (\\d+).*", "$1");
    }
}
