package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.schemas.Threads;

/**
 * Connects to an SSH server and logs in: name, TCP connection, host key, authentication. Goes through jump hosts if the
 * SSH configuration says so. For one login.
 */
final class SshLogin {

    private static final int MAX_JUMPS = 8;

    private final SshTarget target;
    private final SshSettings settings;
    private final int depth;
    private final Duration limit;
    private final KnownHosts hosts;
    private final SshKeys keys;
    private final Handshake handshake = new Handshake(System::nanoTime);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean sessionThreadMade = new AtomicBoolean();

    SshLogin(SshTarget target, SshSettings settings) {
        this(target, settings, 0);
    }

    private SshLogin(SshTarget target, SshSettings settings, int depth) {
        this.target = target;
        this.settings = settings;
        this.depth = depth;
        this.limit = settings.connectTimeout();
        this.hosts = new KnownHosts(
                new KnownHostsFile(settings.directory().resolve("known_hosts")),
                target.hostKeyName(),
                settings.hostKeys(),
                () -> handshake.enter(ConnectionStep.HOST_KEY),
                () -> handshake.enter(ConnectionStep.AUTHENTICATE));
        this.keys = new SshKeys(target, settings.directory());
    }

    SshConnection connect() throws NodeFault, InterruptedException {
        Optional<SshConnection> jump = target.jumps().isEmpty() ? Optional.empty() : Optional.of(connectToJumpHost());
        boolean done = false;
        try {
            TcpConnector connector = new TcpConnector(target, limit);
            Socket socket = jump.isPresent() ? connector.connectThrough(jump.get()) : connector.connect();
            SshConnection connection = logIn(new WatchedSocket(socket, System::nanoTime), jump);
            done = true;
            return connection;
        } finally {
            if (!done) {
                jump.ifPresent(SshConnection::close);
            }
        }
    }

    /** Describes the host key that the server has shown. */
    String hostKeyInfo() {
        return hosts.shown() + " (" + hosts.verdict() + ")";
    }

    private SshConnection connectToJumpHost() throws NodeFault, InterruptedException {
        List<String> jumps = target.jumps();
        String last = jumps.get(jumps.size() - 1);
        if (depth == MAX_JUMPS) {
            throw new NodeFault(
                    ConnectionStep.CONNECT,
                    "ProxyJump has more than " + MAX_JUMPS + " hosts, or forms a loop",
                    "Correct ProxyJump in the SSH configuration.");
        }
        try {
            SshTarget next = SshTarget.ofJump(last, jumps.subList(0, jumps.size() - 1), settings.directory());
            return new SshLogin(next, settings, depth + 1).connect();
        } catch (NodeFault e) {
            throw new NodeFault(e.step(), "jump host " + last + ": " + e.getMessage(), e.fix());
        }
    }

    private SshConnection logIn(WatchedSocket socket, Optional<SshConnection> jump)
            throws NodeFault, InterruptedException {
        boolean done = false;
        try {
            Session session = session(socket);
            Threads.startDaemon("ssh-login " + target.host(), () -> shakeHands(session));
            if (!handshake.await(limit)) {
                throw SshFaults.tooSlow(handshake.step(), target, limit);
            }
            Optional<JSchException> failure = handshake.failure();
            if (failure.isPresent()) {
                throw SshFaults.of(failure.get(), handshake.step(), target, hosts, keys);
            }
            done = true;
            return new SshConnection(target, session, socket, ended, jump);
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    private void shakeHands(Session session) {
        try {
            session.connect();
            handshake.end(Optional.empty());
        } catch (JSchException e) {
            handshake.end(Optional.of(e));
        } catch (RuntimeException e) {
            handshake.end(Optional.of(new JSchException(e.toString(), e)));
        }
    }

    private Session session(WatchedSocket socket) {
        try {
            JSch jsch = new JSch();
            jsch.setHostKeyRepository(hosts);
            jsch.setIdentityRepository(keys);
            Session session = jsch.getSession(target.user(), target.host(), target.port());
            session.setSocketFactory(socket);
            session.setHostKeyAlias(target.hostKeyName());
            session.setConfig("StrictHostKeyChecking", settings.hostKeys() == HostKeys.OFF ? "no" : "yes");
            session.setConfig("PreferredAuthentications", "publickey");
            session.setConfig("server_host_key", withoutCertificates(JSch.getConfig("server_host_key")));
            session.setDaemonThread(true);
            session.setThreadFactory(this::thread);
            return session;
        } catch (JSchException e) {
            throw new IllegalStateException("JSch cannot create a session for " + target, e);
        }
    }

    /**
     * Removes certificate types: a server with a certificate also has a plain key, and only plain keys are looked up.
     */
    private static String withoutCertificates(String types) {
        return Arrays.stream(types.split(","))
                .filter(type -> !type.contains("-cert-"))
                .collect(Collectors.joining(","));
    }

    /**
     * Makes JSch's threads. The first one is the session's own, and the end of this thread is the end of the session,
     * for which JSch has no callback. JSch gives the threads their names.
     */
    private Thread thread(Runnable work) {
        boolean first = sessionThreadMade.compareAndSet(false, true);
        return Threads.daemon("ssh " + target.host(), first ? () -> runToEnd(work) : work);
    }

    private void runToEnd(Runnable work) {
        try {
            work.run();
        } finally {
            ended.complete(null);
        }
    }
}
