package org.rowmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSClient;
import org.apache.activemq.artemis.api.jms.JMSFactoryType;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;

/**
 * The broker of {@link BareLoop}: an Artemis with the settings of Rowmill's broker, but without accounts, filters and
 * limits of memory. Thread-safe.
 */
final class BareBroker implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int ANY_FREE_PORT = 0;
    private static final int UNLIMITED = -1;
    private static final int THREADS = 8;
    private static final int NETWORK_THREADS = 4;

    private final ActiveMQServer server;
    private final TemporaryDirectory state;
    private final int port;

    private BareBroker(ActiveMQServer server, TemporaryDirectory state, int port) {
        this.server = server;
        this.state = state;
        this.port = port;
    }

    /** Starts a broker on a free port of 127.0.0.1, and inside this JVM. */
    static BareBroker start() throws IOException {
        TemporaryDirectory state = TemporaryDirectory.make();
        ActiveMQServer server = new ActiveMQServerImpl(configuration(state.path()));
        try {
            server.start();
            int port = listen(server, NettyAcceptorFactory.class, "tcp", tcp());
            listen(server, InVMAcceptorFactory.class, "vm", Map.of("serverId", port));
            return new BareBroker(server, state, port);
        } catch (Exception e) {
            stop(server, state);
            throw new IllegalStateException("cannot start the broker: " + e.getMessage(), e);
        }
    }

    private static void stop(ActiveMQServer server, TemporaryDirectory state) throws IOException {
        try (state) {
            server.stop();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop the broker", e);
        }
    }

    private static Configuration configuration(Path state) {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setName("bare")
                .setPersistenceEnabled(false)
                .setJournalType(JournalType.NIO)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setMessageCounterEnabled(false)
                .setThreadPoolMaxSize(THREADS)
                .setScheduledThreadPoolMaxSize(1)
                .setGlobalMaxSize(UNLIMITED)
                .setJournalDirectory(state.resolve("journal").toString())
                .setBindingsDirectory(state.resolve("bindings").toString())
                .setPagingDirectory(state.resolve("paging").toString())
                .setLargeMessagesDirectory(state.resolve("large").toString());
        configuration.setMaxDiskUsage(UNLIMITED);
        configuration.setCriticalAnalyzer(false);
        configuration.addAddressSetting("#", settings());
        configuration.addAddressConfiguration(address(BareMessages.ROWS));
        configuration.addAddressConfiguration(address(BareMessages.RESULTS));
        return configuration;
    }

    private static AddressSettings settings() {
        return new AddressSettings()
                .setMaxSizeBytes(UNLIMITED)
                .setMaxDeliveryAttempts(UNLIMITED)
                .setRedeliveryDelay(0)
                .setAutoCreateQueues(false)
                .setAutoCreateAddresses(false)
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false);
    }

    private static CoreAddressConfiguration address(String name) {
        return new CoreAddressConfiguration()
                .setName(name)
                .addRoutingType(RoutingType.ANYCAST)
                .addQueueConfiguration(QueueConfiguration.of(name)
                        .setAddress(name)
                        .setRoutingType(RoutingType.ANYCAST)
                        .setDurable(false));
    }

    private static Map<String, Object> tcp() {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("host", LOOPBACK);
        parameters.put("port", ANY_FREE_PORT);
        parameters.put("protocols", "CORE");
        parameters.put("remotingThreads", NETWORK_THREADS);
        parameters.put("useEpoll", false);
        parameters.put("useKQueue", false);
        parameters.put("quietPeriod", 0);
        return parameters;
    }

    /** Starts an acceptor. Returns its port, which only one of TCP has. */
    private static int listen(ActiveMQServer server, Class<?> factory, String name, Map<String, Object> parameters)
            throws Exception {
        TransportConfiguration transport = new TransportConfiguration(factory.getName(), parameters, name);
        Acceptor acceptor = server.getRemotingService().createAcceptor(transport);
        acceptor.start();
        return acceptor.getActualPort();
    }

    /** Returns the port on 127.0.0.1. */
    int port() {
        return port;
    }

    /** Returns a new factory of connections inside this JVM, with the settings of Rowmill's head. */
    ActiveMQConnectionFactory local() {
        ActiveMQConnectionFactory factory = ActiveMQJMSClient.createConnectionFactoryWithoutHA(
                JMSFactoryType.CF,
                new TransportConfiguration(InVMConnectorFactory.class.getName(), Map.of("serverId", port)));
        factory.setMinLargeMessageSize(Integer.MAX_VALUE);
        return factory;
    }

    /** Counts the sessions that receive rows. */
    int slots() {
        return server.locateQueue(SimpleString.of(BareMessages.ROWS)).getConsumerCount();
    }

    /** Stops the broker and removes its files. Connections break. */
    @Override
    public void close() throws IOException {
        stop(server, state);
    }
}
