package org.rowmill.producer.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.WrongInput;

/** Finds the directories of a project's stored tables. */
final class TableDirectories {

    private TableDirectories() {}

    /**
     * The tables that are stored.
     *
     * @param project the project's directory
     * @param output directory of the tables; null: the project's own
     * @param names of those wanted; empty: all
     * @return sorted by name, or in the order of {@code names}; at least one
     * @throws WrongInput when there is none, or not one of that name
     */
    static List<Path> find(Path project, @Nullable Path output, List<String> names) throws IOException {
        Path directory = output != null ? output : project.resolve("tables");
        String hint = " To compute them: java -jar producer.jar run " + project;
        if (!Files.isDirectory(directory)) {
            throw new WrongInput(directory + ": tables were expected here, and there is no such directory." + hint);
        }
        List<Path> tables = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, Files::isDirectory)) {
            all.forEach(tables::add);
        }
        tables.sort(null);
        if (tables.isEmpty()) {
            throw new WrongInput(directory + ": tables were expected here, and there is none." + hint);
        }
        return names.isEmpty()
                ? tables
                : names.stream().map(name -> named(name, directory, tables)).toList();
    }

    private static Path named(String table, Path directory, List<Path> tables) {
        Set<String> names = tables.stream().map(TableSummary::name).collect(Collectors.toSet());
        if (!names.contains(table)) {
            throw new WrongInput(directory + ": no table " + table + " is stored here"
                    + SpellingSuggestion.hint(table, names) + ". Stored: " + names(tables));
        }
        return directory.resolve(table);
    }

    /** Names of tables as messages list them. */
    static String names(List<Path> tables) {
        return tables.stream().map(TableSummary::name).collect(Collectors.joining(", "));
    }
}
