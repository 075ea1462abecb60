package org.rowmill.schemas.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The values of a line of a cluster file, as spreadsheets write them.
 *
 * @param separator between values
 */
record CsvLine(char separator) {

    static final CsvLine COMMAS = new CsvLine(',');

    private static final Pattern COMMENT = Pattern.compile("[\\s,;\"]*(#.*)?");

    /** Characters that look like a space, or have no width; word processors and web pages insert them. */
    private static final Pattern SPACE = Pattern.compile("[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]");

    private static final Pattern INVISIBLE = Pattern.compile("[\\ufeff\\u200b-\\u200f\\u2060\\u00ad]");
    private static final Pattern QUOTE = Pattern.compile("[\\u201c-\\u201f\\u00ab\\u00bb\\uff02]");

    /** Recognizes the separator by the header: no name of a column contains one of these characters. */
    static CsvLine of(String header) {
        if (header.contains(",")) {
            return COMMAS;
        }
        return header.contains(";") ? new CsvLine(';') : header.contains("\t") ? new CsvLine('\t') : COMMAS;
    }

    /** Replaces characters that look like those of CSV. None of them can be in an address, a user or a number. */
    static String plain(String line) {
        String spaces = SPACE.matcher(line).replaceAll(" ");
        String visible = INVISIBLE.matcher(spaces).replaceAll("");
        String text = QUOTE.matcher(visible).replaceAll("\"");
        // A tab at the end can separate empty values.
        return text.replaceAll("^ +| +$", "");
    }

    /** Returns whether a line has no values: a comment, also in quotes, or separators only. */
    static boolean isComment(String line) {
        return COMMENT.matcher(line).matches();
    }

    /** Returns whether a value contains a character that can separate values. */
    static boolean hasSeparator(String value) {
        return value.chars().anyMatch(c -> c == ',' || c == ';' || c == '\t');
    }

    /** Returns the values without blanks around them, and without empty values at the end. */
    List<String> values(String line) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(separator)
                .setIgnoreSurroundingSpaces(separator != '\t')
                .get();
        try (CSVParser parser = CSVParser.parse(line, format)) {
            List<CSVRecord> records = parser.getRecords();
            List<String> values = new ArrayList<>();
            if (!records.isEmpty()) {
                records.get(0).forEach(value -> values.add(value.strip()));
            }
            while (!values.isEmpty() && values.get(values.size() - 1).isEmpty()) {
                values.remove(values.size() - 1);
            }
            return values;
        }
    }

    /** Returns the name of the separator in a message. */
    String separatorName() {
        return switch (separator) {
            case ';' -> "semicolon";
            case '\t' -> "tab";
            default -> "comma";
        };
    }
}
