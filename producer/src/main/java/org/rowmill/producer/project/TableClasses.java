package org.rowmill.producer.project;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.ProjectClassLoader;
import org.rowmill.table.Table;

/** Finds the tables among the classes of a project: classes that extend Table and are not abstract. */
final class TableClasses {

    private static final String CLASS = ".class";
    private static final int UNLOADABLE_SHOWN = 3;

    private final Path root;
    private final ProjectClassLoader loader;
    private final List<String> unloadable = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    TableClasses(Path root, ProjectClassLoader loader) {
        this.root = root;
        this.loader = loader;
    }

    /**
     * Finds the tables.
     *
     * @param code the code of the project
     * @param names simple names of the tables to find; empty: all
     * @return the tables, sorted by simple name
     * @throws WrongInput if there is no table, a name is unknown, or two tables have the same name
     */
    List<Class<?>> find(ProjectCode code, List<String> names) throws IOException {
        Map<String, List<Class<?>>> tables = new TreeMap<>();
        for (Path place : code.own()) {
            for (String name : classNames(place)) {
                this.names.add(name);
                Class<?> found = load(name);
                if (found != null) {
                    tables.computeIfAbsent(found.getSimpleName(), key -> new ArrayList<>())
                            .add(found);
                }
            }
        }
        List<String> faults = faults(tables, names, code);
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        return tables.values().stream()
                .map(same -> same.get(0))
                .<Class<?>>map(table -> table)
                .filter(table -> names.isEmpty() || names.contains(table.getSimpleName()))
                .toList();
    }

    /** Returns the names of the project's own classes, after {@link #find}. */
    Set<String> names() {
        return names;
    }

    private List<String> faults(Map<String, List<Class<?>>> tables, List<String> names, ProjectCode code)
            throws IOException {
        if (!code.errors().isEmpty() && !tables.keySet().containsAll(names)) {
            return code.errors(); // a named table may be among the sources with errors
        }
        if (tables.isEmpty()) {
            LeftOutSources others = LeftOutSources.of(code.sources());
            return List.of(root
                    + ": no table was found. A public class that extends org.rowmill.table.Table was expected in the"
                    + " *.java files, the jars or target/classes" + unloadable()
                    + (others.files().isEmpty() ? "" : ". " + others.summary()));
        }
        List<String> faults = new ArrayList<>();
        tables.forEach((name, same) -> {
            if (same.size() > 1) {
                faults.add(root + ": two tables are named " + name + " ("
                        + same.get(0).getName() + " and " + same.get(1).getName()
                        + ") and would share a directory. Rename one");
            }
        });
        for (String name : names) {
            if (!tables.containsKey(name)) {
                faults.add(LeftOutSources.of(code.sources())
                        .text(name)
                        .orElse(root + ": there is no table " + name + SpellingSuggestion.hint(name, tables.keySet())
                                + ". Tables: " + String.join(", ", tables.keySet()) + unloadable()));
            }
        }
        return faults;
    }

    private String unloadable() {
        return unloadable.isEmpty()
                ? ""
                : ". Some classes cannot be loaded; a jar may be missing in lib/: "
                        + String.join("; ", unloadable.subList(0, Math.min(UNLOADABLE_SHOWN, unloadable.size())));
    }

    private @Nullable Class<?> load(String name) {
        try {
            Class<?> found = Class.forName(name, false, loader);
            boolean isTable = Table.class.isAssignableFrom(found)
                    && !Modifier.isAbstract(found.getModifiers())
                    && !found.isAnonymousClass()
                    && !found.isLocalClass();
            return isTable ? found : null;
        } catch (ClassNotFoundException | LinkageError e) {
            unloadable.add(name + " (" + e + ")"); // most often an optional part of a large jar
            return null;
        }
    }

    private static List<String> classNames(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            return classNamesUnder(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return classNamesUnder(jar.getPath("/"));
        } catch (ZipException | ProviderNotFoundException e) {
            throw new WrongInput(place + ": not a valid jar: " + e.getMessage());
        }
    }

    private static List<String> classNamesUnder(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            return all.map(file -> top.relativize(file).toString())
                    .filter(name ->
                            name.endsWith(CLASS) && !name.startsWith("META-INF") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }
}
