package org.rowmill.mounter.ssh;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The options of OpenSSH's configuration for one host, with {@code Include}. It replaces JSch's own reader, which
 * ignores {@code Include}, forgets the first of two {@code Host} blocks with the same pattern, and treats a
 * {@code Match} block as a part of the block above it. The {@code Match} conditions {@code all}, {@code host} and
 * {@code originalhost} are supported; blocks with other conditions are ignored.
 */
final class SshConfig {

    private static final int MAX_DEPTH = 16;
    private static final Pattern LINE = Pattern.compile("([A-Za-z]+)\\s*[=\\s]\\s*(.+)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private final String host;
    private final Path directory;
    private final List<Option> options = new ArrayList<>();

    private record Option(String name, String value) {}

    private SshConfig(String host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    /** Reads the file {@code config} of the directory, if it exists. */
    static SshConfig of(String host, Path directory) throws IOException {
        SshConfig config = new SshConfig(host, directory);
        Path file = directory.resolve("config");
        if (Files.exists(file)) {
            config.read(file, true, 0);
        }
        return config;
    }

    /** Returns the first value of an option. The value {@code none} means no value. */
    Optional<String> first(String name) {
        return all(name).stream().findFirst().filter(value -> !value.equalsIgnoreCase("none"));
    }

    List<String> all(String name) {
        return options.stream()
                .filter(option -> option.name.equalsIgnoreCase(name))
                .map(Option::value)
                .toList();
    }

    boolean isOn(String name) {
        return first(name).filter(value -> value.equalsIgnoreCase("yes")).isPresent();
    }

    /**
     * Resolves a file name of the configuration: {@code ~} is the home directory, other relative names are in the
     * directory.
     */
    static Path path(String name, Path directory) {
        if (name.equals("~") || name.startsWith("~/")) {
            return Path.of(System.getProperty("user.home"), name.substring(1));
        }
        return directory.resolve(name);
    }

    private void read(Path file, boolean active, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException(file + ": Include is nested more than " + MAX_DEPTH + " levels deep");
        }
        boolean block = active;
        for (String text : Files.readAllLines(file)) {
            String line = text.strip();
            Matcher matcher = LINE.matcher(line);
            if (line.startsWith("#") || !matcher.matches()) {
                continue;
            }
            List<String> words = words(matcher.group(2));
            switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                case "host" -> block = active && matches(words, host);
                case "match" -> block = active && matchesAll(words);
                case "include" -> include(words, block, depth);
                default -> add(matcher.group(1), words, block);
            }
        }
    }

    private void add(String name, List<String> words, boolean block) {
        if (block && !words.isEmpty()) {
            options.add(
                    new Option(name, name.equalsIgnoreCase("ProxyCommand") ? String.join(" ", words) : words.get(0)));
        }
    }

    private void include(List<String> patterns, boolean block, int depth) throws IOException {
        for (String pattern : patterns) {
            Path path = path(pattern, directory);
            Path parent = path.getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                continue;
            }
            for (Path file : matching(parent, path.getFileName().toString())) {
                read(file, block, depth + 1);
            }
        }
    }

    private static List<Path> matching(Path parent, String glob) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, glob)) {
            found.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files.stream().filter(Files::isRegularFile).sorted().toList();
    }

    private boolean matchesAll(List<String> conditions) {
        if (conditions.equals(List.of("all"))) {
            return true;
        }
        boolean all = conditions.size() >= 2;
        for (int i = 0; i + 1 < conditions.size(); i += 2) {
            String condition = conditions.get(i).toLowerCase(Locale.ROOT);
            all &= (condition.equals("host") || condition.equals("originalhost"))
                    && matches(List.of(conditions.get(i + 1).split(",")), host);
        }
        return all;
    }

    /**
     * Matches a name against patterns with {@code *} and {@code ?}. A pattern with a leading {@code !} excludes the
     * name.
     */
    static boolean matches(List<String> patterns, String name) {
        boolean found = false;
        for (String pattern : patterns) {
            boolean negated = pattern.startsWith("!");
            if (glob(negated ? pattern.substring(1) : pattern).matcher(name).matches()) {
                if (negated) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    private static Pattern glob(String pattern) {
        String regex = pattern.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find() && !matcher.group().startsWith("#")) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }
}
