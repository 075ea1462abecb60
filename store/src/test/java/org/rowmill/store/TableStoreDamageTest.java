package org.rowmill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rowmill.store.Stores.PLAIN;
import static org.rowmill.store.Stores.all;
import static org.rowmill.store.Stores.files;
import static org.rowmill.store.Stores.longs;
import static org.rowmill.store.Stores.options;
import static org.rowmill.store.Stores.publish;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.WrongInput;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.parts.StoreOptions;

class TableStoreDamageTest {

    private static final StoreOptions IGNORING = new StoreOptions(true, Set.of(), "run9", "c0de");

    @TempDir
    Path directory;

    @Nested
    class DamagedParts {

        @Test
        void temporaryFilesOfAKilledRunAreDeleted() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 10, 1);
            Path left = Files.writeString(directory.resolve("part-00000002-run2.parquet.tmp"), "PAR1");
            Files.createDirectories(directory.resolve("_failed"));
            Path leftFailed = Files.writeString(directory.resolve("_failed/part-00000002-run2.parquet.tmp"), "PAR1");
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
                assertThat(left).doesNotExist();
                assertThat(leftFailed).doesNotExist();
                assertThat(all(store)).hasSize(10);
            }
        }

        @Test
        void everyUnreadablePartIsNamed() throws IOException {
            List<Path> damaged = damageTwoOfThree();
            assertThatThrownBy(() -> TableOpening.open(directory, longs("a"), options("run4")))
                    .isInstanceOfSatisfying(
                            WrongInput.class,
                            e -> assertThat(e.faults())
                                    .hasSize(2)
                                    .allSatisfy(fault -> assertThat(fault)
                                            .contains("this part cannot be read (")
                                            .endsWith("). Move it away, or continue without it"
                                                    + " (--ignore-broken-parts): its rows are computed again"))
                                    .satisfies(faults -> {
                                        assertThat(faults.get(0)).startsWith(damaged.get(0) + ": ");
                                        assertThat(faults.get(1)).startsWith(damaged.get(1) + ": ");
                                    }));
            assertThatThrownBy(() -> TableOpening.openReadOnly(directory, false))
                    .isInstanceOf(WrongInput.class);
        }

        @Test
        void theOtherPartsAreReadOnRequest() throws IOException {
            List<Path> damaged = damageTwoOfThree();
            try (TableStore store = TableOpening.open(directory, longs("a"), IGNORING);
                    PartWriter writer = store.writer()) {
                assertThat(store.warnings()).hasSize(2);
                assertThat(store.readKeys().count()).isEqualTo(10);
                assertThat(all(store)).hasSize(10);
                Stores.addRows(writer, longs("a"), 0, 20, 1);
                writer.publish();
                store.compact(key -> false);
                assertThat(all(store)).hasSize(30);
            }
            assertThat(damaged).allMatch(Files::exists);
        }

        @Test
        void noDamagedByteOfARowGoesUnnoticed() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 1000, 1);
            Path part = files(directory, ".parquet").get(0);
            byte[] good = Files.readAllBytes(part);
            Map<Object, List<Object>> rows = read();
            int footer = good.length
                    - 8
                    - ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 8);
            SplittableRandom random = new SplittableRandom(11);
            for (int i = 0; i < 150; i++) {
                byte[] bad = good.clone();
                int position = random.nextInt(footer);
                bad[position] ^= (byte) (1 + random.nextInt(255));
                Files.write(part, bad);
                try {
                    assertThat(read()).as("byte %d", position).isEqualTo(rows);
                } catch (WrongInput e) {
                    assertThat(e.getMessage()).startsWith(part.toString());
                }
            }
        }

        @Test
        void aPartWhoseRowsAreDamagedIsIgnoredOnRequest() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 1000, 1);
            publish(directory, longs("a"), options("run2"), 1000, 1500, 1);
            Path part = files(directory, ".parquet").get(0);
            byte[] bytes = Files.readAllBytes(part);
            Arrays.fill(bytes, 40, 60, (byte) 7);
            Files.write(part, bytes);
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run3"))) {
                assertThatThrownBy(store::readKeys)
                        .isInstanceOf(WrongInput.class)
                        .hasMessageStartingWith(part + ": this part cannot be read (");
            }
            try (TableStore store = TableOpening.open(directory, longs("a"), IGNORING)) {
                assertThat(store.readKeys().count()).isEqualTo(500);
                assertThat(store.warnings()).hasSize(1);
            }
        }

        private Map<Object, List<Object>> read() {
            try (TableStore store = TableOpening.open(directory, longs("a"), PLAIN)) {
                store.readKeys();
                return all(store);
            }
        }

        private List<Path> damageTwoOfThree() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 10, 1);
            publish(directory, longs("a"), options("run2"), 10, 20, 1);
            publish(directory, longs("a"), options("run3"), 20, 30, 1);
            List<Path> parts = files(directory, ".parquet");
            byte[] bytes = Files.readAllBytes(parts.get(0));
            Files.write(parts.get(0), Arrays.copyOf(bytes, bytes.length / 2));
            Files.writeString(parts.get(1), "not Parquet, but longer than a magic number");
            return parts.subList(0, 2);
        }
    }

    @Nested
    class Locking {

        @Test
        void aSecondRunInThisJvmIsRefused() {
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run1"))) {
                assertThat(store.warnings()).isEmpty();
                assertThatThrownBy(() -> TableOpening.open(directory, longs("a"), options("run2")))
                        .isInstanceOf(WrongInput.class)
                        .hasMessageStartingWith(directory + ": this table is being computed by run run1 on ")
                        .hasMessageContaining(
                                "(process " + ProcessHandle.current().pid() + ", since 2")
                        .hasMessageEndingWith(
                                "Wait until that run ends, stop it, or compute elsewhere with --output DIR");
            }
            TableOpening.open(directory, longs("a"), options("run2")).close();
        }

        @Test
        void aRunOfAnotherJvmHoldsTheLockUntilItIsKilled() throws Exception {
            Process other = java("org.rowmill.store.HoldsALock", directory.toString());
            try (BufferedReader out = other.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine()).isEqualTo("locked");
                assertThatThrownBy(() -> TableOpening.open(directory, longs("a"), options("run2")))
                        .isInstanceOf(WrongInput.class)
                        .hasMessageContaining("being computed by run other on ")
                        .hasMessageContaining("(process " + other.pid());
                assertThat(TableStoreDamageTest.this.directory.resolve(".lock")).isNotEmptyFile();
            } finally {
                other.destroyForcibly();
            }
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(directory.resolve(".lock")).isNotEmptyFile();
            TableOpening.open(directory, longs("a"), options("run2")).close();
        }

        @Test
        void aLockFromAnotherComputerIsRespected() throws IOException {
            Files.writeString(
                    directory.resolve(".lock"), "pid=7\nhost=elsewhere\nrun=r7\nstarted=2026-01-01T00:00:00Z\n");
            assertThatThrownBy(() -> TableOpening.open(directory, longs("a"), options("run2")))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageStartingWith(directory + ": this table is locked by run r7 on elsewhere"
                            + " (process 7, since 2026-01-01T00:00:00Z). This computer (")
                    .hasMessageEndingWith(") cannot check whether that run still exists. If it has ended, delete "
                            + directory.resolve(".lock") + " and try again");
        }

        @Test
        void readingNeedsNoLock() throws IOException {
            publish(directory, longs("a"), PLAIN, 0, 10, 1);
            try (TableStore store = TableOpening.open(directory, longs("a"), options("run2"));
                    TableStore readOnly = TableOpening.openReadOnly(directory, false)) {
                assertThat(all(readOnly)).isEqualTo(all(store));
            }
        }
    }

    @Nested
    class Directories {

        @Test
        void aMissingTableIsReported() {
            assertThatThrownBy(() -> TableOpening.openReadOnly(directory.resolve("none"), false))
                    .isInstanceOf(WrongInput.class)
                    .hasMessage(directory.resolve("none") + ": no table is stored here");
        }

        @Test
        @Tag("slow")
        void aFullDiskKeepsTheRowsUntilThereIsRoom() throws Exception {
            assertThat(onTmpfs("org.rowmill.store.FillsADisk")).isEqualTo("full, then 40000 rows");
        }

        @Test
        @Tag("slow")
        void aReadOnlyDirectoryIsReported() throws Exception {
            Path table = directory.resolve("disk/table");
            assertThat(onTmpfs("org.rowmill.store.WritesReadOnly"))
                    .isEqualTo(
                            table + ": the table cannot be written here: Read-only file system. Free disk space, make"
                                    + " the directory writable, or choose another one with --output DIR");
        }

        @Test
        void aFileInPlaceOfTheDirectoryIsReported() throws IOException {
            Path file = Files.writeString(directory.resolve("file"), "");
            assertThatThrownBy(() -> TableOpening.open(file.resolve("table"), longs("a"), PLAIN))
                    .isInstanceOf(WrongInput.class)
                    .hasMessageContaining("the table cannot be written here: Not a directory");
        }

        /** Runs a main class in its own mount namespace, which needs no root and leaves nothing mounted. */
        private String onTmpfs(String main) throws Exception {
            Path disk = Files.createDirectories(directory.resolve("disk"));
            Process process = new ProcessBuilder(Stream.of(
                                    "unshare",
                                    "-rm",
                                    "sh",
                                    "-c",
                                    "mount -t tmpfs -o size=2m none \"$0\" && cd \"$0\" && exec \"$@\"",
                                    disk.toString(),
                                    JAVA,
                                    "-cp",
                                    CLASS_PATH,
                                    main,
                                    disk.toString())
                            .toList())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                List<String> lines = out.lines().toList();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
                return String.join("\n", lines);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private static Process java(String main, String argument) throws IOException {
        return new ProcessBuilder(JAVA, "-cp", CLASS_PATH, main, argument)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
