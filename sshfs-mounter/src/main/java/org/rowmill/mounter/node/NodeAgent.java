package org.rowmill.mounter.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.ssh.RemoteProcess;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * The head's side of {@code agent.sh}: tells it that the head is there, and what to do; hears what becomes of the consumer.
 * Thread-safe.
 */
final class NodeAgent implements AutoCloseable {

    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** Without a heartbeat for so long the head counts as gone. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration READY = Duration.ofSeconds(15);
    private static final Duration SAID = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(8);
    private static final int TOKEN_BYTES = 12;

    /** The script's own exit code. */
    private static final String NO_DIRECTORY = "96";

    private final RemoteProcess process;
    private final OutputStream in;
    private final NodeEvents events;
    private final MountWatch mount;
    private final String token = token();
    private final Thread beating;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile CompletableFuture<Long> started = new CompletableFuture<>();
    private volatile boolean closing;

    private NodeAgent(RemoteProcess process, String node, NodeEvents events, MountWatch mount) {
        this.process = process;
        this.in = process.in();
        this.events = events;
        this.mount = mount;
        this.beating = Threads.daemon("rowmill-beat-" + node, this::beat);
        Threads.startDaemon("rowmill-out-" + node, this::listen);
    }

    /**
     * Starts the script; when this returns, the directories of the run are there.
     *
     * @param script its name in the node's cache
     * @param name of the mount point
     * @param mount is told what the script sees of the mount
     */
    static NodeAgent start(SshSession session, String script, String name, NodeEvents events, MountWatch mount)
            throws IOException, InterruptedException {
        String command = "exec sh -c 'cd && exec sh " + NodeCache.DIRECTORY + "/" + script + " " + name + " "
                + SILENCE.toSeconds() + "'";
        NodeAgent agent = new NodeAgent(session.start(command), session.address(), events, mount);
        try {
            agent.tell("token " + agent.token);
            agent.ready.get(READY.toMillis(), TimeUnit.MILLISECONDS);
            agent.beating.start();
            return agent;
        } catch (IOException | ExecutionException | TimeoutException e) {
            String said = agent.said();
            agent.close();
            throw new IOException(said, e);
        }
    }

    /** What a script that did not start has printed. */
    private String said() throws IOException, InterruptedException {
        try {
            process.onExit().get(SAID.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return "no answer";
        }
        InputStream err = process.err();
        return new String(err.readNBytes(err.available()), StandardCharsets.UTF_8).strip();
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
            throw new IOException(String.valueOf(e.getCause().getMessage()), e);
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

    /** Ends the consumer and the mount at once; the script ends after that. */
    void abort() throws IOException {
        tell("abort");
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
                tell(". " + millis());
                Thread.sleep(HEARTBEAT.toMillis());
            }
        } catch (IOException e) {
            process.close(); // nobody hears it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
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
                started.completeExceptionally(new IOException(
                        words[1].equals(NO_DIRECTORY)
                                ? "the directory where it works is gone, with the mount"
                                : "it ended with exit code " + words[1]));
                events.consumerEnded(
                        Integer.parseInt(words[1]),
                        words.length > 2 ? HeldRow.read(HexFormat.of().parseHex(words[2])) : List.of());
            }
            case "mount" -> handleMount(words);
            default -> events.printed(String.join(" ", words));
        }
    }

    private void handleMount(String[] words) {
        switch (words[1]) {
            case "ended" -> mount.ended();
            case "gone" -> mount.gone();
            default -> {
                // What the head sent last, as far as the node has heard it: how far behind the link is.
                long heard = words.length > 3 ? Long.parseLong(words[3]) : Long.MIN_VALUE / 2;
                mount.silent(Integer.parseInt(words[2]), Duration.ofMillis(millis() - heard));
            }
        }
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
}
