package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.time.Duration;
import org.rowmill.mounter.ssh.ByteQueue;

/** A client with a server of its own, in a thread, in this JVM. */
final class ServedClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Traffic traffic = new Traffic();
    private final ByteQueue replies = new ByteQueue();
    private final SftpServer server;
    private final SftpClient client;
    private final Thread thread;

    ServedClient(SharedDirectory shared) throws IOException {
        ByteQueue requests = new ByteQueue();
        server = new SftpServer(shared, requests, replies.sink(), traffic);
        client = new SftpClient(replies, requests.sink());
        thread = new Thread(server::serve, "test-sftp-server");
        thread.start();
        client.init();
    }

    SftpClient client() {
        return client;
    }

    SftpServer server() {
        return server;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Until the server has ended by itself. */
    void awaitEnd() throws InterruptedException {
        thread.join(PATIENCE.toMillis());
        if (thread.isAlive()) {
            throw new AssertionError("the server still runs after " + PATIENCE);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
