package org.rowmill.producer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small projects for tests. */
final class Projects {

    private Projects() {}

    /** Adds a table to a project: its class body, with everything a table needs imported. */
    static Path table(Path project, String name, String index, String body) {
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

    static Path source(Path project, String name, String text) {
        try {
            Files.createDirectories(project);
            Files.writeString(project.resolve(name + ".java"), text);
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A table of {@code rows} rows with the columns {@code square} and {@code cube}. */
    static Path squares(Path project, int rows) {
        return table(project, "Squares", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, %d).boxed(); }
                @Column long square(int index) { return (long) index * index; }
                @Column long cube(long square, int index) { return square * index; }
                """.formatted(rows));
    }
}
