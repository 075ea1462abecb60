package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rowmill.store.DuckDb;
import org.rowmill.store.Stores;

/** A disk that cannot be written for a while delays the run and does not end it. */
class DiskIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROWS = 600;
    private static final int BYTES = 4000;
    private static final int MIB = 1 << 20;

    @TempDir
    private Path project;

    @TempDir
    private Path disk;

    @TempDir
    private Path copy;

    /**
     * Makes a run whose tables are on a disk of 4 MB in its own mount namespace. This needs no root and leaves nothing
     * mounted. The content of the disk is copied at the end.
     */
    private ProducerCommand command(int rows, int bytes) {
        noise(rows, bytes);
        String script = "mount -t tmpfs -o size=4m none \"$0\"; copy=$1; shift; \"$@\"; code=$?;"
                + " cp -r \"$0\"/. \"$copy\"; exit $code";
        return ProducerCommand.of("run", project, "--output", disk, "--cpu-limit", 2)
                .behind("unshare", "-rm", "sh", "-c", script, disk.toString(), copy.toString());
    }

    /** All rows but the first 100 wait while the project has a file with the name "wait". */
    private void noise(int rows, int bytes) {
        Projects.table(project, "Noise", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column byte[] value(int index) throws InterruptedException {
                    Thread.sleep(10);
                    while (index >= 100 && Files.exists(Path.of("wait"))) { Thread.sleep(10); }
                    byte[] bytes = new byte[%d];
                    new Random(index).nextBytes(bytes);
                    return bytes;
                }
                """.formatted(rows, bytes));
    }

    /** Returns the path by which this JVM reaches the disk in the namespace of the run. */
    private Path seen(ProducerCommand.Running running) {
        return Path.of("/proc/" + running.process().pid() + "/root" + disk);
    }

    private static void awaitRows(Path table) {
        await().atMost(LIMIT)
                .until(() -> Files.exists(table)
                        && !Stores.files(table, ".parquet").isEmpty()
                        && DuckDb.number(table, "SELECT count(*) FROM $") > 0);
    }

    private static void awaitWarning(ProducerCommand.Running running, String reason) {
        running.awaitErr(LIMIT, "Noise: results cannot be written: " + reason, "The run tries again");
    }

    /** Mounts the directory over itself: a plain remount fails while files are open for writing. */
    private void makeReadOnly(ProducerCommand.Running running) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "nsenter",
                "--preserve-credentials",
                "-U",
                "-m",
                "-t",
                Long.toString(running.process().pid())));
        command.addAll(
                List.of("sh", "-c", "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"", disk.toString()));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private void rowsAre(int from, int to, int bytes) {
        assertThat(DuckDb.query(
                                copy.resolve("Noise"),
                                "SELECT count(*), count(DISTINCT index), min(octet_length(value)) FROM $")
                        .get(0))
                .satisfies(row -> {
                    assertThat(((Number) row.get(0)).intValue()).isBetween(from, to);
                    assertThat(row.get(1)).isEqualTo(row.get(0));
                    assertThat(((Number) row.get(2)).intValue()).isEqualTo(bytes);
                });
    }

    @Test
    void theRunWaitsForAFullDiskAndContinues() throws IOException {
        Files.createFile(project.resolve("wait"));
        try (ProducerCommand.Running running = command(ROWS, BYTES).start()) {
            awaitRows(seen(running).resolve("Noise"));
            Path other = fill(seen(running).resolve("other"));
            Files.delete(project.resolve("wait"));
            awaitWarning(running, "No space left on device (");

            Files.delete(other);

            ProducerCommand.Result result = running.await().succeeded();
            assertThat(result.err()).contains("results can be written again after ", "the run continues");
        }
        rowsAre(ROWS, ROWS, BYTES);
    }

    /** Nothing is lost: the rows of a killed run stay in its journal. */
    @Test
    void aRunThatStartsOnAFullDiskEndsAtOnceAndTheNextContinues() {
        noise(ROWS, BYTES);
        String script = "mount -t tmpfs -o size=4m none \"$0\"; head -c 9000000 /dev/zero >\"$0\"/other 2>/dev/null;"
                + " shift; \"$@\"; [ $? = 2 ] || exit 99; rm \"$0\"/other; exec \"$@\"";

        ProducerCommand.Result result = ProducerCommand.of("run", project, "--output", disk, "--cpu-limit", 2)
                .behind("unshare", "-rm", "sh", "-c", script, disk.toString(), "")
                .run()
                .succeeded();

        assertThat(result.err())
                .contains("error: " + disk.resolve("Noise")
                        + ": the table cannot be written here: No space left on device." + " Free disk space")
                .doesNotContain("\tat ");
        assertThat(result.err()).containsOnlyOnce("No space left on device");
    }

    @Test
    void aRunWithoutRoomForItsStateIsRefused() {
        noise(ROWS, BYTES);
        String script = "mount -t tmpfs -o size=4m none \"$0\"; cp -r \"$1\" \"$0\"/p; shift; \"$@\" --dry-run;"
                + " head -c 9000000 /dev/zero >\"$0\"/other 2>/dev/null; exec \"$@\"";

        ProducerCommand.of("run", disk.resolve("p"), "--output", copy)
                .behind("unshare", "-rm", "sh", "-c", script, disk.toString(), project.toString())
                .run()
                .refused("error: " + disk.resolve("p/.rowmill") + ": ", "No space left on device", "Free disk space");
    }

    private static Path fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            assertThatThrownBy(() -> {
                        while (true) {
                            out.write(new byte[MIB]);
                        }
                    })
                    .hasMessage("No space left on device");
        }
        return file;
    }

    /** The disk also has the state of the run, and the broker keeps fewer results in memory than there are. */
    @Test
    void consumersWaitTooIfTheDiskOfTheWholeProjectIsFull() throws IOException {
        int rows = 2000;
        int bytes = 100_000;
        noise(rows, bytes);
        String script = "mount -t tmpfs -o size=400m none \"$0\"; cp -r \"$1\" \"$0\"/p; copy=$2; shift 2; \"$@\";"
                + " code=$?; cp -r \"$0\"/p/tables/. \"$copy\"; exit $code";
        try (ProducerCommand.Running running = ProducerCommand.of("run", disk.resolve("p"), "--cpu-limit", 2, "-v")
                .behind("unshare", "-rm", "sh", "-c", script, disk.toString(), project.toString(), copy.toString())
                .start()) {
            running.awaitErr(LIMIT, "/2,000 rows"); // A run that starts on a full disk does not wait.
            Path other = fill(seen(running).resolve("other"));
            awaitWarning(running, "No space left on device (");
            running.awaitErr(LIMIT, ".results is blocked.");
            running.consumers().forEach(ProcessHandle::destroyForcibly);
            running.awaitErr(LIMIT, "Rowmill replaces it");

            Files.delete(other);

            ProducerCommand.Result result = running.await().succeeded();
            assertThat(result.err()).contains("the run continues").doesNotContain("\tat ");
        }
        rowsAre(rows, rows, bytes);
    }

    /** {@code fsync} of the table's directory fails for two parts in a row. The first three calls are before any row. */
    @ParameterizedTest
    @CsvSource({"EIO, Input/output error", "EDQUOT, Disk quota exceeded"})
    void theRunWaitsForADiskWithErrorsAndStoresNoRowTwice(String error, String message) throws IOException {
        noise(ROWS, BYTES);
        Path table = Files.createDirectories(project.resolve("tables/Noise"));

        ProducerCommand.Result result = ProducerCommand.of("run", project, "--cpu-limit", 2)
                .behind(
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        disk.resolve("trace").toString(),
                        "--seccomp-bpf",
                        "-P",
                        table.toString(),
                        "-e",
                        "trace=fsync",
                        "-e",
                        "inject=fsync:error=" + error + ":when=4..5")
                .run()
                .succeeded();

        assertThat(disk.resolve("trace")).content().contains("(INJECTED)");
        assertThat(result.err())
                .contains("Noise: results cannot be written: " + message, "results can be written again after ");
        assertThat(DuckDb.query(table, "SELECT count(*), count(DISTINCT index) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("" + ROWS, "" + ROWS);
    }

    @Test
    void rowsThatFillTheDiskWithTheirFilesFailAndOthersAreKept() {
        Projects.table(project, "Noise", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 60).boxed(); }
                @Column int value(int index) throws Exception {
                    if (index %% 2 == 0) { Files.write(Path.of("%s/" + index), new byte[100_000]); }
                    return index;
                }
                """.formatted(disk));
        String script = "mount -t tmpfs -o size=1m none \"$0\"; exec \"$@\"";

        ProducerCommand.Result result = ProducerCommand.of("run", project)
                .behind("unshare", "-rm", "sh", "-c", script, disk.toString())
                .run();

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        assertThat(result.err()).contains("No space left on device");
        assertThat(DuckDb.number(project.resolve("tables/Noise"), "SELECT count(*) FROM $ WHERE value = index"))
                .isBetween(31L, 45L); // rows without a file, and rows whose files fit
    }

    @Test
    void theRunWaitsForAReadOnlyDiskUntilCtrlC() throws Exception {
        Files.createFile(project.resolve("wait"));
        try (ProducerCommand.Running running = command(ROWS, BYTES).start()) {
            awaitRows(seen(running).resolve("Noise"));
            makeReadOnly(running);
            Files.delete(project.resolve("wait"));
            awaitWarning(running, "Read-only file system (");

            ProducerCommand.Running.signal("INT", running.launcher());

            ProducerCommand.Result result = running.await();
            assertThat(result.exitCode()).as(result.err()).isEqualTo(130);
            assertThat(result.err()).contains("error: " + disk.resolve("Noise") + ": results cannot be written: ");
        }
        rowsAre(1, ROWS - 1, BYTES);
    }
}
