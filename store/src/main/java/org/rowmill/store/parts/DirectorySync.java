package org.rowmill.store.parts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Forces directories to the disk, where the file system can do so. Some cannot, for example SMB: they report an error
 * for directories, but not for files. An error of a directory that was forced before is one of the disk. Thread-safe.
 */
public final class DirectorySync {

    /** Forces directories by the operating system. */
    public static final DirectorySync SYSTEM = new DirectorySync(DirectorySync::sync);

    private final Sync system;
    private final Set<Path> forced = ConcurrentHashMap.newKeySet();

    /** Forces one directory, or fails. */
    interface Sync {
        void force(Path directory) throws IOException;
    }

    DirectorySync(Sync system) {
        this.system = system;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Forces a directory to the disk, if its file system can do so.
     *
     * @param directory a directory in which this process may create files
     * @throws IOException if the disk is faulty
     */
    public void force(Path directory) throws IOException {
        try {
            system.force(directory);
            forced.add(directory);
        } catch (IOException e) {
            if (forced.contains(directory) || !forcesFiles(directory)) {
                throw e;
            }
        }
    }

    /**
     * Returns whether the file system of a directory can force directories to the disk.
     *
     * @param directory a directory in which this process may create files
     * @return true also if the disk is faulty, which shows when rows are written
     */
    public boolean isSupported(Path directory) {
        try {
            system.force(directory);
            forced.add(directory);
            return true;
        } catch (IOException e) {
            return forced.contains(directory) || !forcesFiles(directory);
        }
    }

    private static boolean forcesFiles(Path directory) {
        Path file = null;
        try {
            file = Files.createTempFile(directory, "rowmill-sync-", PartDirectory.UNPUBLISHED);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {1}));
                channel.force(true);
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            deleteIfMade(file);
        }
    }

    private static void deleteIfMade(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // the next run deletes it
        }
    }
}
