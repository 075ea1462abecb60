package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of SSH nodes, 1 to n, in namespaces of this computer. {@code ops/testbed} makes it and takes it down. There
 * can be several testbeds at once; one thread at a time uses each.
 */
final class Testbed implements AutoCloseable {

    private static final Path SCRIPT = Path.of("..", "ops", "testbed");
    private static final int SECOND_ADDRESSES = 100;
    private static final Path NETWORKS = Path.of("/run/netns");
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final AtomicInteger MADE = new AtomicInteger();

    /** Holds the state and the files that these methods write; {@link #close} removes it. */
    private final Path directory;

    private final Path state;
    private final String prefix;
    private final String net;
    private final int nodes;

    private Testbed(int nodes) throws IOException {
        this.nodes = nodes;
        int number = MADE.getAndIncrement();
        directory = Files.createTempDirectory("rowmill-testbed").toRealPath();
        state = directory.resolve("state");
        prefix = "t" + Long.toString(ProcessHandle.current().pid(), 36) + Integer.toString(number % 36, 36) + "-";
        net = "10." + (100 + ProcessHandle.current().pid() % 25 * 4 + ProducerCommand.FORK % 4) + "." + number % 256;
    }

    /** Makes nodes and waits until each answers. A spec is {@code I:WORD,WORD}, see {@code ops/testbed --help}. */
    static Testbed up(int nodes, String... specs) {
        try {
            Testbed testbed = new Testbed(nodes);
            try {
                testbed.run("up", concat(List.of(Integer.toString(nodes)), specs));
            } catch (Throwable e) {
                testbed.close();
                throw e;
            }
            return testbed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a cluster file with the chosen nodes; without arguments, with all. */
    Path clusterCsv(int... chosen) {
        IntStream named = chosen.length == 0 ? IntStream.rangeClosed(1, nodes) : IntStream.of(chosen);
        try {
            Path file = Files.createTempFile(directory, "cluster", ".csv");
            return Files.writeString(
                    file, run("csv", named.mapToObj(Integer::toString).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address(int node) {
        return net + "." + node;
    }

    /** Returns the home of the head's user, which contains {@link #sshDirectory()}. */
    Path home() {
        return state.resolve("home");
    }

    /** Returns {@code ~/.ssh} of the head's user: {@code known_hosts}, {@code id_ed25519}, {@code id_ed25519.pub}. */
    Path sshDirectory() {
        return home().resolve(".ssh");
    }

    /** Returns a command prefix that runs a command in the head's network, see {@link ProducerCommand#behind}. */
    List<String> headPrefix() {
        if (System.getProperty("user.name").equals("root")) {
            return List.of("nsenter", "--net=" + NETWORKS.resolve(prefix + "head"), "--");
        }
        List<String> command = new ArrayList<>(List.of("env"));
        environment().forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of(script(), "head"));
        return List.copyOf(command);
    }

    /** Runs a command on the head, which must succeed, and returns its output. */
    String head(String... command) {
        return run("head", List.of(command));
    }

    /** Runs a command on a node by ssh from the head, which must succeed, and returns its output. */
    String ssh(int node, String... command) {
        return run("ssh", concat(node, command));
    }

    /** Runs a command as the node's user without ssh, and returns its output. A single word is a line for bash. */
    String exec(int node, String... command) {
        return run("exec", concat(node, command));
    }

    /** Runs a command as root of the node, and returns its output. A single word is a line for bash. */
    String rexec(int node, String... command) {
        return run("rexec", concat(node, command));
    }

    /** Like {@link #ssh}, but the command may fail. */
    Ended trySsh(int node, String... command) {
        return ended("ssh", concat(node, command));
    }

    /** Like {@link #exec}, but the command may fail. */
    Ended tryExec(int node, String... command) {
        return ended("exec", concat(node, command));
    }

    /** Gives a node the home of root of another node, as on a file server. */
    void shareRootHome(int node, int with) throws IOException {
        kill(node);
        Path home = state.resolve("n" + node + "/fs/root");
        delete(home);
        Files.createSymbolicLink(home, state.resolve("n" + with + "/fs/root"));
        start(node);
    }

    /** Gives a node a second address, and returns it. */
    String addAddress(int node) {
        String second = net + "." + (SECOND_ADDRESSES + node);
        rexec(node, "ip addr add " + second + "/24 dev eth0");
        return second;
    }

    /** Sets variables of SSH sessions on a node and makes sshd read its configuration again. */
    void setEnvironment(int node, String... variables) {
        rexec(
                node,
                "echo 'SetEnv " + String.join(" ", variables) + "' >>/etc/ssh/sshd_config; pkill -HUP -o -x sshd;"
                        + " until ssh-keyscan -p 22 127.0.0.1 2>/dev/null | grep -q ed25519; do sleep 0.05; done");
    }

    /** Kills the processes of the node; its kernel closes their connections. */
    void kill(int node) {
        run("kill", concat(node));
    }

    /** Simulates a power loss: peers get no further packet. */
    void crash(int node) {
        run("crash", concat(node));
    }

    /** Boots a node that was killed or crashed. */
    void start(int node) {
        run("start", concat(node));
    }

    void cut(int node) {
        run("cut", concat(node));
    }

    void heal(int node) {
        run("heal", concat(node));
    }

    /** Sends SIGSTOP to the processes of the node; its kernel still answers. */
    void freeze(int node) {
        run("freeze", concat(node));
    }

    void thaw(int node) {
        run("thaw", concat(node));
    }

    /** Adds to the round-trip time of this node. */
    void slow(int node, Duration more) {
        run("slow", concat(node, Long.toString(more.toMillis())));
    }

    /** Adds to the round-trip time and limits the rate in both directions. */
    void slow(int node, Duration more, int mbit) {
        run("slow", concat(node, Long.toString(more.toMillis()), Integer.toString(mbit)));
    }

    /** Drops all packets except those of the SSH ports of nodes. */
    void onlySsh() {
        run("only-ssh", List.of("all"));
    }

    void allPorts() {
        run("all-ports", List.of("all"));
    }

    /** Lists the processes of a node, without those that always run: {@code PID PPID USER STAT COMMAND} each. */
    List<String> ps(int node) {
        return run("ps", concat(node))
                .lines()
                .skip(1)
                .map(String::strip)
                .filter(line -> !line.startsWith("1 ") && !line.contains("[listener]") && !line.contains(" ps axww "))
                .toList();
    }

    /** Waits until a node has no such processes. Polls seldom, because each poll starts a script. */
    void awaitNoProcesses(int node, Duration limit) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .atMost(limit)
                .untilAsserted(() ->
                        assertThat(ps(node)).as("processes on node %d", node).isEmpty());
    }

    /** Takes the testbed down. Fails if a command still runs on the head, or anything is left. */
    @Override
    public void close() {
        Set<String> namespaces = namespaces();
        List<String> running = awaitNone(() -> processesIn(networkOf("head")));
        run("down", List.of());
        List<String> left = awaitNone(() -> left(namespaces));
        delete(directory);
        assertThat(left).as("left by the testbed").isEmpty();
        assertThat(running).as("still ran on the head of the testbed").isEmpty();
    }

    /** Lists what exists of this testbed outside its directory. */
    List<String> left() {
        return left(namespaces());
    }

    private List<String> left(Set<String> namespaces) {
        Stream<String> mounts = read(Path.of("/proc/self/mounts"))
                .lines()
                .filter(mount -> mount.contains("/" + prefix) || mount.contains(directory.toString()));
        Stream<String> groups = Stream.of("", "cpu", "memory")
                .map(Path.of("/sys/fs/cgroup")::resolve)
                .flatMap(this::ours);
        Stream<String> states = Stream.of(state, directory.resolve("state.lock"))
                .filter(Files::exists)
                .map(Path::toString);
        Stream<String> processes = namespaces.stream().flatMap(namespace -> processesIn(namespace).stream());
        return Stream.of(ours(NETWORKS), mounts, groups, states, processes, processesNaming(state))
                .flatMap(one -> one)
                .toList();
    }

    /** Returns the network and PID namespaces of the head and the nodes, as {@code /proc/PID/ns} shows them. */
    private Set<String> namespaces() {
        Set<String> all = new LinkedHashSet<>();
        all.add(networkOf("head"));
        for (int node = 1; node <= nodes; node++) {
            all.add(networkOf(Integer.toString(node)));
            Path pids = state.resolve("n" + node).resolve("init.ns");
            all.add(Files.exists(pids) ? read(pids).strip() : "");
        }
        all.remove("");
        return all;
    }

    private String networkOf(String name) {
        Path file = NETWORKS.resolve(prefix + name);
        try {
            return Files.exists(file) ? "net:[" + Files.getAttribute(file, "unix:ino") + "]" : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> processesIn(String namespace) {
        String kind = namespace.replaceAll(":.*", "");
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        Path link = Path.of("/proc", Long.toString(process.pid()), "ns", kind);
                        return Files.readSymbolicLink(link).toString().equals(namespace);
                    } catch (IOException e) {
                        return false; // It ended, or belongs to another user.
                    }
                })
                .map(Testbed::described)
                .toList();
    }

    private static Stream<String> processesNaming(Path file) {
        return ProcessHandle.allProcesses()
                .map(Testbed::described)
                .filter(process -> process.contains(file.toString()));
    }

    private static String described(ProcessHandle process) {
        return process.pid() + " " + process.info().commandLine().orElse("");
    }

    private Stream<String> ours(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .filter(file -> file.getFileName().toString().startsWith(prefix))
                    .map(Path::toString)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the list is empty; returns what is still in it after the limit. */
    private static List<String> awaitNone(java.util.function.Supplier<List<String>> there) {
        try {
            await().atMost(END_LIMIT).until(() -> there.get().isEmpty());
            return List.of();
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return there.get();
        }
    }

    private String run(String command, List<String> arguments) {
        Ended ended = ended(command, arguments);
        assertThat(ended.exitCode())
                .as("testbed %s %s: %s", command, String.join(" ", arguments), ended.err())
                .isZero();
        return ended.out();
    }

    private Ended ended(String command, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(script(), command));
        words.addAll(arguments);
        Path out = null;
        Path err = null;
        Process process = null;
        try {
            // Files instead of pipes: a process that a command leaves could keep a pipe open.
            out = Files.createTempFile(directory, "command", ".out");
            err = Files.createTempFile(directory, "command", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment());
            process = builder.start();
            process.getOutputStream().close();
            assertThat(process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends within %s; stderr: %s", words, COMMAND_LIMIT, read(err))
                    .isTrue();
            return new Ended(process.exitValue(), read(out), read(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + words, e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            delete(out);
            delete(err);
        }
    }

    record Ended(int exitCode, String out, String err) {}

    private static String script() {
        return SCRIPT.toAbsolutePath().normalize().toString();
    }

    private Map<String, String> environment() {
        return Map.of("TESTBED_STATE", state.toString(), "TESTBED_PREFIX", prefix, "TESTBED_NET", net);
    }

    private static List<String> concat(int node, String... words) {
        return concat(List.of(Integer.toString(node)), words);
    }

    private static List<String> concat(List<String> first, String... words) {
        return Stream.concat(first.stream(), Stream.of(words)).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path top) {
        if (top == null || !Files.exists(top)) {
            return;
        }
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
