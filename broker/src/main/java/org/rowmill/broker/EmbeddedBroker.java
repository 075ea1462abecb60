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
 * The broker of one run, inside the head's JVM: the run's queues, the head, and the nodes that it has let in. Thread-safe.
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
     * @param ports where it may listen
     * @param stateDirectory a directory of its own, which Artemis asks for; removed when the broker is closed
     * @param queues the run's queues
     * @param rejections is told of whatever is refused
     * @return a broker that takes messages
     * @throws WrongInput when no port of the range is free
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
            throw new IllegalStateException("the broker cannot be started: " + e.getMessage(), e);
        } finally {
            if (!started) {
                stop(server);
                sweep(stateDirectory);
            }
        }
    }

    private static BrokerPolicy policy(ActiveMQServer server, Queues queues, Rejections rejections) throws Exception {
        PagingStore results = server.getPagingManager().getPageStore(SimpleString.of(queues.results()));
        return new BrokerPolicy(rejections, () -> results.getAddressSize() > BrokerConfiguration.FULL_BYTES);
    }

    /**
     * Where it listens on 127.0.0.1.
     *
     * @return a port of the range
     */
    public int port() {
        return acceptors.loopback();
    }

    /**
     * Listens for other computers too: by TLS 1.3, on one address of this one, on another port of the range.
     *
     * @param address of this computer, no wildcard
     * @return the port; the same when it is asked for again
     * @throws WrongInput when no port of the range is free there
     */
    public int listen(InetAddress address) {
        return acceptors.direct(address);
    }

    /**
     * What the broker shows to other computers, made for this run.
     *
     * @return a certificate that nobody vouches for, to be trusted alone
     */
    public X509Certificate certificate() {
        return acceptors.certificate();
    }

    /**
     * Lets a node's consumers in: they may take rows, and send what is their own.
     *
     * @param node its name
     * @param beginnings what each message that they send to a queue begins with, by that queue; none else is sent to
     * @return made for it, good until {@link #revoke}
     */
    public Credentials admit(String node, Map<String, byte[]> beginnings) {
        return security.admit(node, beginnings);
    }

    /**
     * Lets whoever shows these in no longer, and ends the connections: rows in their hands go to others.
     *
     * @param credentials that {@link #admit} made
     */
    public void revoke(Credentials credentials) {
        security.revoke(one -> one.credentials().equals(credentials));
    }

    /**
     * The same for all that a node was given.
     *
     * @param node its name
     */
    public void revoke(String node) {
        security.revoke(one -> one.node().equals(node));
    }

    /**
     * Connections inside this JVM, with the head's user, who is let in from nowhere else.
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
     * How many messages a queue has.
     *
     * @param queue name of a queue of the run
     * @return those waiting and those that a consumer holds and has not acknowledged
     */
    public long depth(String queue) {
        return queue(queue).getMessageCount();
    }

    /**
     * Removes messages that no consumer holds.
     *
     * @param queue name of a queue of the run
     * @param body tells by its body whether a message is to go
     * @return how many went
     */
    public int removeWaiting(String queue, Predicate<byte[]> body) {
        try {
            return queue(queue).deleteMatchingReferences(new BodyFilter(body));
        } catch (Exception e) {
            throw new IllegalStateException("messages of queue " + queue + " cannot be removed", e);
        }
    }

    private Queue queue(String name) {
        Queue queue = server.locateQueue(name);
        if (queue == null) {
            throw new IllegalArgumentException("the broker has no queue " + name);
        }
        return queue;
    }

    /** Stops it and removes its state directory; connections break. */
    @Override
    public void close() {
        stop(server);
        sweep(state);
    }

    private static void stop(ActiveMQServer server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the broker cannot be stopped", e);
        }
    }

    private static void sweep(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's state cannot be removed: " + directory, e);
        }
    }
}
