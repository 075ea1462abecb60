package org.rowmill.producer.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rowmill.producer.console.Console;
import org.rowmill.producer.options.RunOptions;
import org.rowmill.producer.statics.StaticStateCheck;
import org.rowmill.schemas.WrongInput;
import org.rowmill.schemas.model.ProjectClassLoader;
import org.rowmill.schemas.model.TableModel;

/**
 * A loaded project.
 *
 * @param root the root directory
 * @param classPath the class path, for consumers too: the project's classes first, then the jars in {@code lib/}
 * @param tables all tables, or the tables to compute, sorted by name
 * @param codeHash hash of the code
 * @param java the oldest Java that can load its classes
 * @param loader the class loader of the tables
 */
public record Project(
        Path root,
        List<Path> classPath,
        List<TableModel> tables,
        String codeHash,
        RequiredJava java,
        ProjectClassLoader loader)
        implements AutoCloseable {

    /** System property: the directory in which {@link org.rowmill.table.Index#files} searches. */
    private static final String ROOT_PROPERTY = "rowmill.project";

    public Project {
        classPath = List.copyOf(classPath);
        tables = List.copyOf(tables);
    }

    /**
     * Compiles a project if it has changed, loads it and checks it.
     *
     * @param root the root directory, absolute
     * @param names names of the tables to load; empty: all
     * @param options where sources are, and how they are compiled
     * @param console prints what is compiled
     * @return the project, which the caller closes
     * @throws WrongInput with all faults
     */
    public static Project load(Path root, List<String> names, RunOptions.Code options, Console console) {
        if (!Files.isDirectory(root)) {
            throw new WrongInput(root + ": a directory with Java sources or a jar was expected, but "
                    + (Files.exists(root) ? "this is a file" : "it does not exist")
                    + ". To create a project: java -jar producer.jar init montecarlo-pi");
        }
        System.setProperty(ROOT_PROPERTY, root.toString());
        try {
            return load(root, names, ProjectCode.of(root, options, !names.isEmpty(), console), console);
        } catch (IOException e) {
            throw new WrongInput(root + ": the project cannot be read or compiled: " + e);
        }
    }

    private static Project load(Path root, List<String> names, ProjectCode code, Console console) throws IOException {
        RequiredJava java = checked(root, code, console);
        ProjectClassLoader loader = new ProjectClassLoader(code.classPath());
        try {
            TableClasses tables = new TableClasses(root, loader);
            List<Class<?>> classes = tables.find(code, names);
            code.errors()
                    .forEach(error -> console.verbose("left out, because the named tables do not need it: " + error));
            List<TableModel> models = models(classes);
            new StaticStateCheck(loader, tables.names()).warnings(classes).forEach(console::warn);
            return new Project(root, code.classPath(), models, code.hash(), java, loader);
        } catch (IOException | RuntimeException e) {
            loader.close();
            throw e;
        }
    }

    private static RequiredJava checked(Path root, ProjectCode code, Console console) throws IOException {
        RequiredJava own = RequiredJava.of(root, code.own());
        String here = "this computer runs Java " + Runtime.version().feature() + ". Run producer.jar with Java ";
        if (!own.isHere()) {
            throw new WrongInput(root.resolve(own.reason()) + ": its classes need Java " + own.feature() + ", but "
                    + here + own.feature() + " or newer, or compile them for an older one");
        }
        RequiredJava all = RequiredJava.of(root, code.classPath());
        if (!all.isHere()) {
            console.warn(all.reason() + ": it has classes for Java " + all.feature() + ", but " + here + all.feature()
                    + " or newer if the tables use them, or use an older version of this library");
        }
        return all;
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
