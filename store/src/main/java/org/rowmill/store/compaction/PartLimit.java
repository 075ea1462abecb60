package org.rowmill.store.compaction;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rowmill.store.parts.Part;

/**
 * Keeps the number of small parts low. Parts that other readers see are never merged, because a reader that lists them
 * meanwhile would see rows twice or miss them. So rows wait in hidden parts when there are many small parts.
 *
 * @param many how many small parts may exist before rows wait
 * @param keepsEmpty whether the last part stays, without rows, if all its rows are removed
 */
public record PartLimit(int many, boolean keepsEmpty) {

    /** The limit of parts with rows. */
    public static final PartLimit ROWS = new PartLimit(100, true);

    /** The limit of parts with failed rows. */
    public static final PartLimit FAILED = new PartLimit(10, false);

    private static final long SMALL_ROWS = 500_000;
    private static final long SMALL_BYTES = 128L << 20;
    private static final long MAX_ROWS = 1_000_000;
    private static final long MAX_BYTES = 256L << 20;

    /** Returns the part that new rows join at the end of a run; empty if they become a part of their own. */
    Optional<Path> target(List<Part> visible) {
        List<Map.Entry<Path, Long>> small = small(visible);
        return small.size() < many
                ? Optional.empty()
                : small.stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /**
     * Returns how many rows have to wait before they become a part during a run; 0 if they need not wait. If there are
     * many small parts, a new part has to be as large as a share of the table that doubles with every further fifth of
     * the limit. So the number of parts is bounded, and readers see rows after a small part of the time that the run
     * has taken so far.
     */
    public long waiting(List<Part> visible) {
        int small = small(visible).size();
        if (small < many) {
            return 0;
        }
        long rows = visible.stream().mapToLong(Part::rows).sum();
        double share = Math.scalb(1.0, 5 * (small - many) / many) / 100;
        return (long) Math.min(SMALL_ROWS, rows * share);
    }

    private static List<Map.Entry<Path, Long>> small(List<Part> visible) {
        Map<Path, Long> rows = new LinkedHashMap<>();
        Map<Path, Long> bytes = new LinkedHashMap<>();
        visible.forEach(part -> {
            rows.merge(part.file(), part.rows(), Long::sum);
            bytes.merge(part.file(), part.rawBytes(), Long::sum);
        });
        return rows.entrySet().stream()
                .filter(file -> file.getValue() < SMALL_ROWS && bytes.getOrDefault(file.getKey(), 0L) < SMALL_BYTES)
                .toList();
    }

    /** Splits files among parts that are not too large. */
    List<List<Part>> split(List<Part> files) {
        List<List<Part>> parts = new ArrayList<>();
        List<Part> current = new ArrayList<>();
        for (Part file : files) {
            current.add(file);
            if (current.stream().mapToLong(Part::rows).sum() >= MAX_ROWS
                    || current.stream().mapToLong(Part::rawBytes).sum() >= MAX_BYTES) {
                parts.add(current);
                current = new ArrayList<>();
            }
        }
        if (!current.isEmpty()) {
            parts.add(current);
        }
        return parts;
    }
}
