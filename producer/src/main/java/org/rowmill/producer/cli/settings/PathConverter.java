package org.rowmill.producer.cli.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.rowmill.producer.launch.Launched;
import org.rowmill.schemas.HomeDirectory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a path of an option or argument, wherever it is set. {@code ~} is the home directory. Other paths are relative to
 * the directory in which the command is called.
 */
public final class PathConverter implements ITypeConverter<Path> {

    private final String home;

    /**
     * Creates a converter.
     *
     * @param environment contains HOME if it is set
     */
    public PathConverter(Map<String, String> environment) {
        this.home = HomeDirectory.of(environment);
    }

    @Override
    public Path convert(String text) {
        return Launched.resolve(expanded(text));
    }

    /** Reads a path that is relative to the project. */
    public ProjectPath ofProject(String text) {
        return new ProjectPath(expanded(text));
    }

    private Path expanded(String text) {
        try {
            return Path.of(HomeDirectory.expand(text, home));
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a path: " + e.getReason());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("expected " + e.getMessage() + ", not '" + text + "'");
        }
    }
}
