package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rowmill.producer.nodes.ConsumerLife.Action;
import org.rowmill.producer.nodes.ConsumerLife.Rules;
import org.rowmill.producer.nodes.ConsumerLife.State;

/** Random events in random order, from fixed seeds, against an oracle that knows only sessions, consumers and times. */
class ConsumerLifeHistoryTest {

    private static final int HISTORIES = 20_000;
    private static final int EVENTS = 60;

    /** The number of the event that ends the run. Smaller numbers are the other events. */
    private static final int STOP = 98;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noHistoryBreaksTheRules(boolean isHead) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(isHead ? Rules.HEAD : Rules.NODE, new Random(seed));
            try {
                history.play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + String.join(", ", history.log), e);
            }
        }
    }

    /** A node, and what may happen there. */
    private static final class History {
        private final Rules rules;
        private final Random random;
        private final ConsumerLife life;
        private final List<String> log = new ArrayList<>();
        private long now;
        private long beats;
        private boolean isWell;

        // The oracle
        private boolean hasSession;
        private boolean isConnecting;
        private boolean hasConsumer;
        private boolean isOver;
        private boolean isStopped;
        private boolean wasExcluded;
        private long excludedUntil;
        private int fruitless;
        private Duration lastPause = Duration.ZERO;

        History(Rules rules, Random random) {
            this.rules = rules;
            this.random = random;
            this.life = new ConsumerLife(rules);
            this.now = random.nextLong();
            this.excludedUntil = now;
        }

        void play() {
            int end = random.nextInt(2 * EVENTS); // about half of the runs last until the node has recovered
            carryOut("begin", life.begin());
            for (int event = 0; event < EVENTS; event++) {
                now += random.nextInt(3) == 0 ? random.nextLong(60_000_000_000L) : random.nextLong(100_000_000);
                happen(event == end ? STOP : random.nextInt(STOP));
            }
            recover();
            happen(STOP);
            assertThat(life.state()).isEqualTo(State.ENDED);
            happen(random.nextInt(STOP));
            assertThat(life.state()).isEqualTo(State.ENDED);
        }

        private void happen(int event) {
            if (event < 35) {
                tick();
            } else if (event < 65) {
                endConsumer();
            } else if (event < 75) {
                carryOut("connected", isConnecting ? connected() : life.connected());
            } else if (event < 85 && rules.connects()) {
                carryOut("lost", life.lost(now));
            } else if (event < 90 && rules.connects()) {
                carryOut("mount lost", life.mountLost(now));
            } else if (event < 97) {
                exclude(Duration.ofMillis(1 + random.nextInt(120_000)));
            } else if (event < 98 && rules.connects()) {
                isOver = true;
                carryOut("leave", life.leave());
            } else if (event == STOP) {
                isOver = true;
                carryOut("stop", life.stop());
                isStopped = true;
            }
        }

        private void tick() {
            if (random.nextBoolean()) {
                now += life.untilTick(now).toNanos();
            }
            beats += hasConsumer && random.nextInt(20) == 0 ? 1 : 0;
            carryOut("tick", life.tick(beats, now));
        }

        private Optional<Action> connected() {
            isConnecting = false;
            return life.connected();
        }

        private void endConsumer() {
            boolean hasComputed = random.nextInt(4) == 0;
            boolean wasKilled = random.nextBoolean();
            boolean isCrash = hasConsumer && !isOver;
            hasConsumer = false;
            Optional<Action> action = life.consumerEnded(hasComputed, wasKilled, now);
            if (isCrash) {
                fruitless = hasComputed ? 0 : fruitless + 1;
                int limit = wasKilled ? rules.fruitlessKills() : ConsumerLife.FRUITLESS_STARTS;
                assertThat(action).contains(fruitless >= limit ? Action.GIVE_UP : Action.START);
            }
            isOver |= action.equals(Optional.of(Action.GIVE_UP));
            carryOut("consumer ended", action);
        }

        private void exclude(Duration time) {
            excludedUntil = wasExcluded ? Math.max(excludedUntil - now, time.toNanos()) + now : now + time.toNanos();
            wasExcluded = true;
            carryOut("exclude " + time, life.exclude(time, now));
            assertThat(hasConsumer).isFalse();
        }

        private void carryOut(String event, Optional<Action> action) {
            log.add(event + " -> " + action.map(Action::name).orElse("-") + " " + life.state());
            assertThat(action.isPresent() && isStopped)
                    .as("an action after the end of the run")
                    .isFalse();
            action.ifPresent(this::carryOut);
        }

        private void carryOut(Action action) {
            switch (action) {
                case CONNECT -> {
                    assertMayBegin();
                    hasSession = true;
                    isConnecting = isWell || random.nextInt(3) > 0;
                    if (!isConnecting) {
                        carryOut("not connected", life.failed());
                    }
                }
                case START -> {
                    if (!rules.connects() && !hasSession) {
                        assertMayBegin();
                        hasSession = true;
                    }
                    start();
                }
                case KILL, DRAIN -> assertThat(hasConsumer).isTrue();
                case ABORT, CLOSE, GIVE_UP -> close();
            }
        }

        private void assertMayBegin() {
            assertThat(isOver).as("over").isFalse();
            assertThat(hasSession).as("a session").isFalse();
            assertThat(excludedUntil - now).as("excluded").isLessThanOrEqualTo(0);
            wasExcluded = false;
        }

        private void start() {
            assertThat(isOver).as("over").isFalse();
            assertThat(hasSession && !isConnecting)
                    .as("a session that is connected")
                    .isTrue();
            assertThat(hasConsumer).as("a consumer").isFalse();
            assertThat(wasExcluded).as("excluded").isFalse();
            if (rules.connects() && !isWell && random.nextInt(10) == 0) {
                carryOut("not started", life.failed());
            } else {
                hasConsumer = true;
                beats = 0;
                life.started(now);
            }
        }

        private void close() {
            hasSession = false;
            isConnecting = false;
            hasConsumer = false;
            life.closed(now);
            assertThat(life.state()).isEqualTo(isOver ? State.ENDED : wasExcluded ? State.EXCLUDED : State.BACK_OFF);
            Duration pause = life.untilTick(now);
            if (life.state() == State.BACK_OFF) {
                Duration first = ConsumerLife.RECONNECT.first();
                Duration longest = ConsumerLife.RECONNECT.limit();
                Duration grown = lastPause.multipliedBy(2).compareTo(longest) < 0 ? lastPause.multipliedBy(2) : longest;
                assertThat(pause).isIn(first, lastPause.isZero() ? first : grown);
            }
            lastPause = life.state() == State.BACK_OFF ? pause : Duration.ZERO;
        }

        /** When nothing else goes wrong, each node that has not left has a consumer within the longest pause. */
        private void recover() {
            isWell = true;
            for (int i = 0; i < 5 && !hasConsumer; i++) {
                now += life.untilTick(now).toNanos();
                carryOut("tick", life.tick(beats, now));
                if (isConnecting) {
                    carryOut("connected", connected());
                }
            }
            assertThat(hasConsumer || isOver).as("a consumer").isTrue();
        }
    }
}
