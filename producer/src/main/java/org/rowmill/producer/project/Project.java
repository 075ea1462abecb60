package org.rowmill.producer.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.console.Console;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.ProjectClassLoader;
import org.rowmill.schemas.model.TableModel;

/**
 * A user's project: a directory whose classes are tables.
 *
 * @param root the directory
 * @param classPath where its classes are, as every consumer loads them: its own first, then those of {@code lib/}
 * @param tables its tables, or those of them that were asked for, sorted by name
 * @param codeHash changes with the code
 * @param loader has loaded the tables
 */
public record Project(
        Path root, List<Path> classPath, List<TableModel> tables, String codeHash, ProjectClassLoader loader)
        implements AutoCloseable {

    /** Where {@link org.rowmill.table.Index#files} begins to look. */
    private static final String ROOT_PROPERTY = "rowmill.project";

    public Project {
        classPath = List.copyOf(classPath);
        tables = List.copyOf(tables);
    }

    /**
     * Compiles a project where it has changed, loads it and checks it.
     *
     * @param root its directory, absolute
     * @param names tables to load; none: all
     * @param console is told what is compiled
     * @return to be closed
     * @throws WrongInput with every fault
     */
    public static Project load(Path root, List<String> names, Console console) {
        if (!Files.isDirectory(root)) {
            throw new WrongInput(root + ": a directory with a project's Java sources or jar was expected, and "
                    + (Files.exists(root) ? "this is a file" : "there is nothing")
                    + ". To make a project: java -jar producer.jar init montecarlo-pi");
        }
        System.setProperty(ROOT_PROPERTY, root.toString());
        try {
            return load(root, names, ProjectCode.of(root, console));
        } catch (IOException e) {
            throw new WrongInput(root + ": the project cannot be read or compiled: " + e);
        }
    }

    private static Project load(Path root, List<String> names, ProjectCode code) throws IOException {
        ProjectClassLoader loader = new ProjectClassLoader(code.classPath());
        try {
            List<Class<?>> classes = new TableClasses(root, loader).find(code.own(), names);
            return new Project(root, code.classPath(), models(classes), code.hash(), loader);
        } catch (IOException | RuntimeException e) {
            loader.close();
            throw e;
        }
    }

    private static List<TableModel> models(List<Class<?>> classes) {
        List<TableModel> models = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Class<?> table : classes) {
            try {
                models.add(TableModel.of(table));
            } catch (WrongInput e) {
                faults.addAll(e.faults());
            }
        }
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
        return models;
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the jars of " + root, e);
        }
    }
}
