package org.rowmill.producer;

import java.util.Collection;
import org.rowmill.schemas.Names;

/** Tells what a mistyped word was meant to be. */
final class Nearest {

    private Nearest() {}

    /** {@code " (did you mean X?)"}, or nothing. */
    static String hint(String typed, Collection<String> words) {
        return Names.nearest(typed, words)
                .map(word -> " (did you mean " + word + "?)")
                .orElse("");
    }
}
