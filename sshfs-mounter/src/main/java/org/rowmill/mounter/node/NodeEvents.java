package org.rowmill.mounter.node;

import java.time.Duration;
import java.util.List;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.schemas.protocol.HeldRow;

/** Is told what happens on one node, on threads of its session: one call at a time for each method. */
public interface NodeEvents {

    /**
     * A step of the way up is done.
     *
     * @param step which
     * @param time it took
     */
    void done(ConnectionStep step, Duration time);

    /**
     * The consumer, or the guard, printed something.
     *
     * @param line without its end
     */
    void printed(String line);

    /**
     * The consumer has started.
     *
     * @param pid its process id on the node
     */
    void consumerStarted(long pid);

    /**
     * The consumer has ended; {@link NodeSession#startConsumer} may start the next.
     *
     * @param exitCode as a shell tells it: 128 and the signal's number for a process that was killed
     * @param inHand rows that it was computing
     */
    void consumerEnded(int exitCode, List<HeldRow> inHand);

    /**
     * The project is no longer to be seen there, though the connection lives: {@link NodeSession#abort} and close the session.
     * Told once, before the end of a consumer that this ended.
     *
     * @param how as a sentence without its full stop
     */
    void mountLost(String how);
}
