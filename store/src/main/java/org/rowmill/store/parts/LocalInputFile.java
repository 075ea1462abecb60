package org.rowmill.store.parts;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file that Parquet reads. Parquet's own class of that name makes a system call for each byte.
 *
 * @param file the path
 * @param held the open file; it stays readable if another file replaces it. If empty, each stream opens the path
 */
public record LocalInputFile(Path file, Optional<FileChannel> held) implements InputFile {

    /** Makes a file that each stream opens by its path. */
    LocalInputFile(Path file) {
        this(file, Optional.empty());
    }

    @Override
    public long getLength() throws IOException {
        return held.isPresent() ? held.get().size() : Files.size(file);
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        if (held.isPresent()) {
            return new HeldStream(held.get());
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new ChannelStream(channel, Channels.newInputStream(channel));
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Reads a channel that others read too, and that stays open: each stream has a position of its own. */
    private static final class HeldStream extends SeekableInputStream {
        private final FileChannel channel;
        private long position;

        HeldStream(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long to) {
            position = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(ByteBuffer.wrap(one)) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(ByteBuffer buffer) throws IOException {
            int count = channel.read(buffer, position);
            position += Math.max(0, count);
            return count;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void readFully(byte[] bytes) throws IOException {
            readFully(ByteBuffer.wrap(bytes));
        }

        @Override
        public void readFully(byte[] bytes, int offset, int length) throws IOException {
            readFully(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void readFully(ByteBuffer buffer) throws IOException {
            while (buffer.hasRemaining()) {
                if (read(buffer) < 0) {
                    throw new EOFException("the file ends at byte " + position);
                }
            }
        }
    }

    private static final class ChannelStream extends DelegatingSeekableInputStream {
        private final FileChannel channel;

        ChannelStream(FileChannel channel, InputStream stream) {
            super(stream);
            this.channel = channel;
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public void seek(long position) throws IOException {
            channel.position(position);
        }

        @Override
        public int read(ByteBuffer buffer) throws IOException {
            return channel.read(buffer);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void readFully(byte[] bytes) throws IOException {
            readFully(ByteBuffer.wrap(bytes));
        }

        @Override
        public void readFully(byte[] bytes, int offset, int length) throws IOException {
            readFully(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void readFully(ByteBuffer buffer) throws IOException {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException("the file ends at byte " + channel.position());
                }
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
