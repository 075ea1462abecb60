package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static state that the annotation processor reports, by the declarations of fields. */
class StaticStateTest {

    @TempDir
    private Path directory;

    @Test
    void whatRowsMustNotShareIsReportedAtItsLine() {
        List<String> warnings = new Sources(directory)
                .table("Dates", "Integer", """
                    static final java.text.SimpleDateFormat FORMAT = new java.text.SimpleDateFormat();
                    private static final Random RANDOM = new Random(1);
                    static int count;
                    static Map<String, Integer> cache = new HashMap<>();
                    static final class Nested { static final Calendar CALENDAR = Calendar.getInstance(); }
                    @Column public int value(int index) { return count++; }
                    """).warnings().stream()
                        .map(warning -> warning.getLineNumber() + ": " + warning.getMessage(Locale.ROOT))
                        .toList();

        assertThat(warnings).hasSize(5);
        assertThat(warnings.get(0))
                .startsWith("7: static field FORMAT: java.text.SimpleDateFormat is not thread-safe")
                .contains("java.time.format.DateTimeFormatter", "@SharedState");
        assertThat(warnings.get(1)).startsWith("8: static field RANDOM: java.util.Random has one sequence");
        assertThat(warnings.get(2)).startsWith("9: static field count: it is not final");
        assertThat(warnings.get(3)).startsWith("10: static field cache: it is not final");
        assertThat(warnings.get(4)).startsWith("11: static field CALENDAR: java.util.Calendar is not thread-safe");
    }

    @Test
    void whatRowsCanShareIsNotReported() {
        assertThat(new Sources(directory)
                        .table("Dates", "Integer", """
                            static final int ONE = 1;
                            static volatile boolean done;
                            static final List<String> NAMES = List.of("a");
                            static final java.util.regex.Pattern PATTERN = java.util.regex.Pattern.compile("a");
                            static final ThreadLocal<Random> RANDOM = ThreadLocal.withInitial(Random::new);
                            @SharedState static final Random SHARED = new Random(1);
                            @SharedState static int count;
                            final Random ofTheInstance = new Random(1);
                            enum Size { SMALL, LARGE }
                            @Column public int value(int index) { return ONE; }
                            """)
                        .file("NoTable", "class NoTable { static int count; }")
                        .warnings())
                .isEmpty();
    }
}
