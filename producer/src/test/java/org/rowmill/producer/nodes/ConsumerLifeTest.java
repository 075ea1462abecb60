package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.nodes.ConsumerLife.Action;
import org.rowmill.producer.nodes.ConsumerLife.Rules;
import org.rowmill.producer.nodes.ConsumerLife.State;

class ConsumerLifeTest {

    private long now = -1_000_000_000;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** Lets seconds pass in which the consumer sends no further heartbeat. */
    private List<Action> withoutHeartbeat(ConsumerLife life, int seconds, long heartbeats) {
        List<Action> actions = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            pass(Duration.ofSeconds(1));
            life.tick(heartbeats, now).ifPresent(actions::add);
        }
        return actions;
    }

    @Nested
    class OnTheHead {

        private final ConsumerLife life = new ConsumerLife(Rules.HEAD);

        private void start() {
            assertThat(life.begin()).contains(Action.START);
            life.started(now);
        }

        private void crash(int times, boolean wasKilled) {
            for (int i = 0; i < times; i++) {
                assertThat(life.consumerEnded(false, wasKilled, now)).contains(Action.START);
                life.started(now);
            }
        }

        @Test
        void theConsumerStartsWithoutAConnection() {
            start();

            assertThat(life.state()).isEqualTo(State.READY);
            assertThat(life.begin()).as("again").isEmpty();
        }

        @Test
        void aCrashedConsumerIsReplacedAtOnce() {
            start();

            assertThat(life.consumerEnded(true, false, now)).contains(Action.START);
        }

        @Test
        void fiveCrashesWithoutARowGiveUp() {
            start();
            crash(ConsumerLife.FRUITLESS_STARTS - 1, false);

            assertThat(life.consumerEnded(false, false, now)).contains(Action.GIVE_UP);
            life.closed(now);
            assertThat(life.hasEnded()).isTrue();
            assertThat(life.fruitless()).isEqualTo(5);
        }

        @Test
        void sixtyKilledConsumersWithoutARowGiveUp() {
            start();
            crash(ConsumerLife.FRUITLESS_KILLS - 1, true);

            assertThat(life.consumerEnded(false, true, now)).contains(Action.GIVE_UP);
            assertThat(life.fruitless()).isEqualTo(60);
        }

        @Test
        void aComputedRowForgivesTheCrashesBefore() {
            start();
            crash(ConsumerLife.FRUITLESS_STARTS - 1, false);
            life.consumerEnded(true, false, now);
            life.started(now);

            crash(ConsumerLife.FRUITLESS_STARTS - 1, false);
        }

        @Test
        void aConsumerThatHangsIsKilledAgainAndAgain() {
            start();

            assertThat(withoutHeartbeat(life, 46, 7)).containsExactly(Action.KILL, Action.KILL, Action.KILL);
        }

        @Test
        void anExcludedConsumerStartsWhenTheTimeIsOver() {
            start();
            assertThat(life.exclude(Duration.ofMinutes(1), now)).contains(Action.ABORT);
            life.closed(now);
            assertThat(life.consumerEnded(false, true, now)).as("its end").isEmpty();
            assertThat(life.untilTick(now)).isEqualTo(Duration.ofMinutes(1));

            pass(Duration.ofSeconds(59));
            assertThat(life.tick(0, now)).isEmpty();
            pass(Duration.ofSeconds(1));
            assertThat(life.tick(0, now)).contains(Action.START);
            life.started(now);
            assertThat(life.fruitless()).isZero();
        }

        @Test
        void theEndOfTheRunClosesItAtOnce() {
            start();

            assertThat(life.stop()).contains(Action.CLOSE);
            life.closed(now);
            assertThat(life.hasEnded()).isTrue();
        }
    }

    @Nested
    class OnAnotherNode {

        private final ConsumerLife life = new ConsumerLife(Rules.NODE);

        private void connect() {
            assertThat(life.connected()).contains(Action.START);
            life.started(now);
        }

        private void start() {
            assertThat(life.begin()).contains(Action.CONNECT);
            connect();
        }

        /** Waits as long as necessary. */
        private Duration reconnect() {
            Duration pause = life.untilTick(now);
            pass(pause.minusNanos(1));
            assertThat(life.tick(0, now)).isEmpty();
            pass(Duration.ofNanos(1));
            assertThat(life.tick(0, now)).contains(Action.CONNECT);
            return pause;
        }

        private void closed(Action expected, Optional<Action> action) {
            assertThat(action).contains(expected);
            life.closed(now);
        }

        @Test
        void eachFailedConnectionDoublesTheBackOffUpToTheLimit() {
            List<Long> pauses = new ArrayList<>();
            life.begin();
            for (int i = 0; i < 6; i++) {
                closed(Action.CLOSE, life.failed());
                assertThat(life.state()).isEqualTo(State.BACK_OFF);
                pauses.add(reconnect().toSeconds());
            }

            assertThat(pauses).containsExactly(2L, 4L, 8L, 16L, 30L, 30L);
        }

        @Test
        void aNodeThatWasInUseForLongIsConnectedAgainAfterTheShortestBackOff() {
            life.begin();
            closed(Action.CLOSE, life.failed());
            reconnect();
            closed(Action.CLOSE, life.failed());
            reconnect();
            connect();
            pass(Duration.ofSeconds(31));
            closed(Action.CLOSE, life.lost(now));

            assertThat(reconnect()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void aNodeThatWasInUseForAMomentIsConnectedAgainLater() {
            life.begin();
            closed(Action.CLOSE, life.failed());
            reconnect();
            connect();
            pass(Duration.ofSeconds(30));
            closed(Action.CLOSE, life.lost(now));

            assertThat(reconnect()).isEqualTo(Duration.ofSeconds(4));
        }

        @Test
        void lateEventsDoNotEndABackOff() {
            life.begin();
            closed(Action.CLOSE, life.failed());

            assertThat(life.lost(now)).isEmpty();
            assertThat(life.mountLost(now)).isEmpty();
            assertThat(life.connected()).isEmpty();
            assertThat(life.failed()).isEmpty();
            assertThat(life.consumerEnded(false, false, now)).isEmpty();
            assertThat(life.untilTick(now)).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void leavingEndsABackOff() {
            life.begin();
            closed(Action.CLOSE, life.failed());

            closed(Action.CLOSE, life.leave());
            assertThat(life.hasEnded()).isTrue();
        }

        @Test
        void aCrashedConsumerIsReplacedInTheSameSession() {
            start();

            assertThat(life.consumerEnded(true, false, now)).contains(Action.START);
            life.started(now);
            assertThat(life.state()).isEqualTo(State.READY);
        }

        @Test
        void fiveKilledConsumersWithoutARowExcludeTheNodeAlsoInDifferentSessions() {
            start();
            for (int i = 0; i < 2; i++) {
                life.consumerEnded(false, true, now);
                life.started(now);
            }
            closed(Action.CLOSE, life.lost(now));
            reconnect();
            connect();
            for (int i = 0; i < 2; i++) {
                life.consumerEnded(false, true, now);
                life.started(now);
            }

            closed(Action.GIVE_UP, life.consumerEnded(false, true, now));
            assertThat(life.hasEnded()).isTrue();
        }

        @Test
        void aConsumerThatHangsAndCannotBeKilledIsAborted() {
            start();

            assertThat(withoutHeartbeat(life, 31, 7)).containsExactly(Action.KILL, Action.ABORT);
        }

        @Test
        void theReplacementOfAConsumerThatHungHasTimeToSendItsFirstHeartbeat() {
            start();
            assertThat(withoutHeartbeat(life, 16, 7)).containsExactly(Action.KILL);
            life.consumerEnded(true, true, now);
            life.started(now);

            assertThat(withoutHeartbeat(life, 1000, 0)).isEmpty();
        }

        @Test
        void aLostMountAbortsTheSession() {
            start();

            closed(Action.ABORT, life.mountLost(now));
            assertThat(life.state()).isEqualTo(State.BACK_OFF);
        }

        @Test
        void aNodeExcludedWhileItConnectsStartsNoConsumer() {
            life.begin();
            closed(Action.ABORT, life.exclude(Duration.ofMinutes(1), now));

            assertThat(life.connected()).isEmpty();
            assertThat(reconnect()).isEqualTo(Duration.ofMinutes(1));
        }

        @Test
        void aLongerExclusionReplacesAShorterOneAndABackOff() {
            life.begin();
            closed(Action.CLOSE, life.failed());
            life.exclude(Duration.ofMinutes(1), now);
            life.exclude(Duration.ofDays(3650), now);
            life.exclude(Duration.ofMinutes(2), now);

            assertThat(life.state()).isEqualTo(State.EXCLUDED);
            assertThat(life.untilTick(now)).isEqualTo(Duration.ofDays(3650));
        }

        @Test
        void theBackOffBeginsAgainAfterAnExclusion() {
            life.begin();
            for (int i = 0; i < 3; i++) {
                closed(Action.CLOSE, life.failed());
                reconnect();
            }
            closed(Action.ABORT, life.exclude(Duration.ofMinutes(1), now));
            reconnect();
            closed(Action.CLOSE, life.failed());

            assertThat(reconnect()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void aNodeThatLeavesFinishesItsRows() {
            start();

            assertThat(life.leave()).contains(Action.DRAIN);
            closed(Action.CLOSE, life.consumerEnded(true, false, now));
            assertThat(life.hasEnded()).isTrue();
        }

        @Test
        void aNodeThatIsLostWhileItLeavesIsNotConnectedAgain() {
            start();
            life.leave();

            closed(Action.CLOSE, life.lost(now));
            assertThat(life.hasEnded()).isTrue();
        }

        @Test
        void theEndOfTheRunEndsTheDrainOfANodeThatLeaves() {
            start();
            life.leave();

            closed(Action.CLOSE, life.stop());
            assertThat(life.hasEnded()).isTrue();
        }
    }
}
