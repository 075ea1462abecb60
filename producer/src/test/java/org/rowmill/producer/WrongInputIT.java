package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.store.DuckDb;

/** Wrong input ends with exit code 2 and one message: where, what is wrong and what to do. */
class WrongInputIT {

    @TempDir
    private Path project;

    @Test
    void aMissingDirectoryIsRefused() {
        ProducerCommand.of("run", project.resolve("nowhere"))
                .run()
                .refused(project.resolve("nowhere").toString());
    }

    @Test
    void aProjectWithoutTablesIsRefused() {
        Projects.source(project, "NoTable", "public class NoTable {}");

        ProducerCommand.of("run", project).run().refused(project.toString(), "Table");
    }

    @Test
    void sourceThatDoesNotCompileIsRefusedWithTheCompilersMessage() {
        Projects.source(project, "Wrong", "public class Wrong {\n    int x = \"text\";\n}\n");

        ProducerCommand.of("run", project).run().refused("Wrong.java:2", "incompatible types");
    }

    @Test
    void allFaultsOfATableAreReportedTogether() {
        Projects.table(project, "Faulty", "String", """
                @Override public Stream<String> index() { return Stream.of("x"); }
                @Column int a(int b) { return b; }
                @Column int b(int a) { return a; }
                @Column int c(int lengthh) { return lengthh; }
                @Column int length(String index) { return 1; }
                @Column Thread thread(String index) { return null; }
                """);

        ProducerCommand.of("run", project)
                .run()
                .refused("Faulty.java:", "a -> b", "lengthh", "length", "Thread", "thread");
        assertThat(project.resolve("tables")).as("nothing was started").doesNotExist();
    }

    @Test
    void aTruncatedPartIsNamedAndTheOthersAreRead() throws IOException {
        Projects.table(project, "Parts", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 25_000).boxed(); }
                @Column int value(int index) { return index; }
                """);
        ProducerCommand.of("run", project, "--quick", 100).run().succeeded();
        ProducerCommand.of("run", project, "--quick", 200).run().succeeded();
        Path table = project.resolve("tables/Parts");
        List<Path> parts;
        try (Stream<Path> files = Files.list(table)) {
            parts = files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
        assertThat(parts).as("one a run, or more where the computer is slow").hasSizeGreaterThanOrEqualTo(2);
        try (RandomAccessFile file = new RandomAccessFile(parts.get(0).toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }

        ProducerCommand.of("run", project, "--quick", 200)
                .run()
                .refused(parts.get(0).getFileName().toString(), "--ignore-broken-parts");
        ProducerCommand.of("run", project, "--quick", 200, "--ignore-broken-parts")
                .run()
                .succeeded();

        Files.delete(parts.get(0));
        assertThat(DuckDb.query(table, "SELECT count(*), count(DISTINCT index) FROM $")
                        .get(0))
                .extracting(String::valueOf)
                .containsExactly("200", "200");
    }

    @Test
    void aReadOnlyOutputIsRefused() {
        Projects.squares(project, 10);

        inMountNamespace("-o ro", "true", ProducerCommand.of("run", project, "--output", project.resolve("mounted")))
                .run()
                .refused(project.resolve("mounted").toString());
    }

    @Test
    void aCacheThatCannotBeWrittenIsRefused() throws IOException {
        Projects.squares(project, 10);
        Path cache = Files.createFile(project.resolve("cache"));

        ProducerCommand.Result result = ProducerCommand.of("run", project)
                .with("XDG_CACHE_HOME", cache.toString())
                .run()
                .refused(cache.resolve("rowmill") + ": consumer.jar cannot be unpacked here", "set XDG_CACHE_HOME");

        assertThat(result.err()).doesNotContain("bug in Rowmill", "CompletionException");
    }

    @Test
    void aDiskThatStaysFullEndsTheRunAndKeepsWhatWasPublished() throws IOException {
        Projects.table(project, "Large", "Integer", """
                @Override public Stream<Integer> index() { return IntStream.range(0, 400).boxed(); }
                @Column byte[] noise(int index) throws InterruptedException {
                    byte[] noise = new byte[64 << 10];
                    new Random(index).nextBytes(noise);
                    Thread.sleep(20);
                    return noise;
                }
                """);

        ProducerCommand.Result result = inMountNamespace(
                        "-o size=10m",
                        "cp -r '" + project.resolve("mounted/Large") + "' '" + project.resolve("saved") + "'",
                        ProducerCommand.of("run", project, "--output", project.resolve("mounted"), "--disk-wait", "1s"))
                .run();

        assertThat(result.exitCode()).as(result.err()).isEqualTo(74);
        assertThat(result.err())
                .contains(
                        project.resolve("mounted").toString(), "No space left on device", "for at most 1s", "run again")
                .doesNotContain("\tat ");

        assertThat(DuckDb.query(
                                project.resolve("saved"),
                                "SELECT count(*), count(DISTINCT index), min(octet_length(noise)) FROM $")
                        .get(0))
                .satisfies(row -> {
                    assertThat((Long) row.get(0)).isBetween(1L, 200L).isEqualTo(row.get(1));
                    assertThat(row.get(2)).asString().isEqualTo("65536");
                });
        try (Stream<Path> files = Files.list(project.resolve("saved"))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    /** Makes a tmpfs at PROJECT/mounted that only the command sees and that ends with it. */
    private ProducerCommand inMountNamespace(String options, String after, ProducerCommand command) {
        Path mounted = project.resolve("mounted");
        String script = "mkdir -p '" + mounted + "' && mount -t tmpfs " + options + " none '" + mounted
                + "' && { \"$@\"; code=$?; " + after + "; exit $code; }";
        String unshare = System.getProperty("user.name").equals("root") ? "--mount" : "--mount --map-root-user";
        return command.behind("sh", "-c", "exec unshare " + unshare + " \"$@\"", "sh", "sh", "-c", script, "sh");
    }

    @Test
    void aTakenPortRangeIsRefusedWithTheProcessThatHoldsIt() throws IOException {
        Projects.squares(project, 10);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            ProducerCommand.of("run", project, "--port", port, "--port-count", 1)
                    .run()
                    .refused(
                            Integer.toString(port),
                            "pid " + ProcessHandle.current().pid());
        }
    }
}
