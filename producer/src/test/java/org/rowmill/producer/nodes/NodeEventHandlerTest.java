package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.ConsumerEnd.Cause;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.nodes.ConsumerLife.Rules;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.world.World;

/** A node whose consumer runs, with a clock that the test moves. */
class NodeEventHandlerTest {

    private static final int KILLED = 128 + 9;
    private static final HeldRow ROW = new HeldRow(7, 1, 1, false);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<ConsumerCrash> crashes = new ArrayList<>();
    private final List<String> losses = new ArrayList<>();
    private final RecordingNode node = new RecordingNode();
    private final NodeEventQueue queue = new NodeEventQueue();
    private RunLog log;
    private NodeEventHandler handler;
    private long now;

    NodeEventHandlerTest(@TempDir Path logs) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream, 0, false, Map.of());
        log = new RunLog(logs.resolve("consumer-n1.log"), console);
        RunContext context = new RunContext(
                new RunContext.Rows(
                        crashes::add,
                        (lost, reason) -> losses.add(lost + ": " + reason),
                        new InFlightRows(1, 1, new RowTokens(new SecureRandom())),
                        () -> Duration.ZERO),
                new ConsumerRegistry((from, why) -> {}),
                OptionalLong.empty(),
                World.of(Map.of(), List.of()),
                logs,
                new InternalErrors(),
                console);
        handler = new NodeEventHandler(
                "n1",
                new ConsumerLife(Rules.NODE),
                node,
                NodeReporter.ofNode("n1", context, log),
                context.rows(),
                queue,
                () -> now);
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        handler.begin();
        handleAll();
        assertThat(node.calls()).containsExactly("connect 1", "start");
    }

    private void handleAll() throws IOException, InterruptedException {
        for (Optional<NodeEvent> event = queue.poll(Duration.ZERO);
                event.isPresent();
                event = queue.poll(Duration.ZERO)) {
            handler.handle(event);
        }
    }

    private void ends(int exitCode, HeldRow... inHand) throws IOException, InterruptedException {
        node.happens(new NodeEvent.ConsumerEnded(1, exitCode, List.of(inHand)));
        handleAll();
    }

    private void secondsWithoutHeartbeat(int seconds) throws IOException, InterruptedException {
        node.sends(1);
        for (int second = 0; second <= seconds; second++) {
            now += 1_000_000_000L;
            handler.handle(Optional.empty());
        }
    }

    @Test
    void theRowsOfANodeThatIsLostOrExcludedAreReported() throws IOException, InterruptedException {
        node.happens(new NodeEvent.Lost());
        handleAll();
        assertThat(losses).containsExactly("n1: the connection to n1 was lost");

        node.happens(new NodeEvent.Exclude(Duration.ofMinutes(1))); // without a consumer
        handleAll();
        assertThat(losses).hasSize(1);
    }

    private List<Cause> causes() {
        return crashes.stream().map(ConsumerCrash::cause).toList();
    }

    private String messages() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aConsumerThatRowmillKillsWasHanging() throws IOException, InterruptedException {
        secondsWithoutHeartbeat(15);
        assertThat(node.calls()).endsWith("start", "kill");
        ends(KILLED, ROW);

        assertThat(messages())
                .contains("n1: the consumer (pid 1) hangs: no heartbeat for 15 s; Rowmill kills and replaces it");
        assertThat(crashes).singleElement().satisfies(crash -> {
            assertThat(crash.cause()).isEqualTo(Cause.HANGING);
            assertThat(crash.how()).isEqualTo("was killed by Rowmill after 15 s without a heartbeat");
            assertThat(crash.inHand()).containsExactly(ROW);
        });
        assertThat(node.calls()).endsWith("start", "kill", "start");
    }

    @Test
    void itsReplacementIsNotHangingIfSomebodyElseKillsIt() throws IOException, InterruptedException {
        secondsWithoutHeartbeat(15);
        ends(KILLED, ROW);
        ends(KILLED, ROW);

        assertThat(causes()).containsExactly(Cause.HANGING, Cause.KILLED_BY_SIGNAL);
    }

    @Test
    void theLastLinesOfAConsumerDoNotExplainTheEndOfTheNext() throws IOException, InterruptedException {
        log.add("Terminating due to java.lang.OutOfMemoryError: Java heap space");
        ends(3, ROW);
        ends(3, ROW);

        assertThat(causes()).containsExactly(Cause.OUT_OF_MEMORY, Cause.CRASHED);
    }

    @Test
    void anInternalErrorIsAWarningOnceForEachReason() throws IOException, InterruptedException {
        for (String error : List.of("NullPointerException", "NullPointerException", "EOFException")) {
            log.add("consumer ends: this is a bug in Rowmill: java.lang." + error);
            ends(70, ROW);
        }

        assertThat(messages().lines())
                .containsExactly(
                        "warning: n1: the consumer stopped with an internal error (this is a bug in Rowmill:"
                                + " java.lang.NullPointerException). Log: " + log.file(),
                        "warning: n1: the consumer stopped with an internal error (this is a bug in Rowmill:"
                                + " java.lang.EOFException). Log: " + log.file());
        assertThat(causes()).containsExactly(Cause.INTERNAL, Cause.INTERNAL, Cause.INTERNAL);
    }

    @Test
    void theReasonIsKnownEvenIfManyLinesFollow() throws IOException, InterruptedException {
        log.add("consumer ends: this is a bug in Rowmill: java.lang.NullPointerException");
        for (int line = 0; line < 100; line++) {
            log.add("[Squares 8] \tat java.base/java.lang.Thread.run");
        }
        ends(70, ROW);

        assertThat(causes()).containsExactly(Cause.INTERNAL);
        assertThat(crashes.get(0).lastLines()).hasSize(20);
    }

    @Test
    void otherCrashesAreNoWarning() throws IOException, InterruptedException {
        ends(KILLED, ROW);
        ends(1, ROW);

        assertThat(messages()).isEmpty();
    }

    @Test
    void aConsumerThatRowmillEndsHasNotCrashed() throws IOException, InterruptedException {
        queue.add(new NodeEvent.Exclude(Duration.ofMinutes(1)));
        node.happens(new NodeEvent.ConsumerEnded(1, KILLED, List.of(ROW)));
        handleAll();

        handler.handle(Optional.of(new NodeEvent.ConsumerEnded(1, KILLED, List.of(ROW)))); // even later

        assertThat(node.calls()).endsWith("abort");
        assertThat(crashes).isEmpty();
    }

    @Test
    void aConsumerThatEndsAfterItsLastRowOfANodeThatLeavesHasNotCrashed() throws IOException, InterruptedException {
        handler.announceLeave();
        handleAll();
        ends(0);

        assertThat(node.calls()).endsWith("drain", "close");
        assertThat(crashes).isEmpty();
    }

    @Test
    void aRowThatCrashesTheConsumerOfANodeThatLeavesIsReported() throws IOException, InterruptedException {
        handler.announceLeave();
        handleAll();
        ends(1, ROW);

        assertThat(node.calls()).endsWith("drain", "close");
        assertThat(causes()).containsExactly(Cause.CRASHED);
    }

    @Test
    void noMessageSaysThatRowmillUsesANodeAgainThatLeaves() throws IOException, InterruptedException {
        handler.announceLeave();
        handleAll();
        secondsWithoutHeartbeat(15);
        node.happens(new NodeEvent.Lost());
        handleAll();

        assertThat(messages().lines())
                .containsExactly(
                        "warning: n1: the consumer (pid 1) hangs: no heartbeat for 15 s; Rowmill kills it",
                        "warning: n1: lost; other nodes compute its rows");
    }

    @Test
    void aNodeThatCanNeverBeUsedIsNotTriedAgain() throws IOException, InterruptedException {
        node.happens(new NodeEvent.Lost());
        handleAll();
        node.fails(NodeFault.lasting(ConnectionStep.PROBE, "line 2 is this computer", "Remove the line."));

        now += Duration.ofSeconds(3).toNanos();
        handler.handle(Optional.empty()); // the back-off has ended

        assertThat(node.calls()).endsWith("connect 2", "close");
        assertThat(handler.hasEnded()).isTrue();
        assertThat(messages().lines())
                .last()
                .isEqualTo("warning: n1: probe: line 2 is this computer. Remove the line."
                        + " The run continues without the node.");
    }

    @Test
    void aNodeThatLeavesMayBeUnusable() throws IOException, InterruptedException {
        node.happens(new NodeEvent.Lost());
        handleAll();
        node.connectsSlowlyAndIgnoresTheEnd();
        node.isConnected();
        node.fails(new NodeFault(ConnectionStep.MOUNT, "no sshfs", "Install sshfs."));

        handler.announceLeave();
        now += Duration.ofSeconds(3).toNanos();
        handler.handle(Optional.empty()); // the back-off has ended before the announcement

        assertThat(node.calls()).endsWith("connect 2", "close");
        assertThat(messages()).doesNotContain("no sshfs");
    }

    @Test
    void afterTheEndOfTheRunNothingIsJudgedEvenIfItHappenedBefore() throws IOException, InterruptedException {
        secondsWithoutHeartbeat(14);
        node.happens(new NodeEvent.ConsumerEnded(1, KILLED, List.of(ROW)));
        node.happens(new NodeEvent.Lost());
        Optional<NodeEvent> end = queue.poll(Duration.ZERO); // polled before the announcement, handled after it

        handler.announceStop();
        handler.handle(end);

        assertThat(node.calls()).containsExactly("connect 1", "start", "close");
        assertThat(handler.hasEnded()).isTrue();
        assertThat(crashes).isEmpty();
        assertThat(messages()).isEmpty();
    }
}
