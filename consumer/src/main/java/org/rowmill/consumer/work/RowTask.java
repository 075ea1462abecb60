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
 * Answers a row message: decodes it, computes the row or returns it to the head, and encodes the result. Used by one
 * thread.
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
     * @param gate lets rows be computed alone
     */
    public record Shared(
            MessageCodec codec,
            RowsInSlots rowsInSlots,
            RowOutput output,
            RowScope.Site site,
            ConsumerMetrics metrics,
            ProjectMount mount,
            Deadlines deadlines,
            RowGate gate) {}

    /**
     * The result of a row.
     *
     * @param body body of the result message
     * @param kind whether the row was computed
     * @param nanos how long the row took, including decoding, waiting, cleaning up and encoding
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed from one method to the next, never compared.
    record EncodedResult(byte[] body, ResultMessage.Kind kind, long nanos) {}

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
     * Answers a row message.
     *
     * @param body body of the row message
     * @param isRedelivered whether the broker delivered the message before; the row is then returned to the head, which
     *     knows what happened to the consumer that had it
     * @throws IOException if the message is not a row of this run
     */
    EncodedResult answer(byte[] body, boolean isRedelivered) throws IOException {
        long start = System.nanoTime();
        RowMessage message = shared.codec().decodeRow(body);
        ResultMessage result = isRedelivered ? returned(message, ResultMessage.Kind.REDELIVERED) : compute(message);
        return new EncodedResult(encode(result), result.kind(), System.nanoTime() - start);
    }

    private ResultMessage returned(RowMessage message, ResultMessage.Kind kind) {
        return ResultMessage.returned(message, shared.site().node(), kind);
    }

    private ResultMessage compute(RowMessage message) {
        if (!shared.gate().enter(message.alone())) {
            return returned(message, ResultMessage.Kind.NOT_ALONE);
        }
        ResultMessage result = run(message);
        shared.gate().exit(message.alone()); // an exception ends the process, and then no other row may begin
        shared.metrics().count(models.get(message.table()).schema().table(), result);
        return result;
    }

    private ResultMessage run(RowMessage message) {
        TableModel model = models.get(message.table());
        RowScope scope = new RowScope(shared.site(), model.tableClass().getName(), message.row(), message.attempt());
        shared.output().begin(() -> prefix(model, message));
        shared.rowsInSlots().take(slot, message.row(), message.token(), message.attempt());
        deadline.beginRow();
        // An exception from here ends the process. The row then stays in the file, where the head finds it.
        ResultMessage result = runner.run(message, scope);
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
        } catch (IOException | RuntimeException e) { // for example if a thread of the row still runs programs
            LOG.warn("files or programs of row {} cannot be removed: {}", message.row(), e.toString());
        }
        shared.rowsInSlots().release(slot);
        shared.output().end();
    }

    private byte[] encode(ResultMessage result) throws IOException {
        byte[] encoded;
        try {
            encoded = shared.codec().encode(result);
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // from a class of the user among the values
            return shared.codec().encode(result.with(Map.of(), List.of(Failures.of("", e, true))));
        }
        Optional<String> excess = shared.codec().excess(encoded);
        return excess.isEmpty()
                ? encoded
                : shared.codec().encode(result.with(Map.of(), List.of(tooLarge(excess.get()))));
    }

    private static ResultMessage.Failure tooLarge(String message) {
        return new ResultMessage.Failure("", IllegalStateException.class.getName(), message, "", false);
    }

    private static String prefix(TableModel model, RowMessage message) {
        String index = message.index().stream().map(String::valueOf).collect(Collectors.joining(","));
        return "[" + model.schema().table() + " " + index.replaceAll("\\s+", " ") + "] ";
    }
}
