package org.rowmill.mounter.sftp;

import java.io.IOException;
import java.time.Duration;
import org.rowmill.mounter.ssh.ByteQueue;

/** A client and its server, which runs in a thread of this JVM. */
final class ServedClient implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Traffic traffic = new Traffic();
    private final ByteQueue replies = new ByteQueue();
    private final SftpServer server;
    private final SftpClient client;
    private final Thread thread;

    ServedClient(SharedDirectory shared) throws IOException {
        this(shared, ClientNotices.IGNORED);
    }

    ServedClient(SharedDirectory shared, ClientNotices notices) throws IOException {
        ByteQueue requests = new ByteQueue();
        server = new SftpServer(shared, requests, replies.sink(), traffic, notices);
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

    /** Waits until the server has ended. */
    void awaitEnd() throws InterruptedException {
        thread.join(LIMIT.toMillis());
        if (thread.isAlive()) {
            throw new AssertionError("the server still runs after " + LIMIT);
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
