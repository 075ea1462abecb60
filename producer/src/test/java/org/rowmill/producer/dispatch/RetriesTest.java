package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.rowmill.producer.plan.PlannedRow;
import org.rowmill.schemas.protocol.ResultMessage.Failure;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.keys.IndexKey;

class RetriesTest implements Retries.Sender {

    private static final PlannedRow ROW = new PlannedRow(List.of(7L), new IndexKey(7, 7), List.of(), Map.of(), false);

    private final List<RowMessage> sent = new ArrayList<>();
    private final List<String> avoided = new ArrayList<>();
    private final List<Long> takenBack = new ArrayList<>();
    private final Set<String> nodes = new TreeSet<>(Set.of("a", "b"));
    private final Retries retries = new Retries(this, new Retries.Rules(0, 3, 2, () -> nodes, row -> 2 * row), 0);

    @Override
    public void send(RowMessage row, Optional<String> avoidedNode) {
        sent.add(row);
        avoided.add(avoidedNode.orElse(""));
    }

    @Override
    public boolean takeBack(long row) {
        takenBack.add(row);
        return true;
    }

    private boolean fail(boolean isRetryable, long millis) {
        Failure failure = new Failure("c", "java.io.IOException", "", "", isRetryable);
        return retries.retry(5, ROW, new FailedAttempt("a", 1, Map.of(1, 10L), List.of(failure)), nanos(millis));
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void aFailedRowIsPublishedAfterItsBackOffForTheColumnsThatItLacks() throws JMSException {
        assertThat(fail(true, 0)).isTrue();
        retries.publishDue(nanos(249));
        assertThat(sent).isEmpty();

        retries.publishDue(nanos(250));
        retries.publishDue(nanos(251));

        assertThat(sent)
                .containsExactly(new RowMessage(0, 5, 10, 2, false, List.of(7L), List.of(0, 2), Map.of(1, 10L)));
        assertThat(avoided).containsExactly("a");
        assertThat(retries.missingColumns(5, ROW)).containsExactlyInAnyOrder(0, 2);
    }

    @Test
    void theBackOffGrowsUpToAMinute() {
        assertThat(List.of(1, 2, 3, 4, 5, 6, 60))
                .extracting(Retries.BACK_OFF::after)
                .extracting(Duration::toMillis)
                .containsExactly(250L, 1_000L, 4_000L, 16_000L, 60_000L, 60_000L, 60_000L);
    }

    @Test
    void aRowIsNotRetriedMoreOftenThanTheLimit() {
        assertThat(fail(true, 0)).isTrue();
        assertThat(fail(true, 1_000)).isTrue();
        assertThat(fail(true, 2_000)).isFalse();

        assertThat(retries.failedAttempts(5)).isEqualTo(3);
        assertThat(retries.end(5)).hasSize(3);
        assertThat(retries.failedAttempts(5)).isZero();
    }

    @Test
    void aFailureThatIsNotRetryableIsNotRetried() {
        assertThat(fail(false, 0)).isFalse();
    }

    @Test
    void theOnlyNodeIsNotAvoided() throws JMSException {
        nodes.remove("b");
        fail(true, 0);

        retries.publishDue(nanos(250));

        assertThat(avoided).containsExactly("");
    }

    @Test
    void aRowIsPublishedForAnyNodeWhenAllOthersHaveLeft() throws JMSException {
        fail(true, 0);
        retries.publishDue(nanos(250));
        nodes.remove("b");

        retries.publishDue(nanos(1_001));

        assertThat(takenBack).containsExactly(5L);
        assertThat(avoided).containsExactly("a", "");
    }

    @Test
    void aLostRowIsPublishedAgainUnlessItWaitsForItsRetry() throws JMSException {
        fail(true, 0);
        assertThat(retries.publishLost(5, ROW)).isFalse();
        assertThat(retries.publishLost(6, ROW)).isTrue();

        assertThat(sent).extracting(RowMessage::row).containsExactly(6L);
        assertThat(retries.failedAttempts(6)).isZero();
    }

    @Test
    void aCanceledRetryIsNotPublished() throws JMSException {
        fail(true, 0);

        assertThat(retries.cancel()).containsExactly(5L);
        retries.publishDue(nanos(250));

        assertThat(sent).isEmpty();
    }
}
