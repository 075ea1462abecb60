package org.rowmill.broker;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.rowmill.schemas.protocol.Queues;

/**
 * Configures Artemis for a run: the queues of the run, limited memory, and none of the services of a shared broker.
 */
final class BrokerConfiguration {

    /**
     * Maximum size of the results that wait in the broker; consumers with more results wait, too. Results are not paged
     * to disk: they often wait because the disk is full, and Artemis tries without end to page to a full disk.
     */
    static final long QUEUE_BYTES = ofHeap(8, 128L << 20);

    /** Size of waiting results that only a hostile node causes: other consumers wait before. */
    static final long FULL_BYTES = ofHeap(4, 512L << 20);

    private static final int THREADS = 8;
    private static final int UNLIMITED = -1;

    private BrokerConfiguration() {}

    static Configuration of(Path state, Queues queues, SecureRandom random) {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setName("rowmill")
                .setPersistenceEnabled(false)
                .setJournalType(JournalType.NIO) // the default loads a native library
                .setSecurityEnabled(true)
                .setJMXManagementEnabled(false)
                .setMessageCounterEnabled(false)
                .setThreadPoolMaxSize(THREADS)
                .setScheduledThreadPoolMaxSize(1)
                .setGlobalMaxSize(UNLIMITED);
        configuration
                .setJournalDirectory(state.resolve("journal").toString())
                .setBindingsDirectory(state.resolve("bindings").toString())
                .setPagingDirectory(state.resolve("paging").toString())
                .setLargeMessagesDirectory(state.resolve("large").toString());
        // Artemis accepts these credentials without further checks, and their defaults are known.
        configuration.setClusterUser(RunSecurity.secret(random)).setClusterPassword(RunSecurity.secret(random));
        // By default, senders wait without a message if a disk is 90 % full.
        configuration.setMaxDiskUsage(UNLIMITED);
        configuration.setCriticalAnalyzer(false);
        configuration.addAddressSetting("#", settings(queues).setMaxSizeBytes(QUEUE_BYTES));
        // The head limits the rows in flight. If it waited here for consumers that wait for it, both would wait
        // forever.
        configuration.addAddressSetting(queues.rows(), settings(queues).setMaxSizeBytes(UNLIMITED));
        for (String queue : queues.all()) {
            configuration.addAddressConfiguration(address(queue));
        }
        return configuration;
    }

    private static long ofHeap(int part, long most) {
        return Math.min(Runtime.getRuntime().maxMemory() / part, most);
    }

    private static AddressSettings settings(Queues queues) {
        AddressSettings settings = new AddressSettings();
        settings.setAddressFullMessagePolicy(AddressFullMessagePolicy.BLOCK);
        // Artemis drops a dead letter silently if there is no address for it.
        settings.setDeadLetterAddress(SimpleString.of(queues.dead())).setExpiryAddress(SimpleString.of(queues.dead()));
        // The head counts attempts, because a delivery that ends with its node does not count against the row.
        settings.setMaxDeliveryAttempts(UNLIMITED).setRedeliveryDelay(0);
        return settings.setAutoCreateQueues(false)
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
}
