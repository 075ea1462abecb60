package org.rowmill.producer.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.NodeFault;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.dispatch.ConsumerEnd;
import org.rowmill.producer.dispatch.RefusedChanges;
import org.rowmill.producer.rundir.RunLog;

/**
 * Prints messages about one node. For the supervisor's thread, except {@link #step}, {@link #verbose} and the
 * announcements.
 */
final class NodeReporter {

    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;
    private static final int LINES_SHOWN = 20;
    private static final int NOTICES_SHOWN = 5;

    private final String prefix;
    private final String consumer;
    private final String where;
    private final Console console;
    private final InternalErrors internalErrors;
    private final RunLog log;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger outwardLinks = new AtomicInteger();
    private volatile boolean isLeaving;
    private volatile boolean isStopping;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private String lastFault = "";

    private NodeReporter(String prefix, String consumer, String where, RunContext context, RunLog log) {
        this.prefix = prefix;
        this.consumer = consumer;
        this.where = where;
        this.console = context.console();
        this.internalErrors = context.internalErrors();
        this.log = log;
    }

    static NodeReporter ofHead(RunContext context, RunLog log) {
        return new NodeReporter("", "the consumer on this computer", "", context, log);
    }

    static NodeReporter ofNode(String address, RunContext context, RunLog log) {
        return new NodeReporter(address + ": ", "the consumer", "on " + address + " ", context, log);
    }

    /** The node leaves the run: from now on no message says that Rowmill uses it again. */
    void announceLeave() {
        isLeaving = true;
    }

    /** The run is over: from now on warnings are printed only in verbose output. */
    void announceStop() {
        isStopping = true;
    }

    /** Returns the node as part of a sentence: blank for the head, else {@code "on NODE "}. */
    String where() {
        return where;
    }

    void warn(String text) {
        if (isStopping) {
            verbose(text);
        } else {
            console.warn(prefix + text);
        }
    }

    /** Warns of something that each session finds again. Thread-safe. */
    void warnOnce(String text) {
        if (warned.add(text)) {
            warn(text);
        }
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
        if (isLeaving || text.equals(lastFault)) {
            verbose(text);
        } else {
            warn(text + " The run continues without the node" + (fault.isLasting() ? "." : " and tries it again."));
        }
        lastFault = text;
    }

    /** The next consumer starts: from now on the last lines are its own. */
    void starts() {
        log.forgetTail();
    }

    /**
     * Reports a crash in verbose output, with the number of rows that the consumer was computing. Warns of an internal
     * error, once in the run.
     */
    void crashed(ConsumerEnd end, int rows) {
        if (end.cause() == ConsumerEnd.Cause.INTERNAL && internalErrors.isNew(end.how())) {
            warn(consumer + " " + end.how() + ". Log: " + log.file());
        }
        verbose("the consumer " + end.how() + ". It was computing " + rows + " rows; Rowmill "
                + (isLeaving ? "does not replace it, because the node leaves the run" : "replaces it"));
    }

    /** Warns of a consumer without heartbeats. */
    void hangs(long pid, int seconds, boolean isKillable) {
        String what = isKillable
                ? "Rowmill " + (isLeaving ? "kills it" : "kills and replaces it")
                : "it cannot be killed; Rowmill " + (isLeaving ? "disconnects the node" : "connects to the node again");
        warn(consumer + " (pid " + pid + ") hangs: no heartbeat for " + seconds + " s; " + what);
    }

    /** Warns that the connection to the node is lost. */
    void lost() {
        warn("lost; other nodes compute its rows" + (isLeaving ? "" : ", and Rowmill connects to it again"));
    }

    /**
     * Warns that the mount on the node is lost.
     *
     * @param reason a sentence without its full stop
     */
    void mountLost(String reason) {
        warn("mount: " + reason + "; other nodes compute its rows"
                + (isLeaving ? "" : ", and Rowmill mounts the project again"));
    }

    /** Warns that the node tried to change a path that it may only read. */
    void changeRefused(String path) {
        notice(refusals, "a change was refused: " + RefusedChanges.explanation(path));
    }

    /** Warns of a link that programs on this computer may follow. */
    void linkLeadsOutside(String link, String target) {
        notice(
                outwardLinks,
                "made the link " + link + " -> " + target + ", which leads outside the project or may do so; rows and"
                        + " programs on this computer that open it leave the project");
    }

    /** A node can send any number of requests: only the first ones are warnings. */
    private void notice(AtomicInteger notices, String text) {
        int count = notices.incrementAndGet();
        if (count <= NOTICES_SHOWN) {
            console.warn(prefix + text + (count == NOTICES_SHOWN ? ". More of these: " + log.file() : ""));
        }
        log.add(text);
    }

    /** Says that consumers crash without computing a row, as the end of a sentence, with what the last one printed. */
    String fruitless(ConsumerEnd end, int times) {
        return end.how() + " " + times + " times without computing a row; its last lines (" + log.file() + "):"
                + System.lineSeparator() + String.join(System.lineSeparator(), lastLines());
    }

    /** Returns the last lines that the latest consumer of the node printed, for messages. */
    List<String> lastLines() {
        return log.tail(LINES_SHOWN);
    }

    /** Returns more of the last lines, among which is the reason why the consumer ended, if it printed one. */
    List<String> linesBeforeEnd() {
        return log.tail(Integer.MAX_VALUE);
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
