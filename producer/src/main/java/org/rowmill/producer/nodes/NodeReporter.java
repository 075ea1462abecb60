package org.rowmill.producer.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.rundir.RunLog;

/** Tells the user about one node. For one thread, but for {@link #step} and {@link #verbose}. */
final class NodeReporter {

    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;

    private final String address;
    private final Console console;
    private final RunLog log;
    private String lastFault = "";

    NodeReporter(String address, Console console, RunLog log) {
        this.address = address;
        this.console = console;
        this.log = log;
    }

    void warn(String text) {
        console.warn(address + ": " + text);
    }

    void verbose(String text) {
        console.verbose(address + ": " + text);
    }

    void step(ConnectionStep step, Duration time) {
        verbose(String.format(Locale.ROOT, "%s %.3f s", step, time.toNanos() / NANOS));
    }

    void ready(int slots) {
        verbose("ready, " + slots + " slots, log " + log.file());
        lastFault = "";
    }

    /** The same fault again is no news. */
    void fault(NodeFault fault) {
        String text = fault.step() + ": " + fault.getMessage() + ". " + fault.fix();
        if (text.equals(lastFault)) {
            verbose(text);
        } else {
            warn(text + " The run goes on without it, and tries it again.");
        }
        lastFault = text;
    }

    /** Its consumer has died so often that no other is started. */
    void fruitless(String how, int times) {
        List<String> tail = log.tail();
        warn("set aside: its consumer " + how + " " + times + " times without computing a row; its last lines ("
                + log.file() + "):" + System.lineSeparator() + String.join(System.lineSeparator(), tail));
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
