package org.rowmill.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rowmill.store.Stores.column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.schemas.model.ColumnType.Scalar;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.store.Stores;
import org.rowmill.store.TableOpening;
import org.rowmill.store.TableStore;
import org.rowmill.store.journal.PartWriter;

class ExplainCommandTest {

    private static final byte[] LATIN_1 = "J\u00e4nner\n".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path project;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void storeATable() throws IOException {
        try (TableStore store = TableOpening.open(
                        project.resolve("tables/Samples"), Stores.schema(column("real", Scalar.DOUBLE)), Stores.PLAIN);
                PartWriter writer = store.writer()) {
            writer.add(Stores.index(-5), Stores.values(0.5));
            writer.publish();
        }
    }

    private int explain(String... arguments) {
        Producer producer = new Producer(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of());
        return producer.execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path logs() throws IOException {
        return Files.createDirectories(project.resolve(".rowmill/logs/run1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain P -5", "explain -- P -5", "explain P -- -5", "explain P --table Samples -5"})
    void anIndexMayBeginWithAMinus(String command) {
        assertThat(explain(command.replace("P", project.toString()).split(" "))).isZero();

        assertThat(out()).startsWith("Samples, row -5\n").contains(" --only=-5 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x.txt", "--a_b", "-h", "--json", "-1,-2"})
    void whatFollowsTwoMinusesIsAnIndex(String index) throws IOException {
        try (AttemptLog attempts = new AttemptLog(logs())) {
            attempts.add("Samples", List.of((Object) index), 1, "head", 5, Optional.empty());
        }

        assertThat(explain("explain", "--", project.toString(), index)).isZero();

        assertThat(out()).startsWith("Samples, row " + index + "\n");
    }

    @Test
    void aMisspelledOptionIsStillFound() {
        assertThat(explain("explain", project.toString(), "5", "--jsn")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--jsn", "did you mean --json?");
    }

    @Test
    void theIndexIsGivenWithItsTypeToo() {
        assertThat(explain("explain", project.toString(), "-5", "--json")).isZero();

        assertThat(out()).contains("\"index\" : \"-5\"", "\"index_values\" : {\n    \"index\" : -5\n");
    }

    @Test
    void logsInAnyEncodingAreRead() throws IOException {
        Path logs = logs();
        Files.write(logs.resolve("hs_err_17.log"), LATIN_1);
        Files.write(
                logs.resolve("consumer.log"),
                (new String(LATIN_1, StandardCharsets.ISO_8859_1) + "[Samples -5] M\u00e4rz\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        Files.createDirectories(logs.resolve("directory.log"));
        Files.writeString(project.resolve(".rowmill/logs/error-1.log"), "a stack trace of the head");

        assertThat(explain("explain", project.toString(), "-5")).isZero();

        assertThat(out()).contains("run1: M\ufffdrz");
    }

    @Test
    void attemptsAreReadAfterALineInAnotherEncodingAndHalfACharacter() throws IOException {
        Path logs = logs();
        try (AttemptLog attempts = new AttemptLog(logs)) {
            Failure half = new Failure("real", "java.io.IOException", "half \ud83d", "", false);
            attempts.add("Samples", List.of(-5), 1, "head", 5, Optional.of(half));
            attempts.add("Samples", List.of(-5), 2, "head", 5, Optional.empty());
        }

        assertThat(explain("explain", project.toString(), "-5")).isZero();

        assertThat(out()).contains("attempt 1 on head", "attempt 2 on head");
    }
}
