package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Kind;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;
import org.rowmill.store.journal.RowJournal;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartFileWriter;
import org.rowmill.store.parts.PartFooter;

class CheckCommandTest {

    private static final TableSchema SCHEMA =
            Stores.schema(Stores.column("a", Scalar.LONG), Stores.column("text", Scalar.STRING));
    private static final int ROWS = 500;
    private static final String HINT = ". To quarantine it, run check --repair; the next run computes its rows again";

    @TempDir
    private Path project;

    private Path table;

    private record Outcome(int exitCode, List<String> out, String err) {}

    @BeforeEach
    void storeATable() throws IOException {
        table = project.resolve("tables/Samples");
        store("run1", 0, ROWS);
    }

    private Path store(String run, long from, long to) throws IOException {
        try (TableStore store = TableOpening.open(table, SCHEMA, Stores.options(run));
                PartWriter writer = store.writer()) {
            for (long i = from; i < to; i++) {
                Stores.addNew(writer, i, Stores.values(i * i, "text " + i));
            }
            return writer.publish().get(0);
        }
    }

    private Outcome check(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] words = new String[arguments.length + 2];
        words[0] = "check";
        words[1] = project.toString();
        for (int i = 0; i < arguments.length; i++) {
            words[i + 2] = String.valueOf(arguments[i]);
        }
        int exitCode = new Producer(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of())
                .execute(words);
        return new Outcome(
                exitCode, out.toString(StandardCharsets.UTF_8).lines().toList(), err.toString(StandardCharsets.UTF_8));
    }

    private void hasNoFault(Outcome outcome, String... out) {
        assertThat(outcome).isEqualTo(new Outcome(0, List.of(out), ""));
    }

    private void hasFaults(Outcome outcome, String... out) {
        assertThat(outcome).isEqualTo(new Outcome(1, List.of(out), ""));
    }

    @Test
    void aTableWithoutFaultsIsOneLine() throws IOException {
        store("run2", ROWS, ROWS + 1000);
        try (TableStore store = TableOpening.open(table, SCHEMA, Stores.options("run3"));
                PartWriter writer = store.writer()) {
            writer.addFailed(Stores.failure(5000, "no"), true);
            writer.publish();
        }
        hasNoFault(check(), "Samples: 1,500 rows in 2 parts, 1 failed rows in 1 parts: no faults");
        hasNoFault(check("Samples", "--repair"), "Samples: 1,500 rows in 2 parts, 1 failed rows in 1 parts: no faults");
    }

    @Test
    void anUnknownTableIsWrongInput() {
        Outcome outcome = check("Sample");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("no table Sample is stored here", "Samples");
    }

    @Test
    void aTableThatARunComputesIsWrongInput() {
        try (TableStore store = TableOpening.open(table, SCHEMA, Stores.options("run2"))) {
            assertThat(store.warnings()).isEmpty();
            Outcome outcome = check();
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err()).contains("this table is being computed by run run2 on ");
        }
        assertThat(check().exitCode()).isZero();
    }

    /** The checksum covers the whole part. Only a change of the checksum itself, or of its name, may be harmless. */
    @Test
    @Tag("slow")
    void everyDamagedByteOfAPartIsDetected() throws IOException {
        Path part = Stores.files(table, ".parquet").get(0);
        byte[] good = Files.readAllBytes(part);
        Map<Object, List<@Nullable Object>> rows = rows();
        PartFooter footer = Part.read(part).get(0).footer();
        int length = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 8);
        SplittableRandom random = new SplittableRandom(3);
        int undetected = 0;
        for (int i = 0; i < 160; i++) {
            byte[] bad = good.clone();
            int place = i % 2 == 0 ? random.nextInt(good.length) : good.length - 8 - 1 - random.nextInt(length);
            bad[place] ^= (byte) (1 + random.nextInt(255));
            Files.write(part, bad);
            if (check().exitCode() == 0) {
                undetected++;
                assertThat(rows()).as("byte %d of %d", place, good.length).isEqualTo(rows);
                assertThat(Part.read(part).get(0).footer()).isEqualTo(footer);
            }
        }
        assertThat(undetected).isLessThanOrEqualTo(8);
    }

    private Map<Object, List<@Nullable Object>> rows() {
        try (TableStore store = TableOpening.openReadOnly(table, false)) {
            return Stores.all(store);
        }
    }

    @Test
    void everyTruncatedPartIsDetected() throws IOException {
        Path part = Stores.files(table, ".parquet").get(0);
        byte[] good = Files.readAllBytes(part);
        for (int length = 0; length < good.length; length += 397) {
            Files.write(part, Arrays.copyOf(good, length));
            assertThat(check().exitCode())
                    .as("%d of %d bytes", length, good.length)
                    .isEqualTo(1);
        }
    }

    @Test
    void repairQuarantinesDamagedParts() throws IOException {
        Path good = store("run2", ROWS, 2 * ROWS);
        Path part = Stores.files(table, ".parquet").get(0);
        byte[] bytes = Files.readAllBytes(part);
        bytes[100] ^= 1;
        Files.write(part, bytes);

        Outcome found = check();
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(found.out())
                .hasSize(2)
                .first()
                .isEqualTo("Samples: 500 rows in 2 parts, 0 failed rows in 0 parts: faults: 1");
        assertThat(found.out().get(1))
                .startsWith("  fault: " + part + ": it cannot be read: its checksum is ")
                .endsWith(" was expected" + HINT);
        assertThat(part).exists();

        Path aside = table.resolve("_broken/" + part.getFileName() + ".broken");
        assertThat(check("--repair").out().get(1))
                .endsWith(". Moved to " + aside + "; the next run computes its rows again");
        assertThat(part).doesNotExist();
        assertThat(aside).hasBinaryContent(bytes);
        assertThat(good).exists();
        hasNoFault(
                check(),
                "Samples: 500 rows in 1 parts, 0 failed rows in 0 parts: no faults",
                "  note: " + aside.getParent() + ": quarantined parts; delete them if you do not need them");
        assertThat(rows()).hasSize(ROWS);
    }

    @Test
    void aRowThatAPartContainsTwiceIsAFault() throws IOException {
        Path part = table.resolve("part-00000009-run9.parquet");
        PartFooter footer =
                Part.read(Stores.files(table, ".parquet").get(0)).get(0).footer();
        try (PartFileWriter writer = new PartFileWriter(part, footer, 1 << 20)) {
            for (long i : new long[] {ROWS + 7, ROWS + 8, ROWS + 7}) {
                writer.write(new @Nullable Object[] {i, i, "text"});
            }
            writer.finish();
        }
        hasFaults(
                check(),
                "Samples: 500 rows in 2 parts, 0 failed rows in 0 parts: faults: 1",
                "  fault: " + part + ": it contains row [507] twice" + HINT);
    }

    @Test
    void filesThatDoNotBelongToTheTableAreNamed() throws IOException {
        Path foreign = Files.writeString(table.resolve("foreign.parquet"), "PAR1 no Parquet at all PAR1");
        Path other = project.resolve("tables/Other");
        Stores.publish(other, Stores.longs("a"), Stores.PLAIN, 0, 3, 1);
        Path wrong = Files.move(Stores.files(other, ".parquet").get(0), other.resolve("part-00000001-x.parquet"));
        Path left = Files.writeString(table.resolve("part-00000002-run2.parquet.tmp"), "PAR1");
        Path text = Files.writeString(table.resolve("notes.txt"), "mine");
        Path journal;
        TableSchema schema = new TableSchema("Expensive", SCHEMA.index(), SCHEMA.columns());
        try (TableStore store = TableOpening.open(table.resolveSibling("Expensive"), schema, Stores.options("run5"));
                RowJournal expensive = store.journal()) {
            expensive.add(
                    Stores.index(1),
                    new ResultMessage(
                            0,
                            1,
                            99,
                            1,
                            "node",
                            Duration.ofSeconds(1).toNanos(),
                            Kind.COMPUTED,
                            Stores.values(1L, "text"),
                            List.of()));
            journal = table.resolveSibling("Expensive").resolve(".journal-run5-00000001");
        }
        Outcome outcome = check();
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out().get(0)).isEqualTo("Expensive: 0 rows in 1 parts, 0 failed rows in 0 parts: no faults");
        assertThat(outcome.out().subList(1, 4))
                .containsExactly(
                        "  note: " + journal
                                + ": 1 computed rows that are not in a part yet; the next run recovers them",
                        "Other: 0 rows in 1 parts, 0 failed rows in 0 parts: faults: 1",
                        "  fault: " + wrong + ": it belongs to table Samples, not to Other" + HINT);
        assertThat(outcome.out().get(4)).isEqualTo("Samples: 500 rows in 2 parts, 0 failed rows in 0 parts: faults: 1");
        assertThat(outcome.out().get(5)).startsWith("  fault: " + foreign + ": it cannot be read: ");
        assertThat(outcome.out().subList(6, 8))
                .containsExactly(
                        "  note: " + text + ": not a file of Rowmill; ignored",
                        "  note: " + left + ": left by a run that was killed; the next run deletes it");
    }
}
