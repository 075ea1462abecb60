package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.rowmill.producer.launch.SignalForwarding;

/** Runs the real producer.jar like a user, in its own process. */
final class ProducerCommand {

    static final Path JAR = Path.of("target", "producer.jar").toAbsolutePath();

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Number of this JVM among those that run tests at the same time. */
    static final int FORK =
            Integer.parseInt(System.getProperty("rowmill.test.fork", "fork 1").replaceFirst("^fork ", ""));

    /** Not the user's cache. Its path in a command line identifies the consumers of this JVM's tests. */
    static final Path CACHE = Path.of("target", "it-cache-" + FORK).toAbsolutePath();

    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new java.util.HashMap<>();
    private Path java = Path.of(System.getProperty("java.home"));
    private final List<String> prefix = new ArrayList<>();
    private final List<String> jvmOptions = new ArrayList<>();

    private ProducerCommand(List<String> arguments) {
        this.arguments.addAll(arguments);
    }

    static ProducerCommand of(Object... arguments) {
        return new ProducerCommand(Stream.of(arguments).map(String::valueOf).toList());
    }

    ProducerCommand on(Path jdk) {
        java = jdk;
        return this;
    }

    /** Adds options of {@code java}. */
    ProducerCommand onJvmWith(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    ProducerCommand with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    ProducerCommand behind(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** Returns the homes of the JDKs to test with: that of this JVM, and others that the build found. */
    static Stream<Path> jdks() {
        Path own = Path.of(System.getProperty("java.home"));
        Stream<Path> others = Stream.of(
                        System.getProperty("rowmill.test.jdks", "").split("[,:]"))
                .filter(home -> !home.isBlank())
                .map(Path::of);
        return Stream.concat(Stream.of(own), others).map(ProducerCommand::real).distinct();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Result(int exitCode, String out, String err) {
        Result succeeded() {
            assertThat(exitCode).as("exit code; stderr: %s", err).isZero();
            return this;
        }

        Result refused(String... messages) {
            assertThat(err).contains(messages);
            assertThat(exitCode).as("exit code; stderr: %s", err).isEqualTo(2);
            assertThat(err).as("a user's mistake shows no stack").doesNotContain("\tat ");
            return this;
        }
    }

    Result run() {
        try (Running running = start()) {
            return running.await();
        }
    }

    Running start() {
        try {
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target", "it-output")), "run");
            List<String> command = new ArrayList<>(prefix);
            command.add(java.resolve("bin/java").toString());
            command.addAll(jvmOptions);
            command.addAll(List.of("-jar", JAR.toString()));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(directory.resolve("out").toFile())
                    .redirectError(directory.resolve("err").toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("ROWMILL_"));
            builder.environment().put("XDG_CACHE_HOME", CACHE.toString());
            builder.environment().putAll(environment);
            return new Running(builder.start(), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A producer that was started. */
    record Running(Process process, Path directory) implements AutoCloseable {

        Result await() {
            try {
                assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as("the run ends within %s; stderr: %s", LIMIT, err())
                        .isTrue();
                return new Result(process.exitValue(), out(), err());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Waits until stderr contains all {@code texts}; fails at once if the run has ended without them. */
        void awaitErr(Duration limit, String... texts) {
            Awaitility.await()
                    .atMost(limit)
                    .failFast(() -> assertThat(
                                    process.isAlive() || Stream.of(texts).allMatch(err()::contains))
                            .as("the run ended without %s; stderr: %s", List.of(texts), err())
                            .isTrue())
                    .untilAsserted(() -> assertThat(err()).contains(texts));
        }

        String out() {
            return read("out");
        }

        String err() {
            return read("err");
        }

        private String read(String name) {
            try {
                return Files.readString(directory.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void signal(String name) {
            signal(name, process.toHandle());
        }

        /** Sends a signal to the JVM that does the work. */
        void signalHead(String name) {
            signal(name, head().orElseThrow());
        }

        static void signal(String name, ProcessHandle to) {
            try {
                new ProcessBuilder("kill", "-" + name, Long.toString(to.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Returns the consumers of this producer. */
        List<ProcessHandle> consumers() {
            return descendants("consumer-");
        }

        /** Returns the launcher if the producer runs behind another command. */
        ProcessHandle launcher() {
            return descendants(JAR.toString()).get(0);
        }

        /** Returns the JVM that the launcher started and that does the work; empty if there is none yet. */
        Optional<ProcessHandle> head() {
            return descendants("-D" + SignalForwarding.LAUNCHED).stream().findFirst();
        }

        private List<ProcessHandle> descendants(String sign) {
            return process.descendants()
                    .filter(one -> one.info().commandLine().orElse("").contains(sign))
                    .toList();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Returns the living consumers of all producers that tests of this JVM started. */
    static List<ProcessHandle> consumersAlive() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(CACHE.toString()))
                .filter(ProcessHandle::isAlive)
                .toList();
    }
}
