package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a run ends, the programs of its rows end and their scratch files are removed. */
class LeftoversIT {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(10);

    @TempDir
    private Path project;

    /** Each row runs a program that never ends, and records its scratch directory in the project. */
    private ProducerCommand programs() {
        Projects.table(project, "Programs", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 100).boxed(); }
                @Column int value(int index, RowContext context) throws Exception {
                    Files.writeString(Path.of("scratch-" + index), context.scratch().toString());
                    return context.run(new ProcessBuilder("sleep", "600")).exitCode();
                }
                """);
        return ProducerCommand.of("run", project, "--cpu-limit", 2);
    }

    private static List<ProcessHandle> awaitPrograms(ProducerCommand.Running running) {
        await().atMost(START)
                .until(() -> running.process()
                                .descendants()
                                .filter(program ->
                                        program.info().command().orElse("").endsWith("sleep"))
                                .count()
                        == 2);
        return running.process().descendants().toList();
    }

    private void nothingIsLeftOf(List<ProcessHandle> processes) {
        await().atMost(END).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(scratchDirectories()).isNotEmpty();
        await().atMost(END)
                .untilAsserted(() -> assertThat(scratchDirectories())
                        .allSatisfy(
                                directory -> assertThat(directory.getParent()).doesNotExist()));
    }

    private List<Path> scratchDirectories() {
        try (Stream<Path> files = Files.list(project)) {
            return files.filter(file -> file.getFileName().toString().startsWith("scratch-"))
                    .map(LeftoversIT::named)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path named(Path file) {
        try {
            return Path.of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> states() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve(".rowmill"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("run-"))
                    .toList();
        }
    }

    @Test
    void aSecondCtrlCEndsProgramsAndRemovesTheirFiles() {
        try (ProducerCommand.Running running = programs().start()) {
            List<ProcessHandle> all = awaitPrograms(running);
            running.signal("INT");
            running.awaitErr(START, "Stopping");

            running.signal("INT");

            assertThat(running.await().exitCode()).isEqualTo(130);
            nothingIsLeftOf(all);
        }
    }

    @Test
    void programsOfAKilledHeadEndAndTheNextRunRemovesItsState() throws IOException {
        try (ProducerCommand.Running running = programs().start()) {
            List<ProcessHandle> all = awaitPrograms(running);

            running.signal("KILL");

            nothingIsLeftOf(all);
        }
        assertThat(states()).hasSize(1);
        Projects.squares(project, 10);
        ProducerCommand.of("run", project, "Squares").run().succeeded();
        assertThat(states()).isEmpty();
    }
}
