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

/** Artemis as a run needs it: its queues, memory that is bounded, and none of the services of a broker that is shared. */
final class BrokerConfiguration {

    /**
     * Results that wait: whoever has more is to wait too. Nothing is paged, for the disk that is full is often the reason
     * why results wait, and Artemis pages to a full disk without end.
     */
    static final long QUEUE_BYTES = ofHeap(8, 128L << 20);

    /** More results than honest nodes have the broker hold: those wait before. */
    static final long FULL_BYTES = ofHeap(4, 512L << 20);

    private static final int THREADS = 8;
    private static final int UNLIMITED = -1;

    private BrokerConfiguration() {}

    static Configuration of(Path state, Queues queues, SecureRandom random) {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration
                .setName("rowmill")
                .setPersistenceEnabled(false)
                .setJournalType(JournalType.NIO) // the other one loads a native library just to ask whether it could
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
        // Whoever gives these is let in without being asked further, and their defaults are in every Artemis.
        configuration.setClusterUser(RunSecurity.secret(random)).setClusterPassword(RunSecurity.secret(random));
        // By default a disk that is 90 % full makes senders wait, without a word to them.
        configuration.setMaxDiskUsage(UNLIMITED);
        configuration.setCriticalAnalyzer(false);
        configuration.addAddressSetting("#", settings(queues).setMaxSizeBytes(QUEUE_BYTES));
        // The head bounds the rows that are out; it must not wait for consumers who wait for it to take their results.
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
        // A message without a dead-letter address would be dropped silently.
        settings.setDeadLetterAddress(SimpleString.of(queues.dead())).setExpiryAddress(SimpleString.of(queues.dead()));
        // The head counts attempts: a delivery that a dying node did not finish is no fault of the row.
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
