package org.rowmill.producer.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.codec.digest.DigestUtils;
import org.rowmill.producer.project.ScriptNames;
import org.rowmill.producer.rundir.RunDirectory;

/**
 * Finds the files of the project that string constants name: programs, data files and resources. A constant may be a
 * path, a path in a command line, or a component of a path of up to three constants. Used by one thread.
 */
final class NamedFiles {

    /** Larger files are compared by size and time. */
    static final long MAX_HASHED = 64L << 20;

    private static final int HASH_DIGITS = 32;
    private static final int MAX_LENGTH = 255;
    private static final int MAX_COMPONENTS = 3;

    private final Path root;
    private final Path output;
    private final ProjectClasses classes;
    private final Predicate<Instant> isRunActive;
    private final Map<String, Optional<String>> hashes = new HashMap<>();

    /**
     * Makes a finder.
     *
     * @param root directory of the project
     * @param output directory of the tables, whose files are results
     * @param classes finds resources
     * @param isRunActive whether a run was active at a time. Data files that were changed then are results of rows
     */
    NamedFiles(Path root, Path output, ProjectClasses classes, Predicate<Instant> isRunActive) {
        this.root = root;
        this.output = output;
        this.classes = classes;
        this.isRunActive = isRunActive;
    }

    /**
     * Hashes the files that constants name.
     *
     * @param strings constants, in the order of the code, one list for each method
     * @return hashes by path relative to the project
     */
    Map<String, String> hashes(List<CodeWalk.Strings> strings) {
        Map<String, String> found = new TreeMap<>();
        for (CodeWalk.Strings method : strings) {
            candidates(method.values()).forEach(name -> addFile(name, found));
            method.values().forEach(name -> addResource(method.owner(), name, found));
        }
        return found;
    }

    /** Returns each constant, its words, and consecutive constants joined as components of a path. */
    static Set<String> candidates(List<String> strings) {
        Set<String> candidates = new LinkedHashSet<>();
        for (int i = 0; i < strings.size(); i++) {
            candidates.add(strings.get(i));
            candidates.addAll(List.of(strings.get(i).split("[\\s\"'`;|&<>()=\\u0001]+")));
            StringBuilder joined = new StringBuilder(strings.get(i));
            for (int next = i + 1; next < Math.min(strings.size(), i + MAX_COMPONENTS); next++) {
                candidates.add(joined.append('/').append(strings.get(next)).toString());
            }
        }
        candidates.removeIf(name -> name.isBlank() || name.length() > MAX_LENGTH);
        return candidates;
    }

    private void addFile(String name, Map<String, String> found) {
        try {
            Path file = root.resolve(name).normalize();
            if (file.startsWith(root) && !file.equals(root)) {
                add(file, false, found);
            }
        } catch (InvalidPathException e) {
            return; // not a path
        }
    }

    private void add(Path file, boolean isResource, Map<String, String> found) {
        if (file.startsWith(output) || file.startsWith(root.resolve(RunDirectory.NAME))) {
            return;
        }
        String path = root.relativize(file).toString();
        hashes.computeIfAbsent(path, name -> hash(file, isResource)).ifPresent(hash -> found.put(path, hash));
    }

    /** Hashes a file; empty if there is none, it is empty, or rows wrote it. */
    private Optional<String> hash(Path file, boolean isResource) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) == 0) {
                return Optional.empty();
            }
            Instant time = Files.getLastModifiedTime(file).toInstant();
            if (!isResource && isRunActive.test(time) && !isProgram(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > MAX_HASHED) {
                return Optional.of(Files.size(file) + "@" + time.toEpochMilli());
            }
            try (InputStream in = Files.newInputStream(file)) {
                return Optional.of(DigestUtils.sha256Hex(in).substring(0, HASH_DIGITS));
            }
        } catch (IOException e) {
            return Optional.empty(); // it may not be read, or was just deleted; a row that needs it will say so
        }
    }

    private static boolean isProgram(Path file) throws IOException {
        if (Files.isExecutable(file) || ScriptNames.isScript(file)) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == '#' && in.read() == '!';
        }
    }

    private void addResource(String owner, String name, Map<String, String> found) {
        if (name.isBlank() || name.length() > MAX_LENGTH || name.endsWith("/") || name.endsWith(".class")) {
            return;
        }
        List<String> names = new ArrayList<>();
        names.add(name.startsWith("/") ? name.substring(1) : name);
        names.add(owner.substring(0, owner.lastIndexOf('/') + 1) + name);
        names.add(name.replace('.', '/') + ".properties"); // a ResourceBundle
        for (String resource : names) {
            classes.resource(resource).ifPresent(url -> addResource(url, found));
        }
    }

    private void addResource(URL url, Map<String, String> found) {
        if (url.getProtocol().equals("file")) {
            Path file = Path.of(URI.create(url.toString()));
            if (file.startsWith(root)) {
                add(file, true, found);
            }
            return;
        }
        String name = url.toString().replaceFirst(".*/([^/]*\\.jar)!/", "$1!/");
        hashes.computeIfAbsent(name, key -> hash(url)).ifPresent(hash -> found.put(name, hash));
    }

    private static Optional<String> hash(URL url) {
        try {
            byte[] content = ProjectClasses.content(url);
            return content.length == 0
                    ? Optional.empty() // a directory
                    : Optional.of(DigestUtils.sha256Hex(content).substring(0, HASH_DIGITS));
        } catch (UncheckedIOException e) {
            return Optional.empty(); // a row that needs it will say so
        }
    }
}
