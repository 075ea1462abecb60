package org.rowmill.producer.launch;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.rowmill.schemas.HomeDirectory;
import org.rowmill.schemas.world.Variable;
import org.rowmill.schemas.world.World;

/** Chooses the environment variables with which the head starts: a JVM cannot change its own. */
final class HeadEnvironment {

    private static final String SETTING = "ROWMILL_ENV";
    static final String FILE = "rowmill.properties";
    private static final String KEY = "env";
    private static final String ZONE = "TZ";

    private HeadEnvironment() {}

    /**
     * Returns the variables to set, by name. Leaves out what is invalid, which the head reports.
     *
     * @param arguments values of {@code --env} on the command line
     * @param file content of the project's rowmill.properties; blank if there is none
     * @param environment of this process
     */
    static Map<String, String> of(List<String> arguments, String file, Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        Optional<String> zone = World.timeZone(environment);
        if (zone.isPresent()) {
            variables.put(ZONE, zone.get());
        }
        for (String text : asked(arguments, file, environment)) {
            for (String line : text.split("\n")) {
                add(line, variables);
            }
        }
        return variables;
    }

    private static void add(String text, Map<String, String> variables) {
        try {
            Variable variable = Variable.parse(text);
            if (variable.value().isPresent()) {
                variables.put(variable.name(), variable.value().get());
            }
        } catch (IllegalArgumentException e) {
            return;
        }
    }

    /** The command line overrides the environment, and the environment overrides the file. */
    private static List<String> asked(List<String> arguments, String file, Map<String, String> environment) {
        if (!arguments.isEmpty()) {
            return arguments;
        }
        String set = environment.getOrDefault(SETTING, "");
        return List.of(set.isBlank() ? ofFile(file) : set);
    }

    private static String ofFile(String file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(file));
            return properties.getProperty(KEY, "").strip();
        } catch (IOException | IllegalArgumentException e) {
            return ""; // the head reports it
        }
    }

    /** Returns the content of the project's rowmill.properties; blank if it cannot be read, which the head reports. */
    static String file(Path project) {
        try {
            Path file = project.resolve(FILE);
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns a directory, if this JVM can represent its name and it exists. */
    static Optional<Path> directory(String name) {
        try {
            String home = HomeDirectory.of(System.getenv());
            Path directory =
                    Path.of(HomeDirectory.expand(name, home)).toAbsolutePath().normalize();
            return Files.isDirectory(directory) ? Optional.of(directory) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
