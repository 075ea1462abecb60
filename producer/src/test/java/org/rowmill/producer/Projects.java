package org.rowmill.producer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small projects for tests. */
public final class Projects {

    /**
     * Part of the body of a table: {@code meet(context, n)} holds the first rows until rows have begun on n nodes, the
     * head included, so that each computes. Rows leave files in the project directory, so nodes must mount it.
     */
    static final String MEET = """
            private static volatile boolean met;
            private static void meet(RowContext context, int computers) throws Exception {
                if (met) { return; }
                Files.write(Files.createDirectories(Path.of("seen")).resolve(context.node()), new byte[0]);
                for (int i = 0; i < 1200 && !met && new java.io.File("seen").list().length < computers; i++) {
                    Thread.sleep(100);
                }
                met = true;
            }
            """;

    private Projects() {}

    /** Adds a table with this class body to a project, with the imports that tables need. */
    public static Path table(Path project, String name, String index, String body) {
        return source(project, name, """
                import java.io.PrintStream;
                import java.nio.file.*;
                import java.time.*;
                import java.util.*;
                import java.util.stream.*;
                import org.rowmill.table.*;

                public class %s extends Table<%s> {
                %s
                }
                """.formatted(name, index, body.indent(4)));
    }

    public static Path source(Path project, String name, String text) {
        try {
            Files.createDirectories(project);
            Files.writeString(project.resolve(name + ".java"), text);
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a table of {@code rows} rows with the columns {@code square} and {@code cube}. */
    static Path squares(Path project, int rows) {
        return table(project, "Squares", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long square(int index) { return (long) index * index; }
                @Column long cube(long square, int index) { return square * index; }
                """.formatted(rows));
    }
}
