package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that lack something, or refuse: each is skipped with the reason and the way out, and the run goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeFaultsIT {

    private static final int NO_JAVA = 1;
    private static final int NO_SSHFS = 2;
    private static final int NO_FUSE = 3;
    private static final int OTHER_HOST_KEY = 4;
    private static final int REFUSED_KEY = 5;
    private static final int OTHER_PORT = 6;
    private static final int ONE_CPU = 7;
    private static final int LOGIN_JAVA = 8;
    private static final int SILENT = 9;

    private Testbed testbed;

    @TempDir
    private Path project;

    @BeforeAll
    void up() {
        testbed = Testbed.up(
                9,
                NO_JAVA + ":nojava",
                NO_SSHFS + ":nosshfs",
                NO_FUSE + ":nofuse",
                OTHER_HOST_KEY + ":hostkey",
                REFUSED_KEY + ":noauth",
                OTHER_PORT + ":port=2222",
                ONE_CPU + ":limit=1",
                LOGIN_JAVA + ":loginjava");
    }

    @AfterAll
    void down() {
        testbed.close();
    }

    private ProducerCommand.Result run(int rows, Object more, int... nodes) {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column int value(int index) throws InterruptedException { Thread.sleep(50); return index; }
                @Column String node(RowContext context) { return context.node(); }
                """.formatted(rows));
        List<Object> arguments =
                new ArrayList<>(List.of("run", project, "-v", "--ssh-cluster-csv-path", testbed.clusterCsv(nodes)));
        arguments.addAll(more instanceof List<?> list ? list : List.of(more));
        return ProducerCommand.of(arguments.toArray())
                .onJvmWith("-Duser.home=" + testbed.home())
                .behind(testbed.headPrefix().toArray(String[]::new))
                .run()
                .succeeded();
    }

    private List<String> computedOn() {
        return DuckDb.query(project.resolve("tables/Slow"), "SELECT DISTINCT node FROM $").stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
    }

    @Test
    void aNodeWithoutSshfsIsSkippedWithTheCommandThatInstallsIt() {
        ProducerCommand.Result result = run(60, "--no-progress", NO_SSHFS);

        assertThat(result.err())
                .contains(
                        "warning: " + testbed.address(NO_SSHFS) + ": mount: it has no sshfs",
                        "apt-get install sshfs",
                        "--no-remote-mount-needed");
        assertThat(computedOn()).doesNotContain(testbed.address(NO_SSHFS));
    }

    @Test
    void aNodeWithoutSshfsComputesTablesThatNeedNoFiles() {
        run(200, "--no-remote-mount-needed", NO_SSHFS);

        assertThat(computedOn()).contains(testbed.address(NO_SSHFS));
    }

    @Test
    void aNodeWithoutFuseIsSkipped() {
        assertThat(run(60, "--no-progress", NO_FUSE).err())
                .contains(testbed.address(NO_FUSE) + ": mount: ", "/dev/fuse");
    }

    @Test
    void aNodeWithoutJavaGetsTheHeads() {
        run(400, "--no-progress", NO_JAVA);

        assertThat(computedOn()).contains(testbed.address(NO_JAVA));
    }

    @Test
    void javaThatOnlyALoginShellFindsIsUsed() {
        run(200, "--no-progress", LOGIN_JAVA);

        assertThat(computedOn()).contains(testbed.address(LOGIN_JAVA));
    }

    @Test
    void aChangedHostKeyIsRefused() {
        assertThat(run(60, "--no-progress", OTHER_HOST_KEY).err())
                .contains(testbed.address(OTHER_HOST_KEY) + ": host key: ", "ssh-keygen -R");
        assertThat(computedOn()).doesNotContain(testbed.address(OTHER_HOST_KEY));
    }

    @Test
    void aRefusedKeyIsToldWithTheWayToInstallIt() {
        assertThat(run(60, "--no-progress", REFUSED_KEY).err())
                .contains(testbed.address(REFUSED_KEY) + ": authenticate: ", "ssh-copy-id");
    }

    @Test
    void theSshServersPortIsThatOfTheFile() {
        run(200, "--no-progress", OTHER_PORT);

        assertThat(computedOn()).contains(testbed.address(OTHER_PORT));
    }

    @Test
    void noMoreRowsAreComputedAtOnceThanTheFileAllows() {
        ProducerCommand.Result result = run(200, "--no-progress", ONE_CPU);

        assertThat(computedOn()).contains(testbed.address(ONE_CPU));
        assertThat(result.err()).contains(testbed.address(ONE_CPU) + ": ready, 1 slots");
    }

    @Test
    void aSilentNodeHoldsUpNobody() {
        testbed.cut(SILENT);
        try {
            ProducerCommand.Result result =
                    run(200, List.of("--connect-timeout", "3s", "--no-progress"), SILENT, OTHER_PORT);

            assertThat(result.err()).contains(testbed.address(SILENT) + ": connect: ");
            assertThat(computedOn()).contains(testbed.address(OTHER_PORT));
        } finally {
            testbed.heal(SILENT);
        }
    }
}
