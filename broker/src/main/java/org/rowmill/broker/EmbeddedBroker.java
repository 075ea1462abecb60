package org.rowmill.broker;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.paging.PagingStore;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.protocol.Queues;

/**
 * The broker of one run, in the JVM of the head. It serves the queues of the run to the head and to nodes that have an
 * account. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private final ActiveMQServer server;
    private final Path state;
    private final Acceptors acceptors;
    private final RunSecurity security;

    private EmbeddedBroker(ActiveMQServer server, Path state, Acceptors acceptors, RunSecurity security) {
        this.server = server;
        this.state = state;
        this.acceptors = acceptors;
        this.security = security;
    }

    /**
     * Starts a broker on the first free port of a range, on loopback.
     *
     * @param ports ports to try
     * @param stateDirectory a directory for Artemis only; {@link #close()} removes it
     * @param queues queues of the run
     * @param rejections receives what the broker rejects
     * @return a running broker
     * @throws WrongInput if no port of the range is free
     */
    public static EmbeddedBroker start(PortRange ports, Path stateDirectory, Queues queues, Rejections rejections) {
        SecureRandom random = new SecureRandom();
        RunSecurity security = new RunSecurity(queues, random, rejections);
        ActiveMQServer server =
                new ActiveMQServerImpl(BrokerConfiguration.of(stateDirectory, queues, random), null, security);
        boolean started = false;
        try {
            server.start();
            Acceptors acceptors = new Acceptors(server, ports, random, policy(server, queues, rejections));
            started = true;
            return new EmbeddedBroker(server, stateDirectory, acceptors, security);
        } catch (WrongInput e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot start the broker: " + e.getMessage(), e);
        } finally {
            if (!started) {
                stop(server);
                remove(stateDirectory);
            }
        }
    }

    private static BrokerPolicy policy(ActiveMQServer server, Queues queues, Rejections rejections) throws Exception {
        PagingStore results = server.getPagingManager().getPageStore(SimpleString.of(queues.results()));
        return new BrokerPolicy(rejections, () -> results.getAddressSize() > BrokerConfiguration.FULL_BYTES);
    }

    /**
     * Returns the port on 127.0.0.1.
     *
     * @return a port of the range
     */
    public int port() {
        return acceptors.loopback();
    }

    /**
     * Listens for other computers with TLS 1.3, on another port of the range than on loopback.
     *
     * @param address an address of this computer, no wildcard
     * @return the port, the same for each call with this address
     * @throws WrongInput if no port of the range is free at this address
     */
    public int listen(InetAddress address) {
        return acceptors.direct(address);
    }

    /**
     * Returns the certificate that the broker shows to other computers. It is new in each run.
     *
     * @return a self-signed certificate; clients should trust it and no other
     */
    public X509Certificate certificate() {
        return acceptors.certificate();
    }

    /**
     * Makes an account for a node. Its consumers can receive rows, and can send messages that begin with the given
     * bytes.
     *
     * @param node name of the node
     * @param beginnings bytes with which each message of the node begins, by queue; the node cannot send to other
     *     queues
     * @return new credentials, valid until {@link #revoke}
     */
    public Credentials admit(String node, Map<String, byte[]> beginnings) {
        return security.admit(node, beginnings);
    }

    /**
     * Removes an account and closes its connections. Other consumers receive the rows that it held.
     *
     * @param credentials what {@link #admit} returned
     */
    public void revoke(Credentials credentials) {
        security.revoke(one -> one.credentials().equals(credentials));
    }

    /**
     * Removes all accounts of a node and closes their connections.
     *
     * @param node name of the node
     */
    public void revoke(String node) {
        security.revoke(one -> one.node().equals(node));
    }

    /**
     * Returns a factory of connections inside this JVM with the account of the head, which is valid only here.
     *
     * @return a new factory
     */
    public ConnectionFactory local() {
        ActiveMQConnectionFactory factory =
                ActiveMQJMSClient.createConnectionFactoryWithoutHA(JMSFactoryType.CF, Transports.inVmConnector(port()));
        factory.setUser(security.head().user());
        factory.setPassword(security.head().password());
        factory.setMinLargeMessageSize(Integer.MAX_VALUE);
        return factory;
    }

    /**
     * Opens a sender of the head that needs no connection.
     *
     * @param queue name of a queue of the run
     * @return a sender
     */
    public MessageSender sender(String queue) {
        return new DirectSender(server, queue);
    }

    /**
     * Counts the messages of a queue.
     *
     * @param queue name of a queue of the run
     * @return number of messages that wait, or that a consumer has received and not acknowledged
     */
    public long depth(String queue) {
        return queue(queue).getMessageCount();
    }

    /**
     * Removes messages that wait in a queue.
     *
     * @param queue name of a queue of the run
     * @param body selects messages by their body
     * @return number of removed messages
     */
    public int removeWaiting(String queue, Predicate<byte[]> body) {
        try {
            return queue(queue).deleteMatchingReferences(new BodyFilter(body));
        } catch (Exception e) {
            throw new IllegalStateException("cannot remove messages of queue " + queue, e);
        }
    }

    private Queue queue(String name) {
        Queue queue = server.locateQueue(name);
        if (queue == null) {
            throw new IllegalArgumentException("the broker has no queue " + name);
        }
        return queue;
    }

    /** Stops the broker and removes its state directory. Connections break. */
    @Override
    public void close() {
        stop(server);
        remove(state);
    }

    private static void stop(ActiveMQServer server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop the broker", e);
        }
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the state of the broker: " + directory, e);
        }
    }
}
