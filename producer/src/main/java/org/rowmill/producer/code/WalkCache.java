package org.rowmill.producer.code;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.rowmill.producer.project.Project;

/**
 * Keeps what the walks over the code of a table found, in {@code PROJECT/.rowmill/classes}, so that a run of unchanged
 * code need not walk again: over a large library, a walk takes a second. Nothing depends on the files: if they cannot be
 * read or written, each run walks.
 */
final class WalkCache {

    private static final String DIRECTORY = ".rowmill/classes";
    private static final String PREFIX = "reach-";
    private static final int KEPT = 20;
    private static final int LONGEST_TEXT = 1 << 14;

    private final Path directory;
    private final Path file;
    private final Map<String, Walked> walks = new HashMap<>();
    private boolean isChanged;

    /**
     * The result of a walk.
     *
     * @param hash hash of the code
     * @param strings its string constants
     */
    record Walked(String hash, List<CodeWalk.Strings> strings) {
        Walked {
            strings = List.copyOf(strings);
        }
    }

    /**
     * Reads the results for a table.
     *
     * @param project the project
     * @param table name of the table
     * @param kind changes if the same code gets another hash
     */
    WalkCache(Project project, String table, String kind) {
        this.directory = project.root().resolve(DIRECTORY);
        this.file = directory.resolve(PREFIX + table + "-" + key(project, kind));
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (int left = in.readInt(); left > 0; left--) {
                walks.put(in.readUTF(), new Walked(in.readUTF(), readStrings(in)));
            }
        } catch (IOException e) {
            walks.clear();
        }
    }

    /** Identifies the code: the sources and the libraries, and the services that the resources name. */
    private static String key(Project project, String kind) {
        StringBuilder key = new StringBuilder(kind).append(' ').append(project.codeHash());
        for (Path entry : project.classPath()) {
            append(entry, entry.startsWith(project.root().resolve(DIRECTORY)), key);
            try (Stream<Path> services = Files.list(entry.resolve("META-INF/services"))) {
                services.sorted().forEach(service -> append(service, false, key));
            } catch (IOException e) {
                key.append('\n'); // a jar, or a directory without services
            }
        }
        return DigestUtils.sha256Hex(key.toString()).substring(0, 16);
    }

    /** The name of the compiled project is its hash, and its time is that of its last use. */
    private static void append(Path entry, boolean isCompiled, StringBuilder key) {
        key.append('\n').append(entry);
        try {
            if (!isCompiled && Files.isRegularFile(entry)) {
                key.append(' ').append(Files.size(entry)).append(' ').append(Files.getLastModifiedTime(entry));
            }
        } catch (IOException e) {
            key.append(" unreadable");
        }
    }

    private static List<CodeWalk.Strings> readStrings(DataInputStream in) throws IOException {
        List<CodeWalk.Strings> all = new ArrayList<>();
        for (int methods = in.readInt(); methods > 0; methods--) {
            String owner = in.readUTF();
            List<String> values = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                values.add(in.readUTF());
            }
            all.add(new CodeWalk.Strings(owner, values));
        }
        return all;
    }

    /** A walk that may be necessary. */
    interface Walk {
        Walked walk();
    }

    /** Returns the result for a method, from the file if it has one. */
    Walked get(String method, Walk walk) {
        return walks.computeIfAbsent(method, name -> {
            isChanged = true;
            Walked walked = walk.walk();
            return new Walked(walked.hash(), shortened(walked.strings()));
        });
    }

    /** Leaves out methods without constants, and texts that are too long to name a file. */
    private static List<CodeWalk.Strings> shortened(List<CodeWalk.Strings> strings) {
        return strings.stream()
                .map(method -> new CodeWalk.Strings(
                        method.owner(),
                        method.values().stream()
                                .filter(text -> text.length() < LONGEST_TEXT)
                                .toList()))
                .filter(method -> !method.values().isEmpty())
                .toList();
    }

    /** Writes the file if there are new results. */
    void save() {
        if (!isChanged) {
            return;
        }
        try {
            Path temporary = Files.createTempFile(directory, PREFIX, ".tmp");
            try {
                write(temporary);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            deleteOld();
        } catch (IOException e) {
            return; // the next run walks again
        }
    }

    private void write(Path to) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(to)))) {
            out.writeInt(walks.size());
            for (Map.Entry<String, Walked> walk : walks.entrySet()) {
                out.writeUTF(walk.getKey());
                out.writeUTF(walk.getValue().hash());
                out.writeInt(walk.getValue().strings().size());
                for (CodeWalk.Strings method : walk.getValue().strings()) {
                    out.writeUTF(method.owner());
                    out.writeInt(method.values().size());
                    for (String value : method.values()) {
                        out.writeUTF(value);
                    }
                }
            }
        }
    }

    private void deleteOld() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> old = files.filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .sorted(Comparator.comparingLong(
                                    (Path path) -> path.toFile().lastModified())
                            .reversed())
                    .skip(KEPT)
                    .toList();
            for (Path path : old) {
                Files.deleteIfExists(path);
            }
        }
    }
}
