package org.rowmill.producer.rundir;

import java.util.List;
import java.util.stream.Collectors;

/** Formats an index for people: its components joined by commas. */
public final class IndexText {

    private IndexText() {}

    /** Formats an index. */
    public static String of(List<Object> index) {
        return index.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
