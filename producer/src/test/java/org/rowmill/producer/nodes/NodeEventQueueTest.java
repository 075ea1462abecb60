package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.nodes.NodeEventQueue.Event;

class NodeEventQueueTest {

    private final NodeEventQueue inbox = new NodeEventQueue();

    @Test
    void newsOfAWayUpThatHasEndedIsNotOfTheNext() throws InterruptedException {
        int first = inbox.next();
        inbox.add(first, new Event.MountLost("before"));
        int second = inbox.next();
        inbox.add(first, new Event.Lost());
        inbox.add(second, new Event.MountLost("now"));

        assertThat(inbox.poll(Duration.ZERO)).isEqualTo(new Event.MountLost("now"));
        assertThat(inbox.poll(Duration.ZERO)).isNull();
    }

    @Test
    void thatTheNodeIsToLeaveIsNeverForgotten() throws InterruptedException {
        inbox.next();
        inbox.add(new Event.Leave());

        inbox.next();

        assertThat(inbox.poll(Duration.ZERO)).isEqualTo(new Event.Leave());
    }

    @Test
    void lateNewsEndNoPause() throws InterruptedException {
        int attempt = inbox.next();
        inbox.add(attempt, new Event.Lost());
        Duration pause = Duration.ofMillis(100);
        long start = System.nanoTime();

        inbox.awaitLeave(pause);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(pause);
    }

    @Test
    void leavingEndsAPause() throws InterruptedException {
        inbox.next();
        inbox.add(new Event.Leave());
        long start = System.nanoTime();

        inbox.awaitLeave(Duration.ofMinutes(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }
}
