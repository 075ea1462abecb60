package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoomTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LONG_MILLIS = LIMIT.multipliedBy(10).toMillis();

    private final Room room = new Room();

    private CompletableFuture<Void> await(long rows) {
        return CompletableFuture.runAsync(() -> {
            try {
                room.await(rows, LONG_MILLIS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void theWaitEndsWhenEnoughRowsHaveEnded() {
        CompletableFuture<Void> waiting = await(room.ended() + 3);
        room.made();
        room.made();
        assertThat(waiting).isNotDone();

        room.made();

        assertThat(waiting).succeedsWithin(LIMIT);
    }

    @Test
    void rowsThatEndedBeforeTheWaitCount() {
        long before = room.ended();
        room.made();

        assertThat(await(before + 1)).succeedsWithin(LIMIT);
    }

    /** Rows end while the wait begins: none of them may be missed. */
    @Test
    void noRowIsMissed() throws InterruptedException {
        int rows = 20_000;
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < rows; i++) {
                room.made();
            }
        });
        long seen = room.ended();
        while (seen < rows) {
            room.await(seen + 1, LONG_MILLIS);
            assertThat(room.ended()).isGreaterThan(seen);
            seen = room.ended();
        }
        assertThat(ending).succeedsWithin(LIMIT);
    }
}
