package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.ssh.config.Route;
import org.rowmill.mounter.ssh.config.SshTarget;
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
        this.limit = target.connectTimeout()
                .filter(configured -> configured.compareTo(settings.connectTimeout()) > 0)
                .orElse(settings.connectTimeout());
        this.hosts = new KnownHosts(
                target.hostKey(),
                settings.hostKeys().policy(target.hostKey()),
                () -> handshake.enter(ConnectionStep.HOST_KEY),
                () -> handshake.enter(ConnectionStep.AUTHENTICATE));
        this.keys = new SshKeys(target, () -> handshake.enter(ConnectionStep.AUTHENTICATE));
    }

    SshConnection connect() throws NodeFault, InterruptedException {
        TcpConnector connector = new TcpConnector(target, limit);
        if (target.route() instanceof Route.Direct direct) {
            Socket socket = connector.connect(direct);
            if (target.hostKey().trustLoopback()
                    && !target.hostKey().alias()
                    && socket.getInetAddress().isLoopbackAddress()) {
                hosts.acceptAll();
            }
            return logIn(socket, Optional.empty());
        }
        if (target.route() instanceof Route.Command command) {
            return logInBy(connector.start(command));
        }
        return connectThrough((Route.Jumps) target.route(), connector);
    }

    private SshConnection connectThrough(Route.Jumps jumps, TcpConnector connector)
            throws NodeFault, InterruptedException {
        SshConnection jump = connectToJumpHost(jumps);
        boolean done = false;
        try {
            SshConnection connection = logIn(connector.connectThrough(jump), Optional.of(jump));
            done = true;
            return connection;
        } finally {
            if (!done) {
                jump.close();
            }
        }
    }

    /** If the connection fails, the program's own message says more than the end of its output. */
    private SshConnection logInBy(ProxyProcess proxy) throws NodeFault, InterruptedException {
        try {
            return logIn(proxy, Optional.empty());
        } catch (NodeFault e) {
            throw e.step() == ConnectionStep.CONNECT ? SshFaults.noProxy(target, proxy.end()) : e;
        }
    }

    /** Describes the host key that the server has shown. */
    String hostKeyInfo() {
        return hosts.info();
    }

    /** Lists the key files that were not tried, each with the reason. */
    List<String> notes() {
        return keys.skipped().stream().map(file -> "key not tried: " + file).toList();
    }

    private SshConnection connectToJumpHost(Route.Jumps jumps) throws NodeFault, InterruptedException {
        if (depth == MAX_JUMPS) {
            throw new NodeFault(
                    ConnectionStep.CONNECT,
                    "ProxyJump has more than " + MAX_JUMPS + " hosts, or forms a loop",
                    "Correct ProxyJump in the SSH configuration.");
        }
        try {
            SshTarget next = settings.configuration().jumpHost(jumps.last(), jumps.beforeLast());
            return new SshLogin(next, settings, depth + 1).connect();
        } catch (NodeFault e) {
            throw new NodeFault(e.step(), "jump host " + jumps.last() + ": " + e.getMessage(), e.fix());
        }
    }

    private SshConnection logIn(Socket connected, Optional<SshConnection> jump) throws NodeFault, InterruptedException {
        WatchedSocket socket = new WatchedSocket(connected, System::nanoTime);
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

    private Session session(WatchedSocket socket) throws NodeFault {
        try {
            JSch jsch = new JSch();
            jsch.setHostKeyRepository(hosts);
            jsch.setIdentityRepository(keys);
            Session session = jsch.getSession(target.user(), target.host(), target.port());
            session.setSocketFactory(socket);
            if (target.hostKey().alias()) {
                session.setHostKeyAlias(target.hostKey().name());
            }
            session.setConfig("StrictHostKeyChecking", "yes");
            session.setConfig("PreferredAuthentications", "publickey");
            SessionAlgorithms.set(session, target.algorithms(), hosts.hasAuthority());
            session.setDaemonThread(true);
            session.setThreadFactory(this::thread);
            return session;
        } catch (JSchException e) {
            throw new IllegalStateException("JSch cannot create a session for " + target, e);
        }
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
