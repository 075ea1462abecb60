package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that are not on the command line: from the environment ({@code ROWMILL_PORT_COUNT}), otherwise from
 * {@code PROJECT/rowmill.properties} ({@code port-count}). Remembers the origin of each value for messages.
 */
final class Settings implements IDefaultValueProvider {

    static final String FILE = "rowmill.properties";
    private static final String PREFIX = "ROWMILL_";
    private static final String VERBOSE = "verbose";
    private static final List<String> NOT_SETTABLE = List.of("help", "version");

    private final Map<String, String> environment;
    private final Map<String, String> origins = new HashMap<>();
    private @Nullable Path file;
    private Properties properties = new Properties();
    private int verbosity;

    Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Called by picocli for each option that is not on the command line, after the positional parameters are parsed.
     */
    @Override
    public @Nullable String defaultValue(ArgSpec argument) throws IOException {
        if (!(argument instanceof OptionSpec option) || NOT_SETTABLE.contains(key(option))) {
            return null;
        }
        String value = value(option);
        if (!key(option).equals(VERBOSE)) {
            return value;
        }
        if (value != null) { // a repeated flag on the command line, a number here
            verbosity = number(option, value);
        }
        return null;
    }

    /** Returns a provider for one option, for commands whose other options cannot come from environment or file. */
    IDefaultValueProvider only(String name) {
        return argument ->
                argument instanceof OptionSpec option && option.longestName().equals(name)
                        ? defaultValue(argument)
                        : null;
    }

    /** Returns the verbosity from environment or file. Valid after the command line is parsed. */
    int verbosity() {
        return verbosity;
    }

    private int number(OptionSpec option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new WrongInput(
                    origins.get(option.longestName()) + ": verbose: expected 0, 1 or 2, not '" + value + "'");
        }
    }

    private @Nullable String value(OptionSpec option) throws IOException {
        String key = key(option);
        String variable = variable(key);
        String set = environment.getOrDefault(variable, "");
        if (!set.isBlank()) { // an empty variable is ignored, like an unset one
            origins.put(option.longestName(), variable + " in the environment");
            return set;
        }
        load(option.command());
        String value = properties.getProperty(key);
        if (value == null) {
            return null;
        }
        origins.put(option.longestName(), file + ":" + line(key));
        return option.type() == Path.class ? relativeToFile(value.strip()) : value.strip();
    }

    /** Paths in the file are relative to the project, so they do not depend on the current directory. */
    private String relativeToFile(String path) {
        return path.startsWith("~")
                ? path
                : Objects.requireNonNull(file).resolveSibling(path).toString();
    }

    /** Returns the origin of an option's value; empty: the command line, or the option is not set. */
    Optional<String> origin(@Nullable ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? Optional.ofNullable(origins.get(option.longestName()))
                : Optional.empty();
    }

    /**
     * Rejects unknown keys in the file. A mistyped key would otherwise have no effect.
     *
     * @throws WrongInput with every unknown key
     */
    void check(CommandSpec command) throws IOException {
        load(command);
        List<String> keys = command.options().stream()
                .map(Settings::key)
                .filter(key -> !NOT_SETTABLE.contains(key))
                .toList();
        List<String> faults = new ArrayList<>();
        for (String key : properties.stringPropertyNames()) {
            if (!keys.contains(key)) {
                faults.add(file + ":" + line(key) + ": unknown option " + key + SpellingSuggestion.hint(key, keys)
                        + ". Options: " + String.join(", ", keys));
            }
        }
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
    }

    /**
     * Returns a warning for each ROWMILL_* variable that is not an option. The variable may belong to another program.
     */
    List<String> unknownVariables(CommandSpec command) {
        Set<String> variables = command.root().subcommands().values().stream()
                .flatMap(each -> each.getCommandSpec().options().stream())
                .map(option -> variable(key(option)))
                .collect(Collectors.toCollection(TreeSet::new));
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !variables.contains(name))
                .sorted()
                .map(name -> name + " in the environment: unknown option" + SpellingSuggestion.hint(name, variables))
                .toList();
    }

    private static String variable(String key) {
        return PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private void load(CommandSpec command) throws IOException {
        Object project = command.positionalParameters().get(0).getValue();
        if (file != null || !(project instanceof Path root)) {
            return;
        }
        file = root.resolve(FILE);
        if (Files.isRegularFile(file)) {
            properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (CharacterCodingException e) {
                throw new WrongInput(
                        file + ": text in UTF-8 was expected, but the file is in another encoding. Convert it:"
                                + " iconv -f ISO-8859-1 -t UTF-8");
            } catch (IllegalArgumentException e) {
                throw new WrongInput(file + ": not a valid properties file: " + e.getMessage());
            }
        }
    }

    private int line(String key) throws IOException {
        List<String> lines = Files.readAllLines(Objects.requireNonNull(file), StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().matches(Pattern.quote(key) + "\\s*([=:\\s].*)?")) {
                return i + 1;
            }
        }
        return 1;
    }
}
