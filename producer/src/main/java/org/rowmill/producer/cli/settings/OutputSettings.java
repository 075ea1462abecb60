package org.rowmill.producer.cli.settings;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where tables are stored: an option that several commands share. */
public final class OutputSettings {

    @Option(names = "--output", paramLabel = "DIR", description = "directory of the tables (default: PROJECT/tables)")
    private @Nullable Path output;

    /** Created by picocli. */
    OutputSettings() {}

    /** Returns the directory if the option is set. */
    public Optional<Path> option() {
        return Optional.ofNullable(output);
    }

    /** Returns the directory of a project's tables. */
    public Path directory(Path project) {
        return output != null ? output : project.resolve("tables");
    }
}
