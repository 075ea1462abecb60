package org.rowmill.producer.nodes;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.Machine;
import org.rowmill.mounter.node.Machines;
import org.rowmill.schemas.cluster.ClusterNode;

/**
 * The machines of a run: the head, and the nodes that are connected. Refuses a machine that computes already under
 * another name, so that its CPUs are not used twice. Thread-safe.
 */
public final class RunMachines implements Machines {

    private final Machine head;
    private final Consumer<String> warnings;
    private final Consumer<String> notes;
    private final Map<String, Arrival> present = new LinkedHashMap<>();
    private final Map<String, Machine> reported = new LinkedHashMap<>();

    /**
     * Begins with the head alone.
     *
     * @param head this computer
     * @param warnings receives warnings of nodes that share their CPUs with the head
     * @param notes receives notes of nodes that share their CPUs with another
     */
    public RunMachines(Machine head, Consumer<String> warnings, Consumer<String> notes) {
        this.head = head;
        this.warnings = warnings;
        this.notes = notes;
    }

    @Override
    public synchronized Claim claim(Arrival arrival) throws NodeFault {
        String name = arrival.node().name();
        present.remove(name);
        Optional<NodeFault> refusal = refusal(arrival);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        if (!arrival.machine().equals(reported.put(name, arrival.machine()))) {
            reportShared(arrival);
        }
        present.put(name, arrival);
        return () -> release(name, arrival);
    }

    private synchronized void release(String name, Arrival arrival) {
        present.remove(name, arrival);
    }

    private Optional<NodeFault> refusal(Arrival arrival) {
        ClusterNode node = arrival.node();
        if (arrival.machine().isSameAs(head)) {
            return Optional.of(NodeFault.lasting(
                    ConnectionStep.PROBE,
                    "line " + node.line() + " of the cluster file is this computer, whose CPUs are used anyway",
                    "Remove the line; the option --cpu-limit sets how many CPUs of this computer are used."));
        }
        if (arrival.machine().sharesCpusWith(head) && node.cpuLimit() == 0 && isNameOfHead(arrival)) {
            return Optional.of(NodeFault.lasting(
                    ConnectionStep.PROBE,
                    "line " + node.line() + " of the cluster file leads to this computer, whose CPUs are used anyway",
                    "Remove the line; or, if it is a container, set cpu_limit to the number of its CPUs."));
        }
        return present.values().stream()
                .filter(other -> other.machine().isSameAs(arrival.machine()))
                .findFirst()
                .map(other -> twice(node, other.node()));
    }

    private static NodeFault twice(ClusterNode node, ClusterNode other) {
        return new NodeFault(
                ConnectionStep.PROBE,
                "line " + node.line() + " of the cluster file is the same machine as line " + other.line() + " ("
                        + other.name() + "), which computes already",
                "Remove one of the two lines.");
    }

    private boolean isNameOfHead(Arrival arrival) {
        return arrival.route() == Route.LOOPBACK
                || firstLabel(arrival.node().address()).equals(firstLabel(head.host()));
    }

    private static String firstLabel(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst("\\..*", "");
    }

    /** Containers on one computer are nodes of their own: only the user knows how many CPUs each is to have. */
    private void reportShared(Arrival arrival) {
        ClusterNode node = arrival.node();
        if (arrival.machine().sharesCpusWith(head) && arrival.route() != Route.OTHER && node.cpuLimit() == 0) {
            warnings.accept(node.name() + ": a container on this computer: both use the same CPUs. To divide them, set"
                    + " cpu_limit in line " + node.line() + " of the cluster file, and --cpu-limit");
            return;
        }
        present.values().stream()
                .filter(other -> other.machine().sharesCpusWith(arrival.machine()))
                .findFirst()
                .ifPresent(other -> notes.accept(node.name() + ": on the same computer as "
                        + other.node().name() + ", in another container: both use the same CPUs unless cpu_limit"
                        + " divides them"));
    }
}
