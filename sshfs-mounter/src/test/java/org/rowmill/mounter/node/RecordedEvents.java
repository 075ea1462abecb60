package org.rowmill.mounter.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.schemas.protocol.HeldRow;

/** Records the events of a node. */
final class RecordedEvents implements NodeEvents {

    final List<String> mountLosses = new ArrayList<>();
    final List<String> printed = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    final List<Long> started = new ArrayList<>();
    final List<Integer> exitCodes = new ArrayList<>();

    @Override
    public void done(ConnectionStep step, Duration time) {
        throw new AssertionError(step);
    }

    @Override
    public void noted(String what) {
        // no test needs it
    }

    @Override
    public void printed(String line) {
        printed.add(line);
    }

    @Override
    public void warned(String text) {
        warnings.add(text);
    }

    @Override
    public void consumerStarted(long pid) {
        started.add(pid);
    }

    @Override
    public void consumerEnded(int exitCode, List<HeldRow> inHand) {
        exitCodes.add(exitCode);
    }

    @Override
    public void mountLost(String how) {
        mountLosses.add(how);
    }
}
