package org.rowmill.producer.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.WrongInput;

/** Finds the directories of a project's stored tables. */
final class TableDirectories {

    private TableDirectories() {}

    /**
     * Finds the stored tables.
     *
     * @param project the root directory of the project, for messages
     * @param directory the directory of the tables
     * @param names names of the tables to find; empty: all
     * @return the directory of each table, sorted by name, or in the order of {@code names}; at least one
     * @throws WrongInput if there is no table, or none with one of the names
     */
    static List<Path> find(Path project, Path directory, List<String> names) throws IOException {
        String hint = " To compute tables: java -jar producer.jar run " + project;
        if (!Files.isDirectory(directory)) {
            throw new WrongInput(directory + ": the directory of the tables does not exist." + hint);
        }
        List<Path> tables = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, Files::isDirectory)) {
            all.forEach(tables::add);
        }
        tables.sort(null);
        if (tables.isEmpty()) {
            throw new WrongInput(directory + ": there are no tables here." + hint);
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

    /** Returns the names of tables, for messages. */
    static String names(List<Path> tables) {
        return tables.stream().map(TableSummary::name).collect(Collectors.joining(", "));
    }
}
