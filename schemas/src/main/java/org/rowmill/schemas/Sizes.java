package org.rowmill.schemas;

import java.util.Locale;

/** Formats numbers of bytes for people. */
public final class Sizes {

    private Sizes() {}

    /**
     * Formats a size in powers of 1000, with one decimal.
     *
     * @param bytes 0 or more
     * @return text such as {@code 12.3 MB}; below 1000 such as {@code 12 B}
     */
    public static String text(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double size = bytes;
        String units = "kMGTPE";
        int unit = -1;
        while (size >= 999.95 && unit < units.length() - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", size, units.charAt(unit));
    }
}
