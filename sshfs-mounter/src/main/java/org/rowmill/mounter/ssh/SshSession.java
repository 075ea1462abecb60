package org.rowmill.mounter.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.Threads;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * A login on a node. It runs commands there, and makes ports of the node lead to the head. It detects within about 10 s
 * that a node no longer answers. Thread-safe.
 */
public final class SshSession implements AutoCloseable {

    private static final int BRIEF_CHARACTERS = 100;

    private final SshConnection connection;
    private final String hostKeyInfo;
    private final List<String> notes;
    private final Duration connectTime;

    private SshSession(SshConnection connection, SshLogin login, Duration connectTime) {
        this.connection = connection;
        this.hostKeyInfo = login.hostKeyInfo();
        this.notes = login.notes();
        this.connectTime = connectTime;
    }

    /**
     * Logs in. The connect timeout of the settings limits each step: resolve and connect, host key, authentication.
     *
     * @param node which node
     * @param settings how to reach it
     * @return a session; the caller closes it
     * @throws NodeFault if the node cannot be reached or rejects the user
     * @throws InterruptedException if the thread is interrupted; nothing stays open
     */
    public static SshSession connect(ClusterNode node, SshSettings settings) throws NodeFault, InterruptedException {
        long start = System.nanoTime();
        SshLogin login = new SshLogin(settings.configuration().target(node), settings);
        SshConnection connection = login.connect();
        return new SshSession(connection, login, Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Returns the address that the session is connected to.
     *
     * @return the host name or IP address, after the SSH configuration was applied
     */
    public String address() {
        return connection.target().host();
    }

    /**
     * Returns the head's address on the path to the node. With jump hosts: to the first of them.
     *
     * @return the local address of the connection
     */
    public InetAddress headAddress() {
        return connection.headAddress();
    }

    /**
     * Returns the node's address as the head sees it.
     *
     * @return an IP address; for a node behind a jump host: its configured name
     */
    public String nodeAddress() {
        return connection.nodeAddress();
    }

    /**
     * Returns the user who is logged in.
     *
     * @return a user of the node
     */
    public String user() {
        return connection.target().user();
    }

    /**
     * Returns the port of the SSH server.
     *
     * @return 1 to 65535
     */
    public int port() {
        return connection.target().port();
    }

    /**
     * Returns how long it took to connect and log in, jump hosts included.
     *
     * @return a duration
     */
    public Duration connectTime() {
        return connectTime;
    }

    /**
     * Returns the version string of the server.
     *
     * @return for example {@code SSH-2.0-OpenSSH_9.2p1}
     */
    public String serverVersion() {
        return connection.serverVersion();
    }

    /**
     * Describes the host key.
     *
     * @return its type, its fingerprint, and whether it was known, added or not checked
     */
    public String hostKeyInfo() {
        return hostKeyInfo;
    }

    /**
     * Returns what the login has passed over, such as key files that cannot be used.
     *
     * @return clauses without a full stop
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * Runs a command with the user's login shell.
     *
     * @param command for the shell
     * @param input standard input of the command
     * @param limit how long the command may take
     * @return its exit code and output
     * @throws IOException if the connection is lost, or the command exceeds the limit
     * @throws InterruptedException if the thread is interrupted
     */
    public RemoteResult run(String command, byte[] input, Duration limit) throws IOException, InterruptedException {
        return run(command, new ByteArrayInputStream(input), limit);
    }

    /**
     * Runs a command with the user's login shell.
     *
     * @param command for the shell
     * @param input standard input of the command; read to its end unless the command ends first; not closed
     * @param limit how long the command may take
     * @return its exit code and output
     * @throws IOException if the connection is lost, the input cannot be read, or the command exceeds the limit
     * @throws InterruptedException if the thread is interrupted
     */
    public RemoteResult run(String command, InputStream input, Duration limit)
            throws IOException, InterruptedException {
        BoundedOutput out = new BoundedOutput(RemoteResult.MAX_BYTES);
        BoundedOutput err = new BoundedOutput(RemoteResult.MAX_BYTES);
        try (RemoteProcess process = start(command, channel -> RemoteProcess.into(channel, out, err))) {
            CompletableFuture<Void> unreadable = new CompletableFuture<>();
            Threads.startDaemon("ssh-input " + address(), () -> copyInput(input, process, unreadable));
            int exitCode = (Integer)
                    CompletableFuture.anyOf(process.onExit(), unreadable).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new RemoteResult(exitCode, out.bytes(), err.bytes());
        } catch (TimeoutException e) {
            throw new IOException(
                    connection.target() + ": did not end within " + limit.toSeconds() + " s: " + brief(command), e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause(), "a future fails with an exception");
            throw new IOException(connection.target() + ": " + cause.getMessage() + ": " + brief(command), cause);
        }
    }

    /**
     * Copies the input to the command. A read error fails the command; a write error needs no handling here, because
     * the exit code of the command shows it.
     */
    private static void copyInput(InputStream input, RemoteProcess process, CompletableFuture<Void> unreadable) {
        byte[] buffer = new byte[32 << 10];
        try (OutputStream out = process.in()) {
            int count = read(input, buffer, unreadable);
            while (count >= 0) {
                out.write(buffer, 0, count);
                count = read(input, buffer, unreadable);
            }
        } catch (IOException e) {
            // The command has ended, or read() has reported the error.
        }
    }

    private static int read(InputStream input, byte[] buffer, CompletableFuture<Void> unreadable) throws IOException {
        try {
            return input.read(buffer);
        } catch (IOException e) {
            unreadable.completeExceptionally(new IOException("its input cannot be read: " + e.getMessage(), e));
            throw e;
        }
    }

    private static String brief(String command) {
        return command.length() <= BRIEF_CHARACTERS ? command : command.substring(0, BRIEF_CHARACTERS) + "…";
    }

    /**
     * Starts a command with the user's login shell.
     *
     * @param command for the shell
     * @return the running command; the caller closes it
     * @throws IOException if the command cannot be started
     */
    public RemoteProcess start(String command) throws IOException {
        return start(command, RemoteProcess::readable);
    }

    private interface StreamSetup {
        RemoteProcess apply(ChannelExec channel) throws IOException;
    }

    private RemoteProcess start(String command, StreamSetup streams) throws IOException {
        return connection.call("ssh-open", session -> {
            ChannelExec channel = (ChannelExec) session.openChannel("exec");
            channel.setCommand(command.getBytes(StandardCharsets.UTF_8));
            RemoteProcess process = streams.apply(channel);
            connect(channel, session);
            return process;
        });
    }

    private static void connect(ChannelExec channel, Session session) throws IOException, JSchException {
        try {
            channel.connect((int) SshConnection.OPEN_LIMIT.toMillis());
        } catch (JSchException e) {
            if (session.isConnected()) {
                throw new IOException(
                        "its SSH server refuses another command (MaxSessions in its sshd_config): " + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    /**
     * Makes a port of the node's loopback lead to a port of the head's loopback, until the session ends.
     *
     * @param headPort a port on 127.0.0.1 of the head
     * @return the port on 127.0.0.1 of the node
     * @throws IOException if the node's SSH server refuses
     */
    public int forward(int headPort) throws IOException {
        return connection.forward(headPort);
    }

    /**
     * Returns whether the session can be used.
     *
     * @return false if it is closed or the connection is lost
     */
    public boolean isAlive() {
        return connection.isAlive();
    }

    /**
     * Runs an action when the connection is lost, at once if it is lost already. Does not run it after {@link #close}.
     *
     * @param action is run once, on its own thread
     */
    public void onLost(Runnable action) {
        connection.onLost(action);
    }

    /**
     * Ends the session, its commands' streams and its ports. Takes about a second at most, even if the node is silent.
     */
    @Override
    public void close() {
        connection.close();
    }
}
