package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.rowmill.producer.console.ExitCode;
import org.rowmill.producer.console.TextTable;
import org.rowmill.producer.console.UnwritableResults;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code init [TEMPLATE [DIR]]}: makes a project from a template. It never overwrites a file. */
@Command(
        name = "init",
        description =
                "Creates a project from a template. Without arguments, it lists the templates. It never overwrites a"
                        + " file.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class)
final class InitCommand implements Callable<Integer> {

    static final List<Template> TEMPLATES = List.of(
            new Template(
                    "montecarlo-pi",
                    "estimates pi: 128 rows of ten million random points each",
                    "montecarlo-pi",
                    List.of("MonteCarloPi.java")),
            new Template(
                    "file-stats",
                    "lines, words and bytes of the text files in data/",
                    "file-stats",
                    List.of("FileStats.java", "data/bread.txt", "data/watermill.txt")),
            new Template(
                    "cluster-config",
                    "rowmill_cluster.csv, which names the other computers to use",
                    ".",
                    List.of("rowmill_cluster.csv")));

    /** Errors of a place where no file can be written, whatever its disk does. */
    private static final Set<Class<? extends IOException>> NOT_HERE = Set.of(
            AccessDeniedException.class,
            FileAlreadyExistsException.class,
            NoSuchFileException.class,
            NotDirectoryException.class);

    private final Invocation invocation;

    @Parameters(index = "0", arity = "0..1", paramLabel = "TEMPLATE", description = "name of the template")
    private @Nullable String template;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DIR",
            description =
                    "directory of the new files (default: a directory named after the template; for cluster-config the"
                            + " current directory)")
    private @Nullable Path directory;

    /**
     * A template.
     *
     * @param name its name
     * @param description what it makes
     * @param directory the default directory of the new files
     * @param files paths relative to that directory and to the resource directory {@code templates/NAME}
     */
    record Template(String name, String description, String directory, List<String> files) {

        boolean isProject() {
            return files.get(0).endsWith(".java");
        }

        InputStream open(String file) {
            return Objects.requireNonNull(
                    InitCommand.class.getResourceAsStream("templates/" + name + "/" + file), file);
        }
    }

    InitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (template == null) {
            list();
        } else {
            make(named(template));
        }
        return ExitCode.DONE;
    }

    private void list() {
        try (TextTable table = new TextTable(invocation.out())) {
            TEMPLATES.forEach(each -> table.row(List.of(each.name(), each.description())));
        }
        invocation.out().println();
        invocation.out().println("To create a project: java -jar producer.jar init TEMPLATE [DIR]");
    }

    private static Template named(String name) {
        List<String> names = TEMPLATES.stream().map(Template::name).toList();
        return TEMPLATES.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new WrongInput("init: there is no template " + name
                        + SpellingSuggestion.hint(name, names) + ". Templates: " + String.join(", ", names)));
    }

    private void make(Template chosen) throws IOException {
        Path to = directory != null ? directory : Path.of(chosen.directory());
        List<String> existing = chosen.files().stream()
                .map(to::resolve)
                .filter(Files::exists)
                .map(file -> file + ": the file exists and is not overwritten. Move it away, or name another directory:"
                        + " java -jar producer.jar init " + chosen.name() + " DIR")
                .toList();
        if (!existing.isEmpty()) {
            throw new WrongInput(existing);
        }
        List<Path> written = write(chosen, to);
        written.forEach(file -> invocation.out().println(file));
        invocation
                .err()
                .println(
                        chosen.isProject()
                                ? "To run it: java -jar producer.jar run " + to
                                : "Add your computers to it, then run: java -jar producer.jar run PROJECT"
                                        + " --ssh-cluster-csv-path="
                                        + written.get(0));
    }

    /** Writes all files or none: a part of them would be in the way of the next attempt. */
    private static List<Path> write(Template chosen, Path to) throws IOException {
        List<Path> written = new ArrayList<>();
        try {
            for (String file : chosen.files()) {
                copy(chosen, file, to.resolve(file), written);
            }
            return written;
        } catch (IOException e) {
            for (Path file : written) {
                Files.deleteIfExists(file);
            }
            if (NOT_HERE.contains(e.getClass())) {
                throw new WrongInput(to + ": the template cannot be written here: " + e);
            }
            throw new UnwritableResults(
                    to + ": the template cannot be written: " + e.getMessage()
                            + ". Free disk space, or name another directory: java -jar producer.jar init "
                            + chosen.name() + " DIR",
                    e);
        }
    }

    /** Copies a file, unless the file has come into being since the check. */
    private static void copy(Template chosen, String file, Path to, List<Path> written) throws IOException {
        Path parents = to.toAbsolutePath().getParent();
        Files.createDirectories(Objects.requireNonNull(parents));
        try (InputStream in = chosen.open(file);
                OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            written.add(to.normalize());
            in.transferTo(out);
        }
    }
}
