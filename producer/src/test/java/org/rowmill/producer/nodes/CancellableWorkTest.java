package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.Threads;

class CancellableWorkTest {

    private final CancellableWork work = new CancellableWork();

    @Test
    void workThatWaitsEndsAtOnce() {
        CountDownLatch begun = new CountDownLatch(1);
        Threads.startDaemon("test-cancel", () -> {
            await(begun);
            work.cancel();
        });

        assertThatThrownBy(() -> work.run(() -> {
                    begun.countDown();
                    new CountDownLatch(1).await();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void workThatIsCancelledBeforeItBeginsDoesNotBegin() {
        work.cancel();

        assertThatThrownBy(() -> work.run(() -> {
                    throw new IllegalStateException("it has begun");
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void theInterruptNeverReachesTheWorkAfterIt() throws NodeFault, InterruptedException {
        work.run(work::cancel); // the work ends without an answer to its interrupt

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aFaultOfTheWorkIsThrown() {
        NodeFault fault = new NodeFault(ConnectionStep.MOUNT, "no sshfs", "Install sshfs.");

        assertThatThrownBy(() -> work.run(() -> {
                    throw fault;
                }))
                .isSameAs(fault);
    }

    @Test
    void workThatIsNotCancelledKeepsItsInterrupt() throws NodeFault, InterruptedException {
        work.run(() -> Thread.currentThread().interrupt());

        assertThat(Thread.interrupted()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
