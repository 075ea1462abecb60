package org.rowmill.schemas;

import java.util.Collection;

/** Tells what a mistyped word was meant to be. */
public final class SpellingSuggestion {

    private SpellingSuggestion() {}

    /** {@code " (did you mean X?)"}, or nothing. */
    public static String hint(String typed, Collection<String> words) {
        return Names.nearest(typed, words)
                .map(word -> " (did you mean " + word + "?)")
                .orElse("");
    }
}
