package org.rowmill.producer;

import java.util.List;
import java.util.stream.Collectors;

/** An index as people type it: its components joined by commas. */
final class IndexText {

    private IndexText() {}

    static String of(List<Object> index) {
        return index.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
