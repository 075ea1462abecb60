package org.rowmill.broker;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.rowmill.schemas.Queues;
import org.rowmill.schemas.WrongInput;

/**
 * The broker of one run, inside the head's JVM: the run's queues and one user, whom only those know who were handed the
 * password. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private final ActiveMQServer server;
    private final Path state;
    private final int port;
    private final String user;
    private final String password;

    private EmbeddedBroker(ActiveMQServer server, Path state, int port, String user, String password) {
        this.server = server;
        this.state = state;
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /**
     * Starts a broker on the first free port of a range, on loopback.
     *
     * @param ports where it may listen
     * @param stateDirectory a directory of its own for what does not fit into memory; removed when the broker is closed
     * @param queues the run's queues
     * @return a broker that takes messages
     * @throws WrongInput when no port of the range is free
     */
    public static EmbeddedBroker start(PortRange ports, Path stateDirectory, Queues queues) {
        SecureRandom random = new SecureRandom();
        String user = RunSecurity.secret(random);
        String password = RunSecurity.secret(random);
        RunSecurity security = new RunSecurity(user, password, Set.copyOf(queues.all()));
        ActiveMQServer server =
                new ActiveMQServerImpl(BrokerConfiguration.of(stateDirectory, queues, random), null, security);
        boolean started = false;
        try {
            server.start();
            int port = listen(server, ports);
            // In-VM connectors are found by a number that is unique in the JVM, as the port is.
            server.getRemotingService()
                    .createAcceptor(Transports.inVmAcceptor(port))
                    .start();
            started = true;
            return new EmbeddedBroker(server, stateDirectory, port, user, password);
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

    /** Binding is the test: a port that is looked at first and bound later may be another head's by then. */
    private static int listen(ActiveMQServer server, PortRange ports) throws Exception {
        String refusal = "";
        for (int port = ports.first(); port <= ports.last(); port++) {
            TransportConfiguration transport = Transports.tcpAcceptor(port);
            Acceptor acceptor = server.getRemotingService().createAcceptor(transport);
            try {
                acceptor.start();
                return port;
            } catch (Exception e) {
                refusal = String.valueOf(e.getMessage());
                server.getRemotingService().destroyAcceptor(transport.getName());
            }
        }
        String holders = ports.holders();
        throw new WrongInput("no port is free on 127.0.0.1: " + ports + " "
                + (ports.count() == 1 ? "was" : "were") + " tried ("
                + (holders.isEmpty() ? refusal : "held by " + holders)
                + "). Choose others with --port and --port-count, or end what holds them.");
    }

    /**
     * Where it listens on 127.0.0.1.
     *
     * @return a port of the range
     */
    public int port() {
        return port;
    }

    /**
     * The run's user.
     *
     * @return random text
     */
    public String user() {
        return user;
    }

    /**
     * The run's password.
     *
     * @return random text; for nobody's eyes
     */
    public String password() {
        return password;
    }

    /**
     * Connections inside this JVM, with the run's user.
     *
     * @return a new factory
     */
    public ConnectionFactory local() {
        ActiveMQConnectionFactory factory =
                ActiveMQJMSClient.createConnectionFactoryWithoutHA(JMSFactoryType.CF, Transports.inVmConnector(port));
        factory.setUser(user);
        factory.setPassword(password);
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
