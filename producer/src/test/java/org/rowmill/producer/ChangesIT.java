package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Code, inputs and rows that change between the runs of a project. */
class ChangesIT {

    private static final String UTIL = "public class Util { static int f(int x) { return x * x; } }";

    @TempDir
    private Path project;

    private Path table = Path.of("");

    @BeforeEach
    void setUp() {
        table = project.resolve("tables/Texts");
    }

    private ProducerCommand.Result run(Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("run", project, "--no-progress"));
        arguments.addAll(List.of(options));
        return ProducerCommand.of(arguments.toArray()).run();
    }

    private String values(String column) {
        return DuckDb.query(table, "SELECT " + column + " FROM $ ORDER BY 1").toString();
    }

    private void file(String name, String content) throws IOException {
        Path file = project.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void changedCodeOfAHelperIsWarnedAboutRefusedOrComputedAgain() {
        Projects.table(project, "Texts", "Integer", """
                @Override public Stream<Integer> index() { return Stream.of(1, 2); }
                @Column int value(int index) { return Util.f(index); }
                @Column int next(int value) { return value + 1; }
                @Column int other(int index) { return index; }
                """);
        Projects.source(project, "Util", UTIL);
        assertThat(run().err()).doesNotContain("has changed");
        Projects.source(project, "Util", "/** Cosmetic. */ " + UTIL.replace("x", "renamed"));
        assertThat(run("--changed-code=refuse").exitCode()).isZero();
        Projects.source(project, "Util", UTIL.replace("x * x", "x * x + 1000"));

        ProducerCommand.Result warned = run();
        ProducerCommand.Result refused = run("--changed-code=refuse");
        String kept = values("value");
        ProducerCommand.Result again = run("--changed-code=recompute");

        assertThat(warned.exitCode()).isZero();
        assertThat(warned.err())
                .contains(
                        "the code of value has changed since stored values were computed; they are kept.",
                        ", 0 computed");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("the code of value has changed", "--recompute value");
        assertThat(kept).isEqualTo("[[1], [4]]");
        assertThat(again.err()).contains("2 rows listed, 2 computed, 0 failed");
        assertThat(values("value, next, other")).isEqualTo("[[1001, 1002, 1], [1004, 1005, 2]]");
        assertThat(run().err()).doesNotContain("has changed");
    }

    @Test
    void changedAndRemovedInputsAreKeptHiddenOrFollowed() throws IOException {
        Projects.table(project, "Texts", "Path", """
                @Override public Stream<Path> index() throws java.io.IOException { return Index.files("data/*.txt"); }
                @Column String text(Path file) throws java.io.IOException { return Files.readString(file); }
                @Override public void report(Rows<Path> rows, PrintStream out) {
                    out.println(rows.count() + " and " + rows.stream().count() + " rows");
                }
                """);
        for (String name : List.of("a", "b", "c")) {
            file("data/" + name + ".txt", "old " + name);
        }
        ProducerCommand.Result first = run();
        assertThat(first.out()).as(first.err()).contains("3 and 3 rows");
        file("data/a.txt", "newer a");
        Files.setLastModifiedTime(
                project.resolve("data/c.txt"), FileTime.from(Instant.now().plusSeconds(9)));
        Files.delete(project.resolve("data/b.txt"));

        ProducerCommand.Result kept = run();
        assertThat(kept.exitCode()).isZero();
        assertThat(kept.err())
                .contains(
                        "the files of 1 row (data/a.txt) have changed",
                        "index() does not list 1 of the stored rows any more (data/b.txt); they are kept");
        assertThat(kept.out()).contains("3 and 3 rows");
        assertThat(shown()).contains("old a", "old b", "old c");

        ProducerCommand.Result hidden = run("--changed-inputs=recompute", "--removed=hide");
        assertThat(hidden.out()).contains("2 and 2 rows");
        assertThat(shown()).contains("newer a", "old c").doesNotContain("old b");
        assertThat(ProducerCommand.of("show", project).run().out()).contains("Texts: 2 rows", "1 more rows are hidden");
        assertThat(values("text")).isEqualTo("[[newer a], [old b], [old c]]");

        assertThat(run("--quick=1", "--removed=delete").exitCode())
                .as("not all rows are listed")
                .isZero();
        assertThat(values("text")).isEqualTo("[[newer a], [old b], [old c]]");

        ProducerCommand.Result deleted = run("--removed=delete");
        assertThat(deleted.out()).contains("2 and 2 rows");
        assertThat(deleted.err()).contains("they are deleted").doesNotContain("have changed");
        assertThat(values("text")).isEqualTo("[[newer a], [old c]]");
        assertThat(shown()).contains("newer a", "old c");
    }

    private String shown() {
        return ProducerCommand.of("show", project, "Texts", "--format", "csv")
                .run()
                .out();
    }
}
