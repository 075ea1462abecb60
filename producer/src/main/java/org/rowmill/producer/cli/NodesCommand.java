package org.rowmill.producer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.PortRange;
import org.rowmill.mounter.node.BrokerRoute;
import org.rowmill.mounter.node.Machine;
import org.rowmill.mounter.node.Machines;
import org.rowmill.mounter.node.NodeCheck;
import org.rowmill.mounter.node.NodeFile;
import org.rowmill.mounter.node.NodeJob;
import org.rowmill.mounter.node.NodeReport;
import org.rowmill.mounter.sftp.SharedDirectory;
import org.rowmill.producer.cache.ConsumerJar;
import org.rowmill.producer.cache.JavaRuntime;
import org.rowmill.producer.cli.settings.ClusterSettings;
import org.rowmill.producer.cli.settings.PortSettings;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.nodes.EchoServers;
import org.rowmill.producer.nodes.RunMachines;
import org.rowmill.producer.options.ClusterOptions;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.rundir.RunDirectory;
import org.rowmill.producer.rundir.RunId;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.cluster.ClusterCsv;
import org.rowmill.schemas.cluster.ClusterNode;
import org.rowmill.schemas.world.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nodes PROJECT}: connects to every node as {@code run} does, and prints what it measured. */
@Command(
        name = "nodes",
        description = "Connects to every node of the cluster file as run does, measures it, and computes nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all nodes are usable", "1:some nodes are usable", "2:no node is usable, or wrong input"},
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false)
final class NodesCommand implements Callable<Integer> {

    private static final int CHECKS_AT_ONCE = 64;

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "PROJECT", description = "directory of the project")
    private Path project;

    @Option(names = "--ssh-cluster-csv-path", paramLabel = "FILE", description = "cluster file (required)")
    private @Nullable Path clusterCsv;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin
    private ClusterSettings clusterSettings;

    @Mixin
    private PortSettings ports;

    NodesCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isDirectory(project)) {
            throw new WrongInput(project + ": the directory of a project was expected, but it does not exist");
        }
        if (clusterCsv == null) {
            throw new WrongInput("no cluster file is given. Name one: --ssh-cluster-csv-path=rowmill_cluster.csv"
                    + " (to create one: java -jar producer.jar init cluster-config .)");
        }
        ClusterOptions options = clusterSettings.options(clusterCsv, project);
        Machines machines = new RunMachines(
                Machine.ofThisComputer(), text -> invocation.err().println("warning: " + text), note -> {});
        List<NodeReport> reports = check(ClusterCsv.read(options.csv()), options, ports.range(), machines);
        reports.forEach(this::printNotes);
        if (json) {
            NodeTable.printJson(reports, invocation.out());
        } else {
            NodeTable.print(reports, invocation.out());
        }
        long usable =
                reports.stream().filter(report -> report.fault().isEmpty()).count();
        return usable == reports.size() ? ExitCode.DONE : usable > 0 ? ExitCode.SOME_FAILED : ExitCode.WRONG_INPUT;
    }

    private void printNotes(NodeReport report) {
        report.login()
                .ifPresent(login -> login.notes()
                        .forEach(note -> invocation.err().println(report.node().name() + ": " + note)));
    }

    private static List<NodeReport> check(
            List<ClusterNode> nodes, ClusterOptions options, PortRange ports, Machines machines)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("rowmill-nodes");
        ExecutorService threads = Executors.newFixedThreadPool(CHECKS_AT_ONCE);
        try (EchoServers echo = new EchoServers(options.connect(), ports)) {
            NodeCheck.prepare(directory);
            NodeJob job = job(directory, options, echo.route(), machines);
            List<Future<NodeReport>> checks = new ArrayList<>();
            for (ClusterNode node : nodes) {
                checks.add(threads.submit(() -> NodeCheck.of(node, options.ssh(), job)));
            }
            List<NodeReport> reports = new ArrayList<>();
            for (Future<NodeReport> check : checks) {
                reports.add(check.get());
            }
            return reports;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node cannot be checked", Objects.requireNonNull(e.getCause()));
        } finally {
            threads.shutdownNow();
            RunDirectory.delete(directory);
        }
    }

    private static NodeJob job(Path directory, ClusterOptions options, BrokerRoute route, Machines machines)
            throws IOException {
        String id = RunId.next(Clock.systemUTC(), ThreadLocalRandom.current());
        return new NodeJob(
                "check-" + id,
                options.mount() ? Optional.of(new SharedDirectory(directory, Set.of())) : Optional.empty(),
                NodeFile.of(ConsumerJar.unpack(), ".jar"),
                List.of(),
                new JavaRuntime(RunOptions.Code.OLDEST_RELEASE, ""),
                route,
                kept(machines),
                World.of(System.getenv(), List.of()));
    }

    /** A node that was checked stays present, so that the same machine under another name is found later. */
    private static Machines kept(Machines machines) {
        return arrival -> {
            machines.claim(arrival);
            return () -> {};
        };
    }
}
