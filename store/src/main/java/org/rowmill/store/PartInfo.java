package org.rowmill.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.rowmill.store.parts.PartDirectory;

/**
 * Facts about a part, for users.
 *
 * @param file the Parquet file
 * @param rows number of rows
 * @param bytes size of the file
 * @param columns names of the columns that have values in the part
 * @param run id of the run that wrote the part
 * @param time when the part was written
 */
public record PartInfo(Path file, long rows, long bytes, List<String> columns, String run, Instant time) {
    public PartInfo {
        columns = List.copyOf(columns);
    }

    /** Whether other readers do not see the part, because its rows are to become a part of others. */
    public boolean isHidden() {
        return file.toString().endsWith(PartDirectory.HIDDEN);
    }
}
