package org.rowmill.producer.rundir;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/**
 * The history of failed rows in the log directory of a run: one CSV line for each failed attempt, and one for the
 * attempt that computed the row afterwards. Used by one thread.
 */
public final class AttemptLog implements AutoCloseable {

    static final String FILE = "attempts.csv";

    /** Limits the size of the file if every row fails. */
    private static final int MOST_LINES = 100_000;

    private static final double NANOS = 1e9;
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader("time", "table", "index", "attempt", "node", "seconds", "outcome", "columns", "error", "message")
            .setSkipHeaderRecord(true)
            .get();

    private final Path file;
    private @Nullable CSVPrinter printer;
    private int lines;

    public AttemptLog(Path logs) {
        this.file = logs.resolve(FILE);
    }

    /**
     * One attempt.
     *
     * @param time when it ended
     * @param table name of the table
     * @param index index of the row as text
     * @param attempt number of the attempt, from 1
     * @param node name of the node
     * @param seconds how long it took; 0: unknown
     * @param failure why it failed; empty: it computed the row
     */
    public record Entry(
            Instant time,
            String table,
            String index,
            int attempt,
            String node,
            double seconds,
            Optional<Failure> failure) {}

    /** Adds an attempt. If the file cannot be written, the log ends, and the run continues. */
    public void add(String table, List<Object> index, int attempt, String node, long nanos, Optional<Failure> failure) {
        if (++lines > MOST_LINES) {
            return;
        }
        try {
            CSVPrinter out = printer();
            out.printRecord(
                    Instant.now().truncatedTo(ChronoUnit.MILLIS),
                    table,
                    IndexText.of(index),
                    attempt,
                    node,
                    nanos / NANOS,
                    failure.isPresent() ? "failed" : "done",
                    failure.map(Failure::columns).orElse(""),
                    failure.map(Failure::errorClass).orElse(""),
                    failure.map(Failure::message).orElse(""));
            out.flush();
        } catch (IOException e) {
            lines = MOST_LINES;
        }
    }

    private CSVPrinter printer() throws IOException {
        CSVPrinter open = printer;
        if (open == null) {
            boolean isNew = !Files.exists(file);
            OutputStream bytes = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            // replaces what UTF-8 cannot express, such as half a character in the message of an exception
            Writer writer = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
            open = new CSVPrinter(
                    writer, FORMAT.builder().setSkipHeaderRecord(!isNew).get());
            printer = open;
        }
        return open;
    }

    /** Returns the attempts of one row. */
    public static List<Entry> read(Path logs, String table, String index) {
        List<Entry> entries = new ArrayList<>();
        try (Reader reader = LenientText.reader(logs.resolve(FILE))) {
            for (CSVRecord line : FORMAT.parse(reader)) {
                if (line.size() == FORMAT.getHeader().length
                        && line.get("table").equals(table)
                        && line.get("index").equals(index)) {
                    entries.add(entry(line));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // no row has failed
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            return entries; // the last line is incomplete: the run was killed
        }
        return entries;
    }

    private static Entry entry(CSVRecord line) {
        Optional<Failure> failure = line.get("outcome").equals("done")
                ? Optional.empty()
                : Optional.of(new Failure(line.get("columns"), line.get("error"), line.get("message"), "", false));
        return new Entry(
                Instant.parse(line.get("time")),
                line.get("table"),
                line.get("index"),
                Integer.parseInt(line.get("attempt")),
                line.get("node"),
                Double.parseDouble(line.get("seconds")),
                failure);
    }

    @Override
    public void close() throws IOException {
        if (printer != null) {
            printer.close();
        }
    }
}
