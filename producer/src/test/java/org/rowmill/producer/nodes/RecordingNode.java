package org.rowmill.producer.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.rowmill.mounter.NodeFault;
import org.rowmill.producer.dispatch.ConsumerEnd;

/** In place of a process or an SSH session: does at once what it is asked for, and writes that down. */
final class RecordingNode implements ConsumerHandle {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final CancellableWork preparation = new CancellableWork();
    private volatile CountDownLatch isConnected = new CountDownLatch(0);
    private volatile boolean ignoresTheEnd;
    private volatile boolean ignoresInterrupts;
    private volatile @Nullable NodeFault fault;
    private volatile @Nullable IOException broken;
    private volatile NodeEventQueue.@Nullable Session events;
    private volatile long heartbeats;

    /** From now on a connection takes until {@link #isConnected}, or until it is cancelled. */
    void connectsSlowly() {
        isConnected = new CountDownLatch(1);
    }

    void connectsSlowlyAndIgnoresTheEnd() {
        connectsSlowly();
        ignoresTheEnd = true;
    }

    /** From now on nothing but {@link #isConnected} ends the connecting. */
    void connectsSlowlyAndIgnoresInterrupts() {
        connectsSlowlyAndIgnoresTheEnd();
        ignoresInterrupts = true;
    }

    void isConnected() {
        isConnected.countDown();
    }

    /** From now on the node cannot be used. */
    void fails(NodeFault newFault) {
        fault = newFault;
    }

    /** From now on no consumer can be started. */
    void breaks(IOException newError) {
        broken = newError;
    }

    /** From now on the consumer has sent so many heartbeats. */
    void sends(long newHeartbeats) {
        heartbeats = newHeartbeats;
    }

    void happens(NodeEvent event) {
        NodeEventQueue.Session session = events;
        assertThat(session).isNotNull();
        session.add(event);
    }

    List<String> calls() {
        return calls;
    }

    void awaitCalls(String... expected) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(calls).containsExactly(expected));
    }

    @Override
    public void connect(NodeEventQueue.Session session) throws NodeFault, InterruptedException {
        preparation.run(() -> {
            calls.add("connect " + session.number());
            awaitConnection();
        });
        NodeFault failure = fault;
        if (failure != null) {
            throw failure;
        }
    }

    private void awaitConnection() throws InterruptedException {
        while (isConnected.getCount() > 0) {
            try {
                isConnected.await();
            } catch (InterruptedException e) {
                if (!ignoresInterrupts) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void start(NodeEventQueue.Session session) throws IOException {
        IOException failure = broken;
        if (failure != null) {
            throw failure;
        }
        events = session;
        heartbeats = 0;
        calls.add("start");
    }

    @Override
    public void cancel() {
        if (!ignoresTheEnd) {
            preparation.cancel();
        }
    }

    @Override
    public long pid() {
        return 1;
    }

    @Override
    public long heartbeats() {
        return heartbeats;
    }

    @Override
    public boolean hasComputed(long pid) {
        return false;
    }

    @Override
    public void limitRows(Duration limit) {
        calls.add("limit " + limit);
    }

    @Override
    public void drain() {
        calls.add("drain");
    }

    @Override
    public void kill() {
        calls.add("kill");
    }

    @Override
    public void abort() {
        calls.add("abort");
    }

    @Override
    public void close() {
        calls.add("close");
    }

    @Override
    public void giveUp(ConsumerEnd end, int times) {
        calls.add("give up: " + end.how() + " " + times);
    }

    @Override
    public void report(Exception error) {
        calls.add("report: " + error);
    }
}
