package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.nodes.ConsumerLife.Rules;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.world.World;

class ConsumerSupervisorTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final HeldRow ROW = new HeldRow(7, 1, 1, false);

    @TempDir
    private Path logs;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> crashes = new CopyOnWriteArrayList<>();
    private final RecordingNode node = new RecordingNode();
    private @Nullable ConsumerSupervisor supervisor;

    private ConsumerSupervisor supervisor(Rules rules) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream, 0, false, Map.of());
        RunLog log = new RunLog(logs.resolve("consumer.log"), console);
        RunContext context = new RunContext(
                new RunContext.Rows(
                        crash -> crashes.add(crash.node() + " " + crash.inHand()),
                        (lost, reason) -> {},
                        new InFlightRows(1, 1, new RowTokens(new SecureRandom())),
                        () -> Duration.ofSeconds(3)),
                new ConsumerRegistry((from, why) -> {}),
                OptionalLong.empty(),
                World.of(Map.of(), List.of()),
                logs,
                new InternalErrors(),
                console);
        NodeEventQueue queue = new NodeEventQueue();
        NodeEventHandler handler = new NodeEventHandler(
                "n1",
                new ConsumerLife(rules),
                node,
                NodeReporter.ofNode("n1", context, log),
                context.rows(),
                queue,
                System::nanoTime);
        ConsumerSupervisor made = new ConsumerSupervisor(handler, queue, "test-supervisor", LIMIT);
        supervisor = made;
        return made;
    }

    @AfterEach
    void close() {
        ConsumerSupervisor started = supervisor;
        if (started != null) {
            started.close();
        }
    }

    private static NodeEvent end(int exitCode, HeldRow... inHand) {
        return new NodeEvent.ConsumerEnded(1, exitCode, List.of(inHand));
    }

    private String messages() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theHeadsConsumerHasStartedWhenStartReturns() throws IOException {
        supervisor(Rules.HEAD).start();

        assertThat(node.calls()).containsExactly("start", "limit PT3S");
    }

    @Test
    void aConsumerThatCannotStartOnTheHeadIsAnErrorOfTheCaller() {
        node.breaks(new IOException("no java"));

        assertThatThrownBy(supervisor(Rules.HEAD)::start).hasMessage("no java");
    }

    @Test
    void aReplacementThatCannotStartOnTheHeadIsReported() throws IOException {
        supervisor(Rules.HEAD).start();
        node.breaks(new IOException("no java"));

        node.happens(end(9));

        node.awaitCalls("start", "limit PT3S", "report: java.io.IOException: no java", "close");
    }

    @Test
    void anExcludedConsumerMayEndWithoutItsRows() throws IOException {
        ConsumerSupervisor excluded = supervisor(Rules.HEAD);
        excluded.start();

        excluded.exclude(Duration.ofMinutes(1));
        node.awaitCalls("start", "limit PT3S", "abort");
        node.happens(new NodeEvent.HeldRowsUnreadable(new IOException("gone")));
        node.happens(end(137, ROW));
        excluded.close();

        assertThat(node.calls()).containsExactly("start", "limit PT3S", "abort", "close");
        assertThat(crashes).isEmpty();
    }

    @Test
    void theTimeLimitOfRowsReachesTheConsumerThatRuns() throws IOException {
        ConsumerSupervisor running = supervisor(Rules.HEAD);
        running.start();

        running.limitRows(Duration.ofSeconds(9));

        node.awaitCalls("start", "limit PT3S", "limit PT9S");
    }

    @Test
    void aLostNodeIsReportedAndConnectedAgain() {
        supervisor(Rules.NODE).startInBackground();
        node.awaitCalls("connect 1", "start", "limit PT3S");

        node.happens(new NodeEvent.Lost());

        node.awaitCalls("connect 1", "start", "limit PT3S", "close", "connect 2", "start", "limit PT3S");
        assertThat(messages()).contains("n1: lost; other nodes compute its rows");
    }

    @Test
    void aCrashIsReportedWithItsRowsAndTheConsumerReplaced() {
        supervisor(Rules.NODE).startInBackground();
        node.awaitCalls("connect 1", "start", "limit PT3S");

        node.happens(end(9, ROW));

        node.awaitCalls("connect 1", "start", "limit PT3S", "start", "limit PT3S");
        assertThat(crashes).containsExactly("n1 " + List.of(ROW));
    }

    @Test
    void aFaultIsReportedOnceAndTheNodeConnectedAgain() {
        node.fails(new NodeFault(ConnectionStep.MOUNT, "no sshfs", "Install sshfs."));
        supervisor(Rules.NODE).startInBackground();

        node.awaitCalls("connect 1", "close", "connect 2", "close");
        assertThat(messages()).containsOnlyOnce("n1: mount: no sshfs. Install sshfs.");
    }

    @Test
    void whatTheRunWantsWhileTheNodeConnectsComesBeforeTheConsumer() {
        node.connectsSlowly();
        ConsumerSupervisor connecting = supervisor(Rules.NODE);
        connecting.startInBackground();
        node.awaitCalls("connect 1");

        connecting.exclude(Duration.ofMinutes(1));
        node.isConnected();

        node.awaitCalls("connect 1", "abort");
    }

    @Test
    void aNodeThatLeavesDrainsAndCloses() {
        ConsumerSupervisor leaving = supervisor(Rules.NODE);
        leaving.startInBackground();
        node.awaitCalls("connect 1", "start", "limit PT3S");

        leaving.leave();
        node.awaitCalls("connect 1", "start", "limit PT3S", "drain");
        node.happens(end(0));

        node.awaitCalls("connect 1", "start", "limit PT3S", "drain", "close");
        assertThat(crashes).isEmpty();
    }

    @Test
    void aConsumerThatEndsWithTheRunIsNoCrash() {
        ConsumerSupervisor stopping = supervisor(Rules.NODE);
        stopping.startInBackground();
        node.awaitCalls("connect 1", "start", "limit PT3S");

        stopping.announceStop();
        node.happens(end(0));
        stopping.close();

        assertThat(node.calls()).containsExactly("connect 1", "start", "limit PT3S", "close");
        assertThat(crashes).isEmpty();
        assertThat(messages()).isEmpty();
    }

    @Test
    void theEndOfTheRunEndsAWait() {
        ConsumerSupervisor excluded = supervisor(Rules.NODE);
        excluded.startInBackground();
        node.awaitCalls("connect 1", "start", "limit PT3S");
        excluded.exclude(Duration.ofHours(1));
        node.awaitCalls("connect 1", "start", "limit PT3S", "abort");

        excluded.announceStop();

        await().atMost(LIMIT).until(excluded::hasEnded);
    }

    @Test
    void theEndOfTheRunDoesNotWaitForANodeThatIsBeingPrepared() {
        node.connectsSlowly();
        ConsumerSupervisor connecting = supervisor(Rules.NODE);
        connecting.startInBackground();
        node.awaitCalls("connect 1");

        connecting.announceStop();

        await().atMost(LIMIT).until(connecting::hasEnded);
        assertThat(node.calls()).startsWith("connect 1", "close").doesNotContain("start");
        assertThat(messages()).isEmpty();
    }

    @Test
    void aNodeThatLeavesWhileItIsBeingPreparedIsClosedAtOnce() {
        node.connectsSlowly();
        ConsumerSupervisor connecting = supervisor(Rules.NODE);
        connecting.startInBackground();
        node.awaitCalls("connect 1");

        connecting.leave();

        await().atMost(LIMIT).until(connecting::hasEnded);
        assertThat(node.calls()).startsWith("connect 1", "close").doesNotContain("start");
        assertThat(messages()).isEmpty();
    }

    @Test
    void killedConsumersAreNotReplaced() throws IOException {
        ConsumerSupervisor killed = supervisor(Rules.HEAD);
        killed.start();

        killed.kill();
        node.happens(end(137, ROW));
        killed.close();

        assertThat(node.calls()).contains("kill", "close").containsOnlyOnce("start");
        assertThat(crashes).isEmpty();
    }

    @Test
    void aNodeWhereConsumersOnlyCrashIsGivenUp() {
        supervisor(Rules.NODE).startInBackground();
        for (int crash = 1; crash <= ConsumerLife.FRUITLESS_STARTS; crash++) {
            int starts = crash;
            await().atMost(LIMIT)
                    .until(() -> node.calls().stream().filter("start"::equals).count() == starts);
            node.happens(end(9));
        }

        await().atMost(LIMIT).until(() -> node.calls().contains("close"));
        assertThat(node.calls())
                .contains("give up: ended with exit code 9 (System.exit, or a crash) 5")
                .endsWith("close");
    }
}
