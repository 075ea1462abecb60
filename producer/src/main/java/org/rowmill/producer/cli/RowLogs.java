package org.rowmill.producer.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rowmill.producer.rundir.AttemptLog;
import org.rowmill.producer.rundir.LenientText;
import org.rowmill.producer.rundir.RunDirectory;

/**
 * Finds one row in the logs of a project's runs.
 *
 * @param runs directories of the logs that are kept, oldest first
 */
record RowLogs(List<Path> runs) {

    private static final int MOST_LINES = 50;

    RowLogs {
        runs = List.copyOf(runs);
    }

    /** Finds the logs of a project. */
    static RowLogs of(Path project) throws IOException {
        Path logs = project.resolve(RunDirectory.NAME).resolve("logs");
        if (!Files.isDirectory(logs)) {
            return new RowLogs(List.of());
        }
        try (Stream<Path> all = Files.list(logs)) {
            return new RowLogs(all.filter(Files::isDirectory).sorted().toList()); // files: stack traces of the head
        }
    }

    /** Returns the attempts to compute a row, oldest first. */
    List<RowHistory.Attempt> attempts(String table, String index) {
        List<RowHistory.Attempt> attempts = new ArrayList<>();
        for (Path run : runs) {
            String id = run.getFileName().toString();
            AttemptLog.read(run, table, index).forEach(entry -> attempts.add(new RowHistory.Attempt(id, entry)));
        }
        return attempts;
    }

    /** Returns the last lines that a row printed, oldest first. */
    List<RowHistory.Line> printed(String table, String index) throws IOException {
        String prefix = "[" + table + " " + index.replaceAll("\\s+", " ") + "] ";
        List<RowHistory.Line> lines = new ArrayList<>();
        for (Path run : runs) {
            for (Path log : logs(run)) {
                addLines(run.getFileName().toString(), log, prefix, lines);
            }
        }
        return lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size());
    }

    private static List<Path> logs(Path run) throws IOException {
        try (Stream<Path> all = Files.list(run)) {
            return all.filter(file -> file.toString().endsWith(".log") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of(); // a run has just deleted old logs
        }
    }

    private static void addLines(String run, Path log, String prefix, List<RowHistory.Line> lines) throws IOException {
        try (BufferedReader reader = LenientText.reader(log)) {
            reader.lines()
                    .filter(line -> line.startsWith(prefix))
                    .forEach(line -> lines.add(new RowHistory.Line(run, line.substring(prefix.length()))));
        } catch (NoSuchFileException e) {
            return; // a run has just deleted old logs
        }
    }
}
