package org.rowmill.producer.nodes;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.rowmill.schemas.protocol.HeldRow;

/**
 * What happens on a node, or what the run wants of it. {@link #dispatch} calls the handler's method for the event, so
 * that no handler compiles that forgets an event.
 */
sealed interface NodeEvent {

    /** Calls the method for this event. */
    void dispatch(Handler handler) throws IOException, InterruptedException;

    /** Returns whether the event concerns the node rather than one session, like each urgent one. */
    default boolean outlivesSession() {
        return isUrgent();
    }

    /** Returns whether the event comes before all that wait. */
    default boolean isUrgent() {
        return false;
    }

    /** Has one method for each event. */
    interface Handler {
        void connected() throws IOException, InterruptedException;

        void consumerEnded(long pid, int exitCode, List<HeldRow> inHand) throws IOException, InterruptedException;

        void heldRowsUnreadable(IOException cause) throws IOException;

        void lost() throws IOException, InterruptedException;

        void mountLost(String reason) throws IOException, InterruptedException;

        void exclude(Duration time) throws IOException, InterruptedException;

        void limitRows(Duration limit);

        void leave() throws IOException, InterruptedException;

        void stop() throws IOException, InterruptedException;
    }

    /** The node is connected and prepared. */
    record Connected() implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.connected();
        }
    }

    /**
     * The consumer process has ended.
     *
     * @param pid its process id
     * @param exitCode as a shell reports it: 128 plus the signal's number for a process that was killed
     * @param inHand the rows that it was computing
     */
    record ConsumerEnded(long pid, int exitCode, List<HeldRow> inHand) implements NodeEvent {
        public ConsumerEnded {
            inHand = List.copyOf(inHand);
        }

        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.consumerEnded(pid, exitCode, inHand);
        }
    }

    /** The consumer process has ended, and the rows that it was computing are unknown. */
    record HeldRowsUnreadable(IOException cause) implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException {
            handler.heldRowsUnreadable(cause);
        }
    }

    /** The connection to the node is lost. */
    record Lost() implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.lost();
        }
    }

    /**
     * The mount on the node is lost, or does not answer.
     *
     * @param reason a sentence without its full stop
     */
    record MountLost(String reason) implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.mountLost(reason);
        }
    }

    /** The node is to have no consumer for this time. */
    record Exclude(Duration time) implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.exclude(time);
        }

        @Override
        public boolean outlivesSession() {
            return true;
        }
    }

    /** From now on a row may take this long; zero: without limit. */
    record LimitRows(Duration limit) implements NodeEvent {
        @Override
        public void dispatch(Handler handler) {
            handler.limitRows(limit);
        }
    }

    /** The node is to finish its rows and leave the run. */
    record Leave() implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.leave();
        }

        @Override
        public boolean isUrgent() {
            return true;
        }
    }

    /** The run is over. */
    record Stop() implements NodeEvent {
        @Override
        public void dispatch(Handler handler) throws IOException, InterruptedException {
            handler.stop();
        }

        @Override
        public boolean isUrgent() {
            return true;
        }
    }
}
