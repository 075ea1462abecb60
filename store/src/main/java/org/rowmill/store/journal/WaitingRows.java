package org.rowmill.store.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.schemas.model.TableSchema;
import org.rowmill.store.compaction.PartLimit;
import org.rowmill.store.parts.Part;
import org.rowmill.store.parts.PartDirectory;

/** New rows of this run that wait in hidden parts, because there are many small parts. Used by one thread at a time. */
final class WaitingRows {

    private final PartDirectory parts;
    private final PartLimit limit;
    private final List<Part> waiting = new ArrayList<>();

    WaitingRows(PartDirectory parts, PartLimit limit) {
        this.parts = parts;
        this.limit = limit;
    }

    /**
     * Whether new rows must be hidden. They are also hidden while the other parts lack a column: some readers refuse
     * parts whose columns differ.
     */
    boolean mustWait(TableSchema schema) {
        return !parts.haveColumns(schema) || limit.waiting(parts.visible()) > 0;
    }

    /** Notes new parts, and adds their files to a list. */
    void added(List<Part> published, List<Path> files) {
        for (Part part : published) {
            files.add(part.file());
            if (part.isHidden()) {
                waiting.add(part);
            }
        }
    }

    /** Joins the waiting rows to a part that other readers see, if there are enough. If that fails, they wait longer. */
    void promoteIfDue() {
        if (waiting.isEmpty() || !parts.haveColumns(waiting.get(0).footer().schema())) {
            return;
        }
        long rows = waiting.stream().mapToLong(Part::rows).sum();
        if (rows >= limit.waiting(parts.visible())) {
            try {
                parts.promote(waiting);
                waiting.clear();
            } catch (IOException e) {
                // The rows are stored. The next publication tries again, and the compaction reports the error.
            }
        }
    }
}
