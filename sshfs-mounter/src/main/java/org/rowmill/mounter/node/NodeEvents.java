package org.rowmill.mounter.node;

import java.time.Duration;
import java.util.List;
import org.rowmill.mounter.ConnectionStep;
import org.rowmill.mounter.sftp.ClientNotices;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * Receives what happens on one node. The session's threads call the methods; for each method, they make one call at a
 * time.
 */
public interface NodeEvents extends ClientNotices {

    /**
     * A step of the preparation is done.
     *
     * @param step the step
     * @param time how long it took
     */
    void done(ConnectionStep step, Duration time);

    /**
     * The node can be used, with a restriction.
     *
     * @param text a clause without a full stop
     */
    void warned(String text);

    /**
     * The login has passed over something, such as a key file that cannot be used.
     *
     * @param what a clause without a full stop
     */
    void noted(String what);

    /**
     * The consumer or the node agent has printed a line.
     *
     * @param line without its line end
     */
    void printed(String line);

    /**
     * The consumer has started.
     *
     * @param pid its process id on the node
     */
    void consumerStarted(long pid);

    /**
     * The consumer has ended. {@link NodeSession#startConsumer} may start the next one.
     *
     * @param exitCode for a process that was killed: 128 plus the number of the signal
     * @param inHand rows that the consumer was computing
     */
    void consumerEnded(int exitCode, List<HeldRow> inHand);

    /**
     * The node has lost its mount, while the connection still works. Called once, before {@link #consumerEnded} for a
     * consumer that ends for this reason. The session is of no further use: {@link NodeSession#abort} and close it.
     *
     * @param how a clause without a full stop
     */
    void mountLost(String how);
}
