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
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ConsumerCrash;
import org.rowmill.producer.dispatch.ConsumerEnd;
import org.rowmill.producer.dispatch.ConsumerEnd.Cause;
import org.rowmill.producer.inflight.InFlightRows;
import org.rowmill.producer.inflight.RowTokens;
import org.rowmill.producer.monitor.ConsumerRegistry;
import org.rowmill.producer.nodes.ConsumerLife.Rules;
import org.rowmill.producer.rundir.RunLog;
import org.rowmill.schemas.protocol.HeldRow;
import org.rowmill.schemas.world.World;

/**
 * Random events from fixed seeds. The end of the run is announced at any moment, also while the handler connects, kills
 * or closes. The oracle knows which consumer runs, whether Rowmill has killed it, and whether the run is over.
 */
class NodeEventHandlerHistoryTest {

    private static final int HISTORIES = 20_000;
    private static final int EVENTS = 40;
    private static final int KILLED = 128 + 9;
    private static final List<Integer> EXIT_CODES = List.of(0, 3, 4, 6, 70, 128 + 6, KILLED, KILLED, KILLED);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterTheEndOfTheRunNothingIsStartedOrJudged(boolean isHead) {
        int crashes = 0;
        int hanging = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(isHead ? Rules.HEAD : Rules.NODE, new Random(seed));
            try {
                history.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + String.join(", ", history.log), e);
            }
            crashes += history.crashes;
            hanging += history.hanging;
        }
        assertThat(crashes).as("crashes in all histories").isGreaterThan(HISTORIES);
        assertThat(hanging).as("consumers that hung").isGreaterThan(HISTORIES / 20);
    }

    /** A node that does what it is asked for, or fails to, and the run that uses it. */
    private static final class History implements ConsumerHandle {

        private final Rules rules;
        private final Random random;
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final NodeEventQueue queue = new NodeEventQueue();
        private final NodeEventHandler handler;
        private final List<String> log = new ArrayList<>();
        private long now;
        private long heartbeats;
        private int crashes;
        private int hanging;

        // The oracle
        private boolean isOver;
        private boolean isLeaving;
        private int printed;
        private NodeEventQueue.@Nullable Session session;
        private boolean hasConsumer;
        private boolean isKilled;
        private int exitCode;
        private final boolean isUseless; // no consumer computes a row

        History(Rules rules, Random random) {
            this.rules = rules;
            this.random = random;
            this.isUseless = random.nextInt(4) == 0;
            this.now = random.nextLong();
            PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
            Console console = new Console(stream, stream, 0, false, Map.of());
            RunContext context = new RunContext(
                    new RunContext.Rows(
                            this::crashed,
                            (lost, reason) -> {},
                            new InFlightRows(1, 1, new RowTokens(new SecureRandom())),
                            () -> Duration.ZERO),
                    new ConsumerRegistry((from, why) -> {}),
                    OptionalLong.empty(),
                    World.of(Map.of(), List.of()),
                    Path.of("logs"),
                    new InternalErrors(),
                    console);
            handler = new NodeEventHandler(
                    "n1",
                    new ConsumerLife(rules),
                    this,
                    NodeReporter.ofNode("n1", context, new RunLog(Path.of("logs", "none"), console)),
                    context.rows(),
                    queue,
                    () -> now);
        }

        void play() {
            try {
                handler.begin();
                for (int event = 0; event < EVENTS && !handler.hasEnded(); event++) {
                    now += random.nextLong(5_000_000_000L);
                    happen(random.nextInt(100));
                    handleAll();
                }
                announceStop();
                handleAll();
                assertThat(handler.hasEnded()).as("the end").isTrue();
            } catch (IOException e) {
                log.add("error");
                handler.report(e);
                handler.close();
            } catch (InterruptedException e) {
                assertThat(isOver || isLeaving).as("cancelled").isTrue();
                handler.close();
            }
            assertThat(session).as("a session that is open").isNull();
            assertThat(hasConsumer).as("a consumer").isFalse();
        }

        private void handleAll() throws IOException, InterruptedException {
            Optional<NodeEvent> event = queue.poll(Duration.ZERO);
            while (event.isPresent() && !handler.hasEnded()) {
                handler.handle(event);
                event = queue.poll(Duration.ZERO);
            }
            if (!handler.hasEnded() && isOver) {
                handler.handle(Optional.empty());
            }
        }

        private void happen(int event) throws IOException, InterruptedException {
            if (event < 30) {
                seconds(random.nextInt(40));
            } else if (event < 65) {
                endConsumer();
            } else if (event < 75 && rules.connects()) {
                add(random.nextBoolean() ? new NodeEvent.Lost() : new NodeEvent.MountLost("gone"));
            } else if (event < 85) {
                queue.add(new NodeEvent.Exclude(Duration.ofSeconds(1 + random.nextInt(60))));
            } else if (event < 90) {
                queue.add(new NodeEvent.LimitRows(Duration.ofSeconds(1)));
            } else if (event < 91 && rules.connects()) {
                log.add("leave");
                isLeaving = true;
                handler.announceLeave();
            } else if (event < 92 && random.nextInt(10) == 0) {
                add(new NodeEvent.HeldRowsUnreadable(new IOException("unreadable")));
            } else if (event < 94) {
                announceStop();
            }
        }

        /** Seconds in which no event comes. In some of them the consumer sends a heartbeat. */
        private void seconds(int count) throws IOException, InterruptedException {
            boolean sendsHeartbeats = random.nextBoolean();
            for (int second = 0; second < count && !handler.hasEnded(); second++) {
                now += 1_000_000_000L;
                heartbeats += hasConsumer && (heartbeats == 0 || sendsHeartbeats) ? 1 : 0;
                handler.handle(Optional.empty());
                if (isKilled && random.nextInt(3) > 0) {
                    endConsumer();
                    return;
                }
            }
        }

        private void endConsumer() {
            if (hasConsumer) {
                exitCode = EXIT_CODES.get(random.nextInt(EXIT_CODES.size()));
                log.add("ends with " + exitCode);
                List<HeldRow> inHand =
                        isUseless || random.nextInt(4) == 0 ? List.of() : List.of(new HeldRow(7, 1, 1, false));
                hasConsumer = false;
                add(new NodeEvent.ConsumerEnded(1, exitCode, inHand));
            }
        }

        private void add(NodeEvent event) {
            NodeEventQueue.Session open = session;
            if (open != null) {
                open.add(event);
            }
        }

        private void announceStop() {
            if (!isOver) {
                log.add("STOP");
                isOver = true;
                handler.announceStop();
                printed = err.size();
            }
        }

        /** What begins must not begin after the end of the run; the end of the run may be announced meanwhile. */
        private void begins(String call) {
            log.add(call);
            assertThat(isOver).as(call + " after the end of the run").isFalse();
            if (random.nextInt(50) == 0) {
                announceStop();
            }
        }

        private void crashed(ConsumerCrash crash) {
            begins("crash " + crash.cause());
            assertThat(crash.cause() == Cause.HANGING)
                    .as("killed by Rowmill")
                    .isEqualTo(isKilled && exitCode == KILLED);
            crashes++;
            hanging += crash.cause() == Cause.HANGING ? 1 : 0;
        }

        private void assertNothingPrintedAfterTheEnd() {
            assertThat(err.size()).as("printed after the end of the run").isEqualTo(isOver ? printed : err.size());
        }

        @Override
        public void connect(NodeEventQueue.Session events) throws NodeFault, InterruptedException {
            begins("connect");
            assertThat(session).as("a session that is open").isNull();
            session = events;
            throwIfUnusable();
        }

        @Override
        public void start(NodeEventQueue.Session events) throws NodeFault, IOException, InterruptedException {
            begins("start");
            assertThat(hasConsumer).as("a consumer").isFalse();
            session = events;
            if (rules.connects()) {
                throwIfUnusable();
            } else if (random.nextInt(50) == 0) {
                throw new IOException("no java");
            }
            hasConsumer = true;
            isKilled = false;
            heartbeats = 0;
        }

        private void throwIfUnusable() throws NodeFault, InterruptedException {
            if (isOver || isLeaving) {
                throw new InterruptedException("cancelled");
            }
            if (random.nextInt(10) == 0) {
                throw new NodeFault(ConnectionStep.MOUNT, "no sshfs " + random.nextInt(), "Install sshfs.");
            }
        }

        @Override
        public void cancel() {
            log.add("cancel");
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public long heartbeats() {
            if (random.nextInt(500) == 0) {
                announceStop();
            }
            return heartbeats;
        }

        @Override
        public boolean hasComputed(long pid) {
            if (random.nextInt(50) == 0) {
                announceStop();
            }
            return !isUseless && random.nextBoolean();
        }

        @Override
        public void limitRows(Duration limit) {
            log.add("limit");
        }

        @Override
        public void drain() throws IOException {
            begins("drain");
            throwIfBroken();
        }

        @Override
        public void kill() throws IOException {
            begins("kill");
            assertThat(hasConsumer).as("a consumer").isTrue();
            isKilled = true;
            throwIfBroken();
        }

        private void throwIfBroken() throws IOException {
            if (random.nextInt(5) == 0) {
                throw new IOException("the connection is lost");
            }
        }

        @Override
        public void abort() {
            close();
        }

        @Override
        public void close() {
            log.add("close");
            session = null;
            hasConsumer = false;
            if (random.nextInt(50) == 0) {
                announceStop();
            }
            assertNothingPrintedAfterTheEnd();
        }

        @Override
        public void giveUp(ConsumerEnd end, int times) {
            begins("give up");
            assertThat(times)
                    .isGreaterThanOrEqualTo(end.isKill() ? rules.fruitlessKills() : ConsumerLife.FRUITLESS_STARTS);
        }

        @Override
        public void report(Exception error) {
            begins("report");
        }
    }
}
