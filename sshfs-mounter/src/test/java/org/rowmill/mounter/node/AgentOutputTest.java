package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rowmill.mounter.sftp.Traffic;

class AgentOutputTest {

    private final RecordedEvents events = new RecordedEvents();
    private final AgentOutput output = new AgentOutput("token", events, new MountWatch(new Traffic(), events));

    private void handle(String... lines) {
        for (String line : lines) {
            output.handle(line, 10_000);
        }
    }

    @Test
    void aLineWithoutTheTokenIsOutputOfTheConsumer() {
        handle("ready", "token", "tokens ready", "token unknown report");

        assertThat(events.printed).containsExactly("ready", "token", "tokens ready", "unknown report");
        assertThat(output.ready()).isNotDone();
    }

    @Test
    void aConsumerStartsAndEnds() {
        CompletableFuture<Long> started = output.expectConsumer();

        handle("token ready", "token started 42", "token ended 137 ");

        assertThat(output.ready()).isCompleted();
        assertThat(started).isCompletedWithValue(42L);
        assertThat(events.started).containsExactly(42L);
        assertThat(events.exitCodes).containsExactly(137);
    }

    @Test
    void whatANodeLacksIsAWarningOnce() {
        handle("token locale de_DE.UTF-8 C.UTF-8", "token zone Asia/Tokyo", "token locale de_DE.UTF-8 C.UTF-8");

        assertThat(events.warnings)
                .hasSize(2)
                .anyMatch(text -> text.contains("no locale de_DE.UTF-8") && text.contains("use C.UTF-8 there"))
                .anyMatch(text -> text.contains("Asia/Tokyo") && text.contains("tzdata"));
    }

    @Test
    void aConsumerThatEndsBeforeItsStartSaysWhy() {
        CompletableFuture<Long> started = output.expectConsumer();
        handle("token ended 96");
        assertThat(started)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the mount is gone");

        CompletableFuture<Long> next = output.expectConsumer();
        handle("token ended 3");
        assertThat(next)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("exit code 3");
    }

    @Test
    void aMountHangsIfItsProbeIsPendingAlthoughHeartbeatsArrive() {
        for (int second = 2; second <= 5; second++) {
            handle("token mount pending " + second + " 9000");
        }
        assertThat(events.mountLosses).singleElement().asString().contains("sshfs hangs there");
    }

    @Test
    void aPendingProbeMeansNothingWithoutRecentHeartbeats() {
        for (int second = 2; second <= 10; second++) {
            handle("token mount pending " + second + " 4000", "token mount pending " + second + " ");
        }
        assertThat(events.mountLosses).isEmpty();
    }

    @Test
    void aLostMountIsReported() {
        handle("token mount gone");
        assertThat(events.mountLosses).singleElement().asString().contains("unmounted there");
    }
}
