package org.rowmill.consumer.work;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rowmill.schemas.model.TableModel;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the body of a row message to that of its result, with all that surrounds a row. Used by one slot's thread. */
public final class RowTask {

    private static final Logger LOG = LoggerFactory.getLogger(RowTask.class);

    private final int slot;
    private final List<TableModel> models;
    private final Shared shared;
    private final Deadline deadline;
    private final RowRunner runner;

    /**
     * What the slots share.
     *
     * @param codec reads rows, writes results
     * @param rowsInSlots tells the head which row is computed
     * @param output prefixes what rows print
     * @param site what rows are told
     * @param metrics counts
     * @param mount asked before a failure is believed
     * @param deadlines time limits
     */
    public record Shared(
            MessageCodec codec,
            RowsInSlots rowsInSlots,
            RowOutput output,
            RowScope.Site site,
            ConsumerMetrics metrics,
            ProjectMount mount,
            Deadlines deadlines) {}

    /**
     * What became of a row.
     *
     * @param result body of the message to send
     * @param nanos how long the row took, with all that surrounds it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, never compared
    record EncodedResult(byte[] result, long nanos) {}

    public RowTask(int slot, List<TableModel> models, Shared shared) {
        this.slot = slot;
        this.models = models;
        this.shared = shared;
        this.deadline = shared.deadlines().of(slot);
        this.runner = new RowRunner(models, shared.site().node(), deadline);
    }

    /**
     * Computes a row.
     *
     * @param body the message's
     * @param deliveries how often the message has been delivered, this time included
     * @throws IOException when it is no row of this run
     */
    EncodedResult compute(byte[] body, int deliveries) throws IOException {
        long start = System.nanoTime();
        RowMessage message = shared.codec().decodeRow(body);
        ResultMessage result = run(message, message.attempt() - 1 + deliveries);
        String table = models.get(message.table()).schema().table();
        shared.metrics().count(table, result);
        byte[] encoded = shared.codec().encode(result);
        Optional<String> excess = shared.codec().excess(encoded);
        if (excess.isPresent()) {
            encoded = shared.codec().encode(tooLarge(result, excess.get()));
        }
        return new EncodedResult(encoded, System.nanoTime() - start);
    }

    private static ResultMessage tooLarge(ResultMessage result, String message) {
        return new ResultMessage(
                result.table(),
                result.row(),
                result.token(),
                result.attempt(),
                result.node(),
                result.nanos(),
                Map.of(),
                List.of(new ResultMessage.Failure("", IllegalStateException.class.getName(), message, "", false)));
    }

    private ResultMessage run(RowMessage message, int attempt) {
        TableModel model = models.get(message.table());
        RowScope scope = new RowScope(shared.site(), model.tableClass().getName(), message.row(), attempt);
        shared.output().begin(() -> prefix(model, message));
        shared.rowsInSlots().take(slot, message.row(), message.token());
        deadline.beginRow();
        // What is thrown from here ends the process: then the head must find the row in its hands.
        ResultMessage result = runner.run(message, attempt, scope);
        if (!result.failures().isEmpty()) {
            shared.mount().holdIfLost();
        }
        end(scope, message);
        return result;
    }

    private void end(RowScope scope, RowMessage message) {
        deadline.endRow();
        try {
            scope.close();
        } catch (IOException e) {
            LOG.warn("what row {} left behind cannot be removed: {}", message.row(), e.toString());
        }
        shared.rowsInSlots().release(slot);
        shared.output().end();
    }

    private static String prefix(TableModel model, RowMessage message) {
        String index = message.index().stream().map(String::valueOf).collect(Collectors.joining(","));
        return "[" + model.schema().table() + " " + index.replaceAll("\\s+", " ") + "] ";
    }
}
