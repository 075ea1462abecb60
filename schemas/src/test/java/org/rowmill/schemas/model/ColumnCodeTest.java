package org.rowmill.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hash of the code of a column, which shows whether the column must be computed again. */
class ColumnCodeTest {

    private static final String PLAIN = "@Column long a(String index) { return helper(index.length()); }"
            + " static long helper(int n) { return Stream.of(1, 2).filter(x -> x > n).count(); }";

    @TempDir
    private Path directory;

    @Test
    void theHashDoesNotDependOnThePositionOfTheMethod() throws IOException {
        assertThat(code("""

            @Column int z(String index) { return Stream.of(3).map(x -> x + 1).toList().get(0); }
            @Column long a(
                    String other) {
                return renamed(
                        other.length());
            }
            static long renamed(int m) {
                return Stream.of(1, 2).filter(y ->
                        y > m).count();
            }
            """)).isEqualTo(code(PLAIN)).matches("[0-9a-f]{32}");
    }

    @Test
    void theHashChangesWithTheMethod() throws IOException {
        assertThat(code(PLAIN.replace("length()", "length() + 1"))).isNotEqualTo(code(PLAIN));
    }

    @Test
    void theHashChangesWithACalledMethod() throws IOException {
        assertThat(code(PLAIN.replace("Stream.of(1, 2)", "Stream.of(1, 3)"))).isNotEqualTo(code(PLAIN));
    }

    @Test
    void theHashChangesWithALambda() throws IOException {
        assertThat(code(PLAIN.replace("x > n", "x >= n"))).isNotEqualTo(code(PLAIN));
    }

    @Test
    void loopsSwitchesAndExceptionHandlersHaveAHash() throws IOException {
        String loops = "@Column int a(String index) { int n = 0; for (int i = 0; i < 3; i++) { try { switch (i) {"
                + " case 0: n++; break; case 900: n = 2; break; default: n += index.length(); } }"
                + " catch (RuntimeException e) { n = new int[2][3].length; } } return n; }";

        assertThat(code(loops)).isEqualTo(code(loops.replace("{", "{\n")));
        assertThat(code(loops.replace("900", "901"))).isNotEqualTo(code(loops));
    }

    private String code(String members) throws IOException {
        Path own = Files.createTempDirectory(directory, "sources");
        TableSchema schema = TableModel.of(
                        new Sources(own).table("T", "String", members).load("T"))
                .schema();
        return schema.columns().get(schema.columnNumber("a")).code().method();
    }
}
