package org.rowmill.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a person may want to know about a part.
 *
 * @param file the Parquet file
 * @param rows number of its rows
 * @param bytes its size
 * @param columns names of the columns it has values of
 * @param run id of the run that wrote it
 * @param time when it was written
 */
public record PartInfo(Path file, long rows, long bytes, List<String> columns, String run, Instant time) {
    public PartInfo {
        columns = List.copyOf(columns);
    }
}
