package org.rowmill.producer.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.Machine;
import org.rowmill.mounter.node.NodeProbe;

/** The program {@code jlink} is a script here; it notes its options. */
class JavaRuntimeTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Makes an image like jlink. */
    private static final String WORKS = """
        for last in "$@"; do :; done
        mkdir -p "$last/bin" && echo java >"$last/bin/java"
        """;

    @TempDir
    private Path directory;

    private Path home;
    private Path cache;
    private Path tools;

    @BeforeEach
    void makeJdk() throws IOException {
        home = directory.resolve("jdk");
        cache = directory.resolve("cache");
        tools = Files.createDirectories(directory.resolve("tools"));
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("jmods"));
    }

    private void jlink(String script) throws IOException {
        program(home.resolve("bin/jlink"), "echo \"$@\" >>" + directory + "/calls\n" + script);
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private JavaRuntime runtime() {
        return new JavaRuntime(17, "", home, "/nowhere:" + tools, cache);
    }

    @Test
    void aJavaThatIsNewerThanThatOfTheHeadIsRefusedWithWhatNeedsIt() throws IOException {
        jlink(WORKS);
        int newer = Runtime.version().feature() + 1;
        JavaRuntime runtime = new JavaRuntime(newer, "lib/new.jar", home, "/nowhere:" + tools, cache);

        assertThat(runtime.oldest()).isEqualTo(newer);
        assertThatThrownBy(() -> runtime.forNode(nodeLikeThis()))
                .isInstanceOf(NodeFault.class)
                .hasMessageContainingAll(
                        newer + " or newer is required by lib/new.jar", "the head has Java " + (newer - 1));
        assertThat(calls()).isEmpty();
    }

    private List<String> calls() throws IOException {
        Path file = directory.resolve("calls");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static NodeProbe nodeLikeThis() {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        String libc = Files.exists(Path.of("/etc/alpine-release")) ? "musl" : "glibc";
        return new NodeProbe(
                "/home/u",
                new NodeProbe.OperatingSystem(System.getProperty("os.name"), machine, libc),
                Machine.UNKNOWN,
                new NodeProbe.Capacity(1, Optional.empty(), OptionalLong.empty(), OptionalLong.empty()),
                new NodeProbe.Java(Optional.empty(), OptionalInt.empty()),
                new NodeProbe.Sshfs(true, true, List.of(), ""),
                0,
                true,
                Set.of());
    }

    private List<String> inCache() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void withoutBinutilsNativeCodeKeepsItsSymbols() throws Exception {
        jlink(WORKS);

        assertThat(runtime().forNode(nodeLikeThis()).suffix()).isEqualTo(".tar.gz");

        assertThat(calls()).singleElement().asString().contains("--strip-java-debug-attributes");
        assertThat(inCache()).singleElement().asString().startsWith("runtime-").endsWith(".tar.gz");
    }

    @Test
    void withBinutilsNativeCodeIsStripped() throws Exception {
        jlink(WORKS);
        program(tools.resolve("objcopy"), "");

        runtime().forNode(nodeLikeThis());

        assertThat(calls()).singleElement().asString().contains("--strip-debug");
    }

    @Test
    void ifStrippingFailsNativeCodeKeepsItsSymbols() throws Exception {
        jlink("case $* in *--strip-debug*) echo objcopy broke; exit 1;; esac\n" + WORKS);
        program(tools.resolve("objcopy"), "");

        runtime().forNode(nodeLikeThis());

        assertThat(calls()).hasSize(2);
    }

    @Test
    void aFailureIsToldInItsOwnWordsAndNotRepeatedUntilSomethingChanges() throws Exception {
        jlink("echo 'Error: the modules are broken' >&2; exit 1");
        JavaRuntime runtime = runtime();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> runtime.forNode(nodeLikeThis()))
                    .isInstanceOf(NodeFault.class)
                    .hasMessageContaining("exit code 1")
                    .hasMessageContaining("Error: the modules are broken");
        }
        assertThat(calls()).hasSize(1);

        jlink(WORKS);
        program(tools.resolve("objcopy"), "");
        runtime.forNode(nodeLikeThis());
        assertThat(calls()).hasSize(2);
    }

    @Test
    void anInterruptEndsTheProgramAndTheWaitOfOtherNodes() throws Exception {
        jlink("echo $$ >" + directory + "/pid; exec sleep 1000");
        JavaRuntime runtime = runtime();
        Queue<Exception> thrown = new ConcurrentLinkedQueue<>();
        List<Thread> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread node = new Thread(() -> {
                try {
                    runtime.forNode(nodeLikeThis());
                } catch (NodeFault | InterruptedException e) {
                    thrown.add(e);
                }
            });
            node.start();
            nodes.add(node);
        }
        ProcessHandle program = awaitProgram();

        nodes.forEach(Thread::interrupt);

        for (Thread node : nodes) {
            node.join(LIMIT.toMillis());
            assertThat(node.isAlive()).isFalse();
        }
        assertThat(thrown).hasSize(3).allSatisfy(e -> assertThat(e).isInstanceOf(InterruptedException.class));
        assertThat(program.isAlive()).isFalse();
        assertThat(calls()).hasSize(1);
        assertThat(inCache()).isEmpty();
    }

    private ProcessHandle awaitProgram() {
        Path pid = directory.resolve("pid");
        return await().atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () -> ProcessHandle.of(
                                Long.parseLong(Files.readString(pid).strip())),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void theProgramEndsWithAKilledHead() throws Exception {
        jlink("echo $$ >" + directory + "/pid; exec sleep 1000");
        Process head = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Head.class.getName(),
                        home.toString(),
                        cache.toString())
                .inheritIO()
                .start();
        ProcessHandle program = awaitProgram();

        head.destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> !program.isAlive());
    }

    /** Makes a runtime until it is killed. */
    static final class Head {
        private Head() {}

        public static void main(String[] arguments) throws NodeFault, InterruptedException {
            new JavaRuntime(17, "", Path.of(arguments[0]), "", Path.of(arguments[1])).forNode(nodeLikeThis());
        }
    }

    @Test
    void whatAKilledHeadHasLeftIsDeletedAfterAnHour() throws Exception {
        jlink(WORKS);
        Path old = Files.createDirectories(cache.resolve("runtime-work123"));
        Files.createDirectories(cache.resolve("runtime-work456"));
        Files.setLastModifiedTime(old, FileTime.fromMillis(System.currentTimeMillis() - 7_200_000));

        runtime().forNode(nodeLikeThis());

        assertThat(inCache()).hasSize(2).contains("runtime-work456");
    }
}
