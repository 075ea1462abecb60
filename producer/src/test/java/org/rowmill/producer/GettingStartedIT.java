package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.DocumentedSteps.FileStep;
import org.rowmill.producer.DocumentedSteps.ShellStep;
import org.rowmill.store.DuckDb;

/** Takes each step of docs/getting-started.md in an empty directory and compares the output with the page. */
class GettingStartedIT {

    private static final Path PAGE = Path.of("..", "docs", "getting-started.md");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** What differs from run to run: times, sizes, run ids, names of directories and computers, parts. */
    private static final Pattern VARIABLE = Pattern.compile(String.join(
            "|",
            "\\d{4}-\\d\\d-\\d\\d[T ][\\d:.]+Z?", // a time
            "\\d+\\.\\d+ (s|kB)\\b",
            "\\btp[0-9a-z]{7}\\b", // a run
            "\\d+ parts?\\b",
            "/home/\\w+(?=/)",
            "(?<=\\bon )\\w+"));

    /** Progress, parts, and the rows that {@code show} prints in the order in which they were computed. */
    private static final Pattern NOT_COMPARED = Pattern.compile(".* slots busy|  part-.*|[\\d. ]+");

    @TempDir
    private Path directory;

    @Test
    void eachStepOfThePageHasTheOutputThatThePageShows() throws IOException, InterruptedException {
        Files.copy(ProducerCommand.JAR, directory.resolve("producer.jar"));
        int commands = 0;

        for (DocumentedSteps.Step step : DocumentedSteps.of(PAGE)) {
            if (step instanceof FileStep file) {
                Path path = directory.resolve(file.path());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.content());
            } else if (step instanceof ShellStep shell) {
                take(shell);
                commands += shell.commands().size();
            }
        }

        assertThat(commands).as("commands of the page").isGreaterThanOrEqualTo(9);
        assertThat(DuckDb.query(
                        directory.resolve("squares/tables/Squares"),
                        "SELECT count(*), count(share), max(square) FROM $"))
                .containsExactly(List.of(1000L, 999L, 998_001L));
    }

    private void take(ShellStep step) throws IOException, InterruptedException {
        if (step.requirement().isPresent() && run("python3 -c 'import duckdb'").exitCode() != 0) {
            String row = step.shown().get(step.shown().size() - 2);
            assertThat(queryOf(step)).isEqualTo(row.replaceAll("[ │]+", " ").strip());
            return;
        }
        Ended ended = run(String.join("\n", step.commands()));

        assertThat(ended.exitCode())
                .as("%s: %s", step.commands(), ended.output())
                .isEqualTo(step.exitCode());
        List<String> printed =
                ended.output().lines().map(GettingStartedIT::withoutSpaces).toList();
        for (String line : step.shown()) {
            if (!NOT_COMPARED.matcher(line).matches()) {
                Pattern expected = pattern(withoutSpaces(line));
                assertThat(printed)
                        .as("%s prints the line: %s", step.commands(), line)
                        .anyMatch(expected.asMatchPredicate());
            }
        }
    }

    /** Columns are as wide as their values. */
    private static String withoutSpaces(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    private static Pattern pattern(String line) {
        StringBuilder pattern = new StringBuilder();
        Matcher variable = VARIABLE.matcher(line);
        int end = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(line.substring(end, variable.start()))).append("\\S+( \\S+)?");
            end = variable.end();
        }
        return Pattern.compile(pattern + Pattern.quote(line.substring(end)));
    }

    /** Executes the query of the Python program that a step runs, and returns its row without the borders. */
    private String queryOf(ShellStep step) throws IOException {
        String program = step.commands().get(0).replaceFirst("^python3 ", "");
        Matcher query = Pattern.compile("duckdb\\.sql\\(\"\"\"(.*)'(.*)/\\*\\.parquet'.*\"\"\"\\)", Pattern.DOTALL)
                .matcher(Files.readString(directory.resolve(program)));
        assertThat(query.find()).as("%s has a query", program).isTrue();
        return DuckDb.query(directory.resolve(query.group(2)), query.group(1) + "$").get(0).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    private record Ended(int exitCode, String output) {}

    /** Runs commands with the {@code java} of this JVM; standard output and standard error are one. */
    private Ended run(String commands) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", "");
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ROWMILL_"));
        builder.environment().put("XDG_CACHE_HOME", ProducerCommand.CACHE.toString());
        builder.environment()
                .merge(
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin").toString(),
                        (old, java) -> java + ":" + old);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends within %s", commands, LIMIT)
                    .isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
