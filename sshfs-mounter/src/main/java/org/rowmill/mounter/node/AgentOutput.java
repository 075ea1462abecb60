package org.rowmill.mounter.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rowmill.mounter.ssh.RemoteProcess;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * Handles what {@code agent.sh} prints. Lines that begin with the token are reports of the script, all others are
 * output of the consumer. One thread reads; the futures are thread-safe.
 */
final class AgentOutput {

    /** Exit code by which the script reports that the consumer's working directory does not exist. */
    private static final String NO_DIRECTORY = "96";

    /** Age of the latest heartbeat if the script has not received any. */
    private static final Duration NO_HEARTBEAT = Duration.ofMillis(Long.MAX_VALUE / 2);

    private final String token;
    private final NodeEvents events;
    private final MountWatch mount;
    private final Set<String> warnings = new HashSet<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile CompletableFuture<Long> started = new CompletableFuture<>();

    AgentOutput(String token, NodeEvents events, MountWatch mount) {
        this.token = token;
        this.events = events;
        this.mount = mount;
    }

    /** Completes when the script is ready for commands; fails when its output ends. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** Returns a future for the process id of the next consumer. It fails if that consumer does not start. */
    CompletableFuture<Long> expectConsumer() {
        CompletableFuture<Long> next = new CompletableFuture<>();
        started = next;
        return next;
    }

    /** Returns the number that the next heartbeat carries: milliseconds of a monotonic clock. */
    static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Reads until the output ends. */
    void readAll(RemoteProcess process) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.out(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                handle(line, millis());
            }
        } catch (IOException | RuntimeException e) {
            process.close();
        } finally {
            ready.completeExceptionally(new IOException("the node agent has ended"));
            started.completeExceptionally(new IOException("the node agent has ended"));
        }
    }

    /**
     * Handles one line.
     *
     * @param nowMillis the time, as in heartbeats
     */
    void handle(String line, long nowMillis) {
        if (!line.startsWith(token + " ")) {
            events.printed(line);
            return;
        }
        String[] words = line.substring(token.length() + 1).split(" ");
        switch (words[0]) {
            case "ready" -> ready.complete(null);
            case "started" -> {
                events.consumerStarted(Long.parseLong(words[1]));
                started.complete(Long.parseLong(words[1]));
            }
            case "ended" -> consumerEnded(words);
            case "mount" -> handleMount(words, nowMillis);
            case "locale" -> warnOnce(missingLocale(words));
            case "zone" -> warnOnce(missingZone(words));
            default -> events.printed(String.join(" ", words));
        }
    }

    /** Each consumer of the session reports it. */
    private void warnOnce(String text) {
        if (warnings.add(text)) {
            events.warned(text);
        }
    }

    private static String missingLocale(String[] words) {
        return "it has no locale " + words[1] + ": programs that rows run use " + words[words.length - 1]
                + " there. Install this locale there, or choose one that every computer has:"
                + " --env LC_ALL=C.UTF-8";
    }

    private static String missingZone(String[] words) {
        return "it does not know the time zone " + words[1] + ": programs that rows run use UTC there."
                + " Install the package tzdata there";
    }

    private void consumerEnded(String[] words) {
        started.completeExceptionally(new IOException(
                words[1].equals(NO_DIRECTORY)
                        ? "its working directory does not exist: the mount is gone"
                        : "it ended with exit code " + words[1]));
        events.consumerEnded(
                Integer.parseInt(words[1]),
                words.length > 2 ? HeldRow.read(HexFormat.of().parseHex(words[2])) : List.of());
    }

    private void handleMount(String[] words, long nowMillis) {
        switch (words[1]) {
            case "ended" -> mount.ended();
            case "gone" -> mount.gone();
            case "pending" -> {
                Duration heartbeatAge =
                        words.length > 3 ? Duration.ofMillis(nowMillis - Long.parseLong(words[3])) : NO_HEARTBEAT;
                mount.probePending(Integer.parseInt(words[2]), heartbeatAge);
            }
            default -> events.printed(String.join(" ", words));
        }
    }
}
