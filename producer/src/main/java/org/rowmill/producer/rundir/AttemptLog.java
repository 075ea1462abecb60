package org.rowmill.producer.rundir;

import java.io.IOException;
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
 * The history of rows that failed: a CSV line for each attempt, and one for a later one that computed the row. In the run's
 * log directory. Used by one thread.
 */
public final class AttemptLog implements AutoCloseable {

    static final String FILE = "attempts.csv";

    /** A table whose every row fails fills no disk. */
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
     * @param index as text
     * @param attempt from 1
     * @param node where
     * @param seconds how long it took; 0 where that is not known
     * @param failure empty: it computed the row
     */
    public record Entry(
            Instant time,
            String table,
            String index,
            int attempt,
            String node,
            double seconds,
            Optional<Failure> failure) {}

    /** Notes an attempt; a full disk costs the note only. */
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
            Writer writer = Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            open = new CSVPrinter(
                    writer, FORMAT.builder().setSkipHeaderRecord(!isNew).get());
            printer = open;
        }
        return open;
    }

    /** What a run noted of one row. */
    public static List<Entry> read(Path logs, String table, String index) {
        List<Entry> entries = new ArrayList<>();
        try (var reader = Files.newBufferedReader(logs.resolve(FILE), StandardCharsets.UTF_8)) {
            for (CSVRecord line : FORMAT.parse(reader)) {
                if (line.size() == FORMAT.getHeader().length
                        && line.get("table").equals(table)
                        && line.get("index").equals(index)) {
                    entries.add(entry(line));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // no row failed
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            return entries; // cut short by the end of its run
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
