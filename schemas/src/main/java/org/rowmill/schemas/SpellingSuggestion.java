package org.rowmill.schemas;

import java.util.Collection;

/** Suggests the correct spelling of a mistyped word. */
public final class SpellingSuggestion {

    private SpellingSuggestion() {}

    /** Returns {@code " (did you mean X?)"}, or an empty text if no word is similar. */
    public static String hint(String typed, Collection<String> words) {
        return Names.nearest(typed, words)
                .map(word -> " (did you mean " + word + "?)")
                .orElse("");
    }
}
