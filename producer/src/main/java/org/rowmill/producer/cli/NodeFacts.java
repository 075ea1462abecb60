package org.rowmill.producer.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.node.NodeProbe;
import org.rowmill.mounter.node.NodeReport;
import org.rowmill.producer.console.Json;

/** Typed values of a node check, by field. {@code docs/cli.md} describes each field. */
final class NodeFacts {

    private static final double MEGA = 1e6;
    private static final double KIB_PER_GIB = 1 << 20;

    private NodeFacts() {}

    /** Returns the fields in the order of the table; null: unknown. */
    static Map<String, @Nullable Object> of(NodeReport report) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("node", report.node().name());
        facts.put("user", user(report));
        facts.put("port", port(report));
        Duration ssh = report.steps().get(ConnectionStep.CONNECT);
        facts.put("ssh_ms", ssh == null ? null : Json.rounded(ssh.toNanos() / MEGA));
        facts.put("host_key", report.login().map(NodeReport.Login::hostKey).orElse(null));
        Optional<NodeProbe> probe = report.probe();
        facts.put("java", probe.map(NodeFacts::java).orElse(null));
        facts.put("sshfs", probe.map(found -> found.sshfs().isUsable()).orElse(null));
        addSpeed(report, facts);
        addCapacity(probe, facts);
        facts.put("clock_s", probe.isPresent() ? report.clockSeconds() : null);
        facts.put(
                "verdict", report.fault().map(fault -> "fails: " + fault.step()).orElse("usable"));
        facts.put("usable", report.fault().isEmpty());
        facts.put(
                "failed_step",
                report.fault().map(fault -> fault.step().toString()).orElse(null));
        facts.put("fix", report.fault().map(NodeFacts::text).orElse(null));
        return facts;
    }

    private static @Nullable String user(NodeReport report) {
        return report.login()
                .map(NodeReport.Login::user)
                .or(() -> report.node().user())
                .orElse(null);
    }

    private static @Nullable Integer port(NodeReport report) {
        OptionalInt written = report.node().port();
        return report.login()
                .map(NodeReport.Login::port)
                .orElse(written.isPresent() ? Integer.valueOf(written.getAsInt()) : null);
    }

    private static void addSpeed(NodeReport report, Map<String, @Nullable Object> facts) {
        Optional<NodeReport.MountSpeed> mount = report.mount();
        facts.put(
                "read_mb_s",
                mount.map(speed -> Json.rounded(speed.readBytesPerSecond() / MEGA))
                        .orElse(null));
        facts.put(
                "write_mb_s",
                mount.map(speed -> Json.rounded(speed.writeBytesPerSecond() / MEGA))
                        .orElse(null));
        facts.put(
                "file_ms",
                mount.map(speed -> Json.rounded(speed.nanosPerFile() / MEGA)).orElse(null));
        facts.put(
                "broker_ms",
                report.brokerNanos().isPresent()
                        ? Json.rounded(report.brokerNanos().getAsLong() / MEGA)
                        : null);
    }

    private static void addCapacity(Optional<NodeProbe> probe, Map<String, @Nullable Object> facts) {
        Optional<NodeProbe.Capacity> capacity = probe.map(NodeProbe::capacity);
        facts.put("cpus", capacity.map(NodeProbe.Capacity::cpus).orElse(null));
        facts.put("free_gib", capacity.map(found -> gib(found.memoryKiB())).orElse(null));
        facts.put(
                "load",
                capacity.flatMap(NodeProbe.Capacity::load)
                        .map(NodeFacts::number)
                        .orElse(null));
        facts.put("disk_gib", capacity.map(found -> gib(found.diskKiB())).orElse(null));
    }

    private static @Nullable Integer java(NodeProbe probe) {
        return probe.java().command().isPresent() ? probe.java().version().getAsInt() : null;
    }

    private static @Nullable Double gib(OptionalLong kib) {
        return kib.isPresent() ? Json.rounded(kib.getAsLong() / KIB_PER_GIB) : null;
    }

    private static @Nullable Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null; // the node prints something else
        }
    }

    /** Returns the step that failed, why, and what to do. */
    static String text(NodeFault fault) {
        return fault.step() + ": " + fault.getMessage() + ". " + fault.fix();
    }
}
