package org.rowmill.mounter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The head's side of {@code guard.sh}: tells it that the head is there, and what to do; hears what becomes of the consumer.
 * Thread-safe.
 */
final class NodeGuard implements AutoCloseable {

    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** Without a heartbeat for so long the head counts as gone. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration READY = Duration.ofSeconds(15);
    private static final Duration END = Duration.ofSeconds(8);
    private static final int TOKEN_BYTES = 12;

    private final RemoteProcess process;
    private final OutputStream in;
    private final NodeEvents events;
    private final String token = token();
    private final Thread beating;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile CompletableFuture<Long> started = new CompletableFuture<>();
    private volatile boolean closing;

    private NodeGuard(RemoteProcess process, String node, NodeEvents events) {
        this.process = process;
        this.in = process.in();
        this.events = events;
        this.beating = daemon("rowmill-beat-" + node, this::beat);
        daemon("rowmill-out-" + node, this::listen).start();
    }

    /**
     * Starts the script; when this returns, the directories of the run are there.
     *
     * @param script its name in the node's cache
     * @param name of the mount point
     */
    static NodeGuard start(SshSession session, String script, String name, NodeEvents events)
            throws IOException, InterruptedException {
        String command = "exec sh " + NodeCache.DIRECTORY + "/" + script + " " + name + " " + SILENCE.toSeconds();
        NodeGuard guard = new NodeGuard(session.start(command), session.address(), events);
        guard.tell("token " + guard.token);
        guard.beating.start();
        try {
            guard.ready.get(READY.toMillis(), TimeUnit.MILLISECONDS);
            return guard;
        } catch (ExecutionException | TimeoutException e) {
            guard.close();
            throw new IOException("the guard does not start in ~/.rowmill-remote", e);
        }
    }

    /** Begins a consumer; its settings follow by {@link #forConsumer}. Returns when it runs. */
    long startConsumer(List<String> command, String directory, Duration limit)
            throws IOException, InterruptedException, TimeoutException {
        started = new CompletableFuture<>();
        tell("in " + directory);
        for (String word : command) {
            tell("arg " + word);
        }
        tell("start");
        try {
            return started.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Writes a line to the consumer's standard input. */
    void forConsumer(String line) throws IOException {
        tell("> " + line);
    }

    /** Ends the consumer at once. */
    void killConsumer() throws IOException {
        tell("kill");
    }

    /** Completes when the script has ended, or the connection to it. */
    CompletableFuture<Integer> onExit() {
        return process.onExit();
    }

    private void tell(String line) throws IOException {
        if (line.indexOf('\n') >= 0) {
            throw new IOException("a line end in " + line.replace('\n', '?'));
        }
        synchronized (in) {
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        }
    }

    private void beat() {
        try {
            while (!closing && !process.onExit().isDone()) {
                tell(".");
                Thread.sleep(HEARTBEAT.toMillis());
            }
        } catch (IOException e) {
            process.close(); // nobody hears it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.out(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(token + " ")) {
                    handle(line.substring(token.length() + 1).split(" "));
                } else {
                    events.printed(line);
                }
            }
        } catch (IOException | RuntimeException e) {
            process.close();
        } finally {
            ready.completeExceptionally(new IOException("the node's guard has ended"));
            started.completeExceptionally(new IOException("the node's guard has ended"));
        }
    }

    private void handle(String[] words) {
        switch (words[0]) {
            case "ready" -> ready.complete(null);
            case "started" -> {
                events.consumerStarted(Long.parseLong(words[1]));
                started.complete(Long.parseLong(words[1]));
            }
            case "ended" -> {
                started.completeExceptionally(new IOException("it ended with exit code " + words[1]));
                events.consumerEnded(Integer.parseInt(words[1]), words.length > 2 ? rows(words[2]) : List.of());
            }
            default -> events.printed(String.join(" ", words));
        }
    }

    /** Eight bytes a slot: the row's number plus one, or 0. */
    private static List<Long> rows(String hex) {
        List<Long> rows = new ArrayList<>();
        int digits = 2 * Long.BYTES;
        for (int at = 0; at + digits <= hex.length(); at += digits) {
            long row = Long.parseUnsignedLong(hex, at, at + digits, 16);
            if (row > 0) {
                rows.add(row - 1);
            }
        }
        return rows;
    }

    /** Ends all that the script owns, and waits for it, not for ever. */
    @Override
    public void close() {
        closing = true;
        beating.interrupt();
        try {
            tell("end");
            process.onExit().get(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            // the end of its standard input, or silence, tells it the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }

    private static String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
