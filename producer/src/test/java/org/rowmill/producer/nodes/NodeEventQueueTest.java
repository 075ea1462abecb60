package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeEventQueueTest {

    private final NodeEventQueue queue = new NodeEventQueue();

    @Test
    void sessionsAreNumberedFromOne() {
        assertThat(queue.newSession().number()).isEqualTo(1);
        assertThat(queue.newSession().number()).isEqualTo(2);
    }

    @Test
    void eventsOfASessionThatHasEndedAreDiscarded() throws InterruptedException {
        NodeEventQueue.Session first = queue.newSession();
        first.add(new NodeEvent.MountLost("before"));
        NodeEventQueue.Session second = queue.newSession();
        first.add(new NodeEvent.Lost());
        second.add(new NodeEvent.MountLost("now"));

        assertThat(queue.poll(Duration.ZERO)).contains(new NodeEvent.MountLost("now"));
        assertThat(queue.poll(Duration.ZERO)).isEmpty();
    }

    @Test
    void requestsOfTheRunOutliveASession() throws InterruptedException {
        queue.newSession();
        queue.add(new NodeEvent.Exclude(Duration.ofMinutes(1)));
        queue.add(new NodeEvent.Leave());

        queue.newSession();

        assertThat(queue.poll(Duration.ZERO)).contains(new NodeEvent.Leave());
        assertThat(queue.poll(Duration.ZERO)).contains(new NodeEvent.Exclude(Duration.ofMinutes(1)));
    }

    @Test
    void leavingAndStoppingComeBeforeWhatWaits() throws InterruptedException {
        NodeEventQueue.Session session = queue.newSession();
        session.add(new NodeEvent.Lost());
        queue.add(new NodeEvent.Leave());
        queue.add(new NodeEvent.Stop());

        assertThat(queue.poll(Duration.ZERO)).contains(new NodeEvent.Stop());
        assertThat(queue.poll(Duration.ZERO)).contains(new NodeEvent.Leave());
        assertThat(queue.poll(Duration.ZERO)).contains(new NodeEvent.Lost());
    }

    @Test
    void anEventEndsAWait() throws InterruptedException {
        long start = System.nanoTime();
        queue.add(new NodeEvent.Leave());

        assertThat(queue.poll(Duration.ofMinutes(1))).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }
}
