package org.rowmill.producer.cli;

import java.io.IOException;
import java.io.Reader;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.SpellingSuggestion;
import org.rowmill.schemas.WrongInput;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that are not on the command line: from the environment ({@code ROWMILL_PORT_COUNT}), else from
 * {@code PROJECT/rowmill.properties} ({@code port-count}). Remembers where each came from, for messages.
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

    /** Called by picocli for each option that is not on the command line, when the positional ones are known. */
    @Override
    public @Nullable String defaultValue(ArgSpec argument) throws IOException {
        if (!(argument instanceof OptionSpec option) || NOT_SETTABLE.contains(key(option))) {
            return null;
        }
        String value = value(option);
        if (!key(option).equals(VERBOSE)) {
            return value;
        }
        if (value != null) { // a flag that counts on the command line, a number here
            verbosity = number(option, value);
        }
        return null;
    }

    /** The same for one option alone, of a command whose others are for the moment. */
    IDefaultValueProvider only(String name) {
        return argument ->
                argument instanceof OptionSpec option && option.longestName().equals(name)
                        ? defaultValue(argument)
                        : null;
    }

    /** How much is told where the command line does not say; known once it is parsed. */
    int verbosity() {
        return verbosity;
    }

    private int number(OptionSpec option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new WrongInput(
                    origins.get(option.longestName()) + ": verbose: 0, 1 or 2 was expected, not '" + value + "'");
        }
    }

    private @Nullable String value(OptionSpec option) throws IOException {
        String key = key(option);
        String variable = variable(key);
        String set = environment.getOrDefault(variable, "");
        if (!set.isBlank()) { // scripts set a variable to nothing to unset it
            origins.put(option.longestName(), variable + " in the environment");
            return set;
        }
        load(option.command());
        String value = properties.getProperty(key);
        if (value == null) {
            return null;
        }
        origins.put(option.longestName(), file + ":" + line(key));
        return option.type() == Path.class ? besideFile(value.strip()) : value.strip();
    }

    /** The file is the same wherever its project is run from, and so is what it names. */
    private String besideFile(String path) {
        return Objects.requireNonNull(file).resolveSibling(path).toString();
    }

    /** Where an option's value came from, unless that is the command line or nowhere. */
    Optional<String> origin(@Nullable ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? Optional.ofNullable(origins.get(option.longestName()))
                : Optional.empty();
    }

    /** Refuses keys that are no options: a mistyped one would silently do nothing. */
    void check(CommandSpec command) throws IOException {
        load(command);
        List<String> keys = command.options().stream()
                .map(Settings::key)
                .filter(key -> !NOT_SETTABLE.contains(key))
                .toList();
        List<String> faults = new ArrayList<>();
        for (String key : properties.stringPropertyNames()) {
            if (!keys.contains(key)) {
                faults.add(file + ":" + line(key) + ": no option is called " + key + SpellingSuggestion.hint(key, keys)
                        + "; there are " + String.join(", ", keys));
            }
        }
        if (!faults.isEmpty()) {
            throw new WrongInput(faults);
        }
    }

    /** A warning for each variable that no command has an option for; it may be meant for another program. */
    List<String> unknownVariables(CommandSpec command) {
        Set<String> variables = command.root().subcommands().values().stream()
                .flatMap(each -> each.getCommandSpec().options().stream())
                .map(option -> variable(key(option)))
                .collect(Collectors.toCollection(TreeSet::new));
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !variables.contains(name))
                .sorted()
                .map(name ->
                        name + " in the environment: no option is called so" + SpellingSuggestion.hint(name, variables))
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
            } catch (IllegalArgumentException e) {
                throw new WrongInput(file + ": it cannot be read as properties: " + e.getMessage());
            }
        }
    }

    private int line(String key) throws IOException {
        List<String> lines = Files.readAllLines(Objects.requireNonNull(file), StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().matches(java.util.regex.Pattern.quote(key) + "\\s*([=:\\s].*)?")) {
                return i + 1;
            }
        }
        return 1;
    }
}
