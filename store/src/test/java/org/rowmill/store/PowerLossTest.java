package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartReader;

/**
 * Whenever the process is killed or the power fails, the next run opens the table and finds every promised cell, and
 * other readers see each row once. The test records the file operations of a process, and repeats them up to each step.
 */
@Tag("slow")
class PowerLossTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path directory;

    /** A cell of the table. */
    private record Cell(long row, int column) {}

    private final Set<Cell> held = new HashSet<>();
    private final Set<Cell> safe = new HashSet<>();
    private final Set<Integer> seen = new HashSet<>();
    private final Set<Object> seenByReaders = new HashSet<>();
    private Set<Object> visible = Set.of();
    private int states;

    @Test
    void everyStepLeavesATableWithAllPromisedCells() throws Exception {
        Path root = Files.createDirectories(directory.toRealPath().resolve("recorded"));
        List<WriteLog.Operation> operations = record(root);
        assertThat(operations).hasSizeGreaterThan(80).contains(new WriteLog.Printed("column added"));
        DiskModel disk = new DiskModel(root);
        for (int i = 0; i < operations.size(); i++) {
            WriteLog.Operation operation = operations.get(i);
            if (operation instanceof WriteLog.Printed printed) {
                note(printed.line());
            } else {
                disk.apply(operation);
            }
            String after = "after step " + i + " of " + operations.size() + ", " + text(operation);
            Set<Cell> all = new HashSet<>(held);
            all.addAll(safe);
            check(disk.afterKill(), all, "killed " + after);
            seenByReaders.addAll(visible);
            for (Map<Path, byte @Nullable []> state : disk.afterPowerLoss()) {
                check(state, safe, "power lost " + after);
            }
        }
        assertThat(safe).hasSize(5 * WritesATable.ROWS);
        assertThat(seenByReaders).hasSize(2 * WritesATable.ROWS);
        assertThat(states).isGreaterThan(200);
    }

    private List<WriteLog.Operation> record(Path root) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-qq",
                        "-y",
                        "-xx",
                        "-s",
                        "1000000",
                        "-e",
                        "trace=" + WriteLog.CALLS,
                        "-e",
                        "signal=none",
                        "-o",
                        log.toString(),
                        JAVA,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritesATable.class.getName(),
                        root.resolve("tables/Samples").toString())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor()).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return WriteLog.read(log, root);
    }

    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length == 4) {
            int column = Integer.parseInt(words[1]);
            for (long row = Long.parseLong(words[2]); row < Long.parseLong(words[3]); row++) {
                (words[0].equals("safe") ? safe : held).add(new Cell(row, column));
            }
        }
    }

    private static String text(WriteLog.Operation operation) {
        return operation instanceof WriteLog.Write written
                ? "Write of " + written.bytes().length + " bytes to " + written.path()
                : operation.toString();
    }

    private void check(Map<Path, byte @Nullable []> state, Set<Cell> promised, String when) throws IOException {
        if (!seen.add(hash(state) * 31 + promised.hashCode())) {
            return;
        }
        Path root = Files.createDirectory(directory.resolve("state" + states++));
        DiskModel.write(state, root);
        visible = visible(root.resolve("tables/Samples"), when);
        if (when.startsWith("killed")) {
            assertThat(visible).as("rows of readers, %s", when).containsAll(seenByReaders);
        }
        try (TableStore store =
                TableOpening.open(root.resolve("tables/Samples"), Stores.longs("a", "b"), Stores.options("run2"))) {
            Map<Object, List<@Nullable Object>> rows = new TreeMap<>(Stores.all(store));
            Set<String> missing = new TreeSet<>();
            for (Cell cell : promised) {
                List<@Nullable Object> row = rows.get(cell.row());
                if (row == null || row.get(cell.column()).equals("absent")) {
                    missing.add(cell.toString());
                }
            }
            assertThat(missing).as("lost cells, %s", when).isEmpty();
            assertThat(store.readKeys().count()).isEqualTo(rows.size());
            assertThat(rows)
                    .allSatisfy((index, row) -> assertThat(row)
                            .as("row %s, %s", index, when)
                            .isSubsetOf(
                                    "absent",
                                    (Long) index * WritesATable.FACTOR,
                                    (Long) index * WritesATable.FACTOR + 1,
                                    (Long) index * WritesATable.FACTOR + 2));
        } catch (RuntimeException e) {
            throw new AssertionError("the table cannot be opened, " + when + ": " + names(root), e);
        }
        delete(root);
    }

    /** Reads the rows as other programs do, which see no hidden part. */
    private static Set<Object> visible(Path table, String when) throws IOException {
        Set<Object> rows = new HashSet<>();
        for (Part part : new PartDirectory(table).visible()) {
            try (PartReader reader = new PartReader(part, part.footer().schema(), new BitSet())) {
                while (reader.next()) {
                    assertThat(rows.add(reader.index().get(0)))
                            .as("row %s is there once, %s", reader.index(), when)
                            .isTrue();
                }
            }
        }
        return rows;
    }

    private static int hash(Map<Path, byte @Nullable []> state) {
        int hash = 0;
        for (Map.Entry<Path, byte @Nullable []> file : state.entrySet()) {
            hash = 31 * (31 * hash + file.getKey().hashCode()) + Arrays.hashCode(file.getValue());
        }
        return hash;
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString()).toList();
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
