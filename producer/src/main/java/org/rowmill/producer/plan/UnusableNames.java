package org.rowmill.producer.plan;

import java.util.List;
import java.util.Optional;
import org.rowmill.schemas.model.NameNotText;

/**
 * Counts names in an index that are not UTF-8, such as those of old disks in Latin-1. A stored index is text, which does
 * not lead to such a file. One thread adds, any thread may ask.
 */
final class UnusableNames {

    /** What Java shows instead of bytes that it cannot decode. */
    private static final char REPLACEMENT = '\ufffd';

    private long skipped;
    private long suspicious;
    private String firstSkipped = "";
    private String firstSuspicious = "";

    /** Counts a path that is left out. */
    synchronized void skip(NameNotText name) {
        if (skipped++ == 0) {
            firstSkipped = name.path();
        }
    }

    /** Counts an index whose text was probably made of such a name. It is a row. */
    synchronized void check(List<Object> index) {
        for (Object part : index) {
            if (part instanceof String text && text.indexOf(REPLACEMENT) >= 0) {
                if (suspicious++ == 0) {
                    firstSuspicious = text;
                }
                return;
            }
        }
    }

    /** Returns a warning, without the name of the table; empty: there is no such name. */
    synchronized Optional<String> warning() {
        if (skipped > 0) {
            return Optional.of("index() lists " + skipped + " paths whose names are not UTF-8, such as " + firstSkipped
                    + "; they are not rows. To use such files, rename them, for example with convmv");
        }
        return suspicious == 0
                ? Optional.empty()
                : Optional.of("index() lists " + suspicious + " texts with a character that stands for unreadable ones,"
                        + " such as " + firstSuspicious + ". If they are names of files that are not UTF-8, the files"
                        + " cannot be opened by them: rename them, for example with convmv");
    }
}
