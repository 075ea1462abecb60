package org.rowmill.schemas.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rowmill.schemas.Names;
import org.rowmill.schemas.WrongInput;

/**
 * Reads the cluster file. It is CSV with the columns {@code address,ssh_user,ssh_port,local_ssh_file,cpu_limit}, and
 * optionally {@code scratch} and {@code labels}, in any order. Blank lines, lines of separators only and lines that begin
 * with {@code #} are ignored, as is what spreadsheets leave: empty columns at the end, a byte order mark, semicolons or
 * tabs as separators, no-break spaces, typographic quotes.
 */
public final class ClusterCsv {

    private static final List<String> COLUMNS =
            List.of("address", "ssh_user", "ssh_port", "local_ssh_file", "cpu_limit", "scratch", "labels");

    private final Path file;
    private final List<String> faults = new ArrayList<>();
    private final List<ClusterNode> nodes = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    private ClusterCsv(Path file) {
        this.file = file;
    }

    /**
     * Reads a cluster file.
     *
     * @param file the file, UTF-8
     * @return its nodes in the order of the file; none if the file has no lines, so that only this computer computes
     * @throws WrongInput if the file has faults, with all of them
     */
    public static List<ClusterNode> read(Path file) {
        ClusterCsv csv = new ClusterCsv(file);
        csv.parse(csv.text().split("\r\n|\r|\n", -1));
        if (!csv.faults.isEmpty()) {
            throw new WrongInput(csv.faults);
        }
        return List.copyOf(csv.nodes);
    }

    private String text() {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (NoSuchFileException e) {
            throw new WrongInput(file + ": the cluster file does not exist. To create one, run: init cluster-config");
        } catch (CharacterCodingException e) {
            throw new WrongInput(file + ": UTF-8 text was expected: save the cluster file as CSV in UTF-8");
        } catch (IOException e) {
            throw new WrongInput(file + ": cannot read the cluster file: " + e);
        }
    }

    /** Parses line by line, so that a missing quote affects only its line, and every fault has a line number. */
    private void parse(String[] rows) {
        List<String> header = List.of();
        CsvLine csv = CsvLine.COMMAS;
        for (int line = 1; line <= rows.length; line++) {
            String row = CsvLine.plain(rows[line - 1]);
            if (CsvLine.isComment(row)) {
                continue;
            }
            csv = header.isEmpty() ? CsvLine.of(row) : csv;
            List<String> values = values(csv, row, line);
            if (values.isEmpty()) {
                continue;
            }
            if (header.isEmpty()) {
                header = header(values, line);
                if (!header.contains("address")) {
                    return;
                }
            } else {
                node(header, values, line);
            }
        }
    }

    private List<String> values(CsvLine csv, String row, int line) {
        try {
            return csv.values(row);
        } catch (IOException | RuntimeException e) {
            fault(
                    line,
                    "",
                    csv.separatorName() + "-separated values were expected, with quotes that end on the same line: "
                            + row);
            return List.of();
        }
    }

    private List<String> header(List<String> values, int line) {
        List<String> names = values.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (!names.contains("address")) {
            fault(
                    line,
                    "",
                    "the header was expected: " + String.join(",", COLUMNS.subList(0, 5)) + "; found: "
                            + String.join(",", values));
            return names;
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.isEmpty()) {
                fault(line, "column " + (i + 1), "it has no name, but columns after it have one: name or remove it");
            } else if (!COLUMNS.contains(name)) {
                fault(
                        line,
                        name,
                        "unknown column"
                                + Names.nearest(name, COLUMNS)
                                        .map(meant -> ", did you mean " + meant + "?")
                                        .orElse(".") + " Known columns: " + String.join(", ", COLUMNS));
            } else if (names.indexOf(name) < i) {
                fault(line, name, "the column occurs twice: remove one");
            }
        }
        return names;
    }

    private void node(List<String> header, List<String> values, int line) {
        if (values.size() > header.size()) {
            fault(
                    line,
                    "",
                    values.size() + " values were found, " + header.size() + " were expected as in the header: "
                            + String.join(",", header) + ". The last value, without a column, is \""
                            + values.get(values.size() - 1) + "\"");
            return;
        }
        if (values.size() == 1 && header.size() > 1 && CsvLine.hasSeparator(values.get(0))) {
            fault(line, "address", "\"" + values.get(0) + "\" is separated in another way than the header");
            return;
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            fields.put(header.get(i), values.get(i));
        }
        int before = faults.size();
        ClusterFields node = new ClusterFields(fields, (column, message) -> fault(line, column, message));
        ClusterNode read = node.read(line);
        if (faults.size() == before) {
            add(read, node.key());
        }
    }

    private void add(ClusterNode node, String key) {
        Integer first = lines.putIfAbsent(key, node.line());
        if (first != null) {
            fault(
                    node.line(),
                    "address",
                    node.address() + " is already in line " + first
                            + ": a node that occurs twice would get too many rows; remove one");
            return;
        }
        nodes.add(node);
    }

    private void fault(int line, String column, String message) {
        faults.add(file + ":" + line + ": " + (column.isEmpty() ? "" : column + ": ") + message);
    }
}
