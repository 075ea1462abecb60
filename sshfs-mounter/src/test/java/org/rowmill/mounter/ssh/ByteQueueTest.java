package org.rowmill.mounter.ssh;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.Threads;

class ByteQueueTest {

    private static final int MEBIBYTE = 1 << 20;

    private final ByteQueue queue = new ByteQueue();
    private final OutputStream sink = queue.sink();
    private Thread thread = Thread.currentThread();

    /** Ends the waits of all threads. */
    @AfterEach
    void close() {
        queue.close();
    }

    /** Starts work in a thread, and returns when the thread waits. */
    private <T> Future<T> waiting(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        thread = Threads.startDaemon("test-queue", task);
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return task;
    }

    private boolean write(int count, int bytes) throws IOException {
        for (int i = 0; i < count; i++) {
            sink.write(new byte[bytes]);
        }
        return true;
    }

    @Test
    void bytesAreReadAsTheyWereWritten() throws IOException {
        Random random = new Random(7);
        byte[] bytes = new byte[3 * MEBIBYTE];
        random.nextBytes(bytes);
        Thread writer = new Thread(() -> {
            Random sizes = new Random(8);
            try (sink) {
                for (int at = 0, size; at < bytes.length; at += size) {
                    size = Math.min(sizes.nextInt(100_000), bytes.length - at);
                    sink.write(bytes, at, size);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[70_000];
        for (int count = 0; count >= 0; count = queue.read(buffer, 0, 1 + random.nextInt(buffer.length))) {
            all.write(buffer, 0, count);
        }
        assertThat(all.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void singleBytesAreNumbersFrom0To255() throws IOException {
        sink.write(0);
        sink.write(255);
        sink.close();
        assertThat(queue.read()).isZero();
        assertThat(queue.read()).isEqualTo(255);
        assertThat(queue.read()).isEqualTo(-1);
        assertThat(queue.read()).isEqualTo(-1);
    }

    @Test
    void theWriterMayReuseItsArray() throws IOException {
        byte[] bytes = {1, 2, 3};
        sink.write(bytes);
        bytes[0] = 9;
        assertThat(queue.readNBytes(3)).containsExactly(1, 2, 3);
    }

    @Test
    void availableCountsUnreadBytes() throws IOException {
        assertThat(queue.available()).isZero();
        sink.write(new byte[10]);
        sink.write(new byte[5]);
        assertThat(queue.available()).isEqualTo(15);
        assertThat(queue.readNBytes(4)).hasSize(4);
        assertThat(queue.available()).isEqualTo(11);
    }

    @Test
    void aReaderWaitsForTheNextByte() throws Exception {
        Future<Integer> read = waiting(queue::read);
        sink.write(42);
        assertThat(read.get(20, SECONDS)).isEqualTo(42);
    }

    @Test
    void theEndOfTheStreamEndsTheWaitOfTheReader() throws Exception {
        Future<Integer> read = waiting(queue::read);
        sink.close();
        assertThat(read.get(20, SECONDS)).isEqualTo(-1);
    }

    @Test
    void anInterruptEndsTheWaitOfTheReader() {
        Future<Integer> read = waiting(queue::read);
        thread.interrupt();
        assertThatThrownBy(() -> read.get(20, SECONDS)).hasCauseInstanceOf(InterruptedIOException.class);
    }

    @Test
    void aWriterWaitsWhileSixteenMebibytesAreUnread() throws Exception {
        Future<Boolean> written = waiting(() -> write(20, MEBIBYTE));
        assertThat(queue.available()).isEqualTo(16 * MEBIBYTE);
        assertThat(queue.readNBytes(20 * MEBIBYTE)).hasSize(20 * MEBIBYTE);
        assertThat(written.get(20, SECONDS)).isTrue();
    }

    @Test
    void manySmallWritesAreLimitedToo() throws Exception {
        int count = 100_000;
        Future<Boolean> written = waiting(() -> write(count, 1));
        assertThat(queue.available()).isLessThan(count);
        assertThat(queue.readNBytes(count)).hasSize(count);
        assertThat(written.get(20, SECONDS)).isTrue();
    }

    @Test
    void closingTheReaderEndsTheWaitOfTheWriter() throws Exception {
        Future<Boolean> written = waiting(() -> write(20, MEBIBYTE));
        queue.close();
        assertThat(written.get(20, SECONDS)).isTrue();
        assertThat(queue.available()).isZero();
        assertThat(queue.read()).isEqualTo(-1);
    }

    @Test
    void unreadBytesAreReadAfterTheEnd() throws IOException {
        sink.write("last words".getBytes(StandardCharsets.UTF_8));
        sink.close();
        assertThat(queue.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("last words");
    }
}
