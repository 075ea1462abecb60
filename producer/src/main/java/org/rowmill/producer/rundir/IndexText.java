package org.rowmill.producer.rundir;

import java.util.List;
import java.util.stream.Collectors;

/** An index as people type it: its components joined by commas. */
public final class IndexText {

    private IndexText() {}

    public static String of(List<Object> index) {
        return index.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
