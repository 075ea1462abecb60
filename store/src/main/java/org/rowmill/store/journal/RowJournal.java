package org.rowmill.store.journal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;

/**
 * Keeps results of expensive rows on the disk until a part contains them. {@link JournalReplay} makes a part of the
 * journal of a killed run. Results of cheap rows are not kept, because computing them again costs less. Used by one
 * thread.
 *
 * <p>Publishing a part ends the file, and the next expensive result begins another one. Nothing is ever overwritten, so
 * a power failure cannot mix old and new content. A file is a sequence of entries: length, CRC32C of length and
 * content, content. The content of the first entry is the footer of a part; each other entry is a row. An entry is
 * written as soon as the result arrives, so it survives the end of the process. Entries are forced to the disk
 * together, and then survive a power failure.
 */
public final class RowJournal implements AutoCloseable {

    /** Name of a journal: run id, and number of the newest part before it. No reader of {@code *.parquet} opens it. */
    public static final Pattern NAME = Pattern.compile("\\.journal-([a-z0-9]+)-(\\d{8,18})");

    /** Bytes of length and checksum before the content of an entry. */
    static final int HEAD_BYTES = 2 * Integer.BYTES;

    private static final long EXPENSIVE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long FORCE_NANOS = Duration.ofMillis(80).toNanos(); // the caller checks every 20 ms

    private final Path directory;
    private final PartFooter footer;
    private final PartDirectory parts;
    private final LongSupplier nanoTime;
    private final MessageCodec codec;
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private boolean isNamed;
    private boolean isBroken;
    private long unforced;
    private long firstUnforced;

    /**
     * Makes a journal. It has no file until the first expensive result arrives.
     *
     * @param directory the directory of the table
     * @param footer the footer of a part in which rows have all columns
     * @param parts the parts of the table
     * @param nanoTime the clock, such as {@code System::nanoTime}
     */
    public RowJournal(Path directory, PartFooter footer, PartDirectory parts, LongSupplier nanoTime) {
        this.directory = directory;
        this.footer = footer;
        this.parts = parts;
        this.nanoTime = nanoTime;
        this.codec = new MessageCodec(footer.run(), List.of(footer.schema()));
    }

    /**
     * Writes the values of a row, if it is expensive.
     *
     * @param index stored values of the index
     * @param result the result of the row
     */
    public void add(List<Object> index, ResultMessage result) {
        if (result.nanos() < EXPENSIVE_NANOS || result.values().isEmpty() || isBroken) {
            return;
        }
        try {
            RowMessage row = new RowMessage(0, result.row(), 0, 1, false, index, List.of(), result.values());
            append(codec.encode(row));
        } catch (IOException e) {
            isBroken = true;
        }
    }

    private void append(byte[] row) throws IOException {
        FileChannel to = channel;
        if (to == null) {
            String name = String.format(Locale.ROOT, ".journal-%s-%08d", footer.run(), parts.lastSequence());
            file = directory.resolve(name);
            to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel = to;
            isNamed = false;
            write(to, entry(footer.toJson().getBytes(StandardCharsets.UTF_8)));
        }
        write(to, entry(row));
        if (unforced++ == 0) {
            firstUnforced = nanoTime.getAsLong();
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static ByteBuffer entry(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEAD_BYTES + content.length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(content.length);
            out.writeInt(checksum(content));
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Covers the length too, so that zeros, which a file system may leave at the end of a file, are not an entry. */
    static int checksum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
        checksum.update(content);
        return (int) checksum.getValue();
    }

    /** Forces entries that are older than 80 ms to the disk. The caller calls this often. */
    public void forceIfDue() {
        if (unforced > 0 && nanoTime.getAsLong() - firstUnforced >= FORCE_NANOS) {
            force();
        }
    }

    /** Forces all entries to the disk. The caller calls this before an operation that may take long. */
    public void force() {
        if (unforced == 0 || channel == null) {
            return;
        }
        try {
            channel.force(false);
            if (!isNamed) {
                PartDirectory.force(directory);
                isNamed = true;
            }
            unforced = 0;
        } catch (IOException e) {
            isBroken = true; // a later fsync need not write what a failed one did not: a part must store the rows
            unforced = 0;
        }
    }

    /** Whether writing failed. Rows are then safe only after they are published. */
    public boolean isBroken() {
        return isBroken;
    }

    /**
     * Deletes the file, because its rows are published. If that fails, the next run recognizes the file as old and
     * ignores its rows.
     */
    public void clear() {
        close();
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            isBroken = true; // the directory is not writable
            return;
        } finally {
            file = null;
            unforced = 0;
        }
        isBroken = false;
    }

    /** Closes the file and keeps it, because its rows are not published. */
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            isBroken = true;
        } finally {
            channel = null;
        }
    }
}
