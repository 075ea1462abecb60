package org.rowmill.mounter.ssh.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads OpenSSH's configuration for one host where there is no OpenSSH. It replaces JSch's own reader, which ignores
 * {@code Include}, forgets the first of two {@code Host} blocks with the same pattern, and treats a {@code Match} block
 * as a part of the block above it.
 */
final class ConfigFile {

    private static final int MAX_DEPTH = 16;
    private static final Path SYSTEM_FILE = Path.of("/etc/ssh/ssh_config");
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9]+)(?:\\s*=\\s*|\\s+)(.+)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private final HostQuery query;
    private final UserHome home;
    private final GivenOptions given;
    private final MatchBlock match;

    private ConfigFile(HostQuery query, UserHome home, boolean lastPass) {
        this.query = query;
        this.home = home;
        this.given = new GivenOptions(query);
        this.match = new MatchBlock(query, given, lastPass);
    }

    /**
     * Reads the user's file and the system's, if they exist.
     *
     * @throws IOException if a file cannot be read, or has a condition that only OpenSSH understands
     */
    static HostOptions read(HostQuery query, UserHome home) throws IOException {
        ConfigFile first = new ConfigFile(query, home, false);
        first.readAll();
        if (!first.match.needsLastPass()) {
            return first.given.options();
        }
        ConfigFile last = new ConfigFile(query, home, true);
        last.readAll();
        return last.given.options();
    }

    private void readAll() throws IOException {
        if (Files.exists(home.configFile())) {
            read(home.configFile(), home.directory(), true, 0);
        }
        if (!home.isElsewhere() && Files.exists(SYSTEM_FILE)) {
            read(SYSTEM_FILE, SYSTEM_FILE.resolveSibling(""), true, 0);
        }
    }

    private void read(Path file, Path directory, boolean active, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException(file + ": Include is nested more than " + MAX_DEPTH + " levels deep");
        }
        boolean block = active;
        for (String text : text(file).split("\r\n|\r|\n")) {
            String line = text.strip();
            Matcher matcher = LINE.matcher(line);
            if (line.startsWith("#") || !matcher.matches()) {
                continue;
            }
            String value = matcher.group(2).strip();
            switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                case "host" -> block = active && NamePatterns.match(words(value), query.alias());
                case "match" -> block = active && match.holds(words(value));
                case "include" -> include(words(value), directory, block, depth);
                default -> {
                    if (block) {
                        given.add(matcher.group(1), value, words(value));
                    }
                }
            }
        }
    }

    /** Comments may be in any encoding. */
    private static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private void include(List<String> patterns, Path directory, boolean block, int depth) throws IOException {
        for (String pattern : patterns) {
            Path path = directory.resolve(home.path(pattern)).toAbsolutePath();
            for (Path file : matching(path)) {
                read(file, directory, block, depth + 1);
            }
        }
    }

    /** Returns the files that match a path with wildcards in any of its names. */
    private static List<Path> matching(Path pattern) throws IOException {
        List<Path> found = List.of(Optional.ofNullable(pattern.getRoot()).orElse(Path.of("/")));
        for (Path name : pattern) {
            List<Path> next = new ArrayList<>();
            for (Path directory : found) {
                next.addAll(matching(directory, name.toString()));
            }
            found = next;
        }
        return found.stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> matching(Path directory, String name) throws IOException {
        if (!name.contains("*") && !name.contains("?") && !name.contains("[")) {
            return Files.exists(directory.resolve(name)) ? List.of(directory.resolve(name)) : List.of();
        }
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var entries = Files.newDirectoryStream(directory, name)) {
            List<Path> files = new ArrayList<>();
            entries.forEach(files::add);
            return files.stream()
                    .filter(file -> name.startsWith(".")
                            || !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find() && !matcher.group().startsWith("#")) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }
}
