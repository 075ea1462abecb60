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
import org.rowmill.schemas.Queues;

/** Artemis as a run needs it: its queues, memory that is bounded, and none of the services of a broker that is shared. */
final class BrokerConfiguration {

    /** Messages of a queue that are kept in memory; what exceeds it is paged to the state directory. */
    private static final long QUEUE_BYTES = 32L << 20;

    private static final int PAGE_BYTES = 4 << 20;
    private static final long ALL_QUEUES_BYTES = 64L << 20;
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
                .setGlobalMaxSize(ALL_QUEUES_BYTES);
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
        configuration.addAddressSetting("#", settings(queues));
        for (String queue : queues.all()) {
            configuration.addAddressConfiguration(address(queue));
        }
        return configuration;
    }

    private static AddressSettings settings(Queues queues) {
        AddressSettings settings = new AddressSettings();
        settings.setMaxSizeBytes(QUEUE_BYTES)
                .setPageSizeBytes(PAGE_BYTES)
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE);
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
