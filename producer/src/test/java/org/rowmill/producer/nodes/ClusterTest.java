package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.nodes.ConsumerLife.Rules;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.world.World;

class ClusterTest {

    private final Path csv;
    private final Path logs;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    private final Console console = new Console(stream, stream, 0, false, Map.of());
    private final Map<String, RecordingNode> nodes = new ConcurrentHashMap<>();
    private final Cluster cluster;
    private Duration closeLimit = Duration.ofSeconds(20);

    ClusterTest(@TempDir Path directory) {
        csv = directory.resolve("cluster.csv");
        logs = directory;
        cluster = new Cluster(csv, console, this::supervisor);
    }

    private ConsumerSupervisor supervisor(ClusterNode node) {
        RunLog log = new RunLog(logs.resolve(node.address() + ".log"), console);
        RunContext context = new RunContext(
                new RunContext.Rows(
                        crash -> {},
                        (lost, reason) -> {},
                        new InFlightRows(1, 1, new RowTokens(new SecureRandom())),
                        () -> Duration.ZERO),
                new ConsumerRegistry((from, why) -> {}),
                OptionalLong.empty(),
                World.of(Map.of(), List.of()),
                logs,
                new InternalErrors(),
                console);
        NodeEventQueue queue = new NodeEventQueue();
        NodeEventHandler handler = new NodeEventHandler(
                node.address(),
                new ConsumerLife(Rules.NODE),
                node(node.address()),
                NodeReporter.ofNode(node.address(), context, log),
                context.rows(),
                queue,
                System::nanoTime);
        return new ConsumerSupervisor(handler, queue, "test-" + node.address(), closeLimit);
    }

    private List<ClusterNode> write(String... addresses) throws IOException {
        Files.writeString(csv, "address\n" + String.join("\n", addresses) + "\n");
        return ClusterCsv.read(csv);
    }

    private RecordingNode node(String address) {
        return nodes.computeIfAbsent(address, name -> new RecordingNode());
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aNodeThatStillLeavesIsClosedAtTheEndOfTheRun() throws IOException {
        cluster.start(write("n1", "n2"));
        node("n1").awaitCalls("connect 1", "start");
        write("n2");
        node("n1").awaitCalls("connect 1", "start", "drain");

        cluster.close();

        assertThat(node("n1").calls()).containsExactly("connect 1", "start", "drain", "close");
        assertThat(node("n2").calls()).containsExactly("connect 1", "start", "close");
    }

    @Test
    void aNodeThatStillLeavesCanBeExcluded() throws IOException {
        cluster.start(write("n1"));
        node("n1").awaitCalls("connect 1", "start");
        write();
        node("n1").awaitCalls("connect 1", "start", "drain");

        cluster.exclude("n1", Duration.ofMinutes(1));

        node("n1").awaitCalls("connect 1", "start", "drain", "abort");
    }

    @Test
    void afterTheAnnouncementNoNodeJoins() throws IOException {
        cluster.announceStop();

        cluster.start(write("n1"));

        assertThat(nodes).isEmpty();
    }

    @Test
    void theEndOfTheRunWaitsForNoNodeThatIsBeingPrepared() throws IOException {
        List.of("n1", "n2", "n3").forEach(address -> node(address).connectsSlowly());
        cluster.start(write("n1", "n2", "n3"));
        nodes.values().forEach(node -> node.awaitCalls("connect 1"));

        Duration time = timeToClose();

        assertThat(time).isLessThan(closeLimit);
        assertThat(nodes.values()).allSatisfy(node -> assertThat(node.calls()).startsWith("connect 1", "close"));
    }

    @Test
    void nodesThatDoNotEndAreWaitedForSideBySide() throws IOException {
        closeLimit = Duration.ofSeconds(1);
        List<String> addresses = List.of("n1", "n2", "n3", "n4", "n5", "n6");
        addresses.forEach(address -> node(address).connectsSlowlyAndIgnoresTheEnd());
        cluster.start(write(addresses.toArray(String[]::new)));
        nodes.values().forEach(node -> node.awaitCalls("connect 1"));

        Duration time = timeToClose();

        assertThat(time).isBetween(closeLimit, closeLimit.multipliedBy(4));
        assertThat(nodes.values()).allSatisfy(node -> assertThat(node.calls()).containsExactly("connect 1", "close"));
    }

    @Test
    void aNodeThatNeverEndsDelaysTheEndOfNoOther() throws IOException {
        closeLimit = Duration.ofSeconds(1);
        node("n1").connectsSlowlyAndIgnoresInterrupts();
        node("n2").connectsSlowlyAndIgnoresTheEnd();
        cluster.start(write("n1", "n2"));
        nodes.values().forEach(node -> node.awaitCalls("connect 1"));

        Duration time = timeToClose();

        assertThat(time).isBetween(closeLimit.multipliedBy(2), closeLimit.multipliedBy(5));
        assertThat(node("n2").calls()).containsExactly("connect 1", "close");
        node("n1").isConnected();
        node("n1").awaitCalls("connect 1", "close");
    }

    private Duration timeToClose() {
        long start = System.nanoTime();
        cluster.close();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
