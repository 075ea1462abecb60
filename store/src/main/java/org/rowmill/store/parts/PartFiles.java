package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a table: those that readers see, and the hidden ones. A reader without the lock holds them open, so that
 * a run that replaces some of them meanwhile does not matter. It opens all files at one instant: if a file was added,
 * replaced or deleted while they were opened, it closes them and starts again.
 */
final class PartFiles {

    private static final int TRIES = 200;
    private static final long PAUSE_NANOS = 10_000_000;

    private PartFiles() {}

    /** What distinguishes a file from another one that replaced it. */
    private record Stamp(@Nullable Object key, long size, FileTime time) {}

    /** Lists the files. */
    static List<LocalInputFile> list(Path visible, Path hidden) throws IOException {
        return stamps(visible, hidden).keySet().stream()
                .map(LocalInputFile::new)
                .toList();
    }

    /**
     * Opens the files at one instant. The caller closes them.
     *
     * @throws IOException if they cannot be listed, or never stayed the same long enough
     */
    static List<LocalInputFile> hold(Path visible, Path hidden) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Map<Path, Stamp> before = stamps(visible, hidden);
            List<LocalInputFile> files = new ArrayList<>();
            boolean isStable = false;
            try {
                isStable = open(before.keySet().stream().toList(), files)
                        && stamps(visible, hidden).equals(before);
                if (isStable) {
                    return files;
                }
            } finally {
                if (!isStable) {
                    close(files);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IOException("the table is being changed all the time. Try again");
    }

    private static boolean open(List<Path> paths, List<LocalInputFile> files) throws IOException {
        for (Path path : paths) {
            try {
                files.add(new LocalInputFile(path, Optional.of(FileChannel.open(path, StandardOpenOption.READ))));
            } catch (NoSuchFileException e) {
                return false;
            }
        }
        return true;
    }

    static void close(List<LocalInputFile> files) throws IOException {
        for (LocalInputFile file : files) {
            if (file.held().isPresent()) {
                file.held().get().close();
            }
        }
    }

    private static Map<Path, Stamp> stamps(Path visible, Path hidden) throws IOException {
        Map<Path, Stamp> stamps = new TreeMap<>();
        addStamps(visible, PartDirectory.PARQUET, stamps);
        addStamps(hidden, PartDirectory.HIDDEN, stamps);
        return stamps;
    }

    private static void addStamps(Path directory, String suffix, Map<Path, Stamp> stamps) throws IOException {
        for (Path file : files(directory, suffix)) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.put(file, new Stamp(found.fileKey(), found.size(), found.lastModifiedTime()));
            } catch (NoSuchFileException e) {
                // It was deleted meanwhile.
            }
        }
    }

    /** Lists the regular files whose names end in a suffix; none if the directory is missing. */
    static List<Path> files(Path directory, String suffix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
