package org.rowmill.producer.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints rows of text in aligned columns, two spaces apart. The first {@value #ALIGNED_ROWS} rows define the widths; they
 * are printed together, and later rows one by one. A column that contains a number is aligned right. The first row may be
 * a header. Used by one thread.
 */
public final class TextTable implements AutoCloseable {

    private static final int ALIGNED_ROWS = 200;
    private static final int WIDEST = 60;
    private static final String GAP = "  ";

    private final PrintStream out;
    private final List<List<String>> waiting = new ArrayList<>();
    private boolean[] isRight = {};
    private int[] widths = {};

    /**
     * Creates an empty table.
     *
     * @param out gets the lines; left open
     */
    public TextTable(PrintStream out) {
        this.out = out;
    }

    private record RightAligned(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Makes a cell that is aligned right like a number. */
    public static Object right(String text) {
        return new RightAligned(text);
    }

    /** Returns one line of at most {@value #WIDEST} characters, with escapes for line breaks and tabs. */
    public static String shortened(String text) {
        String line = text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t")
                .replaceAll("\\p{Cntrl}", "?");
        return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 1) + "…";
    }

    /**
     * Adds a row.
     *
     * @param cells as many as in the other rows; each is printed by its {@code toString}
     */
    public void row(List<?> cells) {
        if (isRight.length == 0) {
            isRight = new boolean[cells.size()];
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            Object cell = cells.get(i);
            isRight[i] |= cell instanceof Number || cell instanceof RightAligned;
            texts.add(cell.toString());
        }
        if (widths.length > 0) {
            print(texts);
            return;
        }
        waiting.add(texts);
        if (waiting.size() > ALIGNED_ROWS) {
            printWaiting();
        }
    }

    private void printWaiting() {
        widths = new int[isRight.length];
        for (List<String> texts : waiting) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], texts.get(i).length());
            }
        }
        waiting.forEach(this::print);
        waiting.clear();
    }

    private void print(List<String> texts) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - texts.get(i).length()));
            line.append(isRight[i] ? padding + texts.get(i) : texts.get(i) + padding)
                    .append(GAP);
        }
        out.println(line.toString().stripTrailing());
    }

    /** Prints the rows that still wait. */
    @Override
    public void close() {
        if (!waiting.isEmpty()) {
            printWaiting();
        }
        out.flush();
    }
}
