package org.rowmill.mounter.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.ssh.RemoteProcess;
import org.rowmill.mounter.ssh.SshSession;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.world.World;

/**
 * The head's side of {@code agent.sh}: sends it heartbeats and commands. {@link AgentOutput} handles what it prints.
 * Thread-safe.
 */
final class NodeAgent implements AutoCloseable {

    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(2);

    /** After so long without a heartbeat, the script considers the head gone. */
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration START_LIMIT = Duration.ofSeconds(15);
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(8);

    private final RemoteProcess process;
    private final OutputStream in;
    private final String token = Nonce.next();
    private final AgentOutput output;
    private final Thread heartbeats;
    private volatile boolean closing;

    private NodeAgent(RemoteProcess process, String node, NodeEvents events, MountWatch mount) {
        this.process = process;
        this.in = process.in();
        this.output = new AgentOutput(token, events, mount);
        this.heartbeats = Threads.daemon("rowmill-heartbeat-" + node, this::sendHeartbeats);
        Threads.startDaemon("rowmill-out-" + node, () -> output.readAll(process));
    }

    /**
     * Starts the script. When this method returns, the directories of the run exist on the node.
     *
     * @param script its name in the node's cache
     * @param layout names the mount point
     * @param events receives what happens to the consumer
     * @param mount receives what the script sees of the mount
     * @param world which consumers enter
     */
    static NodeAgent start(
            SshSession session, String script, NodeLayout layout, NodeEvents events, MountWatch mount, World world)
            throws IOException, InterruptedException {
        String command = "exec sh -c 'cd && exec sh " + NodeCache.DIRECTORY + "/" + script + " "
                + layout.agentArguments(HEARTBEAT_TIMEOUT) + "'";
        NodeAgent agent = new NodeAgent(session.start(command), session.address(), events, mount);
        try {
            agent.send("token " + agent.token);
            agent.output.ready().get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            agent.sendWorld(world);
            agent.heartbeats.start();
            return agent;
        } catch (IOException | ExecutionException | TimeoutException e) {
            String errors = agent.errorOutput();
            agent.close();
            throw new IOException(errors, e);
        }
    }

    /** Returns what a script that did not start has printed. */
    private String errorOutput() throws IOException, InterruptedException {
        try {
            process.onExit().get(EXIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return "no answer";
        }
        InputStream err = process.err();
        return new String(err.readNBytes(err.available()), StandardCharsets.UTF_8).strip();
    }

    /**
     * Starts a consumer and waits until its process runs. The caller then sends its settings with
     * {@link #sendToConsumer}.
     */
    long startConsumer(List<String> command, String directory, Duration limit)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<Long> started = output.expectConsumer();
        send("in " + directory);
        for (String word : command) {
            send("arg " + word);
        }
        send("start");
        try {
            return started.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "a future fails with an exception");
            throw new IOException(String.valueOf(cause.getMessage()), e);
        }
    }

    /** Values of variables can be secrets, so they are in no command line and no file of the node. */
    private void sendWorld(World world) throws IOException {
        send("umask " + world.umask());
        for (String variable : world.lines()) {
            send("env " + variable);
        }
    }

    /** Writes a line to the consumer's standard input. */
    void sendToConsumer(String line) throws IOException {
        send("> " + line);
    }

    /** Kills the consumer. */
    void killConsumer() throws IOException {
        send("kill");
    }

    /** Kills the consumer and the mount. The script then ends. */
    void abort() throws IOException {
        send("abort");
    }

    /** Completes when the script has ended, or the connection to it is lost. */
    CompletableFuture<Integer> onExit() {
        return process.onExit();
    }

    private void send(String line) throws IOException {
        if (line.indexOf('\n') >= 0) {
            throw new IOException("a text without line ends was expected, not: " + line.replace('\n', '?'));
        }
        synchronized (in) {
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        }
    }

    private void sendHeartbeats() {
        try {
            while (!closing && !process.onExit().isDone()) {
                send(". " + AgentOutput.millis());
                Thread.sleep(HEARTBEAT_INTERVAL.toMillis());
            }
        } catch (IOException e) {
            process.close(); // the script has ended, or the connection is lost
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends everything that the script owns, and waits for it, with a time limit. */
    @Override
    public void close() {
        closing = true;
        heartbeats.interrupt();
        try {
            send("end");
            process.onExit().get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            // The end of its standard input, or the heartbeat timeout, has the same effect.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }
}
