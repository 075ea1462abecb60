package org.rowmill.producer.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.rundir.RunLog;

/** Prints messages about one node. For the supervisor's thread, except {@link #step} and {@link #verbose}. */
final class NodeReporter {

    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;

    private final String prefix;
    private final String consumer;
    private final String where;
    private final Console console;
    private final RunLog log;
    private String lastFault = "";

    private NodeReporter(String prefix, String consumer, String where, Console console, RunLog log) {
        this.prefix = prefix;
        this.consumer = consumer;
        this.where = where;
        this.console = console;
        this.log = log;
    }

    static NodeReporter ofHead(Console console, RunLog log) {
        return new NodeReporter("", "the consumer on this computer", "", console, log);
    }

    static NodeReporter ofNode(String address, Console console, RunLog log) {
        return new NodeReporter(address + ": ", "the consumer", "on " + address + " ", console, log);
    }

    /** Returns the node as part of a sentence: blank for the head, else {@code "on NODE "}. */
    String where() {
        return where;
    }

    void warn(String text) {
        console.warn(prefix + text);
    }

    void verbose(String text) {
        console.verbose(prefix + text);
    }

    void step(ConnectionStep step, Duration time) {
        verbose(String.format(Locale.ROOT, "%s %.3f s", step, time.toNanos() / NANOS));
    }

    /** Reports that the node computes rows. From now on each fault is new. */
    void ready(int slots) {
        verbose("ready, " + slots + " slots, log " + log.file());
        lastFault = "";
    }

    /** Warns of a fault; repeats it only in verbose output. */
    void fault(NodeFault fault) {
        String text = fault.step() + ": " + fault.getMessage() + ". " + fault.fix();
        if (text.equals(lastFault)) {
            verbose(text);
        } else {
            warn(text + " The run continues without the node and tries it again.");
        }
        lastFault = text;
    }

    /** Reports a crash in verbose output, with the number of rows that the consumer was computing. */
    void crashed(String how, int rows) {
        verbose("the consumer " + how + ". It was computing " + rows + " rows; Rowmill replaces it");
    }

    /** Warns of a consumer without heartbeats. */
    void hangs(long pid, int seconds, boolean isKillable) {
        warn(consumer + " (pid " + pid + ") hangs: no heartbeat for " + seconds + " s; "
                + (isKillable
                        ? "Rowmill kills and replaces it"
                        : "it cannot be killed; Rowmill connects to the node again"));
    }

    /** Says that consumers crash without computing a row, as the end of a sentence, with what the last one printed. */
    String fruitless(String how, int times) {
        return how + " " + times + " times without computing a row; its last lines (" + log.file() + "):"
                + System.lineSeparator() + String.join(System.lineSeparator(), lastLines());
    }

    /** Returns the last lines that a consumer of the node printed. */
    List<String> lastLines() {
        return log.tail();
    }

    /** Closes the log. */
    void close() {
        log.close();
    }

    void traffic(Traffic traffic) {
        verbose(String.format(
                Locale.ROOT,
                "%.1f MB read and %.1f MB written through its mount, %d operations",
                traffic.bytesRead() / MEGA,
                traffic.bytesWritten() / MEGA,
                traffic.operations()));
    }
}
