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

/**
 * Computes a row: decodes its message, prepares the row, runs it, cleans up and encodes the result. Used by one thread.
 */
public final class RowTask {

    private static final Logger LOG = LoggerFactory.getLogger(RowTask.class);

    private final int slot;
    private final List<TableModel> models;
    private final Shared shared;
    private final Deadline deadline;
    private final RowRunner runner;

    /**
     * What all slots share.
     *
     * @param codec decodes rows and encodes results
     * @param rowsInSlots the file in which the head finds the row of each slot
     * @param output adds prefixes to what rows print
     * @param site run, node and output of all rows
     * @param metrics counts rows
     * @param mount detects failures whose cause is a lost mount
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
     * The result of a row.
     *
     * @param body body of the result message
     * @param nanos how long the row took, including decoding, cleaning up and encoding
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed from one method to the next, never compared.
    record EncodedResult(byte[] body, long nanos) {}

    /**
     * Makes the task of a slot.
     *
     * @param slot number of the slot
     * @param models the tables of the run
     * @param shared what all slots share
     */
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
     * @param body body of the row message
     * @param deliveries how often the message was delivered, including this time
     * @throws IOException if the message is not a row of this run
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
                result.kind(),
                Map.of(),
                List.of(new ResultMessage.Failure("", IllegalStateException.class.getName(), message, "", false)));
    }

    private ResultMessage run(RowMessage message, int attempt) {
        TableModel model = models.get(message.table());
        RowScope scope = new RowScope(shared.site(), model.tableClass().getName(), message.row(), attempt);
        shared.output().begin(() -> prefix(model, message));
        shared.rowsInSlots().take(slot, message.row(), message.token(), message.attempt());
        deadline.beginRow();
        // An exception from here ends the process. The row then stays in the file, where the head finds it.
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
            LOG.warn("files or programs of row {} cannot be removed: {}", message.row(), e.toString());
        }
        shared.rowsInSlots().release(slot);
        shared.output().end();
    }

    private static String prefix(TableModel model, RowMessage message) {
        String index = message.index().stream().map(String::valueOf).collect(Collectors.joining(","));
        return "[" + model.schema().table() + " " + index.replaceAll("\\s+", " ") + "] ";
    }
}
