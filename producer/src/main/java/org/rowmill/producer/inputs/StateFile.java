package org.rowmill.producer.inputs;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.rowmill.store.keys.IndexKey;

/**
 * The file {@code .inputs} in the directory of a table: a record for each row, of its key, the states of its files and a
 * checksum. The last record of a row counts. What follows a damaged record, as a killed run leaves it, is ignored.
 * Other readers of the directory ignore the file, because its name begins with a dot.
 */
final class StateFile {

    /** Name of the file. */
    static final String NAME = ".inputs";

    private static final long MAGIC = 0x524f574d494c4c31L; // "ROWMILL1"
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;
    private static final int BUFFER_BYTES = 1 << 16;

    private StateFile() {}

    private static int recordBytes(int files) {
        return (2 + 2 * files) * Long.BYTES + Integer.BYTES;
    }

    private static int checksum(ByteBuffer row) {
        CRC32C checksum = new CRC32C();
        checksum.update(row.slice(0, row.capacity() - Integer.BYTES));
        return (int) checksum.getValue();
    }

    /**
     * Reads the file.
     *
     * @param file it may be missing, or belong to another index; then nothing is known
     * @param files number of files of each row
     * @param into receives the states
     * @return number of bytes that are valid; 0: the file must be written anew
     */
    static long read(Path file, int files, StateTable into) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        long valid = HEAD_BYTES;
        byte[] bytes = new byte[recordBytes(files)];
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
            if (in.readLong() != MAGIC || in.readInt() != files) {
                return 0;
            }
            while (true) {
                in.readFully(bytes);
                ByteBuffer row = ByteBuffer.wrap(bytes);
                IndexKey key = new IndexKey(row.getLong(), row.getLong());
                FileState[] states = new FileState[files];
                for (int i = 0; i < files; i++) {
                    states[i] = new FileState(row.getLong(), row.getLong());
                }
                if (row.getInt() != checksum(row)) {
                    return valid;
                }
                into.put(key, states);
                valid += bytes.length;
            }
        } catch (EOFException e) {
            return valid < HEAD_BYTES || Files.size(file) < HEAD_BYTES ? 0 : valid;
        }
    }

    /** Appends records. Used by one thread at a time. */
    static final class Writer implements AutoCloseable {
        private final FileChannel channel;
        private final DataOutputStream out;

        /**
         * Opens the file.
         *
         * @param file the file
         * @param files number of files of each row
         * @param valid number of bytes to keep, as {@link #read} returned it
         */
        Writer(Path file, int files, long valid) throws IOException {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
            channel.truncate(valid);
            channel.position(valid);
            if (valid == 0) {
                out.writeLong(MAGIC);
                out.writeInt(files);
            }
        }

        void append(IndexKey key, FileState[] states) throws IOException {
            ByteBuffer row = ByteBuffer.allocate(recordBytes(states.length));
            row.putLong(key.high()).putLong(key.low());
            for (FileState state : states) {
                row.putLong(state.stamp()).putLong(state.content());
            }
            row.putInt(checksum(row));
            out.write(row.array());
        }

        void force() throws IOException {
            out.flush();
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Returns by how many records the file has grown beyond one for each row. */
    static long superfluous(long bytes, int files, int rows) {
        return (bytes - HEAD_BYTES) / recordBytes(files) - rows;
    }

    /** Replaces the file by a shorter one with the last record of each row. */
    static void shorten(Path file, int files) throws IOException {
        StateTable last = new StateTable(files);
        long valid = read(file, files, last);
        Path temporary = file.resolveSibling(NAME + ".tmp");
        byte[] bytes = new byte[recordBytes(files)];
        try (DataInputStream in =
                        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
                Writer out = new Writer(temporary, files, 0)) {
            in.skipNBytes(HEAD_BYTES);
            StateTable written = new StateTable(files);
            for (long at = HEAD_BYTES; at < valid; at += bytes.length) {
                in.readFully(bytes);
                ByteBuffer row = ByteBuffer.wrap(bytes);
                IndexKey key = new IndexKey(row.getLong(), row.getLong());
                FileState[] states = last.get(key);
                if (states != null && written.get(key) == null) {
                    out.append(key, states);
                    written.put(key, states);
                }
            }
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
