package org.rowmill.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import org.rowmill.store.keys.IndexKey;
import org.rowmill.store.parts.PartDirectory;

/**
 * The file {@code .hidden} in the directory of a table: keys of stored rows that {@code index()} does not list, and that
 * the user wants hidden. Other readers of the directory ignore the file.
 */
final class HiddenRows {

    /** Name of the file. */
    static final String NAME = ".hidden";

    private static final long MAGIC = 0x524f574d48494431L; // "ROWMHID1"

    private HiddenRows() {}

    /** Reads the keys; none if there is no file. */
    static Set<IndexKey> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Set.of();
        }
        Set<IndexKey> keys = new HashSet<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readLong() != MAGIC) {
                throw new IOException(file + ": not a file of this version of Rowmill. Delete it, then run again");
            }
            for (long count = in.readLong(); count > 0; count--) {
                keys.add(new IndexKey(in.readLong(), in.readLong()));
            }
        } catch (EOFException e) {
            throw new IOException(file + ": the file is incomplete. Delete it, then run again", e);
        }
        return keys;
    }

    /** Replaces the file; deletes it if there are no keys. */
    static void write(Path directory, Set<IndexKey> keys) throws IOException {
        Path file = directory.resolve(NAME);
        if (keys.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path temporary = directory.resolve(NAME + PartDirectory.UNPUBLISHED);
        try (FileOutputStream raw = new FileOutputStream(temporary.toFile());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(raw))) {
            out.writeLong(MAGIC);
            out.writeLong(keys.size());
            for (IndexKey key : keys) {
                out.writeLong(key.high());
                out.writeLong(key.low());
            }
            out.flush();
            raw.getFD().sync(); // renamed before, it could be empty after a power failure
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        PartDirectory.force(directory);
    }
}
