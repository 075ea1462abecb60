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
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.rowmill.schemas.protocol.MessageCodec;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.RowMessage;
import org.rowmill.store.parts.PartDirectory;
import org.rowmill.store.parts.PartFooter;

/**
 * Keeps results that were dear to compute on the disk until a part holds them; {@link JournalReplay} makes a part of what
 * a run that was killed left. Cheap ones are not kept: to compute them again costs less. Used by one thread.
 *
 * <p>Each part that is published ends a file, and the next dear result begins another: nothing is ever written over, so
 * that no power failure can mix the old with the new. A file is a sequence of entries (length, CRC32C of length and
 * content, content): first what a part's footer would say, then a row each. Each is written when it comes, which outlives
 * the process, and forced to the disk with others, which outlives the power.
 */
public final class RowJournal implements AutoCloseable {

    /** Neither a part nor anything that a reader of {@code *.parquet} would open. */
    public static final Pattern NAME = Pattern.compile("\\.journal-([a-z0-9]+)-(\\d{8,18})");

    /** Length and checksum. */
    static final int HEAD_BYTES = 2 * Integer.BYTES;

    private static final long DEAR_NANOS = Duration.ofMillis(50).toNanos();
    private static final long FORCE_NANOS = Duration.ofMillis(80).toNanos(); // the caller looks each 20 ms

    private final Path directory;
    private final PartFooter footer;
    private final PartDirectory parts;
    private final MessageCodec codec;
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private boolean isNamed;
    private boolean isBroken;
    private long unforced;
    private long firstUnforced;

    /**
     * A journal without a file.
     *
     * @param directory the table's
     * @param footer what a part of rows with all columns would say
     * @param parts the table's
     */
    public RowJournal(Path directory, PartFooter footer, PartDirectory parts) {
        this.directory = directory;
        this.footer = footer;
        this.parts = parts;
        this.codec = new MessageCodec(footer.run(), List.of(footer.schema()));
    }

    /** Keeps a row's values where they were dear. */
    public void add(List<Object> index, ResultMessage result) {
        if (result.nanos() < DEAR_NANOS || result.values().isEmpty() || isBroken) {
            return;
        }
        try {
            RowMessage row = new RowMessage(0, result.row(), 0, 1, index, List.of(), result.values());
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
            firstUnforced = System.nanoTime();
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

    /** Of the length too: a run of zeros, which a file system may leave at the end of a file, is no entry. */
    static int checksum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
        checksum.update(content);
        return (int) checksum.getValue();
    }

    /** Brings what has been here for a while to the disk; to be called often. */
    public void forceIfDue() {
        if (unforced > 0 && System.nanoTime() - firstUnforced >= FORCE_NANOS) {
            force();
        }
    }

    /** Brings what is here to the disk; called before anything that may take long. */
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
            isBroken = true; // what a failed fsync did not write, no later one need write: a part must take the rows
            unforced = 0;
        }
    }

    /** Whether something could not be kept: the rows are safe only once they are published. */
    public boolean isBroken() {
        return isBroken;
    }

    /** Forgets all rows: they are published. A file that cannot be deleted does no harm, the next run sees that it is old. */
    public void clear() {
        close();
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            isBroken = true; // unwritable, as the next row would find
            return;
        } finally {
            file = null;
            unforced = 0;
        }
        isBroken = false;
    }

    /** The file stays: it holds what is not published. */
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
