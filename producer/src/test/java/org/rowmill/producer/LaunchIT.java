package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM that {@code java -jar producer.jar run} starts for the head, and the class data archives. */
class LaunchIT {

    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    private Path project;

    @TempDir
    private Path cache;

    private ProducerCommand endless() {
        Projects.table(project, "Endless", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 10).boxed(); }
                @Column int value(int index) { while (true) Thread.onSpinWait(); }
                """);
        return ProducerCommand.of("run", project, "-v");
    }

    private static void awaitConsumer(ProducerCommand.Running running) {
        running.awaitErr(START, "consumer started");
    }

    @Test
    void headAndConsumerEndIfTheLauncherIsKilled() {
        try (ProducerCommand.Running running =
                endless().with("XDG_CACHE_HOME", cache.toString()).start()) { // Both JVMs write their class archives.
            awaitConsumer(running);
            List<ProcessHandle> all = running.process().descendants().toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(2);

            running.signal("KILL");

            await().atMost(Duration.ofSeconds(10)).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void theLauncherReturnsTheSignalThatKilledTheHead() {
        try (ProducerCommand.Running running = endless().start()) {
            awaitConsumer(running);

            running.signalHead("KILL");

            assertThat(running.await().exitCode()).isEqualTo(128 + 9);
        }
    }

    @Test
    void aSecondSignalStopsAtOnce() {
        try (ProducerCommand.Running running = endless().start()) {
            awaitConsumer(running);
            running.signal("TERM");
            running.awaitErr(START, "Stopping");

            running.signal("TERM");

            assertThat(running.await().exitCode()).isEqualTo(143);
        }
    }

    @Test
    void aSignalToTheWholeGroupIsOneRequest() {
        Projects.table(project, "Slow", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 1000).boxed(); }
                @Column int value(int index) throws InterruptedException { Thread.sleep(20); return index; }
                """);
        try (ProducerCommand.Running running =
                ProducerCommand.of("run", project, "-v").start()) {
            awaitConsumer(running);
            ProcessHandle head = running.head().orElseThrow();

            running.signal("INT"); // as a terminal does
            ProducerCommand.Running.signal("INT", head);

            ProducerCommand.Result result = running.await();
            assertThat(result.exitCode()).isEqualTo(130);
            assertThat(result.err()).containsOnlyOnce("Stopping").contains("computed rows are kept");
        }
    }

    @Test
    void jvmOptionsApplyToTheHead() {
        try (ProducerCommand.Running running =
                endless().onJvmWith("-Xmx1g", "-Dnobody.reads=this one").start()) {
            awaitConsumer(running);

            assertThat(running.head().orElseThrow().info().arguments().orElseThrow())
                    .contains("-Xmx1g", "-Dnobody.reads=this one");
        }
    }

    /** Two JVMs cannot share a port, for example. */
    @Test
    void optionsOfAnAgentKeepTheRunInTheFirstJvm() {
        String option = "-Dcom.sun.management.jmxremote";
        endless().onJvmWith(option).run().refused("the current directory must be the project", "Run: cd " + project);

        try (ProducerCommand.Running running = endless()
                .onJvmWith(option)
                .behind("sh", "-c", "cd \"$0\" && exec \"$@\"", project.toString())
                .start()) {
            awaitConsumer(running);

            assertThat(running.head()).as("no JVM in between").isEmpty();
        }
    }

    @Test
    void pathsOfOptionsAreRelativeToTheCaller() throws IOException {
        Projects.squares(project.resolve("p"), 3);

        ProducerCommand.of("run", "p", "--output=results")
                .behind("sh", "-c", "cd \"$0\" && exec \"$@\"", project.toString())
                .run()
                .succeeded();

        assertThat(project.resolve("results/Squares")).isDirectory();
        assertThat(project.resolve("p/results")).doesNotExist();
    }

    @Test
    void whateverEndsTheHeadEndsTheProcessWithALineAndALog() {
        Projects.table(project, "Greedy", "Integer", """
                @Override public Stream<Integer> index() { throw new OutOfMemoryError("made up"); }
                @Column int value(int index) { return index; }
                """);

        ProducerCommand.Result result = ProducerCommand.of("run", project).run();

        assertThat(result.exitCode()).isEqualTo(70);
        assertThat(result.err())
                .contains("error: ", "This is a bug in Rowmill", "error-")
                .doesNotContain("\tat ");
    }

    @Test
    void anErrorOfProjectCodeIsNotABugInRowmill() {
        Projects.table(project, "Wrong", "Integer", """
                @Override public Stream<Integer> index() { throw new AssertionError("made up"); }
                @Column int value(int index) { return index; }
                """);

        ProducerCommand.of("run", project).run().refused("index() threw", "made up", "Wrong.java");
    }

    @Test
    void aTemporaryDirectoryWithoutSpaceOrProgramsIsReplaced() {
        Projects.squares(project, 3);

        ProducerCommand.Result result = ProducerCommand.of("run", project)
                .onJvmWith("-Djava.io.tmpdir=/proc/nowhere")
                .run()
                .succeeded();

        assertThat(result.err())
                .contains("warning: the temporary directory /proc/nowhere", "uses " + ProducerCommand.CACHE);
        for (String option : List.of("noexec", "size=4k")) {
            Path mounted = project.resolve("mounted");
            String script = "mkdir -p \"$0\" && mount -t tmpfs -o " + option + " none \"$0\" && exec \"$@\"";
            ProducerCommand.Result unusable = ProducerCommand.of("run", project)
                    .onJvmWith("-Djava.io.tmpdir=" + mounted)
                    .behind("unshare", "-rm", "sh", "-c", script, mounted.toString())
                    .run()
                    .succeeded();
            assertThat(unusable.err()).as(option).contains("warning: the temporary directory " + mounted);
        }
    }

    /** A table whose only row waits until the cache contains files of this ending, as many as given. */
    private void waitFor(int files, String ending) {
        Projects.table(project, "Waits", "Integer", """
                @Override public Stream<Integer> index() { return Stream.of(%d); }
                @Column int value(int index) throws Exception {
                    Path cache = Path.of(System.getenv("XDG_CACHE_HOME"), "rowmill");
                    while (Stream.of(cache.toFile().list()).filter(name -> name.endsWith("%s")).count() < %d) {
                        Thread.sleep(50);
                    }
                    return index;
                }
                """.formatted(System.nanoTime() % 1_000_000, ending, files));
    }

    private void run() {
        ProducerCommand.of("run", project)
                .with("XDG_CACHE_HOME", cache.toString())
                .run()
                .succeeded();
    }

    @Test
    void aRunMakesTheClassArchivesWhoseListsAnEarlierRunHasWritten() throws IOException {
        waitFor(0, "");
        run();
        assertThat(cached()).anyMatch(name -> name.startsWith("head-") && name.endsWith(".classes"));
        assertThat(cached()).anyMatch(name -> name.startsWith("consumer-") && name.endsWith(".classes"));
        assertThat(cached()).noneMatch(name -> name.endsWith(".jsa"));

        waitFor(2, ".jsa");
        run();
        assertThat(cached()).anyMatch(name -> name.startsWith("head-") && name.endsWith(".jsa"));
        assertThat(cached()).anyMatch(name -> name.startsWith("consumer-") && name.endsWith(".jsa"));
        assertThat(cached()).noneMatch(name -> name.contains("tmp") || name.endsWith(".classes"));

        List<String> before = cached();
        waitFor(0, "");
        run();
        assertThat(cached()).isEqualTo(before);
    }

    @Test
    void aRunThatEndsFirstLeavesNothingOfAnArchive() throws IOException {
        waitFor(0, "");
        run();
        waitFor(0, "");

        run();

        assertThat(cached()).noneMatch(name -> name.contains("tmp"));
    }

    @Test
    void aRunThatComputesNothingWritesNoClassArchive() throws IOException {
        ProducerCommand.of("run", project.resolve("nowhere"))
                .with("XDG_CACHE_HOME", cache.toString())
                .run()
                .refused("nowhere");

        assertThat(cached()).isEmpty();
    }

    private List<String> cached() throws IOException {
        Path directory = cache.resolve("rowmill");
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
