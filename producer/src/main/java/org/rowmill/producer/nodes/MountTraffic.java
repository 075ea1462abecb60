package org.rowmill.producer.nodes;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.producer.monitor.RunMetrics;

/**
 * What went through the mount of each node since the start of the run. The counters of a node that leaves and comes back
 * go on, and so do its metrics. Thread-safe.
 */
public final class MountTraffic {

    private final MeterRegistry meters;
    private final Map<String, Traffic> byNode = new HashMap<>();

    /** Creates the counters of a run. */
    public MountTraffic(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Returns the counters of a node. The metrics of a node are registered once. */
    synchronized Traffic of(String node) {
        return byNode.computeIfAbsent(node, name -> {
            Traffic traffic = new Traffic();
            RunMetrics.mount(meters, name, traffic);
            return traffic;
        });
    }
}
