package org.rowmill.mounter.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.Step;
import org.rowmill.schemas.Threads;

/** The way to a session: name, connection, host key, login; through other hosts where the SSH configuration says so. */
final class SshLogin {

    private static final int MAX_JUMPS = 8;

    private final SshTarget target;
    private final SshSettings settings;
    private final int depth;
    private final Duration limit;
    private final Handshake handshake = new Handshake();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    SshLogin(SshTarget target, SshSettings settings) {
        this(target, settings, 0);
    }

    private SshLogin(SshTarget target, SshSettings settings, int depth) {
        this.target = target;
        this.settings = settings;
        this.depth = depth;
        this.limit = settings.connectTimeout();
    }

    SshSession connect() throws NodeFault, InterruptedException {
        long start = System.nanoTime();
        Optional<SshSession> jump = target.jumps().isEmpty() ? Optional.empty() : Optional.of(jump());
        boolean done = false;
        try {
            Socket socket = jump.isPresent() ? connectThrough(jump.get()) : connectTo(resolve());
            SshSession session = logIn(new WatchedSocket(socket), jump, start);
            done = true;
            return session;
        } finally {
            if (!done) {
                jump.ifPresent(SshSession::close);
            }
        }
    }

    private SshSession jump() throws NodeFault, InterruptedException {
        List<String> jumps = target.jumps();
        String last = jumps.get(jumps.size() - 1);
        if (depth == MAX_JUMPS) {
            throw new NodeFault(
                    Step.CONNECT,
                    "ProxyJump leads through more than " + MAX_JUMPS + " hosts, or in a circle",
                    "Correct ProxyJump in the SSH configuration.");
        }
        try {
            SshTarget next = SshTarget.ofJump(last, jumps.subList(0, jumps.size() - 1), settings.directory());
            return new SshLogin(next, settings, depth + 1).connect();
        } catch (NodeFault e) {
            throw new NodeFault(e.step(), "jump host " + last + ": " + e.getMessage(), e.fix());
        }
    }

    private List<InetAddress> resolve() throws NodeFault, InterruptedException {
        try {
            return TimeLimit.call(
                    "ssh-resolve " + target.host(),
                    limit,
                    () -> Arrays.asList(InetAddress.getAllByName(target.host())));
        } catch (TimeoutException e) {
            throw SshFaults.slowName(target.host(), limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw SshFaults.unknownName(target.host());
            }
            throw new IllegalStateException(e);
        }
    }

    private Socket connectTo(List<InetAddress> addresses) throws NodeFault, InterruptedException {
        try {
            // Its own limits end it first: this one is for interrupts.
            return TimeLimit.call(
                    "ssh-connect " + target.host(), limit.plus(limit), () -> connectToOneOf(addresses));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw SshFaults.noConnection(target, cause, limit);
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw SshFaults.tooSlow(Step.CONNECT, target, limit);
        }
    }

    /** One after the other, each with its share of the time. */
    private Socket connectToOneOf(List<InetAddress> addresses) throws IOException {
        int share = (int) Math.max(1, limit.toMillis() / addresses.size());
        IOException first = null;
        for (InetAddress address : addresses) {
            try {
                return connect(new InetSocketAddress(address, target.port()), share);
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no address") : first;
    }

    private static Socket connect(InetSocketAddress address, int millis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, millis);
            if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                throw new IOException("the port is free, and the connection was with itself");
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** By a port of the head's loopback that is there as long as the jump's session: JSch's other way, Proxy, has no socket to watch. */
    private Socket connectThrough(SshSession jump) throws NodeFault {
        try {
            int port = jump.openLocalPort(target.host(), target.port());
            return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) limit.toMillis());
        } catch (IOException e) {
            throw SshFaults.noConnection(target, e, limit);
        }
    }

    private SshSession logIn(WatchedSocket socket, Optional<SshSession> jump, long start)
            throws NodeFault, InterruptedException {
        KnownHosts hosts = new KnownHosts(
                new KnownHostsFile(settings.directory().resolve("known_hosts")),
                target.hostKeyName(),
                settings.hostKeys(),
                () -> handshake.enter(Step.HOST_KEY),
                () -> handshake.enter(Step.AUTHENTICATE));
        SshKeys keys = new SshKeys(target, settings.directory());
        boolean done = false;
        try {
            Session session = session(socket, hosts, keys);
            Threads.startDaemon("ssh-login " + target.host(), () -> shakeHands(session));
            if (!handshake.await(limit)) {
                throw SshFaults.tooSlow(handshake.step(), target, limit);
            }
            Optional<JSchException> failure = handshake.failure();
            if (failure.isPresent()) {
                throw SshFaults.of(failure.get(), handshake.step(), target, hosts, keys);
            }
            done = true;
            return new SshSession(
                    target, session, socket, ended, jump, hosts, Duration.ofNanos(System.nanoTime() - start));
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

    private Session session(WatchedSocket socket, KnownHosts hosts, SshKeys keys) {
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
            throw new IllegalStateException("JSch opens no session for " + target, e);
        }
    }

    /** A node with a certificate has a plain key too, and known_hosts is read for those only. */
    private static String withoutCertificates(String types) {
        return Arrays.stream(types.split(","))
                .filter(type -> !type.contains("-cert-"))
                .collect(Collectors.joining(","));
    }

    private final AtomicBoolean sessionThreadMade = new AtomicBoolean();

    /** The first thread is the session's own: its end is the session's, for which JSch has no call-back. JSch names them all. */
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
