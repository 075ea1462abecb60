package org.rowmill.producer.run;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rowmill.broker.Credentials;
import org.rowmill.broker.EmbeddedBroker;
import org.rowmill.mounter.node.BrokerRoute;
import org.rowmill.mounter.node.Machine;
import org.rowmill.mounter.node.NodeFile;
import org.rowmill.mounter.node.NodeJob;
import org.rowmill.mounter.node.NodeLocations;
import org.rowmill.mounter.sftp.ReadOnlyPaths;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.producer.cache.JavaRuntime;
import org.rowmill.producer.nodes.LocalHost;
import org.rowmill.producer.nodes.NodeName;
import org.rowmill.producer.nodes.RunMachines;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.ConsumerSettings;
import org.rowmill.schemas.protocol.ConsumerSettings.BrokerAccess;
import org.rowmill.schemas.protocol.ConsumerSettings.Slots;

/** Makes the settings of the consumers, on the head and on nodes, and lists what nodes need. Thread-safe. */
final class ConsumerSettingsFactory {

    private static final int LONGEST_MOUNT_NAME = 100;

    private final RunJob job;
    private final EmbeddedBroker broker;
    private final Set<Integer> reportedPorts = ConcurrentHashMap.newKeySet();

    ConsumerSettingsFactory(RunJob job, EmbeddedBroker broker) {
        this.job = job;
        this.broker = broker;
    }

    /** Settings of the consumer on the head. */
    ConsumerSettings forHead(Credentials credentials, RunDirectory directory) {
        int cpus = Runtime.getRuntime().availableProcessors();
        int limit = job.options().compute().inProcess()
                ? 1
                : job.options().compute().cpuLimit();
        return new ConsumerSettings(
                job.id(),
                LocalHost.name(),
                new BrokerAccess(
                        "127.0.0.1", broker.port(), credentials.user(), credentials.password(), Optional.empty()),
                new ConsumerSettings.Project(job.project().root(), job.project().classPath(), tables()),
                new Slots(limit > 0 ? limit : cpus, directory.state().resolve("in-hand")),
                OptionalInt.empty());
    }

    /** Settings of a consumer on a node. */
    ConsumerSettings forNode(ClusterNode node, int slots, NodeLocations place, Credentials credentials) {
        return new ConsumerSettings(
                job.id(),
                NodeName.of(node),
                new BrokerAccess(
                        place.brokerHost(),
                        place.brokerPort(),
                        credentials.user(),
                        credentials.password(),
                        isDirect() ? Optional.of(broker.certificate()) : Optional.empty()),
                new ConsumerSettings.Project(place.project(), place.classPath(), tables()),
                new Slots(slots, place.inHand()),
                OptionalInt.empty());
    }

    /** Files and connections that each node of the cluster needs. */
    NodeJob nodeJob(Path consumerJar) throws IOException {
        List<NodeFile> classPath = new ArrayList<>();
        for (Path path : job.project().classPath()) {
            classPath.add(NodeFile.of(path, ".jar"));
        }
        Path root = job.project().root();
        return new NodeJob(
                mountName(root, job.id()),
                cluster().mount()
                        ? Optional.of(new SharedDirectory(root, Set.of(RunDirectory.NAME), readOnly(root)))
                        : Optional.empty(),
                NodeFile.of(consumerJar, ".jar"),
                classPath,
                new JavaRuntime(
                        job.project().java().feature(), job.project().java().reason()),
                isDirect() ? new BrokerRoute.Direct(this::listen) : new BrokerRoute.Tunnel(broker.port()),
                new RunMachines(Machine.ofThisComputer(), job.console()::warn, job.console()::verbose),
                job.world());
    }

    private ReadOnlyPaths readOnly(Path root) throws IOException {
        return ReadOnlyPaths.ofProject(
                root, TrustedPaths.of(job.project(), job.options()), cluster().writable());
    }

    private ClusterOptions cluster() {
        return job.options().compute().cluster().orElseThrow();
    }

    private boolean isDirect() {
        return cluster().connect() == ClusterOptions.Connect.DIRECT;
    }

    private int listen(InetAddress address) {
        int port = broker.listen(address);
        if (reportedPorts.add(port)) {
            job.console().verbose("broker listens on " + address.getHostAddress() + ":" + port + " for nodes");
        }
        return port;
    }

    /**
     * Has only characters that need no quoting in a shell, and is short enough for a file name with run id and attempt.
     */
    private static String mountName(Path project, String run) {
        String name = String.valueOf(project.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
        String safe = name.replaceFirst("^[.-]", "_");
        return safe.substring(0, Math.min(safe.length(), LONGEST_MOUNT_NAME)) + "-" + run;
    }

    private List<String> tables() {
        return job.project().tables().stream()
                .map(TableModel::tableClass)
                .map(Class::getName)
                .toList();
    }
}
